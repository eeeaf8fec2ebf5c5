#include "contract/order.h"

#include "act/outbox.h"
#include "base/limits.h"
#include "codec/uuid.h"
#include "contract/order_store.h"
#include "party/organisation.h"
#include "terms/policy.h"

struct order_body {
	struct str party, product, purpose, deliver, reason, negotiation, agreement;
	bool anew;
};

static const struct json_field make_fields[] = {
	{"party", JSON_K_TEXT, false, offsetof(struct order_body, party), LIMIT_DID, NULL},
	{"product", JSON_K_TEXT, false, offsetof(struct order_body, product), LIMIT_URL, NULL},
	{"purpose", JSON_K_TEXT, true, offsetof(struct order_body, purpose), LIMIT_NAME, NULL},
	{"deliver", JSON_K_TEXT, true, offsetof(struct order_body, deliver), UUID_URN, NULL},
	{"anew", JSON_K_BOOL, true, offsetof(struct order_body, anew), 0, NULL},
};
static const struct json_field fail_fields[] = {
	{"reason", JSON_K_TEXT, false, offsetof(struct order_body, reason), LIMIT_REASON, NULL},
};
static const struct json_field reuse_fields[] = {
	{"negotiation", JSON_K_TEXT, false, offsetof(struct order_body, negotiation), UUID_URN,
		NULL},
	{"agreement", JSON_K_TEXT, false, offsetof(struct order_body, agreement), LIMIT_URL, NULL},
	{"deliver", JSON_K_TEXT, false, offsetof(struct order_body, deliver), UUID_URN, NULL},
};

static err decide_make(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct order_body b = {.party = {NULL, 0}};
	struct order_row known;
	(void)at_ms;
	TRY(json_read(c, a->body, make_fields, countof(make_fields), false, &b));
	ENSURE(b.party.n > 0 && b.product.n > 0, c, ERR_BAD_VALUE,
		"an order names party and product");
	err e = order_store_find(c, db, a->subject, &known);
	ENSURE(e != OK, c, ERR_CONFLICT, "this order exists");
	return e == ERR_NOT_FOUND ? OK : e;
}

/* An order that has come to something stays what it is. */
static err decide_waiting(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct order_row r;
	(void)at_ms;
	TRY(order_store_find(c, db, a->subject, &r));
	ENSURE(r.state == ORDER_WAITING, c, ERR_BAD_STATE, "this order waits no more");
	return OK;
}

static err apply_make(struct ctx *c, struct store *db, const struct entry *e)
{
	struct order_body b = {.party = {NULL, 0}};
	TRY(json_read(c, e->body, make_fields, countof(make_fields), false, &b));
	const struct order_row r = {.id = e->subject,
		.party = b.party,
		.product = b.product,
		.purpose = b.purpose,
		.deliver = b.deliver,
		.anew = b.anew,
		.state = ORDER_WAITING,
		.at_ms = e->at_ms};
	return order_store_put(c, db, &r);
}

static err apply_fail(struct ctx *c, struct store *db, const struct entry *e)
{
	struct order_body b = {.party = {NULL, 0}};
	TRY(json_read(c, e->body, fail_fields, countof(fail_fields), false, &b));
	return order_store_move(c, db, e->subject, ORDER_FAILED, (struct str){"", 0}, b.reason);
}

static err apply_reuse(struct ctx *c, struct store *db, const struct entry *e)
{
	struct order_body b = {.party = {NULL, 0}};
	TRY(json_read(c, e->body, reuse_fields, countof(reuse_fields), false, &b));
	return order_store_move(
		c, db, e->subject, ORDER_NEGOTIATING, b.negotiation, (struct str){"", 0});
}

static err ask_row(struct ctx *c, struct acts *n, const struct entry *e, struct str party)
{
	const struct outbox_row row = {.index = e->index,
		.peer = party,
		.kind = STR("catalog.ask"),
		.subject = e->subject};
	return outbox_put(c, n, &row, 0);
}

static err follow_make(struct ctx *c, struct acts *n, const struct entry *e)
{
	struct order_row r;
	TRY(order_store_find(c, acts_db(n), e->subject, &r));
	return ask_row(c, n, e, r.party);
}

static const struct act_type types[] = {
	{"order.make", decide_make, apply_make},
	{"order.fail", decide_waiting, apply_fail},
	{"order.reuse", decide_waiting, apply_reuse},
};
static const struct reaction reactions[] = {
	{"order.make", follow_make},
};

const struct module order_module = {.name = "order",
	.types = types,
	.types_n = countof(types),
	.migrations = order_migrations,
	.migrations_n = 1,
	.reactions = reactions,
	.reactions_n = countof(reactions)};

err order_find_row(struct ctx *c, struct store *db, struct str id, struct order_row *ret)
{
	return order_store_find(c, db, id, ret);
}

err order_fail(struct ctx *c, struct acts *n, const struct order_row *order, struct str reason)
{
	struct json *body = json_object(c);
	json_set_str(c, &body, "reason", str_sub(reason, 0, LIMIT_REASON));
	const struct act a = {STR("order.fail"), STR("node"), order->id, body, NULL};
	return acts_do(c, n, &a, NULL);
}

static const char *const facts[] = {"revision", "object", "price", "receiptWithin"};

/* What G will be compared with, as the seller's catalogue says it. */
static err set_facts(
	struct ctx *c, struct json **body, const struct json *shugu, struct str purpose)
{
	const struct json *scenario = json_get(shugu, "scenario");
	for (size_t i = 0; i < countof(facts); i++) {
		const struct json *j = json_get(shugu, facts[i]);
		ENSURE(j != NULL, c, ERR_MISSING_MEMBER,
			"the catalogue does not say the %s of this product", facts[i]);
		json_set(body, facts[i], json_copy(c, j));
	}
	ENSURE(scenario != NULL, c, ERR_MISSING_MEMBER,
		"the catalogue does not say the scenario of this product");
	struct json *copy = json_copy(c, scenario);
	if (purpose.n > 0)
		json_set_str(c, &copy, "purpose", purpose);
	json_set(body, "scenario", copy);
	return OK;
}

static err request_body(struct ctx *c, struct acts *n, struct str party,
	const struct order_find *found, struct str purpose, struct json **ret)
{
	struct organisation o;
	struct json *body = json_object(c);
	TRY(organisation_approved(c, acts_db(n), party, &o));
	json_set_str(c, &body, "party", party);
	json_set_str(c, &body, "offer", found->offer);
	json_set_str(c, &body, "product", found->product);
	json_set(&body, "terms", json_copy(c, found->terms));
	if (o.joined)
		TRY(set_facts(c, &body, found->shugu, purpose));
	*ret = body;
	return OK;
}

err order_ask(struct ctx *c, struct acts *n, struct str actor, struct str party,
	const struct order_find *found, struct str address, struct str *ret_negotiation)
{
	struct json *body;
	TRY(request_body(c, n, party, found, (struct str){"", 0}, &body));
	if (address.n > 0)
		json_set_str(c, &body, "address", address);
	TRY(uuid_new_urn(c, acts_env(n), ret_negotiation));
	const struct act a = {STR("agreement.request"), actor, *ret_negotiation, body, NULL};
	return acts_do(c, n, &a, NULL);
}

/* Terms that name purposes are asked about one: who states none has none that they allow. */
static err check_purpose(
	struct ctx *c, const struct order_row *order, const struct order_find *found)
{
	struct terms terms;
	TRY(terms_compile(c, found->terms, &terms));
	ENSURE(order->purpose.n > 0 || terms.purposes_n == 0, c, ERR_TERM_REFUSES,
		"the terms ask what for: state a purpose, for example %.*s",
		FMT(terms.purposes[0]));
	return OK;
}

err order_request(struct ctx *c, struct acts *n, const struct order_row *order,
	const struct order_find *found)
{
	struct json *body;
	struct str negotiation;
	TRY(check_purpose(c, order, found));
	TRY(request_body(c, n, order->party, found, order->purpose, &body));
	json_set_str(c, &body, "order", order->id);
	if (order->deliver.n > 0)
		json_set_str(c, &body, "deliver", order->deliver);
	TRY(uuid_new_urn(c, acts_env(n), &negotiation));
	const struct act a = {STR("agreement.request"), STR("node"), negotiation, body, NULL};
	return acts_do(c, n, &a, NULL);
}

err order_usable(struct ctx *c, struct acts *n, const struct order_row *order,
	const struct order_find *found, struct agreement_row *ret)
{
	struct agreement_row r;
	TRY(agreement_current(c, acts_db(n), AGREEMENT_CONSUMER, order->party, found->product, &r));
	bool same = str_eq(r.offer, found->offer) &&
		    (order->purpose.n == 0 || str_eq(order->purpose, r.purpose));
	ENSURE(same && order->deliver.n > 0, c, ERR_NOT_FOUND, "no agreement fits this order");
	*ret = r;
	return OK;
}

err order_reuse(struct ctx *c, struct acts *n, const struct order_row *order,
	const struct agreement_row *with)
{
	struct json *body = json_object(c);
	json_set_str(c, &body, "negotiation", with->negotiation);
	json_set_str(c, &body, "agreement", with->agreement);
	json_set_str(c, &body, "deliver", order->deliver);
	const struct act a = {STR("order.reuse"), STR("node"), order->id, body, NULL};
	return acts_do(c, n, &a, NULL);
}
