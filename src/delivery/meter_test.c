#include "delivery/meter.h"

#include "tests/tap.h"

#include "delivery/fixture_test.h"

static void test_count(struct ctx *c)
{
	struct deal d;
	struct delivery_message in;
	struct delivery_row s, b, row;
	int64_t used = 0;
	is_int(deal_open(c, &d, "once"), OK, "an agreement on one delivery");
	is_int(meter_ask(c, d.p.s.db, &d.s, house_now), OK, "which may begin");
	is_int(deal_begin(c, &d, 1, &s, &b), OK, "and begins");
	is_int(meter_ask(c, d.p.s.db, &d.s, house_now), ERR_TERM_REFUSES, "a second one may not");
	is_int(meter_slice(c, d.p.s.db, s.id, house_now, &row, NULL), OK, "the first goes on");
	is_int(deal_ask(c, &d, 2, &in), OK, "the buyer asks for a second");
	is_int(delivery_take_request(c, d.p.s.acts, &in, &row), ERR_TERM_REFUSES, "and is refused");
	ok(strstr(c->trouble.detail, "count lteq 1") != NULL, "with the term: %s",
		c->trouble.detail);
	is_str(deal_state(c, &d.p.s, deal_id(c, 2)), "none", "nothing says that it was asked");
	is_int(delivery_change(
		       c, d.p.s.acts, "delivery.terminate", STR("operator"), s.id, STR("no more")),
		OK, "the first is ended before a byte has left");
	ok(delivery_count(c, d.p.s.db, d.s.agreement, &used) == OK && used == 0,
		"its count is given back");
	is_int(meter_slice(c, d.p.s.db, s.id, house_now, &row, NULL), ERR_GONE,
		"nothing leaves for it any more");
	is_int(delivery_take_request(c, d.p.s.acts, &in, &s), OK, "now the second begins");
	is_int(meter_left(c, d.p.s.acts, &s, 0, false), OK, "bytes may have left");
	is_int(delivery_change(
		       c, d.p.s.acts, "delivery.terminate", STR("operator"), s.id, STR("no more")),
		OK, "it is ended too");
	ok(delivery_count(c, d.p.s.db, d.s.agreement, &used) == OK && used == 1,
		"and its count is not given back");
	ok(deal_replays(c, &d.p.s), "the log folds to the state that is stored");
	deal_close(&d);
}

/* An agreement for thirty days; what has begun stops with them, between two slices. */
static void test_time(struct ctx *c)
{
	struct deal d;
	struct delivery_row s, b, row;
	int64_t end = house_now + 30ll * 86400000;
	is_int(deal_open(c, &d, "evaluation-30d"), OK, "an agreement for thirty days");
	is_int(deal_begin(c, &d, 1, &s, &b), OK, "a delivery begins");
	is_int(meter_slice(c, d.p.s.db, s.id, end, &row, NULL), OK,
		"it goes on to the last moment");
	is_int(meter_slice(c, d.p.s.db, s.id, end + 1, &row, NULL), ERR_TERM_REFUSES,
		"and no longer");
	is_int(meter_ask(c, d.p.s.db, &d.s, end + 1), ERR_TERM_REFUSES, "nor does another begin");
	is_int(delivery_change(
		       c, d.p.s.acts, "delivery.suspend", STR("operator"), s.id, STR("a moment")),
		OK, "it is suspended");
	is_int(meter_slice(c, d.p.s.db, s.id, house_now, &row, NULL), ERR_BAD_STATE,
		"nothing leaves meanwhile");
	deal_close(&d);
}

static void test_overdue(struct ctx *c)
{
	struct deal d;
	struct delivery_row s, b;
	size_t n = 9;
	is_int(deal_open(c, &d, "open"), OK, "an agreement whose receipt is due in an hour");
	is_int(deal_begin(c, &d, 1, &s, &b), OK, "a delivery begins");
	is_int(meter_left(c, d.p.s.acts, &s, 500, false), OK, "half of it leaves");
	ok(delivery_find(c, d.p.s.db, s.id, &s) == OK && s.deadline_ms == 0, "no clock runs");
	is_int(meter_left(c, d.p.s.acts, &s, 500, true), OK, "the rest too");
	ok(delivery_find(c, d.p.s.db, s.id, &s) == OK && s.deadline_ms == house_now + 3600000,
		"the receipt is due in an hour");
	ok(delivery_overdue(c, d.p.s.acts, house_now + 3599999, &n) == OK && n == 0, "not before");
	is_int(delivery_change(
		       c, d.p.s.acts, "delivery.suspend", STR("operator"), s.id, STR("a moment")),
		OK, "it is suspended");
	ok(delivery_overdue(c, d.p.s.acts, house_now + 3600000, &n) == OK && n == 0,
		"then no clock runs");
	is_int(acts_tick_end(c, d.p.s.acts), OK, "time passes");
	house_now += 60000;
	is_int(delivery_change(c, d.p.s.acts, "delivery.resume", STR("operator"), s.id,
		       (struct str){"", 0}),
		OK, "it is resumed");
	ok(delivery_find(c, d.p.s.db, s.id, &s) == OK && s.deadline_ms == house_now + 3600000,
		"and the hour begins anew");
	ok(delivery_overdue(c, d.p.s.acts, house_now + 3600000, &n) == OK && n == 1,
		"when it is over it is an act");
	ok(delivery_overdue(c, d.p.s.acts, house_now + 3600000, &n) == OK && n == 0, "once");
	ok(delivery_find(c, d.p.s.db, s.id, &s) == OK && s.overdue && s.deadline_ms == 0 &&
			s.state == DELIVERY_STARTED,
		"and the delivery is as it was");
	ok(deal_replays(c, &d.p.s), "the log folds to the state that is stored");
	deal_close(&d);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(8 * LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	test_count(&c);
	test_time(&c);
	test_overdue(&c);
	return done_testing();
}
