#include "codec/time.h"

#include <time.h>

#include "tests/tap.h"

/* Against the C library, over the whole range. */
static void agrees_with_libc(void)
{
	int wrong = 0;
	char mine[TIME_TEXT + 1], theirs[64];
	for (int64_t s = 0; s < 253402300800; s += 86399 * 37) {
		time_t t = (time_t)s;
		struct tm tm;
		(void)gmtime_r(&t, &tm);
		(void)strftime(theirs, sizeof theirs, "%Y-%m-%dT%H:%M:%S.007Z", &tm);
		time_text(s * 1000 + 7, mine);
		int64_t back = 0;
		wrong += strcmp(mine, theirs) != 0 || !time_parse(str_z(mine), &back) ||
			 back != s * 1000 + 7;
	}
	is_int(wrong, 0, "text and back as the C library has it, 1970 to 9999");
}

static void refuses(void)
{
	static const char *const bad[] = {"2026-11-24T03:00:00Z", "2026-02-29T03:00:00.000Z",
		"2026-11-24T24:00:00.000Z", "2026-11-24T03:60:00.000Z", "2026-11-24T03:00:60.000Z",
		"2026-13-24T03:00:00.000Z", "2026-00-24T03:00:00.000Z", "1969-12-31T23:59:59.999Z",
		"2026-11-24 03:00:00.000Z", "2026-11-24T03:00:00.000z", "2026-11-24T03:00:00.00aZ",
		""};
	int64_t ms = 5;
	for (size_t i = 0; i < countof(bad); i++)
		ok(!time_parse(str_z(bad[i]), &ms), "'%s' is refused", bad[i]);
	is_int(ms, 5, "a refusal writes nothing");
}

int main(void)
{
	agrees_with_libc();
	refuses();
	return done_testing();
}
