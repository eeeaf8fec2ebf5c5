#include "contract/agreement_follow.h"

#include "tests/tap.h"

#include "contract/agreement_inbox.h"
#include "contract/fixture_test.h"
#include "proof/documents.h"

static struct incoming from_kit(struct pair *p, const char *pid)
{
	return (struct incoming){.peer = STR(PAIR_KIT),
		.peer_pid = str_z(pid),
		.address = STR(PAIR_KIT_URL "/callback"),
		.offer = p->product.offer,
		.target = p->product.product,
		.terms = p->product.terms,
		.message = str_z(pid)};
}

/* To a plain connector a state of ours is entered when it has answered. */
static void test_plain_buyer(struct ctx *c, struct pair *p)
{
	struct incoming in = from_kit(p, "kit-1");
	struct agreement_row r;
	struct outbox_row row;
	struct agreement g;
	const struct json *document;
	ok(acts_tick(c, p->s.acts) == OK && take_request(c, p->s.acts, &in, &r) == OK,
		"a plain connector asks, without evidence");
	is_str(agreement_state_name(r.state), "REQUESTED", "nothing is agreed yet");
	ok(r.waits && r.waiting == AGREEMENT_AGREED && r.has_document, "but signed, and waits");
	ok(content_get_json(c, p->s.db, &r.document, &document) == OK &&
			agreement_read(c, document, &g) == OK && !g.consumer.joined &&
			str_is(g.consumer.did, PAIR_KIT),
		"its keys are not in G");
	in.negotiation = r.negotiation;
	is_int(take_verification(c, p->s.acts, &in, &r), ERR_BAD_STATE, "not verified yet");
	ok(pair_row(c, &p->s, "agreement.offer", &row) == OK, "the agreement is sent");
	is_int(take_answer(c, p->s.acts, r.negotiation, (struct str){"", 0}, STR("AGREED")), OK,
		"it was taken");
	is_str(pair_state(c, &p->s, r.negotiation), "AGREED", "now it is agreed");
	is_int(take_answer(c, p->s.acts, r.negotiation, (struct str){"", 0}, STR("AGREED")), OK,
		"once");
	is_int(take_verification(c, p->s.acts, &in, &r), OK, "verified without a signature");
	ok(pair_row(c, &p->s, "agreement.concluded", &row) == OK, "the last word is sent");
	is_int(take_finalized(c, p->s.acts, r.negotiation), OK, "and taken");
	is_str(pair_state(c, &p->s, r.negotiation), "FINALIZED", "final");
	is_int(take_termination(c, p->s.acts, &in, AGREEMENT_PROVIDER, &r), ERR_BAD_STATE,
		"what is final is not terminated by that protocol");
	ok(agreement_find(c, p->s.db, r.negotiation, &r) == OK &&
			agreement_end(c, p->s.acts, &r, STR("operator"), STR("enough"), NULL) == OK,
		"we end it");
	is_int(pair_row(c, &p->s, "agreement.revoke", &row), ERR_NOT_FOUND,
		"it has no message for that");
}

static err ask_kit(struct ctx *c, struct pair *p, struct str *ret)
{
	const struct order_find found = {
		.product = STR("ACN1"), .offer = STR("offerACN1"), .terms = p->product.terms};
	TRY(acts_tick(c, p->b.acts));
	return order_ask(
		c, p->b.acts, STR("operator"), STR(PAIR_KIT), &found, STR(PAIR_KIT_URL), ret);
}

static struct json *kit_policy(struct ctx *c, struct pair *p, const char *id)
{
	struct json *o = json_copy(c, p->product.terms);
	json_set(&o, "@id", json_z(c, id));
	json_set(&o, "@type", json_z(c, "Agreement"));
	json_set(&o, "target", json_z(c, "ACN1"));
	json_set(&o, "assigner", json_z(c, "somebody"));
	json_set(&o, "assignee", json_z(c, "me"));
	json_set(&o, "timestamp", json_z(c, "2027-01-01T00:00:00Z"));
	return o;
}

static void test_plain_seller(struct ctx *c, struct pair *p)
{
	struct str negotiation;
	struct agreement_row r;
	struct outbox_row row;
	ok(ask_kit(c, p, &negotiation) == OK, "a plain connector is asked");
	ok(pair_row(c, &p->b, "agreement.request", &row) == OK, "by a message");
	struct incoming in = {.peer = STR(PAIR_KIT),
		.negotiation = negotiation,
		.peer_pid = STR("kit-2"),
		.offer = STR("offerACN1"),
		.target = STR("ACN1"),
		.terms = p->product.terms,
		.agreement = kit_policy(c, p, "urn:kit:1"),
		.message = STR("m")};
	is_int(take_final(c, p->b.acts, &in, &r), ERR_BAD_STATE, "no last word at first");
	is_int(take_offer(c, p->b.acts, &in, &r), OK, "it offers");
	ok(r.state == AGREEMENT_OFFERED && r.waits && r.waiting == AGREEMENT_ACCEPTED,
		"which is what was asked: accepted, and it waits");
	is_int(take_agreement(c, p->b.acts, &in, &r), ERR_BAD_STATE, "no agreement in OFFERED");
	is_int(take_answer(c, p->b.acts, negotiation, (struct str){"", 0}, STR("ACCEPTED")), OK,
		"the acceptance was taken");
	is_int(take_offer(c, p->b.acts, &in, &r), ERR_BAD_STATE, "no offer in ACCEPTED");
	is_int(take_agreement(c, p->b.acts, &in, &r), OK, "the agreement");
	ok(r.state == AGREEMENT_AGREED && r.waiting == AGREEMENT_VERIFIED && !r.has_document,
		"is verified by a message, and it waits");
	is_int(take_final(c, p->b.acts, &in, &r), ERR_BAD_STATE, "no last word in AGREED");
	is_int(take_answer(c, p->b.acts, negotiation, (struct str){"", 0}, STR("VERIFIED")), OK,
		"the verification was taken");
	is_int(take_final(c, p->b.acts, &in, &r), OK, "the last word");
	is_str(agreement_state_name(r.state), "FINALIZED", "final");
}

static void test_counter(struct ctx *c, struct pair *p)
{
	struct str negotiation;
	struct agreement_row r;
	struct json *terms = NULL;
	struct outbox_row row;
	ok(ask_kit(c, p, &negotiation) == OK && terms_preset(c, STR("once"), &terms) == OK,
		"asked again");
	ok(pair_row(c, &p->b, "agreement.request", &row) == OK, "and the question has left");
	struct incoming in = {.peer = STR(PAIR_KIT),
		.negotiation = negotiation,
		.peer_pid = STR("kit-3"),
		.offer = STR("offerACN1"),
		.target = STR("ACN1"),
		.terms = terms,
		.message = STR("m")};
	is_int(take_offer(c, p->b.acts, &in, &r), OK, "an offer under other terms");
	is_str(agreement_state_name(r.state), "TERMINATED", "ends it");
	ok(str_find_str(r.reason, STR("terms")) < r.reason.n, "and says why");
	ok(pair_row(c, &p->b, "agreement.terminate", &row) == OK, "to the other side too");
}

static err decides(struct ctx *c, struct house *h, const char *who)
{
	TRY(acts_tick(c, h->acts));
	struct json *rules = json_object(c);
	json_set_str(c, &rules, "decides", str_z(who));
	return agreement_policy(c, h->acts, STR("operator"), rules);
}

static err yes(struct ctx *c, struct house *h, struct str id)
{
	struct entry e;
	return agreement_inbox.approve(c, h->acts, STR("person:1"), id, &e);
}

/* A request of the kit, to be accepted by it before there is an agreement. */
static void bid(struct ctx *c, struct pair *p, const char *pid, struct incoming *in)
{
	struct agreement_row r;
	struct outbox_row row;
	*in = from_kit(p, pid);
	ok(take_request(c, p->s.acts, in, &r) == OK && r.state == AGREEMENT_REQUESTED && !r.waits,
		"a request waits for a person");
	in->negotiation = r.negotiation;
	is_int(take_acceptance(c, p->s.acts, in, &r), ERR_BAD_STATE, "nothing to accept yet");
	is_int(agreement_bid(c, p->s.acts, in->negotiation, STR("person:1")), OK, "offered");
	ok(pair_row(c, &p->s, "agreement.bid", &row) == OK, "by a message");
	is_str(pair_state(c, &p->s, in->negotiation), "REQUESTED", "whose answer it waits for");
	is_int(agreement_bid(c, p->s.acts, in->negotiation, STR("person:1")), ERR_BAD_STATE,
		"once");
	is_int(yes(c, &p->s, in->negotiation), ERR_NOT_FOUND, "and no yes meanwhile");
}

static void test_bid(struct ctx *c, struct pair *p)
{
	struct incoming in;
	struct agreement_row r;
	ok(decides(c, &p->s, "person") == OK, "a person decides at the seller");
	bid(c, p, "kit-10", &in);
	is_int(take_acceptance(c, p->s.acts, &in, &r), OK,
		"the acceptance comes before the answer");
	is_str(agreement_state_name(r.state), "ACCEPTED", "and proves that the offer was taken");
	is_int(take_acceptance(c, p->s.acts, &in, &r), OK, "it may be repeated");
	is_int(take_verification(c, p->s.acts, &in, &r), ERR_BAD_STATE, "nothing to verify");
	is_int(yes(c, &p->s, in.negotiation), OK, "a person makes the agreement");
	ok(take_answer(c, p->s.acts, in.negotiation, in.peer_pid, STR("AGREED")) == OK &&
			take_verification(c, p->s.acts, &in, &r) == OK,
		"which is verified");

	bid(c, p, "kit-11", &in);
	is_int(take_answer(c, p->s.acts, in.negotiation, in.peer_pid, STR("OFFERED")), OK,
		"another offer is answered");
	is_int(take_counter(c, p->s.acts, &in, &r), OK, "by the request once more");
	is_str(agreement_state_name(r.state), "REQUESTED", "which waits for a person again");
	is_int(take_counter(c, p->s.acts, &in, &r), ERR_BAD_STATE, "and is not repeated");
	ok(decides(c, &p->s, "automatic") == OK, "the node decides again");
	is_int(yes(c, &p->s, in.negotiation), OK, "what waits goes on by a yes");
}

static void test_foreign_counter(struct ctx *c, struct pair *p)
{
	struct incoming in;
	struct agreement_row r;
	ok(decides(c, &p->s, "person") == OK, "a person decides at the seller");
	bid(c, p, "kit-12", &in);
	in.target = STR("another");
	is_int(take_counter(c, p->s.acts, &in, &r), OK, "a counter-request for something else");
	is_str(agreement_state_name(r.state), "TERMINATED", "ends it");
	ok(str_find_str(r.reason, STR("dataset")) < r.reason.n, "and says why");
	ok(decides(c, &p->s, "automatic") == OK, "the node decides again");
}

static void test_person_buys(struct ctx *c, struct pair *p)
{
	struct str id = {0};
	struct agreement_row r;
	struct outbox_row row;
	ok(decides(c, &p->b, "person") == OK && ask_kit(c, p, &id) == OK,
		"a person decides at the buyer");
	ok(pair_row(c, &p->b, "agreement.request", &row) == OK, "who asks");
	struct incoming in = {.peer = STR(PAIR_KIT),
		.negotiation = id,
		.peer_pid = STR("kit-13"),
		.offer = STR("offerACN1"),
		.target = STR("ACN1"),
		.terms = p->product.terms,
		.agreement = kit_policy(c, p, "urn:kit:13"),
		.message = STR("m")};
	is_int(agreement_counter(c, p->b.acts, id, STR("person:1")), ERR_BAD_STATE,
		"no offer to answer");
	ok(take_offer(c, p->b.acts, &in, &r) == OK && r.state == AGREEMENT_OFFERED && !r.waits,
		"an offer waits");
	is_int(agreement_counter(c, p->b.acts, id, STR("person:1")), OK, "asked once more");
	ok(pair_row(c, &p->b, "agreement.counter", &row) == OK &&
			take_answer(c, p->b.acts, id, in.peer_pid, STR("REQUESTED")) == OK,
		"and taken");
	ok(take_offer(c, p->b.acts, &in, &r) == OK && yes(c, &p->b, id) == OK &&
			take_answer(c, p->b.acts, id, in.peer_pid, STR("ACCEPTED")) == OK,
		"the second offer is accepted by a person");
	ok(take_agreement(c, p->b.acts, &in, &r) == OK && r.state == AGREEMENT_AGREED && !r.waits,
		"the agreement waits");
	is_int(yes(c, &p->b, id), OK, "and is verified by a person");
	ok(decides(c, &p->b, "automatic") == OK, "the node decides again");
}

/* A final no ends what is open, and nothing else. */
static void test_no(struct ctx *c, struct pair *p)
{
	struct str negotiation;
	struct agreement_row s, b;
	ok(ask_kit(c, p, &negotiation) == OK &&
			take_refusal(c, p->b.acts, negotiation, STR("not for you")) == OK,
		"a request is refused");
	is_str(pair_state(c, &p->b, negotiation), "TERMINATED", "it is over");
	ok(pair_agree(c, p, &s, &b) == OK, "two joined parties agree");
	is_int(agreement_bid(c, p->s.acts, s.negotiation, STR("person:1")), ERR_BAD_STATE,
		"they make no offers");
	ok(take_refusal(c, p->b.acts, b.negotiation, STR("no")) == OK, "a no after the end");
	is_str(pair_state(c, &p->b, b.negotiation), "FINALIZED", "changes nothing");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct pair p;
	if (!ok(pair_open(&c, &p) == OK, "two nodes and a plain connector"))
		printf("# %s\n", c.trouble.detail);
	test_plain_buyer(&c, &p);
	test_plain_seller(&c, &p);
	test_counter(&c, &p);
	test_bid(&c, &p);
	test_foreign_counter(&c, &p);
	test_person_buys(&c, &p);
	test_no(&c, &p);
	ok(acts_tick_end(&c, p.s.acts) == OK && acts_tick_end(&c, p.b.acts) == OK, "committed");
	ok(house_replays(&c, &p.s) && house_replays(&c, &p.b), "both logs fold to the same state");
	pair_close(&p);
	return done_testing();
}
