#include "contract/agreement_take.h"

#include "tests/tap.h"

#include "contract/fixture_test.h"

static const struct json *without(struct ctx *c, const struct json *o, const char *name)
{
	return json_copy_without(c, o, name);
}

static void test_request(struct ctx *c, struct pair *p)
{
	struct incoming good, in;
	struct str negotiation;
	struct agreement_row row, again;
	ok(pair_ask(c, p, &good, &negotiation) == OK, "a request arrives");
	in = good;
	in.shugu = NULL;
	is_int(take_request(c, p->s.acts, &in, &row), ERR_EVIDENCE_MISSING, "without evidence");
	in.shugu = without(c, good.shugu, "E");
	is_int(take_request(c, p->s.acts, &in, &row), ERR_EVIDENCE_MISSING, "without its proof");
	in = good;
	in.peer_pid = STR("urn:uuid:01980000-0000-7000-8000-000000000077");
	is_int(take_request(c, p->s.acts, &in, &row), ERR_BAD_PROOF, "of another negotiation");
	in = good;
	in.address = STR("https://b.example.evil.example/");
	is_int(take_request(c, p->s.acts, &in, &row), ERR_FORBIDDEN_ADDRESS,
		"callbacks to a stranger");
	in = good;
	in.offer = STR("urn:uuid:01980000-0000-7000-8000-000000000099");
	is_int(take_request(c, p->s.acts, &in, &row), ERR_NOT_FOUND, "an offer we never made");
	in = good;
	in.target = STR("urn:another");
	is_int(take_request(c, p->s.acts, &in, &row), ERR_BAD_VALUE, "another target");
	in = good;
	in.terms = json_object(c);
	is_int(take_request(c, p->s.acts, &in, &row), ERR_TERM_REFUSES, "no terms");
	is_int(agreement_of_peer(c, p->s.db, AGREEMENT_PROVIDER, good.peer, good.peer_pid, &row),
		ERR_NOT_FOUND, "none of it left a trace");
	is_int(take_request(c, p->s.acts, &good, &row), OK, "as it should be");
	is_int(take_request(c, p->s.acts, &good, &again), OK, "repeated");
	ok(str_eq(row.negotiation, again.negotiation), "is the same negotiation");
	in = good;
	in.message = STR("something else");
	is_int(take_request(c, p->s.acts, &in, &row), ERR_CONFLICT,
		"another message under the same pid");
}

/* The buyer's log says another thing than the message: what is proved counts. */
static void test_asked(struct ctx *c, struct pair *p)
{
	struct incoming in;
	struct outbox_row row;
	struct agreement_row r;
	struct str negotiation = {"", 0};
	struct json *shugu;
	struct order_find found = pair_found(c, p);
	struct json *facts = json_copy(c, found.shugu),
		    *price = json_copy(c, json_get(facts, "price"));
	json_set_num(c, &price, "net", 1);
	json_set_num(c, &price, "tax", 0);
	json_set(&facts, "price", price);
	found.shugu = facts;
	ok(acts_tick(c, p->b.acts) == OK &&
			order_ask(c, p->b.acts, STR("operator"), p->s.self.did, &found,
				(struct str){"", 0}, &negotiation) == OK &&
			pair_row(c, &p->b, "agreement.request", &row) == OK &&
			pair_shown(c, &p->b, &row, &shugu) == OK,
		"the buyer asks for another price");
	in = (struct incoming){.peer = p->b.self.did,
		.peer_pid = negotiation,
		.address = STR("https://b.example"),
		.offer = p->product.offer,
		.target = p->product.product,
		.terms = p->product.terms,
		.shugu = house_carry(c, shugu),
		.message = negotiation};
	is_int(take_request(c, p->s.acts, &in, &r), ERR_BAD_VALUE, "and is refused");
}

static void test_foreign(struct ctx *c, struct pair *p)
{
	struct incoming in;
	struct str negotiation;
	struct agreement_row r, found;
	ok(pair_ask(c, p, &in, &negotiation) == OK && take_request(c, p->s.acts, &in, &r) == OK,
		"a negotiation of the buyer's");
	is_int(take_find(c, p->s.acts, STR(PAIR_KIT), r.negotiation, AGREEMENT_PROVIDER, &found),
		ERR_NOT_FOUND, "is not there for another party");
	is_int(take_find(c, p->s.acts, p->b.self.did, r.negotiation, AGREEMENT_CONSUMER, &found),
		ERR_NOT_FOUND, "nor in the other role");
	is_int(take_find(c, p->s.acts, p->b.self.did, r.agreement, AGREEMENT_PROVIDER, &found),
		ERR_NOT_FOUND, "nor under the agreement's id");
	in = (struct incoming){.peer = STR(PAIR_KIT),
		.negotiation = r.negotiation,
		.peer_pid = negotiation,
		.message = STR("m")};
	is_int(take_termination(c, p->s.acts, &in, AGREEMENT_PROVIDER, &found), ERR_NOT_FOUND,
		"another party cannot end it");
	in.peer = p->b.self.did;
	in.peer_pid = STR("urn:wrong");
	is_int(take_termination(c, p->s.acts, &in, AGREEMENT_PROVIDER, &found), ERR_BAD_VALUE,
		"nor a message that names another process");
	in.peer_pid = negotiation;
	is_int(take_termination(c, p->s.acts, &in, AGREEMENT_PROVIDER, &found), OK, "its own can");
	is_str(agreement_state_name(found.state), "TERMINATED", "it is over");
	is_int(take_termination(c, p->s.acts, &in, AGREEMENT_PROVIDER, &found), OK,
		"repeated: nothing");
	is_int(take_verification(c, p->s.acts, &in, &found), ERR_BAD_STATE,
		"nothing is verified after the end");
}

/* Rows 2 to 4 with something missing or forged. */
static void test_answers(struct ctx *c, struct pair *p)
{
	struct incoming good, in;
	struct str negotiation;
	struct agreement_row s, b;
	ok(pair_ask(c, p, &in, &negotiation) == OK && take_request(c, p->s.acts, &in, &s) == OK &&
			pair_carry(c, &p->s, &p->b, "agreement.offer", &good) == OK,
		"row 2 arrives");
	static const char *const parts[] = {"document", "signature", "E"};
	for (size_t i = 0; i < countof(parts); i++) {
		in = good;
		in.shugu = without(c, good.shugu, parts[i]);
		is_int(take_agreement(c, p->b.acts, &in, &b), ERR_EVIDENCE_MISSING, "without %s",
			parts[i]);
	}
	in = good;
	in.shugu = NULL;
	is_int(take_agreement(c, p->b.acts, &in, &b), ERR_EVIDENCE_MISSING, "without all of it");
	is_int(take_final(c, p->b.acts, &good, &b), ERR_BAD_STATE, "no last word before");
	is_str(pair_state(c, &p->b, negotiation), "REQUESTED", "nothing has changed");
	is_int(take_agreement(c, p->b.acts, &good, &b), OK, "as it should be, before the 201");
	ok(str_eq(b.peer_pid, s.negotiation), "the seller's pid is known from it");
	is_int(take_agreement(c, p->b.acts, &good, &b), OK, "repeated");
	is_int(take_answer(c, p->b.acts, negotiation, STR("urn:other"), (struct str){"", 0}),
		ERR_CONFLICT, "an answer with another pid is refused");
	is_int(take_answer(c, p->b.acts, negotiation, s.negotiation, (struct str){"", 0}), OK,
		"the late 201 says nothing new");
	ok(pair_carry(c, &p->b, &p->s, "agreement.conclude", &good) == OK, "row 3 arrives");
	in = good;
	in.shugu = without(c, good.shugu, "signature");
	is_int(take_verification(c, p->s.acts, &in, &s), ERR_EVIDENCE_MISSING, "unsigned");
	struct json *forged = json_copy(c, good.shugu);
	struct str other;
	ok(content_get(c, p->b.db, &b.provider_signature, &other) == OK, "another signature");
	json_set_str(c, &forged, "signature", other);
	in.shugu = forged;
	is_int(take_verification(c, p->s.acts, &in, &s), ERR_BAD_SIGNATURE, "signed by another");
	is_int(take_verification(c, p->s.acts, &good, &s), OK, "as it should be");
	is_int(take_verification(c, p->s.acts, &good, &s), OK, "repeated");
	ok(pair_carry(c, &p->s, &p->b, "agreement.concluded", &good) == OK, "row 4 arrives");
	in = good;
	in.shugu = NULL;
	is_int(take_final(c, p->b.acts, &in, &b), ERR_EVIDENCE_MISSING, "unproved");
	is_int(take_final(c, p->b.acts, &good, &b), OK, "as it should be");
	is_int(take_final(c, p->b.acts, &good, &b), OK, "repeated");
	is_str(agreement_state_name(b.state), "FINALIZED", "final");
}

/* An offer that was replaced, and one whose product was withdrawn. */
static void test_offers(struct ctx *c, struct pair *p)
{
	struct incoming in;
	struct str negotiation;
	struct agreement_row r;
	struct json *why = json_object(c);
	ok(pair_ask(c, p, &in, &negotiation) == OK && pair_publish(c, p, 2, "open") == OK,
		"a revision comes between");
	is_int(take_request(c, p->s.acts, &in, &r), ERR_GONE, "the old offer is gone");
	json_set_str(c, &why, "reason", STR("tired"));
	ok(pair_ask(c, p, &in, &negotiation) == OK &&
			pair_act(c, &p->s, "product.withdraw", STR(PAIR_PRODUCT), why) == OK,
		"a withdrawal comes between");
	is_int(take_request(c, p->s.acts, &in, &r), ERR_GONE, "nothing is offered any more");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct pair p;
	if (!ok(pair_open(&c, &p) == OK, "two nodes"))
		printf("# %s\n", c.trouble.detail);
	test_request(&c, &p);
	test_asked(&c, &p);
	test_foreign(&c, &p);
	test_answers(&c, &p);
	test_offers(&c, &p);
	ok(acts_tick_end(&c, p.s.acts) == OK && acts_tick_end(&c, p.b.acts) == OK, "committed");
	ok(house_replays(&c, &p.s) && house_replays(&c, &p.b), "both logs fold to the same state");
	pair_close(&p);
	return done_testing();
}
