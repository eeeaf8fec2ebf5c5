#include "govern/registration_clock.h"

#include "base/arena.h"
#include "codec/day.h"
#include "tests/tap.h"

static int64_t day(const char *text)
{
	int64_t d = 0;
	return day_parse(str_z(text), &d) ? d : -1;
}

static const char *text_of(int64_t d)
{
	static char text[4][DAY_TEXT + 1];
	static unsigned turn;
	char *t = text[turn++ % 4];
	if (d <= 0)
		return "-";
	day_text(d, t);
	return t;
}

static struct registration_due clock_of(struct ctx *c, enum registration_state s,
	const struct registration_dates *d, const char *what, size_t *ret_n)
{
	struct registration_due all[REGISTRATION_CLOCKS] = {{.what = ""}};
	*ret_n = 0;
	is_int(registration_clocks(c, s, d, all, ret_n), OK, "the clocks");
	for (size_t i = 0; i < *ret_n; i++) {
		if (str_is(str_z(what), all[i].what))
			return all[i];
	}
	return (struct registration_due){.what = "none"};
}

/* Each clock of the guide over a week that has a holiday in it: Labour Day 2026 is 1 to 5 May, 9 May is worked. */
static void test_each(struct ctx *c)
{
	size_t n = 0;
	int64_t t = 0;
	struct registration_dates d = {.received = day("2026-04-29"),
		.correct_by = day("2026-05-20"),
		.accepted = day("2026-04-29"),
		.publicity_to = day("2026-05-08"),
		.supply_by = day("2026-05-15"),
		.objected = day("2026-04-30"),
		.contested = day("2026-04-30"),
		.from = day("2026-04-30"),
		.to = day("2031-04-30")};
	struct registration_due due = clock_of(c, REG_APPLIED, &d, "accept", &n);
	is_str(text_of(due.day), "2026-05-07", "three working days, art. 17");
	ok(registration_deemed_on(c, d.received, &t) == OK, "deemed");
	is_str(text_of(t), "2026-05-08", "on the first working day after, art. 17");
	ok(due.who == REG_REGISTRAR && n == 1, "by the registrar");
	due = clock_of(c, REG_RETURNED, &d, "correct", &n);
	ok(due.who == REG_APPLICANT, "corrections by the applicant");
	is_str(text_of(due.day), "2026-05-20", "by the day that was said");
	due = clock_of(c, REG_ACCEPTED, &d, "finish", &n);
	is_str(text_of(due.day), "2026-05-15",
		"ten working days, art. 28: the ninth of May is worked");
	d.extension = 10;
	due = clock_of(c, REG_ACCEPTED, &d, "finish", &n);
	is_str(text_of(due.day), "2026-05-29", "and ten more");
	due = clock_of(c, REG_PUBLICITY, &d, "publicity", &n);
	is_str(text_of(due.day), "2026-05-08", "publicity, art. 24");
	due = clock_of(c, REG_OBJECTED, &d, "investigate", &n);
	is_str(text_of(due.day), "2026-05-18", "ten working days, art. 25");
	due = clock_of(c, REG_CONTESTED, &d, "notify", &n);
	is_str(text_of(due.day), "2026-05-11", "five working days, art. 29");
	d.notified = true;
	due = clock_of(c, REG_CONTESTED, &d, "notify", &n);
	is_str(due.what, "none", "told is told");
	due = clock_of(c, REG_SUPPLEMENT, &d, "supplement", &n);
	is_str(text_of(due.day), "2026-05-15", "a supplement by the day that was said");
	due = clock_of(c, REG_REGISTERED, &d, "renew", &n);
	is_str(text_of(due.opens), "2030-10-30", "renewal from six months before, art. 36");
	is_str(text_of(due.day), "2031-04-29", "to the day before the end");
	due = clock_of(c, REG_REGISTERED, &d, "lapse", &n);
	is_str(text_of(due.day), "2031-04-30", "then it lapses");
	is_str(text_of(registration_valid_to(day("2026-04-30"))), "2031-04-30",
		"five years, art. 26");
	is_str(text_of(registration_renew_from(day("2026-08-31"))), "2026-02-28",
		"months are uneven");
	(void)clock_of(c, REG_REFUSED, &d, "finish", &n);
	is_int((long long)n, 0, "what is refused has no clock");
}

static void test_pauses(struct ctx *c)
{
	size_t n = 0;
	struct registration_dates d = {.accepted = day("2026-03-02"),
		.pauses = {{day("2026-03-03"), DEADLINE_LASTS}},
		.pauses_n = 1};
	struct registration_due due = clock_of(c, REG_SUPPLEMENT, &d, "finish", &n);
	ok(due.stands && due.day == 0, "while a supplement is awaited the clock stands");
	d.pauses[0].to = day("2026-03-06");
	due = clock_of(c, REG_ACCEPTED, &d, "finish", &n);
	is_str(text_of(due.day), "2026-03-19", "three working days were not counted");
	d.pauses[1] = (struct deadline_pause){day("2026-03-09"), day("2026-03-16")};
	d.pauses_n = 2;
	due = clock_of(c, REG_CLEARED, &d, "finish", &n);
	is_str(text_of(due.day), "2026-03-26", "nor five of publicity");
}

static void test_unknown(struct ctx *c)
{
	size_t n = 0;
	struct registration_due all[REGISTRATION_CLOCKS];
	const struct registration_dates d = {.received = day("2098-12-30"),
		.accepted = day("2098-12-30"),
		.publicity_to = day("2098-12-31")};
	struct registration_due due = clock_of(c, REG_APPLIED, &d, "accept", &n);
	ok(due.day == 0 && !due.stands, "where no calendar reaches, the day is unknown");
	ok(registration_clocks(c, REG_PUBLICITY, &d, all, &n) == OK && n == 2, "two clocks");
	is_str(all[0].what, "finish", "and what is unknown comes first");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1 << 20);
	struct ctx c = {.arena = a};
	test_each(&c);
	test_pauses(&c);
	test_unknown(&c);
	return done_testing();
}
