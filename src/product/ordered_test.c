#include "product/ordered.h"

#include "tests/tap.h"

static int64_t ms(const char *text)
{
	int64_t v = -1;
	ok(ordered_time(str_z(text), &v), "%s is a time", text);
	return v;
}

static void times(void)
{
	static const char *const none[] = {"2026-02-30", "2025-02-29", "1900-02-29", "2026-04-31",
		"2026-04-01T24:01", "0000-01-01", "20260401", "", "noon"};
	is_int(ms("1970-01-01"), 0, "the epoch");
	is_int(ms("2000-03-01"), 951868800000, "behind a leap day of a century");
	is_int(ms("1969-12-31"), -86400000, "the day before");
	is_int(ms("1900-03-01"), -2203891200000, "no leap day in 1900");
	is_int(ms("2026-11-24T08:00:00.250+08:00"), 1795478400250, "an offset is taken off");
	is_int(ms("2026/11/24 00:00"), 1795478400000, "slashes, a space, no seconds");
	is_int(ms("2026-11-24T24:00:00Z"), 1795564800000, "the end of a day");
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		int64_t v;
		ok(!ordered_time(str_z(none[i]), &v), "'%s' is none", none[i]);
	}
}

static void compares(const char *a, const char *b, int want)
{
	struct ordered x = ordered_of(str_z(a), VALUE_ANY), y = ordered_of(str_z(b), VALUE_ANY);
	int got = 9;
	ok(ordered_cmp(&x, &y, &got), "%s and %s compare", a, b);
	is_int((got > 0) - (got < 0), want, "%s beside %s", a, b);
}

int main(void)
{
	int got;
	times();
	compares("9", "10", -1);
	compares("1.50", "1.5", 0);
	compares("-2", "-10", 1);
	compares("2026-01-09", "2026-01-09T00:00:01", -1);
	compares("b", "a", 1);
	compares("007", "06", -1);
	struct ordered n = ordered_of(STR("5"), VALUE_ANY), t = ordered_of(STR("5"), VALUE_TEXT);
	ok(!ordered_cmp(&n, &t, &got), "a number beside a text that looks like one");
	n = ordered_of(STR("2026-02-30"), VALUE_ANY);
	is_int(n.kind, ORDERED_TEXT, "what is no day has no place in time");
	return done_testing();
}
