#include "delivery/delivery_follow.h"

#include "tests/tap.h"

#include "delivery/fixture_test.h"

static bool has_row(struct ctx *c, struct house *h, const char *kind)
{
	struct outbox_row row;
	return pair_row(c, h, kind, &row) == OK;
}

/* An order with delivery: what follows from the last word of row 4, and from an agreement that is used again. */
static void test_ordered(struct ctx *c)
{
	struct deal d;
	struct json *body = json_object(c);
	struct str id;
	is_int(deal_open(c, &d, "open"), OK, "an agreement is final");
	id = deal_id(c, 9);
	json_set_str(c, &body, "negotiation", d.b.negotiation);
	json_set_str(c, &body, "agreement", d.b.agreement);
	json_set_str(c, &body, "deliver", id);
	struct json *order = json_object(c);
	json_set_str(c, &order, "party", d.p.s.self.did);
	json_set_str(c, &order, "product", STR(PAIR_PRODUCT));
	json_set_str(c, &order, "deliver", id);
	is_int(pair_act(c, &d.p.b, "order.make", STR("urn:order"), order), OK, "an order is made");
	is_int(pair_act(c, &d.p.b, "order.reuse", STR("urn:order"), body), OK,
		"which uses the agreement");
	is_str(deal_state(c, &d.p.b, id), "REQUESTED",
		"the delivery is asked for in the same tick");
	ok(has_row(c, &d.p.b, "delivery.ask"), "and the seller is told");
	ok(!has_row(c, &d.p.b, "delivery.ask"), "once");
	deal_close(&d);
}

static void test_token(struct ctx *c, struct deal *d)
{
	struct delivery_row s, b;
	struct delivery_token at_s, at_b;
	struct entry e;
	struct str text;
	is_int(deal_begin(c, d, 1, &s, &b), OK, "a delivery begins");
	ok(delivery_store_token(c, d->p.s.db, s.id, &at_s) == OK &&
			delivery_store_token(c, d->p.b.db, b.id, &at_b) == OK &&
			str_eq(at_s.token, at_b.token) && at_s.token.n == 43,
		"both know what opens the data");
	struct hash opens = hash_of(at_s.token);
	ok(hash_eq(&opens, &s.token), "the act holds its digest");
	ok(acts_entry(c, d->p.s.acts, s.start.index, &e) == OK &&
			json_canonical(c, e.body, LIMIT_ACT, &text) == OK &&
			str_find_str(text, at_s.token) == text.n,
		"and not the token");
	is_int(delivery_change(
		       c, d->p.b.acts, "delivery.terminate", STR("operator"), b.id, STR("enough")),
		OK, "the buyer ends it");
	is_int(delivery_store_token(c, d->p.b.db, b.id, &at_b), ERR_NOT_FOUND,
		"and forgets the token");
	ok(has_row(c, &d->p.b, "delivery.terminate"), "the seller is told");
}

static void test_ways(struct ctx *c, struct deal *d)
{
	struct delivery_row s, b;
	is_int(deal_begin(c, d, 2, &s, &b), OK, "another begins");
	is_int(delivery_change(
		       c, d->p.b.acts, "delivery.terminate", STR("operator"), b.id, STR("enough")),
		OK, "the buyer ends it");
	is_int(delivery_give_receipt(c, d->p.b.acts, b.id, -1), OK,
		"and gives a receipt all the same");
	ok(has_row(c, &d->p.b, "delivery.terminate"), "the end is told first");
	ok(has_row(c, &d->p.b, "delivery.receipt"), "the receipt by its own way");
	is_int(deal_begin(c, d, 3, &s, &b), OK, "one more begins");
	is_int(delivery_change(
		       c, d->p.s.acts, "delivery.suspend", STR("operator"), s.id, STR("a moment")),
		OK, "the seller suspends it");
	ok(has_row(c, &d->p.s, "delivery.suspend"), "and says so");
	is_int(delivery_change(c, d->p.s.acts, "delivery.resume", STR("operator"), s.id,
		       (struct str){"", 0}),
		OK, "it resumes it");
	ok(has_row(c, &d->p.s, "delivery.resume"), "and says so");
	is_int(delivery_complete(c, d->p.s.acts, STR("operator"), s.id), ERR_EVIDENCE_MISSING,
		"it does not complete it without a receipt");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(8 * LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct deal d;
	test_ordered(&c);
	is_int(deal_open(&c, &d, "open"), OK, "an agreement is final");
	test_token(&c, &d);
	test_ways(&c, &d);
	ok(deal_replays(&c, &d.p.s) && deal_replays(&c, &d.p.b),
		"both logs fold to the state that is stored");
	deal_close(&d);
	return done_testing();
}
