/* Drawing on a plain connector, with a child that is a script. The real child is tests/e2e/plain.t's. */
#include "delivery/draw.h"

#include "tests/tap.h"

#include "delivery/fixture_test.h"

#define ROOT "d2f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e"
#define SHA256 "00f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e"
#define KEPT ROOT " " SHA256

struct bench {
	struct deal d;
	struct loop *loop;
	struct drawer *drawer;
	struct str program;
	struct agreement_row g; /* with a plain connector, final */
};

/* What the child says, whatever it is told. */
static bool child_says(struct ctx *c, struct bench *t, const char *words)
{
	struct str text;
	return arena_fmt(c, &text, "#!/bin/sh\nread line\n%s\n", words) == OK &&
	       file_write(c, &env_system, t->program.p, text, 0700) == OK;
}

/* Rows 1 to 4 with the connector, as its messages would come. */
static err agree(struct ctx *c, struct bench *t)
{
	struct pair *p = &t->d.p;
	struct str id;
	const struct order_find found = {
		.product = STR("ACN1"), .offer = STR("offerACN1"), .terms = p->product.terms};
	struct json *policy = json_copy(c, p->product.terms);
	TRY(order_ask(
		c, p->b.acts, STR("operator"), STR(PAIR_KIT), &found, STR(PAIR_KIT_URL), &id));
	json_set(&policy, "@id", json_z(c, "urn:kit:1"));
	json_set(&policy, "@type", json_z(c, "Agreement"));
	json_set(&policy, "target", json_z(c, "ACN1"));
	json_set(&policy, "assigner", json_z(c, "somebody"));
	json_set(&policy, "assignee", json_z(c, "me"));
	json_set(&policy, "timestamp", json_z(c, "2027-01-01T00:00:00Z"));
	const struct incoming in = {.peer = STR(PAIR_KIT),
		.negotiation = id,
		.peer_pid = STR("kit-1"),
		.agreement = policy,
		.message = STR("m")};
	TRY(take_agreement(c, p->b.acts, &in, &t->g));
	TRY(take_answer(c, p->b.acts, id, (struct str){"", 0}, STR("VERIFIED")));
	return take_final(c, p->b.acts, &in, &t->g);
}

/* Delivery n has been started by the connector. */
static err begin(struct ctx *c, struct bench *t, unsigned n, struct str endpoint)
{
	struct acts *b = t->d.p.b.acts;
	struct delivery_row d;
	struct str pid;
	TRY(acts_tick(c, b));
	TRY(delivery_request(c, b, STR("operator"), deal_id(c, n), &t->g, STR(PAIR_KIT_URL)));
	TRY(arena_fmt(c, &pid, "kit-t%u", n));
	const struct delivery_message in = {.peer = STR(PAIR_KIT),
		.pid = deal_id(c, n),
		.peer_pid = pid,
		.endpoint = endpoint,
		.token = STR("opens")};
	return delivery_take_start(c, b, &in, AGREEMENT_CONSUMER, &d);
}

/* Turns until nothing is on its way for that delivery, or five seconds. */
static bool drawn(struct ctx *c, struct bench *t, unsigned n)
{
	bool more = true;
	for (int i = 0; i < 500 && more; i++) {
		draw_pump(t->drawer);
		if (acts_tick_end(c, t->d.p.b.acts) != OK || loop_turn(c, t->loop, 10) != OK ||
			delivery_store_drawn(c, t->d.p.b.db, deal_id(c, n), &more) != OK)
			return false;
	}
	return !more && acts_tick(c, t->d.p.b.acts) == OK;
}

static void test_kept(struct ctx *c, struct bench *t)
{
	struct delivery_row d;
	struct str id = deal_id(c, 1);
	struct outbox_row row;
	ok(begin(c, t, 1, STR("https://data.example/1")) == OK, "a transfer runs");
	ok(child_says(c, t, "echo at 5\necho kept " KEPT " 9"), "a child that keeps something");
	is_int(draw_ask(c, t->d.p.b.acts, id), OK, "asked for");
	ok(drawn(c, t, 1), "it comes");
	ok(delivery_find(c, t->d.p.b.db, id, &d) == OK && d.state == DELIVERY_COMPLETED &&
			d.took != NULL && str_is(json_text(json_get(d.took, "root")), ROOT) &&
			str_is(json_text(json_get(d.took, "sha256")), SHA256),
		"the transfer is complete, with the digest of what came");
	ok(!d.has_receipt && !d.has_manifest, "and without a receipt");
	ok(pair_row(c, &t->d.p.b, "delivery.ask", &row) == OK, "the question has left");
	ok(pair_row(c, &t->d.p.b, "delivery.complete", &row) == OK && str_eq(row.subject, id),
		"the other side is told");
	is_int(draw_ask(c, t->d.p.b.acts, id), ERR_BAD_STATE, "once");
}

static void test_refused(struct ctx *c, struct bench *t)
{
	struct delivery_row d;
	struct delivery_progress p;
	struct str id = deal_id(c, 2);
	ok(begin(c, t, 2, STR("https://data.example/2")) == OK, "another one");
	ok(child_says(c, t, "echo no 403 closed") && draw_ask(c, t->d.p.b.acts, id) == OK &&
			drawn(c, t, 2),
		"a no ends the trying");
	ok(delivery_find(c, t->d.p.b.db, id, &d) == OK && d.state == DELIVERY_STARTED &&
			d.took == NULL && delivery_progress(c, t->d.p.b.db, id, &p) == OK &&
			str_is(p.trouble, "the data is refused (403): closed"),
		"the transfer stands, and why is said");
	ok(child_says(c, t, "echo kept x y z") && draw_ask(c, t->d.p.b.acts, id) == OK,
		"a child that lies");
	for (int i = 0; i < 30; i++) {
		draw_pump(t->drawer);
		if (acts_tick_end(c, t->d.p.b.acts) != OK || loop_turn(c, t->loop, 10) != OK)
			break;
	}
	ok(delivery_find(c, t->d.p.b.db, id, &d) == OK && d.took == NULL, "is not believed");
}

static void test_states(struct ctx *c, struct bench *t)
{
	is_int(draw_ask(c, t->d.p.b.acts, deal_id(c, 3)), ERR_NOT_FOUND, "no such delivery");
	ok(begin(c, t, 3, (struct str){"", 0}) == OK, "a start without an address");
	is_int(draw_ask(c, t->d.p.b.acts, deal_id(c, 3)), ERR_BAD_STATE, "leads nowhere");
	struct delivery_row s, b;
	ok(deal_begin(c, &t->d, 4, &s, &b) == OK, "a delivery of a node");
	is_int(draw_ask(c, t->d.p.b.acts, deal_id(c, 4)), ERR_BAD_STATE, "is not drawn");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct bench t;
	if (!ok(deal_open(&c, &t.d, "open") == OK && agree(&c, &t) == OK, "an agreement"))
		printf("# %s\n", c.trouble.detail);
	ok(arena_fmt(&c, &t.program, "%s/child", t.d.p.b.directory) == OK &&
			loop_new(&c, &env_system, &t.loop) == OK &&
			draw_new(&c, t.loop, t.d.p.b.acts, t.program.p, &t.drawer) == OK,
		"a drawer");
	test_kept(&c, &t);
	test_refused(&c, &t);
	test_states(&c, &t);
	ok(acts_tick_end(&c, t.d.p.b.acts) == OK, "committed");
	ok(house_replays(&c, &t.d.p.b), "the log folds to the same state");
	draw_free(t.drawer);
	loop_free(t.loop);
	(void)unlink(t.program.p);
	deal_close(&t.d);
	return done_testing();
}
