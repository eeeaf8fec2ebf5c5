#include "delivery/delivery.h"

#include "tests/tap.h"

#include "delivery/fixture_test.h"

static err act(
	struct ctx *c, struct house *h, const char *type, struct str subject, const char *body)
{
	const struct json *j;
	struct str text;
	TRY(arena_str(c, str_z(body), &text));
	TRY(json_parse(c, text, &j));
	const struct act a = {str_z(type), STR("operator"), subject, j, NULL};
	return acts_do(c, h->acts, &a, NULL);
}

#define D "\"aa00000000000000000000000000000000000000000000000000000000000000\""
#define SIGNED "\"document\":" D ",\"signatures\":{\"provider\":" D "}"

/* What no message leads to is refused by decide all the same. */
static void test_refused(struct ctx *c, struct deal *d)
{
	struct delivery_row s, b;
	struct house *at_s = &d->p.s, *at_b = &d->p.b;
	is_int(deal_begin(c, d, 1, &s, &b), OK, "a delivery begins");
	is_int(act(c, at_s, "delivery.start", s.id,
		       "{" SIGNED ",\"token\":" D ",\"origin\":\"s.example/log\"}"),
		ERR_BAD_STATE, "it does not begin twice");
	is_int(act(c, at_b, "delivery.started", b.id, "{\"peerPid\":\"p\"}"), ERR_CONFLICT,
		"nor with another process of the seller");
	is_int(act(c, at_s, "delivery.end", s.id, "{\"by\":\"peer\",\"origin\":\"s.example/log\"}"),
		ERR_EVIDENCE_MISSING, "a joined party's ends by a receipt");
	is_int(act(c, at_b, "delivery.end", b.id,
		       "{\"by\":\"peer\",\"origin\":\"b.example/log\"," SIGNED "}"),
		ERR_BAD_STATE, "the buyer takes no receipt");
	is_int(act(c, at_s, "delivery.receive", s.id,
		       "{" SIGNED ",\"result\":\"complete\",\"ranges\":[],\"origin\":\"x\"}"),
		ERR_BAD_STATE, "the seller gives none");
	is_int(act(c, at_s, "delivery.giveback", s.id, "{}"), ERR_BAD_STATE,
		"no count is given back while it lasts");
	is_int(act(c, at_b, "delivery.overdue", b.id, "{}"), ERR_BAD_STATE,
		"the buyer's receipt is overdue at the seller alone");
	is_int(act(c, at_s, "delivery.acknowledged", s.id, "{\"state\":\"STARTED\"}"),
		ERR_BAD_STATE, "nothing waits to be answered");
	is_int(act(c, at_s, "delivery.terminate", STR("urn:none"), "{\"by\":\"us\"}"),
		ERR_NOT_FOUND, "what is not there does not end");
	is_int(delivery_request(c, at_b->acts, STR("operator"), b.id, &d->b, (struct str){"", 0}),
		ERR_CONFLICT, "an id is used once");
}

static void test_ended_agreement(struct ctx *c, struct deal *d)
{
	struct delivery_message in;
	struct delivery_row row;
	is_int(deal_ask(c, d, 2, &in), OK, "the buyer asks");
	is_int(agreement_end(c, d->p.s.acts, &d->s, STR("operator"), STR("over"), NULL), OK,
		"the seller ends the agreement");
	is_int(delivery_take_request(c, d->p.s.acts, &in, &row), ERR_GONE,
		"nothing begins under it any more");
}

/* A plain connector: nothing is signed by it, and a state of ours is entered when it has answered. */
static void test_plain(struct ctx *c, struct deal *d)
{
	struct delivery_row row;
	struct json *ask = json_object(c);
	json_set_str(c, &ask, "agreement", d->s.agreement);
	json_set_str(c, &ask, "party", STR(PAIR_KIT));
	json_set_str(c, &ask, "pid", STR("urn:pid"));
	json_set_str(c, &ask, "peerPid", STR("theirs"));
	json_set_str(c, &ask, "address", STR(PAIR_KIT_URL));
	is_int(pair_act(c, &d->p.s, "delivery.asked", STR("urn:pid"), ask), ERR_NOT_FOUND,
		"it draws on no agreement of another party");
	is_int(delivery_of_peer(
		       c, d->p.s.db, AGREEMENT_PROVIDER, STR(PAIR_KIT), STR("theirs"), &row),
		ERR_NOT_FOUND, "and leaves nothing");
}

static void test_list(struct ctx *c, struct deal *d)
{
	struct delivery_row rows[4];
	struct delivery_progress p;
	size_t n = 0;
	ok(delivery_list(c, d->p.b.db, INT64_MAX, 4, rows, &n) == OK && n == 2, "all are listed");
	ok(n == 2 && str_eq(rows[0].id, deal_id(c, 2)), "the newest first");
	ok(delivery_list(c, d->p.b.db, rows[0].index, 4, rows, &n) == OK && n == 1 &&
			str_eq(rows[0].id, deal_id(c, 1)),
		"those before one");
	ok(delivery_progress(c, d->p.b.db, rows[0].id, &p) == OK && p.bytes == 0 && p.last_ms == 0,
		"nothing has moved");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(8 * LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct deal d;
	is_int(deal_open(&c, &d, "open"), OK, "an agreement is final");
	test_refused(&c, &d);
	test_plain(&c, &d);
	test_ended_agreement(&c, &d);
	test_list(&c, &d);
	ok(deal_replays(&c, &d.p.s) && deal_replays(&c, &d.p.b),
		"both logs fold to the state that is stored");
	deal_close(&d);
	return done_testing();
}
