#include "govern/registration.h"

#include <assert.h>

#include "base/limits.h"
#include "codec/json_time.h"
#include "govern/registration_due.h"
#include "govern/registration_store.h"

struct step_body {
	struct str party, step, day;
	const struct json *content, *next, *head;
	struct hash document, signature, peer_entry;
};

static const struct json_field step_fields[] = {
	{"party", JSON_K_TEXT, false, offsetof(struct step_body, party), LIMIT_DID, NULL},
	{"step", JSON_K_TEXT, false, offsetof(struct step_body, step), 0, NULL},
	{"day", JSON_K_TEXT, false, offsetof(struct step_body, day), 0, NULL},
	{"content", JSON_K_OBJECT, false, offsetof(struct step_body, content), 0, NULL},
	{"next", JSON_K_OBJECT, true, offsetof(struct step_body, next), 0, NULL},
	{"head", JSON_K_OBJECT, true, offsetof(struct step_body, head), 0, NULL},
	{"peerEntry", JSON_K_HEX32, true, offsetof(struct step_body, peer_entry), 0, NULL},
	{"document", JSON_K_HEX32, true, offsetof(struct step_body, document), 0, NULL},
	{"signature", JSON_K_HEX32, true, offsetof(struct step_body, signature), 0, NULL},
};

/* What an act says, and the row that it is about (state REG_NONE, where the act makes it). */
struct reading {
	struct step_body b;
	struct registration r;
	struct registration_move m;
};

static bool is_first(const struct registration_move *m)
{
	return m->event == REG_APPLY;
}

static err row_of(
	struct ctx *c, struct store *db, struct str type, struct str subject, struct reading *ret)
{
	err e = registration_store_find(c, db, subject, &ret->r);
	if (e == OK) {
		ENSURE(str_eq(ret->r.id, subject) && str_eq(ret->r.peer, ret->b.party), c,
			ERR_NOT_FOUND, "there is no such registration");
		ENSURE(!is_first(&ret->m), c, ERR_CONFLICT, "this registration is there");
		return OK;
	}
	if (e != ERR_NOT_FOUND || !is_first(&ret->m))
		return e;
	ret->r = (struct registration){.id = subject,
		.peer = ret->b.party,
		.role = str_is(type, "registration.step") ? REG_APPLICANT : REG_REGISTRAR};
	return OK;
}

static err reading_of(struct ctx *c, struct store *db, struct str type, struct str subject,
	const struct json *body, uint64_t entry, struct reading *ret)
{
	struct reading x = {.m = {.entry = entry}};
	TRY(json_read(c, body, step_fields, countof(step_fields), false, &x.b));
	ENSURE(registration_event_read(x.b.step, &x.m.event), c, ERR_BAD_VALUE, "no such step");
	ENSURE(day_parse(x.b.day, &x.m.day), c, ERR_BAD_VALUE, "day of a step");
	x.m.content = x.b.content;
	TRY(row_of(c, db, type, subject, &x));
	enum registration_who other = x.r.role == REG_APPLICANT ? REG_REGISTRAR : REG_APPLICANT;
	x.m.by = str_is(type, "registration.step")      ? x.r.role
		 : str_is(type, "registration.stepped") ? other
							: REG_EACH;
	x.m.received =
		x.r.role == REG_REGISTRAR && (x.m.event == REG_APPLY || x.m.event == REG_CORRECT);
	*ret = x;
	return OK;
}

/* State and facts, without asking whether days and contents allow it. */
static err move(struct ctx *c, const struct registration *r, const struct registration_move *m,
	struct registration *ret)
{
	struct registration next = *r;
	struct json *facts;
	TRY(registration_step(c, r->state, m->event, m->by, &next.state));
	TRY(registration_fold(c, r->facts, m->event, m->day, m->content, m->entry, &facts));
	if (m->received) {
		TRY(registration_step(c, next.state, REG_RECEIVE, REG_EACH, &next.state));
		TRY(registration_fold(
			c, facts, REG_RECEIVE, m->day, json_object(c), m->entry, &facts));
	}
	next.facts = facts;
	next.overdue = 0;
	next.overdue_what = (struct str){"", 0};
	if (m->event == REG_ISSUE)
		next.code = json_text(json_get(json_get(facts, "certificate"), "code"));
	*ret = next;
	return OK;
}

err registration_advance(struct ctx *c, const struct registration *r,
	const struct registration_move *m, struct registration *ret)
{
	enum registration_state next;
	struct registration_dates d;
	TRY(registration_step(c, r->state, m->event, m->by, &next));
	TRY(registration_check(c, r->state, r->facts, m->event, m->day, m->content));
	TRY(move(c, r, m, ret));
	return registration_dates_read(c, ret->facts, &d);
}

err registration_next(struct ctx *c, const struct registration *r, int64_t after, struct json **ret)
{
	struct registration_dates d;
	struct registration_due all[REGISTRATION_CLOCKS];
	size_t n = 0;
	*ret = NULL;
	TRY(registration_dates_read(c, r->facts, &d));
	TRY(registration_clocks(c, r->state, &d, all, &n));
	for (size_t i = 0; i < n && *ret == NULL; i++) {
		bool ours = all[i].who != REG_APPLICANT || r->role == REG_APPLICANT ||
			    r->state != REG_REGISTERED;
		if (all[i].stands || !ours || (all[i].day > 0 && all[i].day <= after))
			continue;
		struct json *o = json_object(c);
		json_set(&o, "what", json_z(c, all[i].what));
		if (all[i].day > 0)
			json_set_day(c, &o, "day", all[i].day);
		*ret = o;
	}
	return OK;
}

static void set_due(struct registration *r, const struct json *next)
{
	int64_t day = registration_day(next, "day");
	r->what = next == NULL ? (struct str){"", 0} : json_text(json_get(next, "what"));
	r->due = next == NULL ? 0 : day > 0 ? day : REGISTRATION_DUE_UNKNOWN;
}

/* The certificate that this one follows, where this node knows it. */
static err previous_of(struct ctx *c, struct store *db, const struct json *facts,
	struct registration *ret, bool *ret_found)
{
	struct str code = json_text(json_get(facts, "previous"));
	*ret_found = false;
	if (code.n == 0)
		return OK;
	err e = registration_store_find(c, db, code, ret);
	*ret_found = e == OK && ret->code.n > 0;
	return e == ERR_NOT_FOUND ? OK : e;
}

static err check_previous(
	struct ctx *c, struct store *db, const struct reading *x, const struct registration *next)
{
	struct registration old;
	bool found = false;
	TRY(previous_of(c, db, next->facts, &old, &found));
	bool follows = json_get(next->facts, "previous") != NULL;
	ENSURE(found || !follows || x->r.role != REG_REGISTRAR, c, ERR_NOT_FOUND,
		"no certificate of that code was issued here");
	if (!found)
		return OK;
	ENSURE(old.role == x->r.role && str_eq(old.peer, x->r.peer), c, ERR_FORBIDDEN,
		"that certificate is of another applicant: its registrant applies");
	ENSURE(old.state == REG_REGISTERED, c, ERR_BAD_STATE, "that certificate is %s",
		registration_state_name(old.state));
	if (!str_is(json_text(json_get(next->facts, "kind")), "renewal"))
		return OK;
	int64_t to = registration_day(json_get(old.facts, "certificate"), "to");
	ENSURE(x->m.day >= registration_renew_from(to) && x->m.day < to, c, ERR_BAD_STATE,
		"renewal is applied for from six months before the end to the day before (art. "
		"36)");
	return OK;
}

/* The code is the next one of this registrar, and official only where an authority stands behind it. */
static err check_code(struct ctx *c, struct store *db, const struct reading *x)
{
	struct registrar_office o;
	struct registration_code code;
	struct registration_content k;
	char today[DAY_TEXT + 1];
	int64_t last = 0;
	if (x->m.event != REG_ISSUE || x->r.role != REG_REGISTRAR)
		return OK;
	TRY(registration_office(c, db, &o));
	TRY(registration_content_read(c, REG_ISSUE, x->m.content, &k));
	ENSURE(registration_code_read(k.code, &code), c, ERR_BAD_VALUE, "this is no code");
	TRY(registration_store_serial(c, db, str_sub(k.code, 5, 6), &last));
	day_text(x->m.day, today);
	ENSURE(code.region == o.region && code.digit == o.digit && code.serial == last + 1 &&
			str_eq(str_sub(k.code, 5, 4), str_sub(str_z(today), 0, 4)) &&
			str_eq(str_sub(k.code, 9, 2), str_sub(str_z(today), 5, 2)),
		c, ERR_PRECONDITION, "the next code of this registrar is another");
	ENSURE(!k.official || o.authority.n > 0, c, ERR_FORBIDDEN,
		"this node has no certificate of an authority: what it makes is a specimen");
	return OK;
}

static err decide_step(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct reading x;
	struct registration next;
	struct registrar_office o;
	(void)at_ms;
	TRY(reading_of(c, db, a->type, a->subject, a->body, 0, &x));
	if (is_first(&x.m) && x.r.role == REG_REGISTRAR)
		ENSURE(registration_office(c, db, &o) == OK, c, ERR_FORBIDDEN,
			"this node is no registrar");
	ENSURE(str_is(a->type, "registration.noted") || json_get(a->body, "document") != NULL, c,
		ERR_MISSING_MEMBER, "the letter of the step");
	TRY(registration_advance(c, &x.r, &x.m, &next));
	if (x.m.event == REG_APPLY || x.m.event == REG_CORRECT)
		TRY(check_previous(c, db, &x, &next));
	return check_code(c, db, &x);
}

/* What a certificate does to the one before it. */
static err apply_previous(
	struct ctx *c, struct store *db, const struct registration *r, const struct reading *x)
{
	struct registration old;
	bool found = false;
	if (x->m.event != REG_ISSUE && x->m.event != REG_CLOSE)
		return OK;
	TRY(previous_of(c, db, r->facts, &old, &found));
	if (!found || (old.state != REG_REGISTERED && old.state != REG_CONTESTED))
		return OK;
	const struct registration_move m = {
		.event = x->m.event == REG_ISSUE ? REG_SUPERSEDE : REG_CANCEL,
		.by = REG_EACH,
		.day = x->m.day,
		.content = json_object(c),
		.entry = x->m.entry};
	struct json *facts;
	TRY(registration_fold(c, old.facts, m.event, m.day, m.content, m.entry, &facts));
	old.facts = facts;
	old.state = m.event == REG_SUPERSEDE ? REG_SUPERSEDED : REG_CANCELLED;
	set_due(&old, NULL);
	return registration_store_put(c, db, &old);
}

static err apply_step(struct ctx *c, struct store *db, const struct entry *e)
{
	struct reading x;
	struct registration next;
	struct registration_code code;
	TRY(reading_of(c, db, e->type, e->subject, e->body, e->index, &x));
	TRY(move(c, &x.r, &x.m, &next));
	if (x.m.event == REG_APPLY)
		next.at_ms = e->at_ms;
	if (x.m.event == REG_APPLY || x.m.event == REG_CORRECT)
		next.document = x.b.document;
	next.last = e->index;
	set_due(&next, x.b.next);
	if (x.m.event == REG_ISSUE && x.r.role == REG_REGISTRAR &&
		registration_code_read(next.code, &code))
		TRY(registration_store_put_serial(c, db, str_sub(next.code, 5, 6), code.serial));
	TRY(registration_store_put(c, db, &next));
	return apply_previous(c, db, &next, &x);
}

static err apply_overdue(struct ctx *c, struct store *db, const struct entry *e)
{
	struct registration r;
	TRY(registration_store_find(c, db, e->subject, &r));
	r.overdue = registration_day(e->body, "day");
	r.overdue_what = json_text(json_get(e->body, "what"));
	r.last = e->index;
	set_due(&r, json_get(e->body, "next"));
	return registration_store_put(c, db, &r);
}

struct office_body {
	int64_t region, digit;
	struct str name;
	struct hash authority;
};
static const struct json_field office_fields[] = {
	{"region", JSON_K_INT, false, offsetof(struct office_body, region), 0, NULL},
	{"digit", JSON_K_INT, false, offsetof(struct office_body, digit), 0, NULL},
	{"name", JSON_K_TEXT, false, offsetof(struct office_body, name), LIMIT_NAME, NULL},
	{"authority", JSON_K_HEX32, true, offsetof(struct office_body, authority), 0, NULL},
};

static err decide_office(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct office_body b;
	(void)db;
	(void)at_ms;
	TRY(json_read(c, a->body, office_fields, countof(office_fields), false, &b));
	ENSURE(registration_region(b.region), c, ERR_BAD_VALUE,
		"region: the first two digits of a province in GB/T 2260, as 33");
	ENSURE(b.digit >= 0 && b.digit <= 9, c, ERR_BAD_VALUE, "digit: the registrar's, 0 to 9");
	ENSURE(b.name.n > 0, c, ERR_BAD_VALUE, "name: of the registrar");
	return OK;
}

static err apply_office(struct ctx *c, struct store *db, const struct entry *e)
{
	struct office_body b;
	TRY(json_read(c, e->body, office_fields, countof(office_fields), false, &b));
	struct str authority = json_text(json_get(e->body, "authority"));
	const struct registrar_office o = {
		b.region, b.digit, b.name, authority.n > 0 ? authority : (struct str){"", 0}};
	return registration_store_put_office(c, db, &o);
}

err registration_find(struct ctx *c, struct store *db, struct str id, struct registration *ret)
{
	return registration_store_find(c, db, id, ret);
}

err registration_list(struct ctx *c, struct store *db, int64_t at, struct str id, size_t max,
	struct registration *ret, size_t *ret_n)
{
	return registration_store_list(c, db, at, id, max, ret, ret_n);
}

err registration_office(struct ctx *c, struct store *db, struct registrar_office *ret)
{
	return registration_store_office(c, db, ret);
}

err registration_open_office(
	struct ctx *c, struct acts *n, struct str actor, const struct json *body)
{
	const struct act a = {STR("registrar.office"), actor, acts_self(n)->did, body, NULL};
	return acts_do(c, n, &a, NULL);
}

err registration_note(struct ctx *c, struct acts *n, const struct registration *r,
	enum registration_event event, int64_t day, struct json *body, const struct json *content)
{
	struct registration next;
	struct json *due;
	const struct registration_move m = {
		.event = event, .by = REG_EACH, .day = day, .content = content};
	TRY(registration_advance(c, r, &m, &next));
	TRY(registration_next(c, &next, 0, &due));
	json_set_str(c, &body, "party", r->peer);
	json_set(&body, "step", json_z(c, registration_event_name(event)));
	json_set_day(c, &body, "day", day);
	json_set(&body, "content", json_copy(c, content));
	if (due != NULL)
		json_set(&body, "next", due);
	const struct act a = {STR("registration.noted"), STR("node"), r->id, body, NULL};
	return acts_do(c, n, &a, NULL);
}

err registration_evidence(struct ctx *c, const struct registration *r, struct json **ret)
{
	const struct json *k = json_get(r->facts, "certificate");
	struct json *o = json_object(c), *claims = json_object(c), *places = json_array(c);
	struct str territory = json_text(json_get(k, "territory"));
	*ret = NULL;
	if (k == NULL)
		return OK;
	json_set_str(c, &o, "id", r->id);
	json_set(&o, "kind", json_z(c, "title_certificate"));
	json_set_str(c, &o, "number", r->code);
	json_set_str(c, &o, "issuer", r->role == REG_APPLICANT ? r->peer : STR(""));
	json_set(&o, "state", json_z(c, registration_state_name(r->state)));
	json_set_str(c, &claims, "code", r->code);
	json_set(&claims, "code_valid", json_bool(c, true));
	json_set(&claims, "rights", json_copy(c, json_get(k, "rights")));
	if (territory.n > 0) {
		json_push(&places, json_str(c, territory));
		json_set(&claims, "territory", places);
	}
	json_set_str(c, &claims, "holder_uscc",
		json_text(json_get(json_get(r->facts, "holder"), "uscc")));
	json_set_str(c, &claims, "from", json_text(json_get(k, "from")));
	json_set_str(c, &claims, "to", json_text(json_get(k, "to")));
	json_set(&o, "claims", claims);
	*ret = o;
	return OK;
}

static const struct act_type types[] = {
	{"registration.step", decide_step, apply_step},
	{"registration.stepped", decide_step, apply_step},
	{"registration.noted", decide_step, apply_step},
	{"registration.overdue", NULL, apply_overdue},
	{"registrar.office", decide_office, apply_office},
};

static const struct due dues[] = {{"clocks of title registration", registration_due_run}};

const struct module registration_module = {.name = "registration",
	.types = types,
	.types_n = countof(types),
	.migrations = registration_migrations,
	.migrations_n = REGISTRATION_MIGRATIONS,
	.dues = dues,
	.dues_n = countof(dues)};
