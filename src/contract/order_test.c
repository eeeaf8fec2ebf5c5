#include "contract/order.h"

#include "tests/tap.h"

#include "contract/fixture_test.h"

#define DELIVERY "urn:uuid:01980000-0000-7000-8000-0000000000d1"

static err make(struct ctx *c, struct pair *p, const char *id, const char *purpose, bool deliver)
{
	struct json *body = json_object(c);
	TRY(acts_tick(c, p->b.acts));
	json_set_str(c, &body, "party", p->s.self.did);
	json_set_str(c, &body, "product", STR("weather"));
	if (purpose != NULL)
		json_set_str(c, &body, "purpose", str_z(purpose));
	if (deliver)
		json_set_str(c, &body, "deliver", STR(DELIVERY));
	return pair_act(c, &p->b, "order.make", str_z(id), body);
}

static void test_fail(struct ctx *c, struct pair *p)
{
	struct order_row r;
	struct outbox_row row;
	is_int(make(c, p, "urn:order:1", NULL, false), OK, "an order");
	is_int(make(c, p, "urn:order:1", NULL, false), ERR_CONFLICT, "once");
	ok(pair_row(c, &p->b, "catalog.ask", &row) == OK && str_is(row.subject, "urn:order:1"),
		"asks for the catalogue");
	ok(order_find_row(c, p->b.db, STR("urn:order:1"), &r) == OK && r.state == ORDER_WAITING &&
			r.deliver.n == 0,
		"and waits");
	is_int(order_fail(c, p->b.acts, &r, STR("not offered")), OK, "it fails");
	is_int(order_fail(c, p->b.acts, &r, STR("again")), ERR_BAD_STATE, "once");
	ok(order_find_row(c, p->b.db, STR("urn:order:1"), &r) == OK && r.state == ORDER_FAILED &&
			str_is(r.reason, "not offered"),
		"with the reason");
	is_int(order_find_row(c, p->b.db, STR("urn:order:9"), &r), ERR_NOT_FOUND, "no other");
}

/* The purpose of the order becomes that of the scenario; the rest is as the catalogue says. */
static void test_request(struct ctx *c, struct pair *p)
{
	struct order_row r;
	struct agreement_row a;
	struct order_find found = pair_found(c, p);
	is_int(make(c, p, "urn:order:2", "training", true), OK, "an order with purpose");
	ok(order_find_row(c, p->b.db, STR("urn:order:2"), &r) == OK, "found");
	struct order_find bare = found;
	bare.shugu = NULL;
	is_int(order_request(c, p->b.acts, &r, &bare), ERR_MISSING_MEMBER,
		"a joined party's catalogue must say what G will hold");
	is_int(order_request(c, p->b.acts, &r, &found), OK, "the request");
	is_int(order_request(c, p->b.acts, &r, &found), ERR_BAD_STATE, "once");
	ok(order_find_row(c, p->b.db, STR("urn:order:2"), &r) == OK &&
			r.state == ORDER_NEGOTIATING &&
			agreement_find(c, p->b.db, r.negotiation, &a) == OK,
		"the order names its negotiation");
	is_str(arena_z(c->arena, a.purpose), "training", "the purpose is the buyer's");
	ok(str_is(a.deliver, DELIVERY) && str_is(a.order, "urn:order:2") && a.joined,
		"and knows what comes after");
}

static void test_reuse(struct ctx *c, struct pair *p)
{
	struct agreement_row s, b, known;
	struct order_row r;
	struct order_find found = pair_found(c, p);
	ok(pair_agree(c, p, &s, &b) == OK, "a final agreement");
	ok(make(c, p, "urn:order:3", NULL, true) == OK &&
			order_find_row(c, p->b.db, STR("urn:order:3"), &r) == OK,
		"an order of the same");
	is_int(order_usable(c, p->b.acts, &r, &found, &known), OK, "needs no other agreement");
	ok(str_eq(known.negotiation, b.negotiation), "than that");
	is_int(order_reuse(c, p->b.acts, &r, &known), OK, "which is used");
	ok(order_find_row(c, p->b.db, STR("urn:order:3"), &r) == OK &&
			str_eq(r.negotiation, b.negotiation),
		"and named");
	ok(make(c, p, "urn:order:4", "another", true) == OK &&
			order_find_row(c, p->b.db, STR("urn:order:4"), &r) == OK,
		"an order for another purpose");
	is_int(order_usable(c, p->b.acts, &r, &found, &known), ERR_NOT_FOUND, "needs its own");
	found.offer = STR("urn:uuid:01980000-0000-7000-8000-000000000055");
	r.purpose = (struct str){"", 0};
	is_int(order_usable(c, p->b.acts, &r, &found, &known), ERR_NOT_FOUND,
		"and so does another revision");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct pair p;
	if (!ok(pair_open(&c, &p) == OK, "two nodes"))
		printf("# %s\n", c.trouble.detail);
	test_fail(&c, &p);
	test_request(&c, &p);
	ok(acts_tick_end(&c, p.b.acts) == OK, "committed");
	test_reuse(&c, &p);
	ok(acts_tick_end(&c, p.b.acts) == OK, "committed");
	ok(house_replays(&c, &p.b), "the log folds to the same state");
	pair_close(&p);
	return done_testing();
}
