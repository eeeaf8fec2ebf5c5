#include "govern/deadline.h"

#include "base/arena.h"
#include "codec/day.h"
#include "tests/tap.h"

static int64_t day(const char *text)
{
	int64_t d = -1;
	return day_parse(str_z(text), &d) ? d : -1;
}

static const struct calendar_period TEN = {10, CALENDAR_WORKING_DAYS};

static void test_running(struct ctx *c)
{
	struct deadline d;
	ok(deadline_due(c, day("2026-04-15"), TEN, NULL, 0, &d) == OK && !d.stands &&
			d.due == day("2026-04-29") && d.counted == 10,
		"without a suspension it is the plain period");
	struct deadline_pause one[] = {{day("2026-04-17"), day("2026-04-21")}};
	ok(deadline_due(c, day("2026-04-15"), TEN, one, 1, &d) == OK && d.due == day("2026-05-06"),
		"20 and 21 April are taken out");
	struct deadline_pause overlapping[] = {{day("2026-04-20"), day("2026-04-21")},
		{day("2026-04-17"), day("2026-04-20")}, {day("2026-04-19"), day("2026-04-21")}};
	ok(deadline_due(c, day("2026-04-15"), TEN, overlapping, 3, &d) == OK &&
			d.due == day("2026-05-06"),
		"the same days in three suspensions are taken out once");
	struct deadline_pause late[] = {{day("2026-04-29"), DEADLINE_LASTS}};
	ok(deadline_due(c, day("2026-04-15"), TEN, late, 1, &d) == OK && !d.stands &&
			d.due == day("2026-04-29"),
		"a suspension on the last day comes too late");
	struct deadline_pause empty[] = {{day("2026-04-20"), day("2026-04-20")}};
	ok(deadline_due(c, day("2026-04-15"), TEN, empty, 1, &d) == OK &&
			d.due == day("2026-04-29"),
		"one that ends on its own day takes nothing out");
}

static void test_standing(struct ctx *c)
{
	struct deadline d;
	struct deadline_pause lasts[] = {{day("2026-04-17"), DEADLINE_LASTS}};
	ok(deadline_due(c, day("2026-04-15"), TEN, lasts, 1, &d) == OK && d.stands &&
			d.counted == 2 && d.due == day("2026-04-17"),
		"while it lasts there is no due day, and two days are over");
	struct deadline_pause at_once[] = {{day("2026-04-15"), DEADLINE_LASTS}};
	ok(deadline_due(c, day("2026-04-15"), TEN, at_once, 1, &d) == OK && d.stands &&
			d.counted == 0 && d.due == day("2026-04-15"),
		"also from the first day on");
}

static void test_others(struct ctx *c)
{
	struct deadline d;
	struct calendar_period days = {3, CALENDAR_DAYS}, months = {1, CALENDAR_MONTHS};
	struct deadline_pause one[] = {{day("2026-04-16"), day("2026-04-17")}};
	ok(deadline_due(c, day("2026-04-15"), days, one, 1, &d) == OK && d.due == day("2026-04-20"),
		"days count on Saturday and Sunday and end on a working day");
	ok(deadline_due(c, day("2026-04-15"), months, NULL, 0, &d) == ERR_BAD_VALUE,
		"months are not suspended");
	ok(deadline_due(c, day("2026-12-25"), TEN, NULL, 0, &d) == ERR_CALENDAR,
		"and no year is guessed");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1 << 16);
	struct ctx c = {.arena = a};
	test_running(&c);
	test_standing(&c);
	test_others(&c);
	return done_testing();
}
