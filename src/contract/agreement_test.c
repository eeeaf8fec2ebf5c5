#include "contract/agreement.h"

#include "tests/tap.h"

#include "contract/fixture_test.h"

/* A whole negotiation: both hold the same document, both signatures, and the places of the three acts. */
static void test_whole(struct ctx *c, struct pair *p)
{
	struct agreement_row s, b;
	if (!ok(pair_agree(c, p, &s, &b) == OK, "rows 1 to 4"))
		printf("# %s\n", c->trouble.detail);
	is_str(agreement_state_name(s.state), "FINALIZED", "the seller's is final");
	is_str(agreement_state_name(b.state), "FINALIZED", "the buyer's is final");
	ok(s.has_document && hash_eq(&s.document, &b.document), "one document");
	ok(hash_eq(&s.provider_signature, &b.provider_signature) &&
			hash_eq(&s.consumer_signature, &b.consumer_signature),
		"the same two signatures");
	ok(str_eq(s.agreement, b.agreement) && s.agreed_ms == b.agreed_ms &&
			s.open_until_ms == b.open_until_ms,
		"the same id and times");
	ok(s.offered.known && hash_eq(&s.offered.leaf, &b.offered.leaf) &&
			str_is(b.offered.origin, "s.example/log"),
		"both know where the offer stands");
	ok(s.conclude.known && hash_eq(&s.conclude.leaf, &b.conclude.leaf) &&
			str_is(s.conclude.origin, "b.example/log"),
		"and the buyer's conclusion");
	ok(s.concluded.known && hash_eq(&s.concluded.leaf, &b.concluded.leaf) &&
			s.concluded.index == b.concluded.index,
		"and the seller's");
}

static void test_found(struct ctx *c, struct pair *p)
{
	struct agreement_row rows[1], found, b;
	size_t n = 0;
	ok(agreement_list(c, p->b.db, INT64_MAX, 1, rows, &n) == OK && n == 1, "the one there is");
	b = rows[0];
	ok(b.net == 12345 && b.rate == 600 && b.size == 1000 && b.chunk == LIMIT_CHUNK &&
			str_is(b.purpose, "any lawful use"),
		"what was asked for can be read");
	ok(agreement_find(c, p->b.db, b.agreement, &found) == OK &&
			str_eq(found.negotiation, b.negotiation),
		"it is found by the agreement's id");
	ok(agreement_current(c, p->b.db, AGREEMENT_CONSUMER, p->s.self.did, b.product, &found) ==
				OK &&
			str_eq(found.negotiation, b.negotiation),
		"and as the current one on the product");
	is_int(agreement_current(c, p->b.db, AGREEMENT_PROVIDER, p->s.self.did, b.product, &found),
		ERR_NOT_FOUND, "not in the other role");
}

static void test_list(struct ctx *c, struct pair *p)
{
	struct agreement_row s, b, rows[8];
	size_t n = 0;
	ok(pair_agree(c, p, &s, &b) == OK, "another agreement");
	ok(agreement_list(c, p->b.db, INT64_MAX, 8, rows, &n) == OK && n == 2 &&
			str_eq(rows[0].negotiation, b.negotiation),
		"the newest comes first");
	ok(agreement_list(c, p->b.db, rows[0].index, 8, rows, &n) == OK && n == 1 &&
			!str_eq(rows[0].negotiation, b.negotiation),
		"those before one");
	ok(agreement_of_peer(
		   c, p->s.db, AGREEMENT_PROVIDER, p->b.self.did, b.negotiation, &rows[0]) == OK &&
			str_eq(rows[0].negotiation, s.negotiation),
		"by the peer's pid");
	is_int(agreement_find(c, p->s.db, (struct str){"", 0}, &rows[0]), ERR_NOT_FOUND,
		"no id is nobody's");
}

/* What is final ends by an act of ours, on either side. */
static void test_revoke(struct ctx *c, struct pair *p)
{
	struct agreement_row s, b;
	struct incoming in;
	ok(pair_agree(c, p, &s, &b) == OK, "an agreement");
	ok(acts_tick(c, p->b.acts) == OK &&
			agreement_end(c, p->b.acts, &b, STR("operator"), STR("enough"), NULL) == OK,
		"the buyer ends it");
	is_str(pair_state(c, &p->b, b.negotiation), "TERMINATED", "it is over there");
	ok(pair_carry(c, &p->b, &p->s, "agreement.revoke", &in) == OK, "the seller is told");
	in.negotiation = s.agreement;
	is_int(take_revocation(c, p->s.acts, &in, &s), OK, "and takes it");
	is_str(agreement_state_name(s.state), "TERMINATED", "it is over here");
	ok(str_is(s.reason, "enough"), "with the reason");
	is_int(take_revocation(c, p->s.acts, &in, &s), OK, "told again: nothing more");
	is_int(agreement_end(c, p->s.acts, &s, STR("operator"), STR("also"), NULL), ERR_BAD_STATE,
		"what is over does not end again");
	in.negotiation = s.negotiation;
	is_int(take_revocation(c, p->s.acts, &in, &s), ERR_NOT_FOUND,
		"a negotiation's id is not the agreement's");
}

/* S refuses row 3 after openUntil. */
static void test_late(struct ctx *c, struct pair *p)
{
	struct agreement_row s, b;
	struct incoming in;
	struct str negotiation;
	ok(pair_ask(c, p, &in, &negotiation) == OK && take_request(c, p->s.acts, &in, &s) == OK &&
			pair_carry(c, &p->s, &p->b, "agreement.offer", &in) == OK &&
			take_agreement(c, p->b.acts, &in, &b) == OK,
		"up to row 2");
	ok(acts_tick_end(c, p->s.acts) == OK, "the seller waits");
	house_now += 3600001;
	ok(pair_carry(c, &p->b, &p->s, "agreement.conclude", &in) == OK, "row 3 comes");
	is_int(take_verification(c, p->s.acts, &in, &s), ERR_GONE, "an hour later: too late");
	is_str(pair_state(c, &p->s, s.negotiation), "AGREED", "and nothing has changed");
	house_now += 1;
}

static void test_refused_acts(struct ctx *c, struct pair *p)
{
	struct agreement_row s, b;
	struct json *body = json_object(c);
	ok(pair_agree(c, p, &s, &b) == OK, "an agreement");
	is_int(pair_act(c, &p->b, "agreement.accept", b.negotiation, json_object(c)), ERR_BAD_STATE,
		"no acceptance of what is final");
	is_int(pair_act(c, &p->b, "agreement.accept", STR("urn:nothing"), json_object(c)),
		ERR_NOT_FOUND, "nor of nothing");
	json_set_str(c, &body, "peerPid", STR("urn:other"));
	is_int(pair_act(c, &p->b, "agreement.acknowledged", b.negotiation, body), ERR_CONFLICT,
		"another process id later is refused");
	body = json_object(c);
	json_set_str(c, &body, "state", STR("AGREED"));
	is_int(pair_act(c, &p->b, "agreement.acknowledged", b.negotiation, body), ERR_BAD_STATE,
		"no state waits");
	body = json_object(c);
	json_set_str(c, &body, "party", p->s.self.did);
	json_set_str(c, &body, "offer", STR("o"));
	json_set_str(c, &body, "product", STR("p"));
	json_set(&body, "terms", json_object(c));
	is_int(pair_act(c, &p->b, "agreement.request", STR("urn:n"), body), ERR_TERM_REFUSES,
		"terms that are not understood are not asked for");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct pair p;
	if (!ok(pair_open(&c, &p) == OK, "two nodes"))
		printf("# %s\n", c.trouble.detail);
	test_whole(&c, &p);
	test_found(&c, &p);
	test_list(&c, &p);
	test_revoke(&c, &p);
	test_late(&c, &p);
	test_refused_acts(&c, &p);
	ok(acts_tick_end(&c, p.s.acts) == OK && acts_tick_end(&c, p.b.acts) == OK, "committed");
	ok(house_replays(&c, &p.s) && house_replays(&c, &p.b), "both logs fold to the same state");
	pair_close(&p);
	return done_testing();
}
