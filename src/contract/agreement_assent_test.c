#include "contract/agreement_assent.h"

#include "tests/tap.h"

#include "contract/agreement_inbox.h"
#include "contract/fixture_test.h"

#define ANN "person:urn:uuid:01980000-0000-7000-8000-00000000000a#owner"
#define BOB "person:urn:uuid:01980000-0000-7000-8000-00000000000b#reviewer"

static err rules(struct ctx *c, struct house *h, bool two, bool stamped)
{
	struct json *o = json_object(c);
	json_set(&o, "twoPeople", json_bool(c, two));
	json_set(&o, "stamped", json_bool(c, stamped));
	struct json *said = json_object(c);
	struct entry e;
	TRY(agreement_policy(c, h->acts, STR("operator"), o));
	TRY(easing_say(c, h->db, "agreement", &said));
	const struct json *wish = json_get(said, "waiting");
	if (wish != NULL) /* what two people decide another has to lift */
		TRY(easing_inbox.approve(
			c, h->acts, STR(ANN), json_text(json_get(wish, "id")), &e));
	return acts_tick_end(c, h->acts);
}

static err attach(struct ctx *c, struct house *h, struct str negotiation)
{
	struct agreement_row r;
	struct entry e;
	const struct attachment a = {
		.kind = STR("contract"), .media_type = STR("application/pdf"), .size = 10};
	TRY(agreement_find(c, h->db, negotiation, &r));
	return agreement_attach(c, h->acts, &r, STR("operator"), &a, &e);
}

/* Rows 1 and 2: what was offered lies at the buyer. */
static err offered(struct ctx *c, struct pair *p, struct str *ret)
{
	struct incoming in;
	struct agreement_row s, b;
	TRY(pair_ask(c, p, &in, ret));
	TRY(take_request(c, p->s.acts, &in, &s));
	TRY(take_answer(c, p->b.acts, *ret, s.negotiation, (struct str){"", 0}));
	TRY(pair_carry(c, &p->s, &p->b, "agreement.offer", &in));
	return take_agreement(c, p->b.acts, &in, &b);
}

static err yes(struct ctx *c, struct house *h, const char *who, struct str id, struct entry *ret)
{
	return agreement_inbox.approve(c, h->acts, str_z(who), id, ret);
}

static bool waits(struct ctx *c, struct house *h, struct str id, const char *said)
{
	struct agreement_row r;
	struct json *o = json_object(c);
	struct str text = {"", 0};
	if (agreement_find(c, h->db, id, &r) != OK || agreement_waits(c, h->db, &r, &o) != OK)
		return false;
	if (json_get(o, "waitsFor") != NULL &&
		json_canonical(c, json_get(o, "waitsFor"), 4096, &text) != OK)
		return false;
	return str_is(text, said);
}

static void test_buyer(struct ctx *c, struct pair *p)
{
	struct str id;
	struct entry e;
	is_int(rules(c, &p->b, true, true), OK, "the buyer takes two people and a stamp");
	is_int(offered(c, p, &id), OK, "an agreement is offered");
	is_str(pair_state(c, &p->b, id), "AGREED", "and not signed");
	ok(waits(c, &p->b, id, "[\"person\",\"second person\",\"stamped contract\"]"), "it waits");
	is_int(agreement_conclude(c, p->b.acts, id, STR("node"), NULL), ERR_FORBIDDEN,
		"not by the node");
	is_int(yes(c, &p->b, ANN, id, &e), OK, "the first person says yes");
	ok(str_is(e.type, "agreement.assent") && str_is(e.actor, ANN), "which is an act of hers");
	is_str(pair_state(c, &p->b, id), "AGREED", "and signs nothing");
	is_int(yes(c, &p->b, ANN, id, &e), ERR_FORBIDDEN, "she is not two");
	is_int(yes(c, &p->b, BOB, id, &e), ERR_BAD_STATE, "the second finds no contract");
	is_int(attach(c, &p->b, id), OK, "it is attached");
	is_str(pair_state(c, &p->b, id), "AGREED", "which alone is not enough");
	ok(waits(c, &p->b, id, "[\"second person\"]"), "the second person is missing");
	is_int(yes(c, &p->b, BOB, id, &e), OK, "who says yes");
	ok(str_is(e.type, "agreement.conclude") && str_is(e.actor, BOB), "and signs");
	is_str(pair_state(c, &p->b, id), "VERIFIED", "concluded");
	ok(waits(c, &p->b, id, ""), "nothing waits");
}

static void test_refused(struct ctx *c, struct pair *p)
{
	struct str id;
	struct entry e;
	is_int(offered(c, p, &id), OK, "another is offered");
	is_int(yes(c, &p->b, ANN, id, &e), OK, "proposed");
	is_int(agreement_inbox.refuse(c, p->b.acts, STR(BOB), id, STR("too dear"), &e), OK,
		"refused by the second");
	is_str(pair_state(c, &p->b, id), "TERMINATED", "it is over");
	is_int(attach(c, &p->b, id), ERR_BAD_STATE, "and takes no contract");
}

static void test_lapse(struct ctx *c, struct pair *p)
{
	struct str id;
	struct agreement_row r;
	struct entry e;
	size_t n = 0;
	is_int(offered(c, p, &id), OK, "a third is offered");
	is_int(agreement_find(c, p->b.db, id, &r), OK, "open for a while");
	is_int(yes(c, &p->b, ANN, id, &e), OK, "proposed");
	is_int(attach(c, &p->b, id), OK, "stamped");
	ok(agreement_lapse(c, p->b.acts, r.open_until_ms, &n) == OK && n == 0,
		"to the last millisecond");
	house_now = r.open_until_ms + 1000;
	is_int(acts_tick_end(c, p->b.acts), OK, "time passes");
	is_int(yes(c, &p->b, BOB, id, &e), ERR_GONE, "too late for the second");
	ok(agreement_lapse(c, p->b.acts, house_now, &n) == OK && n == 1, "it is ended");
	ok(agreement_find(c, p->b.db, id, &r) == OK && r.state == AGREEMENT_TERMINATED &&
			str_is(r.reason, "it was not signed here before openUntil"),
		"and says why");
}

static void test_stamp_alone(struct ctx *c, struct pair *p)
{
	struct incoming in;
	struct agreement_row s;
	struct str pid;
	is_int(rules(c, &p->s, false, true), OK, "the seller takes a stamp alone");
	is_int(agreement_link_may(c, p->s.db), ERR_BAD_STATE, "no link concludes anything");
	ok(pair_ask(c, p, &in, &pid) == OK && take_request(c, p->s.acts, &in, &s) == OK,
		"it is asked");
	is_str(pair_state(c, &p->s, s.negotiation), "REQUESTED", "and offers nothing");
	ok(waits(c, &p->s, s.negotiation, "[\"stamped contract\"]"), "before it is there");
	is_int(attach(c, &p->s, s.negotiation), OK, "attached");
	is_str(pair_state(c, &p->s, s.negotiation), "AGREED", "the node goes on by itself");
	is_int(rules(c, &p->s, false, false), OK, "the rule is lifted");
	is_int(agreement_link_may(c, p->s.db), OK, "links conclude again");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct pair p;
	struct agreement_rules r;
	if (!ok(pair_open(&c, &p) == OK, "two nodes"))
		printf("# %s\n", c.trouble.detail);
	test_buyer(&c, &p);
	test_refused(&c, &p);
	test_lapse(&c, &p);
	test_stamp_alone(&c, &p);
	struct json *o = json_object(&c);
	is_int(agreement_policy(&c, p.s.acts, STR("operator"), o), ERR_MISSING_MEMBER,
		"a policy says something");
	json_set(&o, "decides", json_z(&c, "person"));
	ok(agreement_policy(&c, p.b.acts, STR("operator"), o) == OK &&
			agreement_rules(&c, p.b.db, &r) == OK && r.by_person &&
			r.binding.two_people && r.binding.stamped,
		"what is not named stays");
	ok(acts_tick_end(&c, p.s.acts) == OK && acts_tick_end(&c, p.b.acts) == OK, "the end");
	ok(house_replays(&c, &p.s) && house_replays(&c, &p.b), "both logs fold to their state");
	pair_close(&p);
	return done_testing();
}
