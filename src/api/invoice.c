/* /api/v1/invoices: what a person reads and does. An invoice is named by its id or its serial. */
#include "api/invoice.h"

#include "api/names.h"
#include "api/page.h"
#include "base/limits.h"
#include "codec/time.h"
#include "contract/easing.h"
#include "invoice/correction.h"
#include "invoice/invoice_build.h"
#include "invoice/invoicing.h"
#include "invoice/wish.h"

static struct json *amounts_json(struct ctx *c, const struct amounts *a)
{
	struct json *o = json_object(c);
	json_set_num(c, &o, "net", a->net);
	json_set_num(c, &o, "rate", a->rate);
	json_set_num(c, &o, "tax", a->tax);
	return o;
}

static void set_text(struct ctx *c, struct json **o, const char *name, struct str text)
{
	if (text.n > 0)
		json_set_str(c, o, name, text);
}

static err record_json(
	struct ctx *c, struct store *db, const struct invoice_record *r, struct json **ret)
{
	struct json *o = json_object(c);
	struct str at;
	TRY(time_str(c, r->at_ms, &at));
	json_set_str(c, &o, "id", r->id);
	json_set_str(c, &o, "serial", r->serial);
	json_set(&o, "role", json_z(c, r->role == AGREEMENT_PROVIDER ? "provider" : "consumer"));
	json_set_str(c, &o, "party", r->peer);
	json_set_str(c, &o, "delivery", r->delivery);
	json_set_str(c, &o, "agreement", r->agreement);
	json_set(&o, "state", json_z(c, invoice_state_name(r->state)));
	json_set(&o, "recorded", json_bool(c, r->accepted));
	json_set(&o, "receipt", json_bool(c, r->has_receipt));
	json_set_hex(c, &o, "digest", r->document.b, HASH_BYTES);
	json_set(&o, "issued", amounts_json(c, &r->issued));
	json_set(&o, "due", amounts_json(c, &r->now));
	json_set_str(c, &o, "at", at);
	set_text(c, &o, "replaces", r->replaces);
	set_text(c, &o, "fault", r->fault);
	set_text(c, &o, "reason", r->reason);
	TRY(wish_waits(c, db, r, &o));
	TRY(names_set_of(c, db, r->agreement, &o));
	*ret = o;
	return OK;
}

static const char *word_of(enum correction_state state)
{
	switch (state) {
	case CORRECTION_PROPOSED:
		return "proposed";
	case CORRECTION_IN_FORCE:
		return "in force";
	case CORRECTION_DECLINED:
		break;
	}
	return "declined";
}

static err corrections_json(
	struct ctx *c, struct call *k, const struct invoice_record *r, struct json **ret)
{
	struct correction_row *rows;
	struct json *all = json_array(c);
	size_t n = 0;
	NEW_N(c, rows, LIMIT_INVOICE_LATER);
	TRY(invoice_record_corrections(c, acts_db(k->acts), r->id, LIMIT_INVOICE_LATER, rows, &n));
	for (size_t i = 0; i < n; i++) {
		struct json *o = json_object(c);
		json_set_str(c, &o, "id", rows[i].id);
		json_set(&o, "by",
			json_z(c, rows[i].by == AGREEMENT_PROVIDER ? "provider" : "consumer"));
		json_set(&o, "state", json_z(c, word_of(rows[i].state)));
		json_set(&o, "void", json_bool(c, rows[i].voids));
		json_set(&o, "change", amounts_json(c, &rows[i].change));
		json_set_str(c, &o, "reason", rows[i].reason);
		json_push(&all, o);
	}
	*ret = all;
	return OK;
}

static err list(struct ctx *c, struct call *k)
{
	struct invoice_record *rows;
	struct page p;
	struct json *one;
	size_t n = 0;
	bool more = true;
	TRY(page_read(c, k, STR(""), PAGE_NEWEST_FIRST, &p));
	NEW_N(c, rows, page_rows(&p));
	TRY(invoice_record_list(c, acts_db(k->acts), p.at, p.id, page_rows(&p), rows, &n));
	for (size_t i = 0; i < n && more; i++) {
		TRY(record_json(c, acts_db(k->acts), &rows[i], &one));
		TRY(page_add(c, &p, one, rows[i].at_ms, rows[i].id, &more));
	}
	return page_say(c, k, &p, "invoices");
}

static err show(struct ctx *c, struct call *k)
{
	struct invoice_record r;
	struct json *o, *corrections;
	TRY(invoice_record_find(c, acts_db(k->acts), k->param[0], &r));
	TRY(record_json(c, acts_db(k->acts), &r, &o));
	TRY(corrections_json(c, k, &r, &corrections));
	json_set(&o, "corrections", corrections);
	return call_json(c, k, 200, o);
}

static err say_file(struct ctx *c, struct call *k)
{
	struct invoice_record r;
	TRY(invoice_record_find(c, acts_db(k->acts), k->param[0], &r));
	TRY(invoice_export(c, k->acts, &r, &k->answer.body));
	k->answer.status = 200;
	return OK;
}

static err reason_of(struct ctx *c, const struct call *k, struct str *ret)
{
	*ret = json_text(json_get(k->body, "reason"));
	ENSURE(ret->n > 0 && ret->n <= LIMIT_REASON, c, ERR_BAD_VALUE, "say why: reason");
	return OK;
}

static err correction_of(struct ctx *c, struct call *k, bool voids)
{
	struct invoice_record r;
	struct entry e;
	struct correction_wish wish = {.voids = voids};
	TRY(reason_of(c, k, &wish.reason));
	TRY(invoice_record_find(c, acts_db(k->acts), k->param[0], &r));
	if (!voids)
		ENSURE(json_int(json_get(k->body, "net"), &wish.net), c, ERR_MISSING_MEMBER,
			"'net' is what is due afterwards, in fen");
	TRY(correction_party(c, k->acts, &r));
	TRY(wish_propose(c, k->acts, &r, k->caller, &wish, &e));
	k->index = e.index;
	return OK;
}

static err correct(struct ctx *c, struct call *k)
{
	return correction_of(c, k, false);
}

static err make_void(struct ctx *c, struct call *k)
{
	return correction_of(c, k, true);
}

static err dispute(struct ctx *c, struct call *k)
{
	struct invoice_record r;
	struct str reason;
	struct entry e;
	TRY(reason_of(c, k, &reason));
	TRY(invoice_record_find(c, acts_db(k->acts), k->param[0], &r));
	TRY(invoicing_dispute(c, k->acts, &r, k->caller, reason, true, &e));
	k->index = e.index;
	return OK;
}

static err say_done(struct ctx *c, struct call *k)
{
	struct json *proof;
	TRY(acts_evidence(c, k->acts, k->index, &proof));
	TRY(show(c, k));
	const struct json *shown;
	TRY(json_parse(c, k->answer.body, &shown));
	struct json *o = json_copy(c, shown);
	json_set(&o, "evidence", proof);
	return call_json(c, k, 201, o);
}

static err policy(struct ctx *c, struct call *k)
{
	return invoicing_policy(c, k->acts, k->caller, k->body);
}

static err say_policy(struct ctx *c, struct call *k)
{
	bool by_person = false;
	struct binding rules;
	struct json *o = json_object(c);
	TRY(invoice_record_by_person(c, acts_db(k->acts), &by_person));
	json_set(&o, "acceptance", json_z(c, by_person ? "person" : "automatic"));
	TRY(wish_rules(c, acts_db(k->acts), &rules));
	json_set(&o, "twoPeople", json_bool(c, rules.two_people));
	json_set(&o, "stamped", json_bool(c, rules.stamped));
	TRY(easing_say(c, acts_db(k->acts), "invoice", &o));
	return call_json(c, k, 200, o);
}

static const struct json_field correct_fields[] = {
	{.name = "net", .kind = JSON_K_INT},
	{.name = "reason", .kind = JSON_K_TEXT, .max = LIMIT_REASON},
};

static const char *const acceptances[] = {"automatic", "person", NULL};
static const struct json_field policy_fields[] = {
	{.name = "acceptance", .kind = JSON_K_TEXT, .optional = true, .words = acceptances},
	{.name = "twoPeople", .kind = JSON_K_BOOL, .optional = true},
	{.name = "stamped", .kind = JSON_K_BOOL, .optional = true},
};

static const struct json_field invoice_answer[] = {
	{.name = "id", .kind = JSON_K_TEXT},
	{.name = "serial", .kind = JSON_K_TEXT},
	{.name = "role", .kind = JSON_K_TEXT},
	{.name = "party", .kind = JSON_K_TEXT},
	{.name = "delivery", .kind = JSON_K_TEXT},
	{.name = "agreement", .kind = JSON_K_TEXT},
	{.name = "state", .kind = JSON_K_TEXT},
	{.name = "recorded", .kind = JSON_K_BOOL},
	{.name = "receipt", .kind = JSON_K_BOOL},
	{.name = "digest", .kind = JSON_K_HEX32},
	{.name = "issued", .kind = JSON_K_OBJECT},
	{.name = "due", .kind = JSON_K_OBJECT},
	{.name = "at", .kind = JSON_K_TEXT},
	{.name = "replaces", .kind = JSON_K_TEXT, .optional = true},
	{.name = "fault", .kind = JSON_K_TEXT, .optional = true},
	{.name = "reason", .kind = JSON_K_TEXT, .optional = true},
	{.name = "partyName", .kind = JSON_K_TEXT, .optional = true},
	{.name = "productName", .kind = JSON_K_TEXT, .optional = true},
	{.name = "corrections", .kind = JSON_K_ARRAY},
	{.name = "correction", .kind = JSON_K_TEXT, .optional = true},
	{.name = "proposedBy", .kind = JSON_K_TEXT, .optional = true},
	{.name = "proposedByName", .kind = JSON_K_TEXT, .optional = true},
	{.name = "proposedAt", .kind = JSON_K_TEXT, .optional = true},
	{.name = "waitsFor", .kind = JSON_K_ARRAY, .optional = true},
	{.name = "evidence", .kind = JSON_K_OBJECT, .optional = true},
};
static const struct json_field policy_answer[] = {
	{.name = "acceptance", .kind = JSON_K_TEXT},
	{.name = "twoPeople", .kind = JSON_K_BOOL},
	{.name = "stamped", .kind = JSON_K_BOOL},
	{.name = "waiting", .kind = JSON_K_OBJECT, .optional = true},
};
// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/api/v1/invoices", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .pages = true, .act = list, .doc = "The invoices of both roles, newest first."},
	{.method = "GET", .path = "/api/v1/invoices/{invoice}", GIVES(invoice_answer), .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = show, .doc = "An invoice by id or serial, with its corrections."},
	{.method = "GET", .path = "/api/v1/invoices/{invoice}/file", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .say = say_file,
		.doc = "Its file: what shugu-verify reads."},
	{.method = "POST", .path = "/api/v1/invoices/{invoice}/correct", GIVES(invoice_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_FINANCE, TAKES(correct_fields), .act = correct, .say = say_done,
		.doc = "Proposes what is due instead ({net, reason})."},
	{.method = "POST", .path = "/api/v1/invoices/{invoice}/void", GIVES(invoice_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_FINANCE, TAKES(takes_reason), .act = make_void, .say = say_done,
		.doc = "Proposes that nothing is due ({reason})."},
	{.method = "POST", .path = "/api/v1/invoices/{invoice}/dispute", GIVES(invoice_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_FINANCE, TAKES(takes_reason), .act = dispute, .say = say_done,
		.doc = "Disputes it ({reason}); the signatures stand."},
	{.method = "GET", .path = "/api/v1/invoice-policy", GIVES(policy_answer), .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = say_policy, .doc = "Who decides about invoices that come."},
	{.method = "POST", .path = "/api/v1/invoice-policy", GIVES(policy_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_FINANCE, TAKES(policy_fields), .act = policy, .say = say_policy,
		.doc = "The node itself, or a person ({acceptance?: automatic, person; twoPeople?, stamped?}). Where two people correct invoices, lifting that waits for another person."},
};
// clang-format on
const struct routes invoice_routes = {rows, countof(rows)};
