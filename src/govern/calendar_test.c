#include "govern/calendar.h"

#include "base/arena.h"
#include "codec/day.h"
#include "tests/tap.h"

static int64_t day(const char *text)
{
	int64_t d = -1;
	ok(day_parse(str_z(text), &d), "%s is a day", text);
	return d;
}

static const char *added(struct ctx *c, const char *start, const char *period)
{
	static char text[DAY_TEXT + 1];
	struct calendar_period p;
	int64_t last;
	if (!calendar_period_parse(str_z(period), &p))
		return "no period";
	if (calendar_add(c, day(start), p, &last) != OK)
		return err_row(c->trouble.code)->slug;
	day_text(last, text);
	return text;
}

static void test_periods(struct ctx *c)
{
	static const struct {
		const char *start, *period, *last;
	} rows[] = {
		/* The start does not count; 18 and 19 April 2026 are a weekend. */
		{"2026-04-15", "1wd", "2026-04-16"},
		{"2026-04-15", "3wd", "2026-04-20"},
		{"2026-04-15", "10wd", "2026-04-29"},
		/* Over Labour Day; Saturday 9 May is made up. */
		{"2026-04-29", "2wd", "2026-05-06"},
		{"2026-04-29", "5wd", "2026-05-09"},
		{"2026-04-29", "6wd", "2026-05-11"},
		/* A start on a day off. */
		{"2026-02-15", "1wd", "2026-02-24"},
		{"2026-02-13", "1wd", "2026-02-14"},
		/* Calendar days end where they end, and move off days of rest. */
		{"2026-04-15", "1d", "2026-04-16"},
		{"2026-04-15", "3d", "2026-04-20"},
		{"2026-09-17", "3d", "2026-09-20"},
		{"2026-01-31", "1m", "2026-02-28"},
		{"2026-08-31", "1m", "2026-09-30"},
		{"2026-03-01", "7m", "2026-10-08"},
		{"2024-02-29", "1y", "2025-02-28"},
		{"2020-02-29", "4y", "2024-02-29"},
		{"2021-05-03", "5y", "2026-05-06"},
		/* Across a year. */
		{"2025-12-30", "3wd", "2026-01-05"},
		{"2018-12-28", "1wd", "2018-12-29"},
		/* Outside. */
		{"2026-12-25", "5wd", "outside-calendar"},
		{"2026-12-25", "4wd", "2026-12-31"},
		{"2026-12-31", "1d", "outside-calendar"},
		{"2017-12-31", "1wd", "2018-01-02"},
		{"2017-12-30", "1wd", "outside-calendar"},
		{"2026-04-15", "5y", "outside-calendar"},
	};
	for (size_t i = 0; i < countof(rows); i++)
		is_str(added(c, rows[i].start, rows[i].period), rows[i].last, "%s + %s",
			rows[i].start, rows[i].period);
	static const char *const bad[] = {"", "wd", "0d", "-1wd", "+1d", "01d", "1", "1w", "1wd ",
		"10000d", "1.5d", "99999999999999999999d"};
	struct calendar_period p;
	for (size_t i = 0; i < countof(bad); i++)
		ok(!calendar_period_parse(str_z(bad[i]), &p), "'%s' is no period", bad[i]);
	int64_t last;
	ok(calendar_add_working_days(c, day("2026-04-15"), 0, &last) == ERR_BAD_VALUE &&
			calendar_add_working_days(c, day("2026-04-15"), -1, &last) == ERR_BAD_VALUE,
		"no negative and no empty period");
}

static void test_plain(void)
{
	char text[DAY_TEXT + 1];
	day_text(calendar_add_plain(day("2026-10-07"), (struct calendar_period){5, CALENDAR_YEARS}),
		text);
	is_str(text, "2031-10-07", "a term of validity needs no calendar of 2031");
	ok(calendar_add_plain(day("2026-10-07"), (struct calendar_period){9999, CALENDAR_YEARS}) ==
			CALENDAR_DAY_MAX,
		"and ends with the year 9999 at the latest");
}

static void test_days(struct ctx *c)
{
	const struct calendar_rest *r;
	bool working;
	ok(calendar_rest_of(c, day("2026-05-03"), &r) == OK && r != NULL &&
			strcmp(r->en, "Labour Day") == 0 &&
			strcmp(r->notice->date, "2025-11-04") == 0,
		"a day off names its notice");
	ok(calendar_rest_of(c, day("2026-05-09"), &r) == OK && r != NULL &&
			calendar_is_working(c, day("2026-05-09"), &working) == OK && working,
		"and so does a day that is made up");
	ok(calendar_rest_of(c, day("2026-05-10"), &r) == OK && r == NULL &&
			calendar_is_working(c, day("2026-05-10"), &working) == OK && !working,
		"a plain Sunday has none");
	ok(calendar_rest_of(c, day("2019-05-03"), &r) == OK && r != NULL &&
			strcmp(r->notice->date, "2019-03-22") == 0,
		"the notice that changed a holiday is the one named");
}

static void test_edges(struct ctx *c)
{
	int64_t n;
	bool working;
	ok(calendar_between(c, day("2026-04-15"), day("2026-04-29"), &n) == OK && n == 10,
		"between counts as adding does");
	ok(calendar_between(c, day("2026-04-15"), day("2026-04-15"), &n) == OK && n == 0,
		"and nothing where there is nothing");
	ok(calendar_is_working(c, -1, &working) == ERR_CALENDAR &&
			calendar_is_working(c, INT64_MAX / 2, &working) == ERR_CALENDAR &&
			strstr(c->trouble.detail, "2018 to 2026") != NULL,
		"a refusal names the years there are");
	/* 2026-04-15T15:59:59.999Z is still the 15th in China, a millisecond later it is not. */
	int64_t midnight = calendar_day_ms(day("2026-04-16"));
	ok(calendar_day(midnight) == calendar_day(midnight - 1) + 1 &&
			calendar_day(midnight) == day("2026-04-16"),
		"a day begins at midnight in China");
}

/* Working days by year, as the sums of the notices give them. */
static void test_sums(struct ctx *c)
{
	static const int64_t sums[] = {250, 250, 249, 250, 249, 249, 251, 248, 248};
	for (size_t i = 0; i < calendar_years_n && i < countof(sums); i++) {
		const struct calendar_year *y = &calendar_years[i];
		int64_t n = 0;
		bool working;
		for (int64_t d = y->first; calendar_is_working(c, d, &working) == OK &&
					   (i + 1 == calendar_years_n || d < y[1].first);
			d++)
			n += working;
		is_int(n, sums[i], "working days of %d", (int)y->year);
		ok(y->notices_n > 0 && y->notices[0].verified, "whose notice was read");
	}
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1 << 16);
	struct ctx c = {.arena = a};
	test_periods(&c);
	test_plain();
	test_days(&c);
	test_edges(&c);
	test_sums(&c);
	return done_testing();
}
