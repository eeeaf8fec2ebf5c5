#include "govern/sandbox.h"

#include "tests/tap.h"

#include "govern/sandbox_fixture_test.h"

#define REASON "{\"reason\":\"r\"}"

static bool says(struct ctx *c, const char *text)
{
	return strstr(c->trouble.detail, text) != NULL;
}

static void test_votes(struct ctx *c)
{
	struct deal d;
	is_int(box_open(c, &d), OK, "two houses");
	is_int(box_act(c, &d, "sandbox.open", BOX, BOX_OPEN), OK, "a case");
	is_int(box_act(c, &d, "sandbox.open", BOX, BOX_OPEN), ERR_CONFLICT, "once");
	is_int(box_take(c, &d, "admit", REASON), ERR_BAD_STATE, "no step is left out");
	ok(says(c, "possible is: submit"), "%s", c->trouble.detail);
	is_int(box_take(c, &d, "submit", "{}"), OK, "submitted");
	is_int(box_take(c, &d, "check", "{}"), OK, "checked");
	is_int(box_take(c, &d, "return", "{\"reason\":\"r\",\"until\":\"2027-01-14\"}"),
		ERR_BAD_VALUE, "not to yesterday");
	is_int(box_take(c, &d, "return", "{\"reason\":\"r\",\"until\":\"2027-01-20\"}"), OK,
		"returned");
	is_int(box_take(c, &d, "submit", "{}"), OK, "and submitted again");
	is_int(box_take(c, &d, "check", "{}"), OK, "checked");
	is_int(box_take(c, &d, "refer", "{}"), OK, "before the committee");
	is_int(box_take(c, &d, "vote", "{\"member\":\"e1\",\"vote\":\"yes\"}"), ERR_NOT_FOUND,
		"which does not exist yet");
	is_int(box_act(c, &d, "sandbox.committee", "urn:shugu:sandbox", BOX_COMMITTEE), OK,
		"is named");
	is_int(box_take(c, &d, "vote", "{\"member\":\"e1\",\"vote\":\"yes\"}"), ERR_BAD_STATE,
		"nobody votes who has not declared");
	is_int(box_take(c, &d, "vote", "{\"member\":\"e9\",\"vote\":\"yes\"}"), ERR_FORBIDDEN,
		"nor without a seat");
	is_int(box_take(c, &d, "declare", "{\"member\":\"e3\",\"conflict\":true}"),
		ERR_MISSING_MEMBER, "a conflict is named");
	is_int(box_take(c, &d, "declare",
		       "{\"member\":\"e3\",\"conflict\":true,\"reason\":\"shares\"}"),
		OK, "e3 holds shares");
	is_int(box_take(c, &d, "vote", "{\"member\":\"e3\",\"vote\":\"yes\"}"), ERR_FORBIDDEN,
		"and does not vote");
	ok(says(c, "shares"), "%s", c->trouble.detail);
	is_int(box_take(c, &d, "declare", "{\"member\":\"e3\",\"conflict\":false}"), ERR_CONFLICT,
		"nor takes it back");
	is_int(box_take(c, &d, "declare", "{\"member\":\"e1\",\"conflict\":false}"), OK, "e1 may");
	is_int(box_take(c, &d, "vote", "{\"member\":\"e1\",\"vote\":\"yes\"}"), OK, "and does");
	is_int(box_take(c, &d, "vote", "{\"member\":\"e1\",\"vote\":\"no\"}"), ERR_CONFLICT,
		"once");
	is_int(box_as(c, &d, BOX_SECOND, "admit", REASON), ERR_BAD_STATE, "one vote is no quorum");
	ok(says(c, "1 of 2"), "%s", c->trouble.detail);
	ok(deal_replays(c, &d.p.s), "the log folds to the state that is stored");
	deal_close(&d);
}

static void test_speakers(struct ctx *c)
{
	static const char *const committee =
		"{\"size\":1,\"quorum\":1,\"members\":[{\"id\":\"person:urn:uuid:01980000-0000-7000"
		"-8000-0000000000aa\",\"name\":\"N\"}]}";
	static const char *const none =
		"{\"member\":\"person:urn:uuid:01980000-0000-7000-8000-0000000000aa\",\"conflict\":"
		"false}";
	struct deal d;
	is_int(box_open(c, &d), OK, "two houses");
	is_int(box_refer(c, &d), OK, "a case before the committee");
	is_int(box_act(c, &d, "sandbox.committee", "urn:shugu:sandbox", committee), OK,
		"of one who signs in");
	is_int(box_take(c, &d, "declare", none), ERR_FORBIDDEN, "nobody speaks for him");
	is_int(box_as(c, &d, BOX_SECOND, "declare", none), OK, "but he");
	deal_close(&d);
}

/* Two people admit and let go; each result needs what it needs. */
static void test_life(struct ctx *c)
{
	struct deal d;
	is_int(box_open(c, &d), OK, "two houses");
	is_int(box_refer(c, &d), OK, "a case");
	is_int(box_vote(c, &d, "yes"), OK, "voted for");
	is_int(box_take(c, &d, "reject", REASON), ERR_FORBIDDEN, "is not rejected");
	is_int(box_take(c, &d, "admit", REASON), OK, "one says yes");
	ok(strcmp(box_state(c, &d), "COMMITTEE") == 0, "which admits nothing");
	is_int(box_take(c, &d, "admit", REASON), ERR_FORBIDDEN, "not the same twice");
	is_int(box_act(c, &d, "sandbox.admit", BOX, REASON), ERR_FORBIDDEN, "in no way");
	is_int(box_as(c, &d, BOX_SECOND, "admit", REASON), OK, "another");
	ok(strcmp(box_state(c, &d), "ADMITTED") == 0, "admits");
	is_int(box_take(c, &d, "plan",
		       "{\"product\":\"" PAIR_PRODUCT
		       "\",\"until\":\"2027-03-01\",\"limits\":{\"subjects\":3}}"),
		ERR_MISSING_MEMBER, "subjects are counted by a key");
	is_int(box_take(c, &d, "plan",
		       "{\"product\":\"" PAIR_PRODUCT "\",\"until\":\"2027-03-01\",\"limits\":{}}"),
		ERR_BAD_VALUE, "a plan has limits");
	is_int(box_take(c, &d, "plan",
		       "{\"product\":\"" PAIR_PRODUCT
		       "\",\"until\":\"2027-03-01\",\"limits\":{\"days\":30}}"),
		OK, "a plan");
	is_int(box_take(c, &d, "notice", "{\"to\":\"2027-01-15\",\"where\":\"w\"}"), OK,
		"a notice");
	is_int(box_take(c, &d, "start", "{}"), ERR_BAD_STATE, "that must be over");
	is_int(box_take(c, &d, "complain", "{\"by\":\"Li\",\"text\":\"no\"}"), OK, "an objection");
	house_now += BOX_DAY_MS;
	is_int(acts_tick_end(c, d.p.s.acts), OK, "a day later");
	is_int(acts_tick(c, d.p.s.acts), OK, "it is over");
	is_int(box_take(c, &d, "start", "{}"), ERR_BAD_STATE, "but not answered");
	is_int(box_take(c, &d, "answer", "{\"number\":2,\"text\":\"a\"}"), ERR_NOT_FOUND, "which");
	is_int(box_take(c, &d, "answer", "{\"number\":1,\"text\":\"a\"}"), OK, "answered");
	is_int(box_take(c, &d, "start", "{}"), OK, "the test begins");
	deal_close(&d);
}

static void test_end(struct ctx *c)
{
	struct deal d;
	is_int(box_open(c, &d), OK, "two houses");
	is_int(box_plan(c, &d, "{\"days\":30}"), OK, "a plan");
	is_int(box_start(c, &d), OK, "a test");
	is_int(box_take(c, &d, "report", "{\"text\":\"well\"}"), OK, "a report");
	is_int(box_take(c, &d, "evaluate", "{}"), OK, "an evaluation");
	is_int(box_take(c, &d, "extend", "{\"reason\":\"r\",\"until\":\"2027-04-01\"}"),
		ERR_BAD_STATE, "votes of the admission do not count here");
	is_int(box_vote(c, &d, "yes"), OK, "votes");
	is_int(box_take(c, &d, "exit", "{\"result\":\"normal\",\"reason\":\"r\"}"), ERR_BAD_STATE,
		"the authority is heard");
	is_int(box_take(c, &d, "opinion", "{\"member\":\"o1\",\"vote\":\"yes\",\"reason\":\"r\"}"),
		OK, "it agrees");
	is_int(box_take(c, &d, "extend", "{\"reason\":\"r\",\"until\":\"2027-04-01\"}"), OK,
		"extended");
	is_int(box_take(c, &d, "report", "{\"text\":\"well\"}"), OK, "a report");
	is_int(box_take(c, &d, "evaluate", "{}"), OK, "another evaluation");
	is_int(box_vote(c, &d, "yes"), OK, "votes anew");
	is_int(box_take(c, &d, "opinion", "{\"member\":\"o1\",\"vote\":\"no\",\"reason\":\"r\"}"),
		OK, "the authority objects");
	is_int(box_take(c, &d, "extend", "{\"reason\":\"r\",\"until\":\"2027-05-01\"}"),
		ERR_BAD_STATE, "once at most");
	is_int(box_take(c, &d, "exit",
		       "{\"result\":\"promoted\",\"reason\":\"r\",\"proposal\":{\"rule\":\"x\"}}"),
		ERR_FORBIDDEN, "against the authority nothing is promoted");
	is_int(box_take(c, &d, "exit", "{\"result\":\"promoted\",\"reason\":\"r\"}"), ERR_BAD_VALUE,
		"nor without a proposal");
	is_int(box_both(c, &d, "exit", "{\"result\":\"stopped\",\"reason\":\"r\"}"), OK,
		"two people stop it");
	is_int(box_take(c, &d, "archive", "{}"), OK, "archived");
	ok(deal_replays(c, &d.p.s), "the log folds to the state that is stored");
	deal_close(&d);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(16 * LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	test_votes(&c);
	test_speakers(&c);
	test_life(&c);
	test_end(&c);
	return done_testing();
}
