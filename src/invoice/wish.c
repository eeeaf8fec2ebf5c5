#include "invoice/wish.h"

#include "base/limits.h"
#include "codec/time.h"
#include "codec/uuid.h"
#include "contract/easing.h"
#include "invoice/invoice_store.h"

struct wish_body {
	struct str correction, step, reason;
	int64_t net;
	bool voids;
};

static const char *const steps[] = {"invoice.correct", "invoice.agree", NULL};
static const struct json_field fields[] = {
	{"correction", JSON_K_TEXT, false, offsetof(struct wish_body, correction), LIMIT_DID, NULL},
	{"step", JSON_K_TEXT, false, offsetof(struct wish_body, step), 0, steps},
	{"net", JSON_K_INT, true, offsetof(struct wish_body, net), 0, NULL},
	{"void", JSON_K_BOOL, true, offsetof(struct wish_body, voids), 0, NULL},
	{"reason", JSON_K_TEXT, true, offsetof(struct wish_body, reason), LIMIT_REASON, NULL},
};
static const struct json_field dropped[] = {
	{"correction", JSON_K_TEXT, false, offsetof(struct wish_body, correction), LIMIT_DID, NULL},
	{"reason", JSON_K_TEXT, false, offsetof(struct wish_body, reason), LIMIT_REASON, NULL},
};

err wish_rules(struct ctx *c, struct store *db, struct binding *ret)
{
	return invoice_store_binding(c, db, ret);
}

err wish_propose(struct ctx *c, struct acts *n, const struct invoice_record *r, struct str actor,
	const struct correction_wish *wish, struct entry *ret)
{
	struct binding b;
	struct str id;
	struct json *body = json_object(c);
	TRY(wish_rules(c, acts_db(n), &b));
	if (!b.two_people && !b.stamped)
		return correction_propose(c, n, r, actor, wish, ret);
	TRY(uuid_new_urn(c, acts_env(n), &id));
	json_set_str(c, &body, "correction", id);
	json_set(&body, "step", json_z(c, "invoice.correct"));
	json_set_num(c, &body, "net", wish->net);
	json_set(&body, "void", json_bool(c, wish->voids));
	json_set_str(c, &body, "reason", wish->reason);
	const struct act a = {STR("invoice.assent"), actor, r->id, body, NULL};
	return acts_do(c, n, &a, ret);
}

err wish_assent(struct ctx *c, struct acts *n, const struct correction_row *x, struct str actor,
	struct entry *ret, bool *ret_first)
{
	struct binding b;
	struct assent known;
	struct json *body = json_object(c);
	TRY(wish_rules(c, acts_db(n), &b));
	*ret_first = false;
	if (!b.two_people)
		return OK;
	err e = assent_find(c, acts_db(n), x->id, "invoice.agree", &known);
	if (e != ERR_NOT_FOUND)
		return e;
	json_set_str(c, &body, "correction", x->id);
	json_set(&body, "step", json_z(c, "invoice.agree"));
	const struct act a = {STR("invoice.assent"), actor, x->invoice, body, NULL};
	*ret_first = true;
	return acts_do(c, n, &a, ret);
}

static err check_wish(
	struct ctx *c, struct store *db, const struct invoice_record *r, const struct wish_body *b)
{
	struct wish_row other;
	ENSURE(b->reason.n > 0, c, ERR_BAD_VALUE, "a correction says why");
	ENSURE(r->state != INVOICE_VOID, c, ERR_BAD_STATE, "the invoice is void");
	ENSURE(b->net >= 0 && b->net <= r->issued.net && (!b->voids || b->net == 0), c,
		ERR_BAD_VALUE, "what is due afterwards must lie between 0 and %lld",
		(long long)r->issued.net);
	err e = invoice_store_wish(c, db, r->id, &other);
	ENSURE(e != OK, c, ERR_BAD_STATE,
		"a correction of this invoice waits already: shugu approve %.*s", FMT(other.id));
	return e == ERR_NOT_FOUND ? OK : e;
}

static err decide_assent(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct wish_body b = {.net = -1};
	struct invoice_record r;
	struct correction_row x;
	(void)at_ms;
	TRY(json_read(c, a->body, fields, countof(fields), false, &b));
	TRY(invoice_store_find(c, db, a->subject, &r));
	if (str_is(b.step, "invoice.correct")) {
		TRY(check_wish(c, db, &r, &b));
	} else {
		TRY(invoice_store_correction(c, db, b.correction, &x));
		ENSURE(str_eq(x.invoice, r.id) && x.state == CORRECTION_PROPOSED && x.by != r.role,
			c, ERR_BAD_STATE, "this correction waits for nobody here");
	}
	return assent_decide(c, db, a->actor, b.correction, b.step);
}

static err apply_assent(struct ctx *c, struct store *db, const struct entry *e)
{
	struct wish_body b = {.net = 0};
	TRY(json_read(c, e->body, fields, countof(fields), false, &b));
	const struct wish_row w = {b.correction, e->subject, b.reason, b.net, b.voids};
	if (str_is(b.step, "invoice.correct"))
		TRY(invoice_store_put_wish(c, db, &w));
	return assent_apply(c, db, b.correction, b.step, e);
}

static err decide_drop(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct wish_body b;
	struct wish_row w;
	(void)at_ms;
	TRY(json_read(c, a->body, dropped, countof(dropped), false, &b));
	TRY(invoice_store_wish(c, db, a->subject, &w));
	ENSURE(str_eq(w.id, b.correction), c, ERR_NOT_FOUND, "another correction waits");
	return OK;
}

static err apply_drop(struct ctx *c, struct store *db, const struct entry *e)
{
	return invoice_store_drop_wish(c, db, e->subject);
}

/* What is proposed is what the first person wished, and another person proposes it. */
static err guard_correct(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct binding rules;
	struct invoice_record r;
	struct invoice_body b;
	struct wish_row w;
	(void)at_ms;
	TRY(wish_rules(c, db, &rules));
	if (!rules.two_people && !rules.stamped)
		return OK;
	TRY(invoice_body_read(c, a->type, a->body, &b));
	if (b.has_replacement && str_is(a->actor, "node"))
		return OK;
	TRY(invoice_store_find(c, db, a->subject, &r));
	err e = invoice_store_wish(c, db, r.id, &w);
	ENSURE(e != ERR_NOT_FOUND, c, ERR_FORBIDDEN,
		"two people, or a stamped contract, correct an invoice: shugu inbox");
	TRY(e);
	ENSURE(w.voids == b.voids && w.net == r.now.net + b.due.net && str_eq(w.reason, b.reason),
		c, ERR_PRECONDITION, "this is another correction than the one that waits");
	return assent_ask(c, db, &rules, w.id, "invoice.correct", a->actor);
}

static err guard_agree(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct binding rules;
	struct invoice_record r;
	struct invoice_body b;
	struct correction_row x;
	(void)at_ms;
	TRY(wish_rules(c, db, &rules));
	if (!rules.two_people && !rules.stamped)
		return OK;
	TRY(invoice_body_read(c, a->type, a->body, &b));
	TRY(invoice_store_find(c, db, a->subject, &r));
	TRY(invoice_store_correction(c, db, b.id, &x));
	if (x.has_replacement && correction_is_gift(&r, &x) && str_is(a->actor, "node"))
		return OK;
	return assent_ask(c, db, &rules, x.id, "invoice.agree", a->actor);
}

static err say_wish(struct ctx *c, struct store *db, const struct wish_row *w, struct json **o)
{
	struct binding rules;
	TRY(wish_rules(c, db, &rules));
	if (!rules.stamped)
		rules.two_people = true;
	return assent_say(c, db, &rules, true, w->id, "invoice.correct", o);
}

/* The other side's correction that waits for our people. ERR_NOT_FOUND. */
static err theirs(
	struct ctx *c, struct store *db, const struct invoice_record *r, struct correction_row *ret)
{
	struct correction_row *rows;
	size_t n = 0;
	NEW_N(c, rows, LIMIT_INVOICE_LATER);
	TRY(invoice_record_corrections(c, db, r->id, LIMIT_INVOICE_LATER, rows, &n));
	for (size_t i = 0; i < n; i++) {
		if (rows[i].state != CORRECTION_PROPOSED || rows[i].by == r->role)
			continue;
		*ret = rows[i];
		return OK;
	}
	return fail(c, ERR_NOT_FOUND, "no correction waits");
}

err wish_waits(struct ctx *c, struct store *db, const struct invoice_record *r, struct json **o)
{
	struct binding rules;
	struct wish_row w;
	struct correction_row x;
	err e = invoice_store_wish(c, db, r->id, &w);
	if (e == OK) {
		json_set_str(c, o, "correction", w.id);
		return say_wish(c, db, &w, o);
	}
	if (e == ERR_NOT_FOUND)
		e = theirs(c, db, r, &x);
	if (e != OK)
		return e == ERR_NOT_FOUND ? OK : e;
	json_set_str(c, o, "correction", x.id);
	TRY(wish_rules(c, db, &rules));
	return assent_say(c, db, &rules, true, x.id, "invoice.agree", o);
}

/* Nobody lifts alone what two people decide. */
static err guard_policy(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct binding rules;
	(void)at_ms;
	TRY(wish_rules(c, db, &rules));
	return easing_ask(c, db, "invoice", &rules, a);
}

static err one(struct ctx *c, struct store *db, const struct wish_row *w, struct inbox_page *p)
{
	struct assent first;
	struct str since;
	struct invoice_record r;
	struct json *o = json_object(c);
	TRY(invoice_store_find(c, db, w->invoice, &r));
	json_set_str(c, &o, "id", w->id);
	json_set(&o, "what", json_z(c, w->voids ? "void" : "correct"));
	json_set_str(c, &o, "from", r.peer);
	json_set_str(c, &o, "about", w->reason);
	json_set_str(c, &o, "invoice", r.serial);
	json_set_num(c, &o, "net", w->net);
	TRY(say_wish(c, db, w, &o));
	TRY(assent_find(c, db, w->id, "invoice.correct", &first));
	TRY(time_str(c, first.at_ms, &since));
	json_set_str(c, &o, "since", since);
	inbox_add(p, o, 0, w->id);
	return OK;
}

static err list(struct ctx *c, struct store *db, struct inbox_page *p)
{
	struct wish_row *w;
	size_t n = 0;
	NEW_N(c, w, inbox_room(p));
	TRY(invoice_store_wishes(c, db, p->id, inbox_room(p), w, &n));
	for (size_t i = 0; i < n; i++)
		TRY(one(c, db, &w[i], p));
	return OK;
}

static err approve(
	struct ctx *c, struct acts *n, struct str actor, struct str id, struct entry *ret)
{
	struct wish_row w;
	struct invoice_record r;
	TRY(invoice_store_wish_named(c, acts_db(n), id, &w));
	TRY(invoice_store_find(c, acts_db(n), w.invoice, &r));
	TRY(correction_party(c, n, &r));
	const struct correction_wish wish = {.net = w.net, .voids = w.voids, .reason = w.reason};
	return correction_propose(c, n, &r, actor, &wish, ret);
}

static err refuse(struct ctx *c, struct acts *n, struct str actor, struct str id, struct str reason,
	struct entry *ret)
{
	struct wish_row w;
	struct json *body = json_object(c);
	TRY(invoice_store_wish_named(c, acts_db(n), id, &w));
	json_set_str(c, &body, "correction", w.id);
	json_set_str(c, &body, "reason", reason);
	const struct act a = {STR("invoice.drop"), actor, w.invoice, body, NULL};
	return acts_do(c, n, &a, ret);
}

const struct inbox_kind wish_inbox = {
	"correction", ROLE_OWNER | ROLE_REVIEWER | ROLE_FINANCE, list, approve, refuse};

err wish_invoice(struct ctx *c, struct store *db, struct str id, struct invoice_record *ret)
{
	struct correction_row x;
	struct wish_row w;
	err e = invoice_record_find(c, db, id, ret);
	if (e != ERR_NOT_FOUND)
		return e;
	e = invoice_store_wish_named(c, db, id, &w);
	if (e == OK)
		return invoice_store_find(c, db, w.invoice, ret);
	if (e != ERR_NOT_FOUND)
		return e;
	e = invoice_store_correction(c, db, id, &x);
	ENSURE(e != ERR_NOT_FOUND, c, ERR_NOT_FOUND, "no invoice, and no correction, has that id");
	TRY(e);
	return invoice_store_find(c, db, x.invoice, ret);
}

err wish_attach(struct ctx *c, struct acts *n, struct str id, struct str actor,
	const struct attachment *file, struct entry *ret)
{
	struct invoice_record r;
	struct json *waits = json_object(c), *body = attachment_json(c, file);
	TRY(wish_invoice(c, acts_db(n), id, &r));
	TRY(wish_waits(c, acts_db(n), &r, &waits));
	const struct json *correction = json_get(waits, "correction");
	ENSURE(correction != NULL, c, ERR_BAD_STATE,
		"no correction of this invoice waits: shugu invoice correct or void comes first");
	json_set_str(c, &body, "correction", json_text(correction));
	const struct act a = {STR("invoice.attach"), actor, r.id, body, NULL};
	return acts_do(c, n, &a, ret);
}

static err decide_attach(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct invoice_record r;
	struct json *waits = json_object(c);
	struct str correction = json_text(json_get(a->body, "correction"));
	(void)at_ms;
	TRY(invoice_store_find(c, db, a->subject, &r));
	TRY(wish_waits(c, db, &r, &waits));
	ENSURE(correction.n > 0 && str_eq(correction, json_text(json_get(waits, "correction"))), c,
		ERR_BAD_STATE, "this correction does not wait");
	return attachment_decide(c, db, correction, a->body, "correction");
}

static err apply_attach(struct ctx *c, struct store *db, const struct entry *e)
{
	return attachment_apply(c, db, json_text(json_get(e->body, "correction")), e, "correction");
}

static const struct act_type types[] = {
	{"invoice.assent", decide_assent, apply_assent},
	{"invoice.drop", decide_drop, apply_drop},
	{"invoice.attach", decide_attach, apply_attach},
};
static const struct guard guards[] = {{"invoice.correct", guard_correct},
	{"invoice.agree", guard_agree}, {"invoice.policy", guard_policy}};
const struct module wish_module = {.name = "wish",
	.types = types,
	.types_n = countof(types),
	.guards = guards,
	.guards_n = countof(guards)};
