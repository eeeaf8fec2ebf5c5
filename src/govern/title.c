#include "govern/title.h"

#include "base/limits.h"
#include "codec/json_time.h"
#include "codec/uuid.h"
#include "govern/registration_facts.h"
#include "govern/registration_store.h"

struct title_body {
	struct str kind, number, issuer, issued, from, to, territory, product, pledge;
	struct hash scan;
	const struct json *holder, *rights;
};
#define ROW(name, kind, optional, max) \
	{ \
#name, kind, optional, offsetof(struct title_body, name), max, NULL \
	}
static const struct json_field enter_fields[] = {
	ROW(kind, JSON_K_TEXT, false, 0),
	ROW(number, JSON_K_TEXT, false, LIMIT_NAME),
	ROW(issuer, JSON_K_TEXT, false, LIMIT_NAME),
	ROW(issued, JSON_K_TEXT, false, 0),
	ROW(from, JSON_K_TEXT, true, 0),
	ROW(to, JSON_K_TEXT, true, 0),
	ROW(territory, JSON_K_TEXT, true, 0),
	ROW(product, JSON_K_TEXT, true, 0),
	ROW(pledge, JSON_K_TEXT, true, LIMIT_NAME),
	ROW(scan, JSON_K_HEX32, false, 0),
	ROW(holder, JSON_K_OBJECT, false, 0),
	ROW(rights, JSON_K_ARRAY, true, 0),
};
struct check_body {
	struct str by, how, reason;
};
static const struct json_field check_fields[] = {
	{"by", JSON_K_TEXT, false, offsetof(struct check_body, by), LIMIT_NAME, NULL},
	{"how", JSON_K_TEXT, false, offsetof(struct check_body, how), LIMIT_REASON, NULL},
};
static const struct json_field end_fields[] = {
	{"reason", JSON_K_TEXT, false, offsetof(struct check_body, reason), LIMIT_REASON, NULL},
};

static const char *const state_names[] = {"claimed", "checked", "ended"};

const char *title_state_name(enum title_state state)
{
	return state_names[state];
}

static const struct title_kind *kind_of(struct str id)
{
	for (const struct title_kind *k = title_kinds; k->id != NULL; k++) {
		if (str_is(id, k->id))
			return k;
	}
	return NULL;
}

/* The term: not before it was issued, in order, not longer than the kind allows. */
static err check_term(
	struct ctx *c, const struct title_kind *k, const struct title_body *b, int64_t today)
{
	int64_t issued = 0, from = 0, to = 0;
	ENSURE(day_parse(b->issued, &issued) && issued <= today, c, ERR_BAD_VALUE,
		"issued: the day on the certificate, not after today");
	from = issued;
	ENSURE(b->from.n == 0 || day_parse(b->from, &from), c, ERR_BAD_VALUE, "from: a day");
	if (b->to.n == 0)
		return OK;
	ENSURE(day_parse(b->to, &to) && to > from, c, ERR_BAD_VALUE, "to: a day after from");
	const struct calendar_period most = {k->years, CALENDAR_YEARS};
	ENSURE(k->years == 0 || to <= calendar_add_plain(from, most), c, ERR_BAD_VALUE,
		"a %s is valid for at most %lld years", k->en, (long long)k->years);
	return OK;
}

static err decide_enter(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct title_body b = {.from = {0}};
	struct title known;
	struct registration_code code;
	unsigned rights = 0;
	TRY(json_read(c, a->body, enter_fields, countof(enter_fields), false, &b));
	const struct title_kind *k = kind_of(b.kind);
	ENSURE(k != NULL, c, ERR_BAD_VALUE, "kind is data-title, data-ip or exchange");
	ENSURE(b.number.n > 0 && b.issuer.n > 0, c, ERR_BAD_VALUE, "number and issuer");
	ENSURE(!str_is(b.kind, "data-title") || registration_code_read(b.number, &code), c,
		ERR_BAD_VALUE,
		"the number of a data title certificate has 15 characters: SJ, region, registrar, "
		"YYYYMM, serial (annex 6)");
	ENSURE(json_text(json_get(b.holder, "name")).n > 0 && b.holder->n <= 2, c, ERR_BAD_VALUE,
		"holder is {name, uscc?}");
	if (b.rights != NULL)
		TRY(registration_rights_read(c, b.rights, &rights));
	TRY(check_term(c, k, &b, calendar_day(at_ms)));
	err e = title_store_find(c, db, b.number, &known);
	ENSURE(e != OK || known.state == TITLE_ENDED ||
			!str_eq(json_text(json_get(known.facts, "issuer")), b.issuer),
		c, ERR_CONFLICT, "this certificate was entered: %.*s", FMT(known.id));
	return e == ERR_NOT_FOUND ? OK : e;
}

static err apply_enter(struct ctx *c, struct store *db, const struct entry *e)
{
	struct title_body b = {.from = {0}};
	TRY(json_read(c, e->body, enter_fields, countof(enter_fields), false, &b));
	const struct title t = {.id = e->subject,
		.number = b.number,
		.product = b.product.n > 0 ? b.product : (struct str){"", 0},
		.state = TITLE_CLAIMED,
		.at_ms = e->at_ms,
		.last = e->index,
		.facts = e->body};
	return title_store_put(c, db, &t);
}

static err decide_change(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct title t;
	struct check_body b = {.by = {0}};
	(void)at_ms;
	bool ends = str_is(a->type, "title.end");
	TRY(title_store_find(c, db, a->subject, &t));
	ENSURE(t.state == TITLE_CLAIMED || (ends && t.state == TITLE_CHECKED), c, ERR_BAD_STATE,
		"this certificate is %s", title_state_name(t.state));
	if (ends)
		TRY(json_read(c, a->body, end_fields, countof(end_fields), false, &b));
	else
		TRY(json_read(c, a->body, check_fields, countof(check_fields), false, &b));
	ENSURE(ends ? b.reason.n > 0 : b.by.n > 0 && b.how.n > 0, c, ERR_BAD_VALUE,
		ends ? "reason: why it ends" : "by: who checked it; how: against what");
	return OK;
}

static err apply_change(struct ctx *c, struct store *db, const struct entry *e)
{
	struct title t;
	bool ends = str_is(e->type, "title.end");
	TRY(title_store_find(c, db, e->subject, &t));
	struct json *facts = json_copy(c, t.facts), *said = json_copy(c, e->body);
	json_set_day(c, &said, "day", calendar_day(e->at_ms));
	json_set_str(c, &said, "actor", e->actor);
	json_set(&facts, ends ? "ended" : "checked", said);
	t.facts = facts;
	t.state = ends ? TITLE_ENDED : TITLE_CHECKED;
	t.last = e->index;
	return title_store_put(c, db, &t);
}

err title_find(struct ctx *c, struct store *db, struct str id, struct title *ret)
{
	return title_store_find(c, db, id, ret);
}

err title_list(struct ctx *c, struct store *db, int64_t at, struct str id, size_t max,
	struct title *ret, size_t *ret_n)
{
	return title_store_list(c, db, at, id, max, ret, ret_n);
}

err title_enter(
	struct ctx *c, struct acts *n, struct str actor, const struct json *body, struct entry *ret)
{
	struct str id;
	TRY(uuid_new_urn(c, acts_env(n), &id));
	const struct act a = {STR("title.enter"), actor, id, body, NULL};
	return acts_do(c, n, &a, ret);
}

err title_check(struct ctx *c, struct acts *n, struct str actor, const struct title *t,
	const struct json *body, struct entry *ret)
{
	const struct act a = {STR("title.check"), actor, t->id, body, NULL};
	return acts_do(c, n, &a, ret);
}

err title_end(struct ctx *c, struct acts *n, struct str actor, const struct title *t,
	const struct json *body, struct entry *ret)
{
	const struct act a = {STR("title.end"), actor, t->id, body, NULL};
	return acts_do(c, n, &a, ret);
}

static void copy_text(
	struct ctx *c, struct json **o, const char *to, const struct json *from, const char *name)
{
	struct str text = json_text(json_get(from, name));
	if (text.n > 0)
		json_set_str(c, o, to, text);
}

err title_evidence(struct ctx *c, const struct title *t, struct json **ret)
{
	struct json *o = json_object(c), *claims = json_object(c), *places = json_array(c);
	struct registration_code code;
	const struct json *f = t->facts;
	struct str territory = json_text(json_get(f, "territory"));
	json_set_str(c, &o, "id", t->id);
	json_set(&o, "kind", json_z(c, "title_certificate"));
	json_set_str(c, &o, "number", t->number);
	copy_text(c, &o, "issuer", f, "issuer");
	copy_text(c, &o, "sha256", f, "scan");
	json_set(&o, "state", json_z(c, title_state_name(t->state)));
	json_set(&o, "stated", json_bool(c, true));
	json_set_str(c, &claims, "code", t->number);
	json_set(&claims, "code_valid", json_bool(c, registration_code_read(t->number, &code)));
	if (json_get(f, "rights") != NULL)
		json_set(&claims, "rights", json_copy(c, json_get(f, "rights")));
	if (territory.n > 0) {
		json_push(&places, json_str(c, territory));
		json_set(&claims, "territory", places);
	}
	copy_text(c, &claims, "holder_uscc", json_get(f, "holder"), "uscc");
	copy_text(c, &claims, "from", f, "from");
	copy_text(c, &claims, "to", f, "to");
	json_set(&o, "claims", claims);
	*ret = o;
	return OK;
}

static const struct act_type types[] = {
	{"title.enter", decide_enter, apply_enter},
	{"title.check", decide_change, apply_change},
	{"title.end", decide_change, apply_change},
};
const struct module title_module = {.name = "title", .types = types, .types_n = countof(types)};
