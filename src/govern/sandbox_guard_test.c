#include "govern/sandbox_guard.h"

#include "tests/tap.h"

#include "govern/sandbox_fixture_test.h"

static err begin(struct ctx *c, struct deal *d, unsigned n, struct delivery_row *ret)
{
	struct delivery_message in;
	TRY(deal_ask(c, d, n, &in));
	return delivery_take_request(c, d->p.s.acts, &in, ret);
}

static void test_cap(struct ctx *c)
{
	struct deal d;
	struct delivery_row row, theirs;
	is_int(box_open(c, &d), OK, "an agreement, made before the case");
	is_int(box_plan(c, &d, "{\"subjects\":3,\"deliveries\":4}"), OK, "a cap of three subjects");
	is_int(begin(c, &d, 1, &row), ERR_BAD_STATE, "nothing is delivered before the test");
	ok(strstr(c->trouble.detail, "TEST_PLAN_AGREED") != NULL, "%s", c->trouble.detail);
	is_int(box_start(c, &d), OK, "the test begins");
	is_int(begin(c, &d, 2, &row), ERR_TERM_REFUSES, "what was not counted is not delivered");
	ok(strstr(c->trouble.detail, "shugu sandbox measure") != NULL, "%s", c->trouble.detail);
	is_int(box_measure(c, &d, 1, "id\na\nb\nc\na\n"), OK, "it is counted: three");
	is_int(deal_begin(c, &d, 3, &row, &theirs), OK, "and delivered");
	is_int(begin(c, &d, 4, &row), OK, "beside it once more: the same three");
	is_int(pair_publish(c, &d.p, 2, "open"), OK, "another revision");
	is_int(acts_tick_end(c, d.p.s.acts), OK, "is published");
	is_int(acts_tick_end(c, d.p.b.acts), OK, "meanwhile");
	is_int(pair_agree(c, &d.p, &d.s, &d.b), OK, "and agreed on");
	is_int(acts_tick(c, d.p.s.acts), OK, "a tick");
	is_int(box_measure(c, &d, 2, "id\nc\nd\n"), OK, "one of its two subjects is new");
	is_int(begin(c, &d, 5, &row), ERR_TERM_REFUSES, "so it would be a fourth");
	ok(strstr(c->trouble.detail, "limit.subjects") != NULL &&
			strstr(c->trouble.detail, "{\"subjects\":4}") != NULL &&
			strstr(c->trouble.detail, "the committee decides") != NULL,
		"%s", c->trouble.detail);
	ok(deal_replays(c, &d.p.s), "the log folds to the state that is stored");
	deal_close(&d);
}

/* A cap that the second object just meets, and the number of deliveries. */
static void test_at_the_cap(struct ctx *c)
{
	struct deal d;
	struct delivery_row row;
	struct sandbox_row r;
	struct case_facts f;
	is_int(box_open(c, &d), OK, "an agreement");
	is_int(box_plan(c, &d, "{\"subjects\":4,\"deliveries\":2,\"value\":12345}"), OK, "four");
	is_int(box_start(c, &d), OK, "the test begins");
	is_int(box_measure(c, &d, 1, "id\na\nb\nc\n"), OK, "three subjects");
	is_int(begin(c, &d, 1, &row), OK, "are delivered");
	is_int(pair_publish(c, &d.p, 2, "open"), OK, "another revision");
	is_int(acts_tick_end(c, d.p.s.acts), OK, "is published");
	is_int(acts_tick_end(c, d.p.b.acts), OK, "meanwhile");
	is_int(pair_agree(c, &d.p, &d.s, &d.b), OK, "agreed on, for all the value there is");
	is_int(acts_tick(c, d.p.s.acts), OK, "a tick");
	is_int(box_measure(c, &d, 2, "id\nc\nd\n"), OK, "with one more");
	is_int(begin(c, &d, 2, &row), OK, "which is the fourth and goes");
	is_int(sandbox_find(c, d.p.s.db, STR(BOX), &r), OK, "the case");
	is_int(sandbox_facts_now(c, d.p.s.db, &r, house_now, NULL, &f), OK, "has facts");
	is_int(f.subjects, 4, "four subjects");
	is_int(f.records, 5, "five records");
	is_int(f.deliveries, 2, "two deliveries");
	is_int(f.value, 12345, "the value of what was agreed since it began");
	is_int(f.counterparties, 1, "one counterparty");
	is_int(begin(c, &d, 3, &row), ERR_TERM_REFUSES, "a third delivery is too many");
	struct agreement_row s, b;
	is_int(acts_tick_end(c, d.p.s.acts), OK, "a tick ends");
	is_int(acts_tick_end(c, d.p.b.acts), OK, "and theirs");
	is_int(pair_agree(c, &d.p, &s, &b), ERR_NOT_FOUND, "and no further agreement is offered");
	deal_close(&d);
}

static void test_halt(struct ctx *c)
{
	struct deal d;
	struct delivery_row row, theirs;
	is_int(box_open(c, &d), OK, "an agreement");
	is_int(box_plan(c, &d, "{\"deliveries\":9}"), OK, "a plan");
	is_int(box_start(c, &d), OK, "the test begins");
	is_int(deal_begin(c, &d, 1, &row, &theirs), OK, "a delivery runs");
	is_int(box_take(c, &d, "incident", "{\"text\":\"a leak\"}"), OK, "an incident");
	ok(strcmp(deal_state(c, &d.p.s, row.id), "SUSPENDED") == 0, "halts it");
	is_int(begin(c, &d, 2, &row), ERR_BAD_STATE, "and no other begins");
	is_int(box_take(c, &d, "suspend", "{\"reason\":\"r\"}"), OK, "the test is suspended");
	is_int(box_take(c, &d, "resume", "{\"reason\":\"r\"}"), OK, "and resumed");
	ok(strcmp(deal_state(c, &d.p.s, deal_id(c, 1)), "STARTED") == 0, "so is the delivery");
	is_int(box_take(c, &d, "incident", "{\"text\":\"again\"}"), OK, "another incident");
	is_int(box_take(c, &d, "suspend", "{\"reason\":\"r\"}"), OK, "suspended");
	is_int(box_take(c, &d, "terminate", "{\"reason\":\"r\"}"), OK, "the end");
	ok(strcmp(deal_state(c, &d.p.s, deal_id(c, 1)), "TERMINATED") == 0, "of the delivery too");
	is_int(box_take(c, &d, "archive", "{}"), OK, "archived");
	is_int(begin(c, &d, 3, &row), ERR_BAD_STATE, "what was stopped stays stopped");
	ok(deal_replays(c, &d.p.s), "the log folds to the state that is stored");
	deal_close(&d);
}

static void test_days(struct ctx *c)
{
	struct deal d;
	struct delivery_row row;
	is_int(box_open(c, &d), OK, "an agreement");
	is_int(box_plan(c, &d, "{\"deliveries\":9}"), OK, "a plan until 1 March");
	is_int(box_start(c, &d), OK, "the test begins");
	house_now += 45 * BOX_DAY_MS; /* 2027-03-02 */
	is_int(acts_tick_end(c, d.p.s.acts), OK, "a tick ends");
	is_int(begin(c, &d, 1, &row), ERR_GONE, "after its last day nothing is delivered");
	deal_close(&d);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(32 * LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	test_cap(&c);
	test_at_the_cap(&c);
	test_halt(&c);
	test_days(&c);
	return done_testing();
}
