/* /api/v1/registrations, registrar, titles: what people read and do about title. */
#include "api/registration.h"

#include "act/content.h"
#include "api/names.h"
#include "api/page.h"
#include "base/limits.h"
#include "codec/json_time.h"
#include "codec/time.h"
#include "govern/registration_due.h"
#include "govern/registration_letter.h"
#include "govern/registration_messages.h"
#include "govern/registration_store.h"

static const char *role_of(const struct registration *r)
{
	return r->role == REG_REGISTRAR ? "registrar" : "applicant";
}

static void set_words(struct ctx *c, struct json **o, const struct registration_word *w)
{
	struct json *label = json_object(c);
	if (w == NULL)
		return;
	json_set(&label, "zh", json_z(c, w->zh));
	json_set(&label, "en", json_z(c, w->en));
	json_set(o, "label", label);
}

static err row_json(
	struct ctx *c, struct store *db, const struct registration *r, struct json **ret)
{
	struct json *o = json_object(c);
	struct str at, state = str_z(registration_state_name(r->state));
	TRY(time_str(c, r->at_ms, &at));
	json_set_str(c, &o, "id", r->id);
	json_set(&o, "role", json_z(c, role_of(r)));
	json_set_str(c, &o, "party", r->peer);
	json_set_str(c, &o, "state", state);
	set_words(c, &o, registration_word(registration_state_words, state));
	json_set_str(c, &o, "kind", json_text(json_get(r->facts, "kind")));
	json_set_str(c, &o, "name", json_text(json_get(r->facts, "name")));
	if (r->code.n > 0)
		json_set_str(c, &o, "code", r->code);
	if (r->what.n > 0)
		json_set_str(c, &o, "next", r->what);
	if (r->due > 0)
		json_set_day(c, &o, "due", r->due);
	if (r->overdue > 0)
		json_set_day(c, &o, "overdue", r->overdue);
	json_set_str(c, &o, "at", at);
	TRY(names_set_party(c, db, r->peer, &o));
	*ret = o;
	return OK;
}

static err list(struct ctx *c, struct call *k)
{
	struct registration *rows;
	struct page p;
	struct json *one;
	size_t n = 0;
	bool more = true;
	TRY(page_read(c, k, STR(""), PAGE_NEWEST_FIRST, &p));
	NEW_N(c, rows, page_rows(&p));
	TRY(registration_list(c, acts_db(k->acts), p.at, p.id, page_rows(&p), rows, &n));
	for (size_t i = 0; i < n && more; i++) {
		TRY(row_json(c, acts_db(k->acts), &rows[i], &one));
		TRY(page_add(c, &p, one, rows[i].at_ms, rows[i].id, &more));
	}
	return page_say(c, k, &p, "registrations");
}

static err clocks_json(struct ctx *c, const struct registration *r, struct json **ret)
{
	struct registration_dates d;
	struct registration_due all[REGISTRATION_CLOCKS];
	struct json *list = json_array(c);
	size_t n = 0;
	TRY(registration_dates_read(c, r->facts, &d));
	TRY(registration_clocks(c, r->state, &d, all, &n));
	for (size_t i = 0; i < n; i++) {
		const struct registration_word *w =
			registration_word(registration_clock_words, str_z(all[i].what));
		struct json *o = json_object(c);
		json_set(&o, "what", json_z(c, all[i].what));
		set_words(c, &o, w);
		json_set(&o, "article", json_z(c, w == NULL ? "" : w->article));
		if (all[i].opens > 0)
			json_set_day(c, &o, "opens", all[i].opens);
		if (all[i].day > 0)
			json_set_day(c, &o, "day", all[i].day);
		json_set(&o, "stands", json_bool(c, all[i].stands));
		json_set(&o, "unknown", json_bool(c, all[i].day == 0 && !all[i].stands));
		json_push(&list, o);
	}
	*ret = list;
	return OK;
}

/* What the registrar signed for a certificate, and the proof that its log holds it. */
static err proof_json(struct ctx *c, struct call *k, const struct registration *r, struct json **o)
{
	const struct json *steps = json_get(r->facts, "steps"), *shown = NULL;
	int64_t at = -1;
	struct entry e;
	struct hash document;
	uint64_t ours = 0;
	for (const struct json *s = steps == NULL ? NULL : steps->first; s != NULL; s = s->next) {
		if (str_is(json_text(json_get(s, "step")), "issue"))
			(void)json_int(json_get(s, "entry"), &at);
	}
	if (at < 0 || r->role != REG_APPLICANT)
		return OK;
	TRY(acts_entry(c, k->acts, (uint64_t)at, &e));
	ENSURE(hash_parse(json_text(json_get(e.body, "document")), &document), c, ERR_CORRUPT,
		"a step without letter");
	err found = registration_store_shown(c, acts_db(k->acts), &document, &ours, &shown);
	if (found == OK)
		json_set(o, "issueEvidence", json_copy(c, shown));
	return found == ERR_NOT_FOUND ? OK : found;
}

static err one_json(struct ctx *c, struct call *k, const struct registration *r, struct json **ret)
{
	struct registrar_office office;
	struct json *o, *list, *item;
	TRY(row_json(c, acts_db(k->acts), r, &o));
	TRY(clocks_json(c, r, &list));
	json_set(&o, "clocks", list);
	json_set(&o, "facts", json_copy(c, r->facts));
	json_set_hex(c, &o, "application", r->document.b, HASH_BYTES);
	json_set_num(c, &o, "retentionYears", REGISTRATION_RETENTION_YEARS);
	bool official = r->role == REG_REGISTRAR &&
			registration_office(c, acts_db(k->acts), &office) == OK &&
			office.authority.n > 0;
	const struct json *said = json_get(json_get(r->facts, "certificate"), "official");
	official =
		official || (r->role == REG_APPLICANT && said != NULL && said->type == JSON_TRUE);
	json_set(&o, "official", json_bool(c, official));
	TRY(registration_evidence(c, r, &item));
	if (item != NULL)
		json_set(&o, "evidenceItem", item);
	TRY(proof_json(c, k, r, &o));
	*ret = o;
	return OK;
}

static err show(struct ctx *c, struct call *k)
{
	struct registration r;
	struct json *o;
	TRY(registration_find(c, acts_db(k->acts), k->param[0], &r));
	TRY(one_json(c, k, &r, &o));
	return call_json(c, k, 200, o);
}

static err dossier(struct ctx *c, struct call *k)
{
	struct registration r;
	const struct json *j;
	struct hash h;
	TRY(registration_find(c, acts_db(k->acts), k->param[0], &r));
	ENSURE(hash_parse(json_text(json_get(r.facts, "dossier")), &h), c, ERR_NOT_FOUND,
		"no dossier");
	TRY(content_get_json(c, acts_db(k->acts), &h, &j));
	return call_json(c, k, 200, j);
}

static err say_done(struct ctx *c, struct call *k)
{
	struct registration r;
	struct json *o, *proof;
	TRY(registration_find(c, acts_db(k->acts), k->subject, &r));
	TRY(one_json(c, k, &r, &o));
	TRY(acts_evidence(c, k->acts, k->index, &proof));
	json_set(&o, "evidence", proof);
	return call_json(c, k, 201, o);
}

static err apply(struct ctx *c, struct call *k)
{
	struct str registrar = json_text(json_get(k->body, "registrar"));
	struct entry e;
	ENSURE(registrar.n > 0, c, ERR_MISSING_MEMBER, "'registrar' is the party to apply to");
	TRY(registration_apply(
		c, k->acts, k->caller, registrar, json_copy_without(c, k->body, "registrar"), &e));
	k->index = e.index;
	k->subject = e.subject;
	return OK;
}

static err step(struct ctx *c, struct call *k)
{
	struct registration r;
	enum registration_event event;
	struct entry e;
	ENSURE(registration_event_read(json_text(json_get(k->body, "step")), &event) &&
			registration_event_who(event) != REG_EACH,
		c, ERR_BAD_VALUE,
		"step is correct, supply, withdraw; accept, return, extend, ask, review, publish, "
		"waive, object, resolve, deposit, issue, close, refuse, remark, contest, notify, "
		"settle or revoke");
	TRY(registration_find(c, acts_db(k->acts), k->param[0], &r));
	TRY(registration_do(
		c, k->acts, k->caller, &r, event, json_copy_without(c, k->body, "step"), &e));
	k->index = e.index;
	k->subject = e.subject;
	return OK;
}

static err queue(struct ctx *c, struct call *k)
{
	struct str text;
	struct json *o;
	int64_t day = calendar_day(acts_now_ms(k->acts));
	if (call_query(c, k, "due", &text) == OK)
		ENSURE(day_parse(text, &day), c, ERR_BAD_VALUE, "due is a day, as 2026-11-24");
	TRY(registration_queue(c, acts_db(k->acts), day, &o));
	return call_json(c, k, 200, o);
}

static err office(struct ctx *c, struct call *k)
{
	return registration_open_office(c, k->acts, k->caller, k->body);
}

static err say_office(struct ctx *c, struct call *k)
{
	struct registrar_office f;
	struct json *o = json_object(c);
	TRY(registration_office(c, acts_db(k->acts), &f));
	json_set_num(c, &o, "region", f.region);
	json_set_num(c, &o, "digit", f.digit);
	json_set_str(c, &o, "name", f.name);
	if (f.authority.n > 0)
		json_set_str(c, &o, "authority", f.authority);
	json_set(&o, "official", json_bool(c, f.authority.n > 0));
	json_set_num(c, &o, "retentionYears", REGISTRATION_RETENTION_YEARS);
	return call_json(c, k, 200, o);
}

static err title_json(struct ctx *c, const struct title *t, struct json **ret)
{
	struct json *o = json_object(c), *item, *pledge = json_object(c);
	const struct title_kind *kind = title_kinds;
	struct str at, given = json_text(json_get(t->facts, "pledge"));
	while (kind->id != NULL && !str_is(json_text(json_get(t->facts, "kind")), kind->id))
		kind++;
	TRY(time_str(c, t->at_ms, &at));
	json_set_str(c, &o, "id", t->id);
	json_set_str(c, &o, "number", t->number);
	json_set(&o, "state", json_z(c, title_state_name(t->state)));
	json_set(&o, "facts", json_copy(c, t->facts));
	json_set_str(c, &o, "at", at);
	if (kind->id != NULL) {
		struct json *label = json_object(c);
		json_set(&label, "zh", json_z(c, kind->zh));
		json_set(&label, "en", json_z(c, kind->en));
		json_set(&o, "label", label);
		json_set_str(c, &pledge, "zh", given.n > 0 ? given : str_z(kind->pledge_zh));
		json_set_str(c, &pledge, "en", given.n > 0 ? given : str_z(kind->pledge_en));
		json_set(&o, "pledgeRegister", pledge);
	}
	TRY(title_evidence(c, t, &item));
	json_set(&o, "evidenceItem", item);
	*ret = o;
	return OK;
}

static err titles(struct ctx *c, struct call *k)
{
	struct title *rows;
	struct page p;
	struct json *one;
	size_t n = 0;
	bool more = true;
	TRY(page_read(c, k, STR(""), PAGE_NEWEST_FIRST, &p));
	NEW_N(c, rows, page_rows(&p));
	TRY(title_list(c, acts_db(k->acts), p.at, p.id, page_rows(&p), rows, &n));
	for (size_t i = 0; i < n && more; i++) {
		TRY(title_json(c, &rows[i], &one));
		TRY(page_add(c, &p, one, rows[i].at_ms, rows[i].id, &more));
	}
	return page_say(c, k, &p, "titles");
}

static err title_show(struct ctx *c, struct call *k)
{
	struct title t;
	struct json *o;
	TRY(title_find(c, acts_db(k->acts), k->param[0], &t));
	TRY(title_json(c, &t, &o));
	return call_json(c, k, 200, o);
}

static err left(struct call *k, const struct entry *e)
{
	k->index = e->index;
	k->subject = e->subject;
	return OK;
}

static err enter(struct ctx *c, struct call *k)
{
	struct entry e;
	TRY(title_enter(c, k->acts, k->caller, k->body, &e));
	return left(k, &e);
}

static err check(struct ctx *c, struct call *k)
{
	struct title t;
	struct entry e;
	TRY(title_find(c, acts_db(k->acts), k->param[0], &t));
	TRY(title_check(c, k->acts, k->caller, &t, k->body, &e));
	return left(k, &e);
}

static err end(struct ctx *c, struct call *k)
{
	struct title t;
	struct entry e;
	TRY(title_find(c, acts_db(k->acts), k->param[0], &t));
	TRY(title_end(c, k->acts, k->caller, &t, k->body, &e));
	return left(k, &e);
}

static err say_title(struct ctx *c, struct call *k)
{
	struct title t;
	struct json *o;
	TRY(title_find(c, acts_db(k->acts), k->subject, &t));
	TRY(title_json(c, &t, &o));
	return call_json(c, k, 201, o);
}

#define TEXT(n) \
	{ \
		.name = #n, .kind = JSON_K_TEXT, .optional = true \
	}
#define LIST(n) \
	{ \
		.name = #n, .kind = JSON_K_ARRAY, .optional = true \
	}
static const struct json_field apply_fields[] = {
	{.name = "registrar", .kind = JSON_K_TEXT},
	{.name = "kind", .kind = JSON_K_TEXT},
	TEXT(product),
	TEXT(name),
	TEXT(overview),
	{.name = "source", .kind = JSON_K_TEXT},
	TEXT(origin),
	TEXT(basis),
	TEXT(platform),
	TEXT(territory),
	TEXT(previous),
	TEXT(reason),
	{.name = "rights", .kind = JSON_K_ARRAY},
	{.name = "holder", .kind = JSON_K_OBJECT, .optional = true},
	{.name = "dossier", .kind = JSON_K_OBJECT, .optional = true},
};
static const struct json_field step_fields[] = {
	{.name = "step", .kind = JSON_K_TEXT},
	TEXT(name),
	TEXT(overview),
	TEXT(source),
	TEXT(origin),
	TEXT(basis),
	TEXT(platform),
	TEXT(territory),
	TEXT(reason),
	TEXT(limit),
	TEXT(by),
	TEXT(outcome),
	TEXT(place),
	TEXT(ground),
	TEXT(from),
	TEXT(to),
	TEXT(description),
	TEXT(sourcing),
	TEXT(title),
	TEXT(evidence),
	{.name = "days", .kind = JSON_K_INT, .optional = true},
	LIST(rights),
	LIST(corrections),
	LIST(remarks),
	{.name = "remark", .kind = JSON_K_OBJECT, .optional = true},
	{.name = "holder", .kind = JSON_K_OBJECT, .optional = true},
	{.name = "dossier", .kind = JSON_K_OBJECT, .optional = true},
};
static const struct json_field office_fields[] = {
	{.name = "region", .kind = JSON_K_INT},
	{.name = "digit", .kind = JSON_K_INT},
	{.name = "name", .kind = JSON_K_TEXT, .max = LIMIT_NAME},
	{.name = "authority", .kind = JSON_K_HEX32, .optional = true},
};
static const struct json_field enter_fields[] = {
	{.name = "kind", .kind = JSON_K_TEXT},
	{.name = "number", .kind = JSON_K_TEXT},
	{.name = "issuer", .kind = JSON_K_TEXT},
	{.name = "issued", .kind = JSON_K_TEXT},
	TEXT(from),
	TEXT(to),
	TEXT(territory),
	TEXT(product),
	TEXT(pledge),
	{.name = "scan", .kind = JSON_K_HEX32},
	{.name = "holder", .kind = JSON_K_OBJECT},
	LIST(rights),
};
static const struct json_field check_fields[] = {
	{.name = "by", .kind = JSON_K_TEXT},
	{.name = "how", .kind = JSON_K_TEXT},
};

#define DECIDERS (ROLE_OWNER | ROLE_REVIEWER)
// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/api/v1/registrations", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .pages = true, .act = list, .doc = "Title registrations of both roles, newest first."},
	{.method = "POST", .path = "/api/v1/registrations", .scope = SCOPE_OPERATOR, .roles = DECIDERS, TAKES(apply_fields), .act = apply, .say = say_done,
		.doc = "Applies to a registrar ({registrar, kind, source, rights, product?, ...})."},
	{.method = "GET", .path = "/api/v1/registrations/{registration}", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = show, .doc = "A registration by id or code: state, facts, clocks."},
	{.method = "GET", .path = "/api/v1/registrations/{registration}/dossier", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = dossier, .doc = "The dossier that was handed in."},
	{.method = "POST", .path = "/api/v1/registrations/{registration}/steps", .scope = SCOPE_OPERATOR, .roles = DECIDERS, TAKES(step_fields), .act = step, .say = say_done,
		.doc = "A step of ours ({step, ...}): the other side is told."},
	{.method = "GET", .path = "/api/v1/registration-queue", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .filters = "due", .act = queue, .doc = "What is due up to a day (due), and what is overdue."},
	{.method = "GET", .path = "/api/v1/registrar", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = say_office, .doc = "The office of this node, where it is a registrar."},
	{.method = "POST", .path = "/api/v1/registrar", .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER, TAKES(office_fields), .act = office, .say = say_office,
		.doc = "Makes this node a registrar ({region, digit, name, authority?})."},
	{.method = "GET", .path = "/api/v1/titles", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .pages = true, .act = titles, .doc = "Certificates from outside, newest first."},
	{.method = "POST", .path = "/api/v1/titles", .scope = SCOPE_OPERATOR, .roles = DECIDERS, TAKES(enter_fields), .act = enter, .say = say_title,
		.doc = "Enters a certificate from outside: claimed until checked."},
	{.method = "GET", .path = "/api/v1/titles/{title}", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = title_show, .doc = "A certificate from outside, by id or number."},
	{.method = "POST", .path = "/api/v1/titles/{title}/check", .scope = SCOPE_OPERATOR, .roles = DECIDERS, TAKES(check_fields), .act = check, .say = say_title,
		.doc = "A named person has checked it ({by, how})."},
	{.method = "POST", .path = "/api/v1/titles/{title}/end", .scope = SCOPE_OPERATOR, .roles = DECIDERS, TAKES(takes_reason), .act = end, .say = say_title,
		.doc = "It holds no more ({reason})."},
};
// clang-format on
const struct routes registration_routes = {rows, countof(rows)};
