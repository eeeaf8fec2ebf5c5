#include "codec/time.h"

#include <time.h>

#include "tests/tap.h"

/* Against the C library, over the whole range. */
static void agrees_with_libc(void)
{
	int wrong = 0;
	char http[30], theirs[64];
	for (int64_t s = 0; s < 253402300800; s += 86399 * 37) {
		time_t t = (time_t)s;
		struct tm tm;
		int64_t back = 0;
		(void)gmtime_r(&t, &tm);
		(void)strftime(theirs, sizeof theirs, "%a, %d %b %Y %H:%M:%S GMT", &tm);
		time_http(s * 1000, http);
		wrong += strcmp(http, theirs) != 0 || !time_parse_http(str_z(http), &back) ||
			 back != s * 1000;
	}
	is_int(wrong, 0, "dates of HTTP as the C library has them, 1970 to 9999");
}

static void reads_others(void)
{
	int64_t ms = 0, want = 0;
	ok(time_parse(STR("2026-11-24T03:00:00.120Z"), &want), "our own form");
	static const char *const same[] = {"2026-11-24T03:00:00.12Z",
		"2026-11-24T11:00:00.1200+08:00", "2026-11-23T22:30:00.120-04:30",
		"2026-11-24T03:00:00.120999z"};
	for (size_t i = 0; i < countof(same); i++) {
		ok(time_parse_rfc3339(str_z(same[i]), &ms), "%s is read", same[i]);
		is_int(ms, want, "as the same time");
	}
	static const char *const bad[] = {"2026-11-24T03:00Z", "2026-11-24T03:00:00",
		"2026-11-24T03:00:00.Z", "2026-11-24T03:00:00+0800", "2026-11-24T03:00:00+24:00"};
	for (size_t i = 0; i < countof(bad); i++)
		ok(!time_parse_rfc3339(str_z(bad[i]), &ms), "'%s' is refused", bad[i]);
	ok(!time_parse_http(STR("Mon, 24 Nov 2026 03:00:00 GMT"), &ms),
		"a wrong day of the week is refused");
	ok(time_parse_http(STR("Tue, 24 Nov 2026 03:00:00 GMT"), &ms), "the right one is read");
}

int main(void)
{
	agrees_with_libc();
	reads_others();
	return done_testing();
}
