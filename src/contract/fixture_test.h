/* For the tests of contract/: a seller and a buyer in one process, met and approved, with a product; and a plain connector
 * that the seller knows. Messages are carried by hand: what one side's outbox says is shown to the other. */
#pragma once

#include "act/content.h"
#include "act/outbox.h"
#include "contract/agreement_assent.h"
#include "contract/agreement_follow.h"
#include "contract/agreement_states.h"
#include "contract/agreement_take.h"
#include "contract/catalog.h"
#include "contract/easing.h"
#include "contract/order.h"
#include "party/fixture_test.h"
#include "party/person.h"
#include "product/product.h"
#include "recognise/interlock.h"
#include "terms/presets.h"

static const struct module *const pair_modules[] = {&act_module, &party_module, &person_module,
	&recognise_module, &product_module, &contract_module, &assent_module, &easing_module,
	&order_module, &catalog_module};
static const struct wiring pair_wiring = {pair_modules, countof(pair_modules)};

struct pair {
	struct house s, b;
	struct revision product;
};

#define PAIR_PRODUCT "urn:uuid:01980000-0000-7000-8000-000000000001"
#define PAIR_OFFER "urn:uuid:01980000-0000-7000-8000-00000000000%d"
#define PAIR_KIT "did:web:kit.example"
#define PAIR_KIT_URL "https://kit.example/dsp"

__attribute__((unused)) static err pair_act(
	struct ctx *c, struct house *h, const char *type, struct str subject, struct json *body)
{
	const struct act a = {str_z(type), STR("operator"), subject, body, NULL};
	return acts_do(c, h->acts, &a, NULL);
}

static void pair_hex(struct ctx *c, struct json **o, const char *name)
{
	static const uint8_t bytes[HASH_BYTES] = {9};
	json_set_hex(c, o, name, bytes, HASH_BYTES);
}

/* h approves what it is told of other; the letters between them are party/'s matter. */
static err pair_know(struct ctx *c, struct house *h, const struct self *other)
{
	struct json *invite = json_object(c), *ask = json_object(c), *yes = json_object(c);
	struct card card;
	TRY(card_of_self(c, other, &card));
	pair_hex(c, &invite, "secret");
	json_set_str(c, &invite, "expires", STR("2027-02-01T00:00:00.000Z"));
	TRY(pair_act(c, h, "invitation.make", STR("urn:invitation"), invite));
	json_set(&ask, "party", card_json(c, &card));
	json_set_str(c, &ask, "request", STR("urn:request"));
	static const char *const digests[] = {"secret", "document", "signature", "didDocument"};
	for (size_t i = 0; i < countof(digests); i++) {
		pair_hex(c, &ask, digests[i]);
		pair_hex(c, &yes, digests[i]);
	}
	TRY(pair_act(c, h, "party.ask", other->did, ask));
	return pair_act(c, h, "party.approve", other->did, yes);
}

static err pair_register(struct ctx *c, struct house *h)
{
	struct json *o = json_object(c);
	json_set_str(c, &o, "name", STR("Kit"));
	json_set_str(c, &o, "url", STR(PAIR_KIT_URL));
	pair_hex(c, &o, "bearer");
	return pair_act(c, h, "party.register", STR(PAIR_KIT), o);
}

/* Publishes revision n (1 the first time) of the product under these terms. */
__attribute__((unused)) static err pair_publish(
	struct ctx *c, struct pair *p, int revision, const char *preset)
{
	struct json *o = json_object(c), *object = json_object(c), *price = json_object(c),
		    *scenario = json_object(c), *terms;
	struct str offer;
	TRY(terms_preset(c, str_z(preset), &terms));
	TRY(arena_fmt(c, &offer, PAIR_OFFER, revision));
	json_set_str(c, &object, "product", STR(PAIR_PRODUCT));
	json_set_num(c, &object, "revision", revision);
	pair_hex(c, &object, "root");
	pair_hex(c, &object, "sha256");
	json_set_num(c, &object, "size", 1000);
	json_set_num(c, &object, "chunk", LIMIT_CHUNK);
	json_set_str(c, &price, "currency", STR("CNY"));
	json_set_num(c, &price, "net", 12345);
	json_set_num(c, &price, "rate", 600);
	json_set_num(c, &price, "tax", 741);
	json_set_str(c, &scenario, "purpose", STR("any lawful use"));
	json_set_str(c, &scenario, "onward", STR("not allowed"));
	json_set_str(c, &o, "name", STR("weather"));
	json_set_str(c, &o, "offer", offer);
	json_set_str(c, &o, "mediaType", STR("text/csv"));
	json_set(&o, "dossier", json_object(c));
	json_set(&o, "terms", terms);
	json_set(&o, "object", object);
	json_set(&o, "price", price);
	json_set(&o, "scenario", scenario);
	json_set_num(c, &o, "receiptWithin", 3600);
	TRY(pair_act(c, &p->s, revision == 1 ? "product.publish" : "product.revise",
		STR(PAIR_PRODUCT), o));
	return product_find(c, p->s.db, STR("weather"), &p->product);
}

__attribute__((unused)) static err pair_open(struct ctx *c, struct pair *p)
{
	*p = (struct pair){.product = {.size = 0}};
	TRY(house_open(c, &p->s, "s.example", 1, &pair_wiring));
	TRY(house_open(c, &p->b, "b.example", 2, &pair_wiring));
	TRY(pair_know(c, &p->s, &p->b.self));
	TRY(pair_know(c, &p->b, &p->s.self));
	TRY(pair_register(c, &p->s));
	TRY(pair_register(c, &p->b));
	TRY(pair_publish(c, p, 1, "open"));
	TRY(acts_tick_end(c, p->s.acts));
	return acts_tick_end(c, p->b.acts);
}

__attribute__((unused)) static void pair_close(struct pair *p)
{
	house_close(&p->s);
	house_close(&p->b);
}

/* What the seller's catalogue would say. */
__attribute__((unused)) static struct order_find pair_found(struct ctx *c, const struct pair *p)
{
	const struct revision *r = &p->product;
	struct json *facts = json_object(c);
	json_set_num(c, &facts, "revision", r->revision);
	json_set(&facts, "object", json_copy(c, r->object_json));
	json_set(&facts, "price", json_copy(c, r->price_json));
	json_set(&facts, "scenario", json_copy(c, r->scenario));
	json_set_num(c, &facts, "receiptWithin", r->receipt_within);
	return (struct order_find){
		.product = r->product, .offer = r->offer, .terms = r->terms, .shugu = facts};
}

/* The newest row of that kind in the outbox, which it leaves. The tick ends before, and is open after. */
__attribute__((unused)) static err pair_row(
	struct ctx *c, struct house *h, const char *kind, struct outbox_row *ret)
{
	struct outbox_row rows[64];
	size_t n = 0;
	int64_t next = 0;
	TRY(acts_tick_end(c, h->acts));
	TRY(acts_tick(c, h->acts));
	TRY(outbox_due(c, h->acts, INT64_MAX, rows, countof(rows), &n, &next));
	const struct outbox_row *found = NULL;
	for (size_t i = 0; i < n; i++) {
		if (str_is(rows[i].kind, kind) && (found == NULL || rows[i].id > found->id))
			found = &rows[i];
	}
	ENSURE(found != NULL, c, ERR_NOT_FOUND, "no %s in the outbox", kind);
	*ret = *found;
	return outbox_done(c, h->acts, found->id);
}

/* What rides beside the message of that row, as it arrives. */
__attribute__((unused)) static err pair_shown(
	struct ctx *c, struct house *from, const struct outbox_row *row, struct json **ret)
{
	struct agreement_row r;
	struct str text;
	const struct json *document;
	TRY(agreement_find(c, from->db, row->subject, &r));
	TRY(interlock_show(c, from->acts, row->peer, row->index, ret));
	bool provider = r.role == AGREEMENT_PROVIDER;
	if (!r.has_document)
		return OK;
	TRY(content_get_json(c, from->db, &r.document, &document));
	TRY(content_get(
		c, from->db, provider ? &r.provider_signature : &r.consumer_signature, &text));
	if (provider)
		json_set(ret, "document", json_copy(c, document));
	json_set_str(c, ret, "signature", text);
	return OK;
}

/* Row 1: the buyer asks. in is what arrives at the seller. */
__attribute__((unused)) static err pair_ask(
	struct ctx *c, struct pair *p, struct incoming *in, struct str *ret_negotiation)
{
	struct outbox_row row;
	struct json *shugu;
	const struct order_find found = pair_found(c, p);
	TRY(acts_tick(c, p->b.acts));
	TRY(order_ask(c, p->b.acts, STR("operator"), p->s.self.did, &found, (struct str){"", 0},
		ret_negotiation));
	TRY(pair_row(c, &p->b, "agreement.request", &row));
	TRY(pair_shown(c, &p->b, &row, &shugu));
	TRY(acts_tick(c, p->s.acts));
	*in = (struct incoming){.peer = p->b.self.did,
		.peer_pid = *ret_negotiation,
		.address = STR("https://b.example/dsp/2025-1/callback"),
		.offer = p->product.offer,
		.target = p->product.product,
		.terms = p->product.terms,
		.shugu = house_carry(c, shugu),
		.message = *ret_negotiation};
	return OK;
}

/* What arrives of a row of from about its negotiation, at to. */
__attribute__((unused)) static err pair_carry(
	struct ctx *c, struct house *from, struct house *to, const char *kind, struct incoming *ret)
{
	struct outbox_row row;
	struct agreement_row r;
	struct json *shugu;
	const struct json *policy = NULL;
	TRY(pair_row(c, from, kind, &row));
	TRY(pair_shown(c, from, &row, &shugu));
	TRY(agreement_find(c, from->db, row.subject, &r));
	if (strcmp(kind, "agreement.offer") == 0)
		TRY(content_get_json(c, from->db, &r.policy, &policy));
	TRY(acts_tick(c, to->acts));
	*ret = (struct incoming){.peer = from->self.did,
		.negotiation = r.peer_pid,
		.peer_pid = r.negotiation,
		.agreement = policy,
		.reason = r.reason,
		.shugu = house_carry(c, shugu),
		.message = STR("message")};
	return OK;
}

/* Rows 1 to 4, all of them, and the answer to 4. */
__attribute__((unused)) static err pair_agree(
	struct ctx *c, struct pair *p, struct agreement_row *ret_s, struct agreement_row *ret_b)
{
	struct incoming in;
	struct str negotiation;
	TRY(pair_ask(c, p, &in, &negotiation));
	TRY(take_request(c, p->s.acts, &in, ret_s));
	TRY(take_answer(c, p->b.acts, negotiation, ret_s->negotiation, (struct str){"", 0}));
	TRY(pair_carry(c, &p->s, &p->b, "agreement.offer", &in));
	TRY(take_agreement(c, p->b.acts, &in, ret_b));
	TRY(pair_carry(c, &p->b, &p->s, "agreement.conclude", &in));
	TRY(take_verification(c, p->s.acts, &in, ret_s));
	TRY(pair_carry(c, &p->s, &p->b, "agreement.concluded", &in));
	TRY(take_final(c, p->b.acts, &in, ret_b));
	TRY(take_finalized(c, p->s.acts, ret_s->negotiation));
	TRY(agreement_find(c, p->s.db, ret_s->negotiation, ret_s));
	TRY(acts_tick_end(c, p->s.acts));
	return acts_tick_end(c, p->b.acts);
}

__attribute__((unused)) static const char *pair_state(
	struct ctx *c, struct house *h, struct str negotiation)
{
	struct agreement_row r;
	return agreement_find(c, h->db, negotiation, &r) == OK ? agreement_state_name(r.state)
							       : "none";
}
