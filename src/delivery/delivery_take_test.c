#include "delivery/delivery_take.h"

#include "tests/tap.h"

#include "delivery/fixture_test.h"

static void test_request(struct ctx *c, struct deal *d)
{
	struct delivery_message good, in;
	struct delivery_row row, again;
	struct acts *s = d->p.s.acts;
	is_int(deal_ask(c, d, 1, &good), OK, "a request arrives");
	in = good;
	in.shugu = NULL;
	is_int(delivery_take_request(c, s, &in, &row), ERR_EVIDENCE_MISSING, "without evidence");
	in.shugu = json_copy_without(c, good.shugu, "E");
	is_int(delivery_take_request(c, s, &in, &row), ERR_EVIDENCE_MISSING, "without its proof");
	in.shugu = json_copy_without(c, good.shugu, "signature");
	is_int(delivery_take_request(c, s, &in, &row), ERR_EVIDENCE_MISSING, "unsigned");
	in = good;
	in.peer_pid = deal_id(c, 2);
	is_int(delivery_take_request(c, s, &in, &row), ERR_BAD_VALUE,
		"signed for another delivery");
	in.peer_pid = STR("delivery-1");
	is_int(delivery_take_request(c, s, &in, &row), ERR_BAD_VALUE, "under an id that is none");
	in = good;
	in.agreement = STR("urn:uuid:01980000-0000-7000-8000-000000000099");
	is_int(delivery_take_request(c, s, &in, &row), ERR_NOT_FOUND, "under no agreement");
	in = good;
	in.peer = STR(PAIR_KIT);
	is_int(delivery_take_request(c, s, &in, &row), ERR_NOT_FOUND,
		"by a party whose agreement it is not");
	in = good;
	in.address = STR("https://b.example.evil.example/");
	is_int(delivery_take_request(c, s, &in, &row), ERR_FORBIDDEN_ADDRESS,
		"with callbacks to a stranger");
	is_str(deal_state(c, &d->p.s, deal_id(c, 1)), "none", "none of it left a trace");
	is_int(delivery_take_request(c, s, &good, &row), OK, "as it should be");
	is_str(deal_state(c, &d->p.s, deal_id(c, 1)), "STARTED", "it begins in the same tick");
	is_int(delivery_take_request(c, s, &good, &again), OK, "repeated");
	ok(str_eq(row.pid, again.pid), "it is the same transfer");
}

static void test_start(struct ctx *c, struct deal *d)
{
	struct delivery_message good, in;
	struct delivery_row row;
	struct hash manifest;
	int64_t used = 0;
	struct acts *b = d->p.b.acts;
	is_int(deal_carry(c, &d->p.s, &d->p.b, "delivery.start", &good), OK, "a start arrives");
	in = good;
	in.token = STR("another");
	is_int(delivery_take_start(c, b, &in, AGREEMENT_CONSUMER, &row), ERR_BAD_DIGEST,
		"with a token that is not signed");
	in = good;
	in.endpoint = STR("https://elsewhere.example/data");
	is_int(delivery_take_start(c, b, &in, AGREEMENT_CONSUMER, &row), ERR_FORBIDDEN_ADDRESS,
		"with data that lies elsewhere");
	in = good;
	in.shugu = json_copy_without(c, good.shugu, "document");
	is_int(delivery_take_start(c, b, &in, AGREEMENT_CONSUMER, &row), ERR_EVIDENCE_MISSING,
		"without a manifest");
	in = good;
	in.peer = STR(PAIR_KIT);
	is_int(delivery_take_start(c, b, &in, AGREEMENT_CONSUMER, &row), ERR_NOT_FOUND,
		"from another party");
	is_int(delivery_take_start(c, b, &in, AGREEMENT_PROVIDER, &row), ERR_NOT_FOUND,
		"in another role");
	is_int(delivery_take_start(c, b, &good, AGREEMENT_CONSUMER, &row), OK, "as it should be");
	is_str(deal_state(c, &d->p.b, deal_id(c, 1)), "STARTED", "it has begun");
	manifest = row.manifest;
	ok(delivery_find(c, d->p.s.db, row.id, &row) == OK &&
			delivery_repeat_start(c, d->p.s.acts, &row) == OK,
		"the seller says it again");
	is_int(deal_carry(c, &d->p.s, &d->p.b, "delivery.start", &in), OK, "it arrives");
	ok(json_eq(json_get(in.shugu, "document"), json_get(good.shugu, "document")) &&
			str_eq(in.token, good.token),
		"with the same manifest and the same token");
	is_int(delivery_take_start(c, b, &in, AGREEMENT_CONSUMER, &row), OK, "and changes nothing");
	ok(hash_eq(&manifest, &row.manifest), "the manifest is the one that was taken");
	ok(delivery_count(c, d->p.s.db, d->s.agreement, &used) == OK && used == 1,
		"one count is used");
}

static void test_receipt(struct ctx *c, struct deal *d)
{
	struct delivery_message good, in;
	struct delivery_row row, kept;
	struct json *shugu;
	struct acts *s = d->p.s.acts;
	is_int(delivery_give_receipt(c, d->p.b.acts, deal_id(c, 1), -1), OK, "a receipt is given");
	is_str(deal_state(c, &d->p.b, deal_id(c, 1)), "COMPLETED", "which completes it");
	is_int(delivery_give_receipt(c, d->p.b.acts, deal_id(c, 1), 0), ERR_CONFLICT,
		"no second one is given");
	is_int(deal_carry(c, &d->p.b, &d->p.s, "delivery.receive", &good), OK, "it arrives");
	in = good;
	in.shugu = NULL;
	is_int(delivery_take_completion(c, s, &in, AGREEMENT_PROVIDER, &row), ERR_EVIDENCE_MISSING,
		"a completion alone is none");
	in.shugu = json_copy_without(c, good.shugu, "E");
	is_int(delivery_take_completion(c, s, &in, AGREEMENT_PROVIDER, &row), ERR_EVIDENCE_MISSING,
		"nor is a receipt without its proof");
	is_str(deal_state(c, &d->p.s, deal_id(c, 1)), "STARTED", "nothing has changed");
	is_int(delivery_take_completion(c, s, &good, AGREEMENT_PROVIDER, &kept), OK,
		"as it should be");
	is_str(delivery_state_name(kept.state), "COMPLETED", "it is complete");
	ok(kept.has_receipt && str_is(kept.result, "complete") && kept.end.known &&
			kept.receive.known,
		"with its receipt and its places");
	is_int(delivery_take_completion(c, s, &good, AGREEMENT_PROVIDER, &row), OK, "repeated");
	ok(row.end.index == kept.end.index, "the same entry answers it");
	in = good;
	in.pid = deal_id(c, 1);
	is_int(delivery_take_receipt(c, s, &in, &row), OK, "also by its own way");
	ok(acts_tick_end(c, s) == OK &&
			interlock_show(c, s, d->p.b.self.did, kept.end.index, &shugu) == OK,
		"the seller shows that it took it");
	is_int(delivery_take_end(c, d->p.b.acts, deal_id(c, 1), NULL), ERR_EVIDENCE_MISSING,
		"a yes without proof is none");
	is_int(delivery_take_end(c, d->p.b.acts, deal_id(c, 1), house_carry(c, shugu)), OK,
		"the buyer takes the proof");
	ok(delivery_find(c, d->p.b.db, deal_id(c, 1), &row) == OK && row.end.known &&
			row.end.index == kept.end.index && hash_eq(&row.end.leaf, &kept.end.leaf),
		"and knows where it stands");
}

/* A receipt that refuses, from a buyer whose transfer the seller has ended meanwhile. */
static void test_late(struct ctx *c, struct deal *d)
{
	struct delivery_message in;
	struct delivery_row s, b;
	struct outbox_row row;
	is_int(deal_begin(c, d, 3, &s, &b), OK, "another one begins");
	is_int(delivery_change(
		       c, d->p.s.acts, "delivery.terminate", STR("operator"), s.id, STR("no more")),
		OK, "the seller ends it");
	is_int(delivery_give_receipt(c, d->p.b.acts, s.id, 0), OK,
		"the buyer refuses it meanwhile");
	is_int(deal_carry(c, &d->p.b, &d->p.s, "delivery.receive", &in), OK, "that arrives");
	is_int(delivery_take_termination(c, d->p.s.acts, &in, AGREEMENT_PROVIDER, &s),
		ERR_BAD_STATE, "too late for the transfer");
	is_int(delivery_post_receipt(c, d->p.b.acts, &b), OK, "it goes its own way");
	is_int(pair_row(c, &d->p.b, "delivery.receipt", &row), OK, "as a row of its own");
	in.pid = deal_id(c, 3);
	is_int(delivery_take_receipt(c, d->p.s.acts, &in, &s), OK, "and is taken");
	ok(str_is(s.result, "refused"), "it refuses");
	is_str(delivery_state_name(s.state), "TERMINATED", "what had ended stays so");
	in.peer = STR(PAIR_KIT);
	is_int(delivery_take_receipt(c, d->p.s.acts, &in, &s), ERR_NOT_FOUND,
		"another party finds nothing");
}

static void test_steps(struct ctx *c, struct deal *d)
{
	struct delivery_row s, b;
	is_int(deal_begin(c, d, 4, &s, &b), OK, "one more begins");
	struct delivery_message in = {.peer = d->p.s.self.did,
		.pid = b.pid,
		.peer_pid = s.pid,
		.reason = STR("a moment")};
	is_int(delivery_take_suspension(c, d->p.b.acts, &in, AGREEMENT_CONSUMER, &b), OK,
		"the seller suspends");
	is_str(delivery_state_name(b.state), "SUSPENDED", "it is suspended");
	is_int(delivery_take_suspension(c, d->p.b.acts, &in, AGREEMENT_CONSUMER, &b), OK,
		"and stays so");
	is_int(delivery_change(c, d->p.b.acts, "delivery.resume", STR("operator"), b.id,
		       (struct str){"", 0}),
		ERR_BAD_STATE, "the buyer does not resume it");
	is_int(delivery_take_start(c, d->p.b.acts, &in, AGREEMENT_CONSUMER, &b), OK,
		"the seller resumes");
	is_str(delivery_state_name(b.state), "STARTED", "it goes on");
	is_int(delivery_take_completion(c, d->p.b.acts, &in, AGREEMENT_CONSUMER, &b), ERR_BAD_STATE,
		"the seller does not complete it");
	is_int(delivery_take_termination(c, d->p.b.acts, &in, AGREEMENT_CONSUMER, &b), OK,
		"but ends it");
	is_int(delivery_take_termination(c, d->p.b.acts, &in, AGREEMENT_CONSUMER, &b), OK, "once");
	ok(str_is(b.reason, "a moment"), "with a reason");
	in.peer_pid = STR("urn:another");
	is_int(delivery_take_termination(c, d->p.b.acts, &in, AGREEMENT_CONSUMER, &b),
		ERR_BAD_VALUE, "another process of it is not this one");
}

/* A final agreement of the seller with a plain connector: nothing is signed by it. */
static err agree_plain(struct ctx *c, struct deal *d, struct agreement_row *ret)
{
	struct acts *s = d->p.s.acts;
	struct outbox_row row;
	const struct str none = {"", 0};
	struct incoming in = {.peer = STR(PAIR_KIT),
		.peer_pid = STR("kit-n"),
		.address = STR(PAIR_KIT_URL "/callback"),
		.offer = d->p.product.offer,
		.target = d->p.product.product,
		.terms = d->p.product.terms,
		.message = STR("kit-n")};
	TRY(take_request(c, s, &in, ret));
	if (!ret->has_document)
		TRY(agreement_propose(c, s, ret->negotiation, STR("operator"), NULL));
	TRY(pair_row(c, &d->p.s, "agreement.offer", &row));
	TRY(take_answer(c, s, ret->negotiation, none, STR("AGREED")));
	in.negotiation = ret->negotiation;
	TRY(take_verification(c, s, &in, ret));
	TRY(take_finalized(c, s, ret->negotiation));
	return agreement_find(c, d->p.s.db, ret->negotiation, ret);
}

static void test_plain_buyer(struct ctx *c, struct deal *d)
{
	struct agreement_row g;
	struct delivery_row row, again;
	struct outbox_row out;
	struct acts *s = d->p.s.acts;
	const struct str none = {"", 0};
	is_int(agree_plain(c, d, &g), OK, "an agreement with a plain connector");
	struct delivery_message in = {.peer = STR(PAIR_KIT),
		.peer_pid = STR("kit-t"),
		.address = STR(PAIR_KIT_URL "/callback"),
		.agreement = g.agreement};
	is_int(delivery_take_request(c, s, &in, &row), OK, "it asks, without evidence");
	ok(row.state == DELIVERY_REQUESTED && row.waits && row.waiting == DELIVERY_STARTED,
		"it is begun when it has answered");
	in.pid = row.pid;
	is_int(delivery_take_completion(c, s, &in, AGREEMENT_PROVIDER, &row), ERR_BAD_STATE,
		"it does not complete before");
	is_int(delivery_take_suspension(c, s, &in, AGREEMENT_PROVIDER, &row), ERR_BAD_STATE,
		"nor suspend");
	is_int(delivery_take_request(c, s, &in, &again), OK, "it asks again");
	ok(str_eq(again.pid, row.pid), "which is the same transfer");
	is_int(pair_row(c, &d->p.s, "delivery.start", &out), OK, "it is told where the data lies");
	is_int(delivery_take_answer(c, s, row.id, none, STR("STARTED")), OK, "it has answered");
	is_str(deal_state(c, &d->p.s, row.id), "STARTED", "now it has begun");
	is_int(delivery_take_suspension(c, s, &in, AGREEMENT_PROVIDER, &row), OK, "it suspends");
	is_int(delivery_take_completion(c, s, &in, AGREEMENT_PROVIDER, &row), ERR_BAD_STATE,
		"then it does not complete");
	is_int(delivery_take_start(c, s, &in, AGREEMENT_PROVIDER, &row), OK, "it resumes");
	is_int(delivery_take_completion(c, s, &in, AGREEMENT_PROVIDER, &row), OK,
		"it completes without a receipt");
	ok(row.state == DELIVERY_COMPLETED && !row.has_receipt && row.end.known, "and that is all");
	is_int(delivery_take_termination(c, s, &in, AGREEMENT_PROVIDER, &row), ERR_BAD_STATE,
		"what is complete is not ended");
}

static void test_plain_steps(struct ctx *c, struct deal *d)
{
	struct agreement_row g;
	struct delivery_row row;
	struct outbox_row out;
	struct acts *s = d->p.s.acts;
	const struct str none = {"", 0}, by = STR("operator");
	is_int(agreement_of_peer(c, d->p.s.db, AGREEMENT_PROVIDER, STR(PAIR_KIT), STR("kit-n"), &g),
		OK, "the same agreement");
	struct delivery_message in = {.peer = STR(PAIR_KIT),
		.peer_pid = STR("kit-u"),
		.address = STR(PAIR_KIT_URL "/callback"),
		.agreement = g.agreement};
	is_int(delivery_take_request(c, s, &in, &row), OK, "one more transfer");
	is_int(delivery_take_answer(c, s, row.id, none, STR("STARTED")), OK, "begins");
	is_int(delivery_change(c, s, "delivery.suspend", by, row.id, STR("a moment")), OK,
		"we suspend it");
	is_str(deal_state(c, &d->p.s, row.id), "STARTED", "when it has answered");
	is_int(delivery_change(c, s, "delivery.suspend", by, row.id, STR("a moment")),
		ERR_BAD_STATE, "and not twice meanwhile");
	is_int(delivery_take_answer(c, s, row.id, none, STR("SUSPENDED")), OK, "it has");
	is_str(deal_state(c, &d->p.s, row.id), "SUSPENDED", "now it is suspended");
	is_int(delivery_change(c, s, "delivery.resume", by, row.id, none), OK, "we resume");
	is_int(delivery_take_answer(c, s, row.id, none, STR("STARTED")), OK, "it knows");
	is_int(delivery_complete(c, s, by, row.id), OK, "we complete it");
	is_str(deal_state(c, &d->p.s, row.id), "COMPLETED", "at once");
	is_int(pair_row(c, &d->p.s, "delivery.start", &out), OK, "it is told of the start");
	is_int(pair_row(c, &d->p.s, "delivery.suspend", &out), OK, "of one");
	is_int(pair_row(c, &d->p.s, "delivery.resume", &out), OK, "after");
	is_int(pair_row(c, &d->p.s, "delivery.complete", &out), OK, "the other");
	in.pid = row.pid;
	is_int(delivery_take_start(c, s, &in, AGREEMENT_PROVIDER, &row), ERR_BAD_STATE,
		"nothing begins after the end");
}

/* A party may have so many open, and not one more; another is not hindered. */
static void test_quota(struct ctx *c, struct deal *d)
{
	struct agreement_row g;
	struct delivery_row row;
	unsigned n = 0;
	err e = OK;
	is_int(agreement_of_peer(c, d->p.s.db, AGREEMENT_PROVIDER, STR(PAIR_KIT), STR("kit-n"), &g),
		OK, "the agreement with a plain connector");
	for (; e == OK && n <= LIMIT_OPEN_DELIVERIES_PARTY; n++) {
		cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
		struct ctx one = {.arena = a};
		struct delivery_message in = {.peer = STR(PAIR_KIT),
			.address = STR(PAIR_KIT_URL "/callback"),
			.agreement = g.agreement};
		e = arena_fmt(&one, &in.peer_pid, "kit-q%u", n);
		if (e == OK)
			e = delivery_take_request(&one, d->p.s.acts, &in, &row);
	}
	is_int(e, ERR_QUOTA, "one too many is refused");
	is_int((long long)n - 1, LIMIT_OPEN_DELIVERIES_PARTY, "after so many");
	struct delivery_message other;
	is_int(deal_ask(c, d, 8, &other), OK, "another party");
	is_int(delivery_take_request(c, d->p.s.acts, &other, &row), OK, "gets its own");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(8 * LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct deal d;
	is_int(deal_open(&c, &d, "open"), OK, "an agreement is final");
	test_request(&c, &d);
	test_start(&c, &d);
	test_receipt(&c, &d);
	test_late(&c, &d);
	test_steps(&c, &d);
	test_plain_buyer(&c, &d);
	test_plain_steps(&c, &d);
	test_quota(&c, &d);
	ok(deal_replays(&c, &d.p.s) && deal_replays(&c, &d.p.b),
		"both logs fold to the state that is stored");
	deal_close(&d);
	return done_testing();
}
