/* /api/v1/orders, catalogs, requests, agreements: what a person asks for and how far it is. */
#include "api/contract.h"

#include "act/content.h"
#include "api/dsp_message.h"
#include "api/names.h"
#include "api/page.h"
#include "base/limits.h"
#include "codec/json_time.h"
#include "codec/uuid.h"
#include "contract/agreement_assent.h"
#include "contract/agreement_follow.h"
#include "contract/agreement_states.h"
#include "contract/agreement_take.h"
#include "contract/catalog.h"
#include "contract/easing.h"
#include "contract/order.h"
#include "delivery/delivery.h"
#include "invoice/invoice_record.h"
#include "party/organisation.h"

struct order_input {
	struct str party, product, purpose;
	bool deliver, anew;
};

static const struct json_field order_fields[] = {
	{"party", JSON_K_TEXT, false, offsetof(struct order_input, party), LIMIT_DID, NULL},
	{"product", JSON_K_TEXT, false, offsetof(struct order_input, product), LIMIT_URL, NULL},
	{"purpose", JSON_K_TEXT, true, offsetof(struct order_input, purpose), LIMIT_NAME, NULL},
	{"deliver", JSON_K_BOOL, true, offsetof(struct order_input, deliver), 0, NULL},
	{"anew", JSON_K_BOOL, true, offsetof(struct order_input, anew), 0, NULL},
};

struct request_input {
	struct str party, offer, dataset, address;
	const struct json *terms;
};

static const struct json_field request_fields[] = {
	{"party", JSON_K_TEXT, false, offsetof(struct request_input, party), LIMIT_DID, NULL},
	{"offer", JSON_K_TEXT, false, offsetof(struct request_input, offer), LIMIT_URL, NULL},
	{"dataset", JSON_K_TEXT, false, offsetof(struct request_input, dataset), LIMIT_URL, NULL},
	{"address", JSON_K_TEXT, true, offsetof(struct request_input, address), LIMIT_URL, NULL},
	{"terms", JSON_K_OBJECT, true, offsetof(struct request_input, terms), 0, NULL},
};

static void set_text(struct ctx *c, struct json **o, const char *name, struct str text)
{
	if (text.n > 0)
		json_set_str(c, o, name, text);
}

/* By DID or name; only an approved party is worth asking. */
static err party_of(struct ctx *c, struct call *k, struct str text, struct organisation *ret)
{
	struct organisation o;
	TRY(organisation_named(c, acts_db(k->acts), text, &o));
	return organisation_approved(c, acts_db(k->acts), o.did, ret);
}

/* How far the delivery of an order is, and at last its invoice: recorded is what both have signed and logged. */
static err delivery_word(struct ctx *c, struct store *db, const struct order_row *r, bool ended,
	const char **ret, struct str *ret_reason)
{
	struct delivery_row d;
	struct invoice_record i;
	err e = r->deliver.n > 0 ? delivery_find(c, db, r->deliver, &d) : ERR_NOT_FOUND;
	if (e == ERR_NOT_FOUND) {
		*ret = ended ? "failed" : "agreed";
		return OK;
	}
	TRY(e);
	*ret = "delivering";
	if (d.state == DELIVERY_TERMINATED || str_is(d.result, "refused")) {
		*ret = "failed";
		*ret_reason = d.reason;
	}
	if (d.state != DELIVERY_COMPLETED)
		return OK;
	*ret = "delivered";
	e = invoice_record_of_delivery(c, db, AGREEMENT_CONSUMER, d.id, &i);
	if (e != OK)
		return e == ERR_NOT_FOUND ? OK : e;
	*ret = i.accepted ? "recorded" : "invoiced";
	return OK;
}

static err order_word(struct ctx *c, struct store *db, const struct order_row *r,
	const struct agreement_row *a, const char **ret, struct str *ret_reason)
{
	*ret_reason = r->reason.n > 0 ? r->reason : a->reason;
	if (r->state == ORDER_FAILED)
		*ret = "failed";
	else if (r->state == ORDER_WAITING)
		*ret = "waiting";
	else if (a->state == AGREEMENT_FINALIZED || a->state == AGREEMENT_TERMINATED)
		return delivery_word(c, db, r, a->state == AGREEMENT_TERMINATED, ret, ret_reason);
	else
		*ret = "negotiating";
	return OK;
}

static err order_json(struct ctx *c, struct call *k, const struct order_row *r, struct json **ret)
{
	struct json *o = json_object(c);
	struct agreement_row a = {.state = AGREEMENT_REQUESTED};
	if (r->negotiation.n > 0)
		TRY(agreement_find(c, acts_db(k->acts), r->negotiation, &a));
	const char *word;
	struct str reason;
	TRY(order_word(c, acts_db(k->acts), r, &a, &word, &reason));
	json_set_str(c, &o, "order", r->id);
	json_set_str(c, &o, "party", r->party);
	json_set_str(c, &o, "product", r->product);
	json_set(&o, "state", json_z(c, word));
	set_text(c, &o, "purpose", r->purpose);
	set_text(c, &o, "negotiation", r->negotiation);
	set_text(c, &o, "agreement", a.agreement);
	set_text(c, &o, "delivery", r->deliver);
	set_text(c, &o, "reason", reason);
	json_set_time(c, &o, "at", r->at_ms);
	*ret = o;
	return OK;
}

static err post_order(struct ctx *c, struct call *k)
{
	struct order_input in = {.deliver = false};
	struct organisation o;
	struct str deliver;
	struct json *body = json_object(c);
	TRY(json_read(c, k->body, order_fields, countof(order_fields), false, &in));
	TRY(party_of(c, k, in.party, &o));
	TRY(uuid_new_urn(c, acts_env(k->acts), &k->subject));
	json_set_str(c, &body, "party", o.did);
	json_set_str(c, &body, "product", in.product);
	set_text(c, &body, "purpose", in.purpose);
	if (in.anew)
		json_set(&body, "anew", json_bool(c, true));
	if (in.deliver) {
		TRY(uuid_new_urn(c, acts_env(k->acts), &deliver));
		json_set_str(c, &body, "deliver", deliver);
	}
	const struct act a = {STR("order.make"), k->caller, k->subject, body, NULL};
	return acts_do(c, k->acts, &a, NULL);
}

static err answer_order(struct ctx *c, struct call *k, struct str id, int status)
{
	struct order_row r;
	struct json *o;
	TRY(order_find_row(c, acts_db(k->acts), id, &r));
	TRY(order_json(c, k, &r, &o));
	return call_json(c, k, status, o);
}

static err say_order(struct ctx *c, struct call *k)
{
	return answer_order(c, k, k->subject, 202);
}

static err get_order(struct ctx *c, struct call *k)
{
	return answer_order(c, k, k->param[0], 200);
}

/* Its pages are those of the partner: the key of one is its number. */
static err catalog_json(
	struct ctx *c, struct call *k, struct str party, const struct catalog_row *row)
{
	struct json *o = json_object(c);
	const struct json *datasets = json_array(c);
	const struct catalog_row r = *row;
	struct page p;
	struct str next;
	TRY(page_read(c, k, STR(""), PAGE_OLDEST_FIRST, &p));
	uint64_t page = (uint64_t)(p.at + 1);
	if (page > 0 || r.pages > 0)
		TRY(catalog_page(c, acts_db(k->acts), party, page, &datasets));
	json_set_str(c, &o, "party", party);
	json_set_time(c, &o, "askedAt", r.asked_ms);
	json_set_time(c, &o, "fetchedAt", r.fetched_ms);
	set_text(c, &o, "reason", r.reason);
	json_set(&o, "datasets", json_copy(c, datasets));
	if (page + 1 < r.pages) {
		p.next_at = (int64_t)page;
		TRY(page_cursor(c, &p, &next));
		json_set_str(c, &o, "next", next);
	}
	return call_json(c, k, 200, o);
}

static err post_catalog(struct ctx *c, struct call *k)
{
	struct organisation o;
	TRY(party_of(c, k, json_text(json_get(k->body, "party")), &o));
	k->subject = o.did;
	return catalog_ask(c, k->acts, o.did);
}

static err say_asked(struct ctx *c, struct call *k)
{
	struct catalog_row r;
	struct json *said = json_object(c);
	TRY(catalog_find(c, acts_db(k->acts), k->subject, &r));
	json_set_str(c, &said, "party", k->subject);
	json_set_time(c, &said, "askedAt", r.asked_ms);
	return call_json(c, k, 202, said);
}

static err get_catalog(struct ctx *c, struct call *k)
{
	struct organisation o;
	struct catalog_row r;
	TRY(organisation_named(c, acts_db(k->acts), k->param[0], &o));
	TRY(catalog_find(c, acts_db(k->acts), o.did, &r));
	return catalog_json(c, k, o.did, &r);
}

/* What most offers say; a plain connector's may be asked for by its ids alone. */
static struct json *open_terms(struct ctx *c)
{
	struct json *o = json_object(c), *list = json_array(c), *rule = json_object(c);
	json_set(&rule, "action", json_z(c, "use"));
	json_push(&list, rule);
	json_set(&o, "permission", list);
	return o;
}

static err post_agreement_request(struct ctx *c, struct call *k)
{
	struct request_input in = {.terms = NULL};
	struct organisation o;
	TRY(json_read(c, k->body, request_fields, countof(request_fields), false, &in));
	TRY(party_of(c, k, in.party, &o));
	if (in.address.n > 0)
		TRY(organisation_address(c, &o, in.address));
	const struct order_find found = {.product = in.dataset,
		.offer = in.offer,
		.terms = in.terms != NULL ? in.terms : open_terms(c)};
	return order_ask(c, k->acts, k->caller, o.did, &found, in.address, &k->subject);
}

static err agreement_json(
	struct ctx *c, struct store *db, const struct agreement_row *r, struct json **ret)
{
	struct json *o = json_object(c);
	json_set_str(c, &o, "negotiation", r->negotiation);
	set_text(c, &o, "agreement", r->agreement);
	set_text(c, &o, "peerPid", r->peer_pid);
	json_set_str(c, &o, "party", r->peer);
	json_set(&o, "role", json_z(c, r->role == AGREEMENT_PROVIDER ? "provider" : "consumer"));
	json_set(&o, "state", json_z(c, agreement_state_name(r->state)));
	json_set_str(c, &o, "product", r->product);
	json_set_str(c, &o, "offer", r->offer);
	json_set_num(c, &o, "revision", r->revision);
	json_set(&o, "terms", json_copy(c, r->terms));
	if (r->object != NULL)
		json_set(&o, "object", json_copy(c, r->object));
	if (r->price != NULL)
		json_set(&o, "price", json_copy(c, r->price));
	set_text(c, &o, "purpose", r->purpose);
	if (r->has_document)
		json_set_hex(c, &o, "document", r->document.b, HASH_BYTES);
	set_text(c, &o, "reason", r->reason);
	json_set_time(c, &o, "at", r->at_ms);
	json_set_time(c, &o, "agreed", r->agreed_ms);
	json_set_time(c, &o, "openUntil", r->open_until_ms);
	TRY(agreement_waits(c, db, r, &o));
	TRY(names_set(c, db, r, &o));
	*ret = o;
	return OK;
}

static err say_negotiation(struct ctx *c, struct call *k)
{
	struct agreement_row r;
	struct json *o;
	TRY(agreement_find(c, acts_db(k->acts), k->subject, &r));
	TRY(agreement_json(c, acts_db(k->acts), &r, &o));
	return call_json(c, k, 202, o);
}

static err get_agreement(struct ctx *c, struct call *k)
{
	struct agreement_row r;
	struct json *o;
	const struct json *document;
	TRY(agreement_find(c, acts_db(k->acts), k->param[0], &r));
	TRY(agreement_json(c, acts_db(k->acts), &r, &o));
	if (r.has_document && content_get_json(c, acts_db(k->acts), &r.document, &document) == OK)
		json_set(&o, "G", json_copy(c, document));
	return call_json(c, k, 200, o);
}

static err list_agreements(struct ctx *c, struct call *k)
{
	struct agreement_row *rows;
	struct page p;
	struct json *one;
	size_t n = 0;
	bool more = true;
	TRY(page_read(c, k, STR(""), PAGE_NEWEST_FIRST, &p));
	NEW_N(c, rows, page_rows(&p));
	TRY(agreement_list(c, acts_db(k->acts), (uint64_t)p.at, page_rows(&p), rows, &n));
	for (size_t i = 0; i < n && more; i++) {
		TRY(agreement_json(c, acts_db(k->acts), &rows[i], &one));
		TRY(page_add(c, &p, one, (int64_t)rows[i].index, STR(""), &more));
	}
	return page_say(c, k, &p, "agreements");
}

static err post_terminate(struct ctx *c, struct call *k)
{
	struct agreement_row r;
	struct str reason = json_text(json_get(k->body, "reason"));
	ENSURE(reason.n > 0 && reason.n <= LIMIT_REASON, c, ERR_BAD_VALUE, "say why: reason");
	TRY(agreement_find(c, acts_db(k->acts), k->param[0], &r));
	k->subject = r.negotiation;
	return agreement_end(c, k->acts, &r, k->caller, reason, NULL);
}

static err say_terminated(struct ctx *c, struct call *k)
{
	struct agreement_row r;
	struct json *o;
	TRY(agreement_find(c, acts_db(k->acts), k->subject, &r));
	TRY(agreement_json(c, acts_db(k->acts), &r, &o));
	return call_json(c, k, 200, o);
}

static err bargain(struct ctx *c, struct call *k,
	err (*step)(struct ctx *, struct acts *, struct str, struct str))
{
	struct agreement_row r;
	TRY(agreement_find(c, acts_db(k->acts), k->param[0], &r));
	k->subject = r.negotiation;
	return step(c, k->acts, r.negotiation, k->caller);
}

static err post_bid(struct ctx *c, struct call *k)
{
	return bargain(c, k, agreement_bid);
}

static err post_counter(struct ctx *c, struct call *k)
{
	return bargain(c, k, agreement_counter);
}

static err post_policy(struct ctx *c, struct call *k)
{
	return agreement_policy(c, k->acts, k->caller, k->body);
}

static err say_policy(struct ctx *c, struct call *k)
{
	struct agreement_rules r;
	struct json *o = json_object(c);
	TRY(agreement_rules(c, acts_db(k->acts), &r));
	json_set(&o, "decides", json_z(c, r.by_person ? "person" : "automatic"));
	json_set(&o, "twoPeople", json_bool(c, r.binding.two_people));
	json_set(&o, "stamped", json_bool(c, r.binding.stamped));
	json_set_num(c, &o, "openFor", r.open_for_s);
	TRY(easing_say(c, acts_db(k->acts), "agreement", &o));
	return call_json(c, k, 200, o);
}

static err peer_terminate(struct ctx *c, struct call *k)
{
	struct agreement_row *row;
	struct json *said = json_object(c);
	NEW(c, row);
	const struct incoming in = {.peer = k->caller,
		.negotiation = k->param[0],
		.reason = json_text(json_get(k->body, "reason")),
		.shugu = json_get(k->body, "shugu")};
	TRY(take_revocation(c, k->acts, &in, row));
	json_set_str(c, &said, "agreement", row->agreement);
	json_set(&said, "state", json_z(c, agreement_state_name(row->state)));
	return call_json(c, k, 200, said);
}

static const char *const deciders[] = {"automatic", "person", NULL};
static const struct json_field policy_fields[] = {
	{.name = "decides", .kind = JSON_K_TEXT, .optional = true, .words = deciders},
	{.name = "twoPeople", .kind = JSON_K_BOOL, .optional = true},
	{.name = "stamped", .kind = JSON_K_BOOL, .optional = true},
	{.name = "openFor", .kind = JSON_K_INT, .optional = true},
};

static const struct json_field order_answer[] = {
	{.name = "order", .kind = JSON_K_TEXT},
	{.name = "party", .kind = JSON_K_TEXT},
	{.name = "product", .kind = JSON_K_TEXT},
	{.name = "state", .kind = JSON_K_TEXT},
	{.name = "purpose", .kind = JSON_K_TEXT, .optional = true},
	{.name = "negotiation", .kind = JSON_K_TEXT, .optional = true},
	{.name = "agreement", .kind = JSON_K_TEXT, .optional = true},
	{.name = "delivery", .kind = JSON_K_TEXT, .optional = true},
	{.name = "reason", .kind = JSON_K_TEXT, .optional = true},
	{.name = "at", .kind = JSON_K_TEXT, .optional = true},
};
static const struct json_field agreement_answer[] = {
	{.name = "negotiation", .kind = JSON_K_TEXT},
	{.name = "agreement", .kind = JSON_K_TEXT, .optional = true},
	{.name = "peerPid", .kind = JSON_K_TEXT, .optional = true},
	{.name = "party", .kind = JSON_K_TEXT},
	{.name = "role", .kind = JSON_K_TEXT},
	{.name = "state", .kind = JSON_K_TEXT},
	{.name = "product", .kind = JSON_K_TEXT},
	{.name = "offer", .kind = JSON_K_TEXT},
	{.name = "revision", .kind = JSON_K_INT},
	{.name = "terms", .kind = JSON_K_OBJECT},
	{.name = "object", .kind = JSON_K_OBJECT, .optional = true},
	{.name = "price", .kind = JSON_K_OBJECT, .optional = true},
	{.name = "purpose", .kind = JSON_K_TEXT, .optional = true},
	{.name = "document", .kind = JSON_K_HEX32, .optional = true},
	{.name = "reason", .kind = JSON_K_TEXT, .optional = true},
	{.name = "at", .kind = JSON_K_TEXT, .optional = true},
	{.name = "agreed", .kind = JSON_K_TEXT, .optional = true},
	{.name = "openUntil", .kind = JSON_K_TEXT, .optional = true},
	{.name = "proposedBy", .kind = JSON_K_TEXT, .optional = true},
	{.name = "proposedByName", .kind = JSON_K_TEXT, .optional = true},
	{.name = "proposedAt", .kind = JSON_K_TEXT, .optional = true},
	{.name = "waitsFor", .kind = JSON_K_ARRAY, .optional = true},
	{.name = "partyName", .kind = JSON_K_TEXT, .optional = true},
	{.name = "productName", .kind = JSON_K_TEXT, .optional = true},
	{.name = "G", .kind = JSON_K_OBJECT, .optional = true},
};
static const struct json_field policy_answer[] = {
	{.name = "decides", .kind = JSON_K_TEXT},
	{.name = "twoPeople", .kind = JSON_K_BOOL},
	{.name = "stamped", .kind = JSON_K_BOOL},
	{.name = "openFor", .kind = JSON_K_INT},
	{.name = "waiting", .kind = JSON_K_OBJECT, .optional = true},
};
static const struct json_field asked_answer[] = {
	{.name = "party", .kind = JSON_K_TEXT},
	{.name = "askedAt", .kind = JSON_K_TEXT, .optional = true},
};
// clang-format off
static const struct route rows[] = {
	{.method = "POST", .path = "/api/v1/orders", GIVES(order_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_OPERATOR, TAKES(order_fields),
		.act = post_order, .say = say_order, .doc = "Asks a party for a product: catalogue, agreement and, where wanted, delivery."},
	{.method = "GET", .path = "/api/v1/orders/{id}", GIVES(order_answer), .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = get_order, .doc = "How far an order is."},
	{.method = "POST", .path = "/api/v1/catalogs", GIVES(asked_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_OPERATOR, TAKES(takes_party),
		.act = post_catalog, .say = say_asked, .doc = "Asks a party for its catalogue."},
	{.method = "GET", .path = "/api/v1/catalogs/{party}", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .pages = true, .act = get_catalog, .doc = "A party's catalogue as it was last fetched whole, a page of the party's at a time, whatever limit says."},
	{.method = "POST", .path = "/api/v1/requests", GIVES(agreement_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_OPERATOR, TAKES(request_fields),
		.act = post_agreement_request, .say = say_negotiation, .doc = "Requests an offer by its id, without a catalogue."},
	{.method = "GET", .path = "/api/v1/agreements", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .pages = true, .act = list_agreements, .doc = "Negotiations and agreements, the newest first."},
	{.method = "GET", .path = "/api/v1/agreements/{id}", GIVES(agreement_answer), .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = get_agreement, .doc = "One, by the negotiation's or the agreement's id, with G."},
	{.method = "POST", .path = "/api/v1/agreements/{id}/terminate", GIVES(agreement_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_OPERATOR, TAKES(takes_reason),
		.act = post_terminate, .say = say_terminated, .doc = "Ends a negotiation or an agreement; nothing more is delivered under it."},
	{.method = "POST", .path = "/api/v1/agreements/{id}/offer", GIVES(agreement_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_OPERATOR, TAKES_NOTHING,
		.act = post_bid, .say = say_negotiation, .doc = "Answers a plain connector's request by the offer, which it is to accept first."},
	{.method = "POST", .path = "/api/v1/agreements/{id}/counter", GIVES(agreement_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_OPERATOR, TAKES_NOTHING,
		.act = post_counter, .say = say_negotiation, .doc = "Answers a plain connector's offer by the request once more."},
	{.method = "GET", .path = "/api/v1/agreement-policy", GIVES(policy_answer), .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = say_policy, .doc = "Who decides about the next step of a negotiation."},
	{.method = "POST", .path = "/api/v1/agreement-policy", GIVES(policy_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER, TAKES(policy_fields), .act = post_policy, .say = say_policy,
		.doc = "Who decides, and what concluding an agreement needs ({decides?: automatic, person; twoPeople?, stamped?, openFor?: seconds}). Where two people conclude, lifting that waits for another person."},
	{.method = "POST", .path = "/peer/v1/agreements/{id}/termination", .scope = SCOPE_PEER, .takes_json = true,
		.act = peer_terminate, .doc = "The other party ends an agreement that is final."},
};
// clang-format on
const struct routes contract_routes = {rows, countof(rows)};
