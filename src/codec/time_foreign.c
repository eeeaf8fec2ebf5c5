/* The times that others write, which a verifier never meets: any RFC 3339, and the dates of HTTP. */
#include "codec/time.h"

#include <stdio.h>
#include <string.h>

#include "codec/time_parts.h"

static bool parse_offset(struct str s, int64_t *ret_ms)
{
	if (str_is(s, "Z") || str_is(s, "z")) {
		*ret_ms = 0;
		return true;
	}
	if (s.n != 6 || s.p[3] != ':' || (s.p[0] != '+' && s.p[0] != '-'))
		return false;
	int64_t hour = time_digits(s, 1, 2), minute = time_digits(s, 4, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return false;
	*ret_ms = (hour * 60 + minute) * 60000 * (s.p[0] == '-' ? -1 : 1);
	return true;
}

bool time_parse_rfc3339(struct str text, int64_t *ret_ms)
{
	int64_t ms, offset;
	if (!time_parse_seconds(text, &ms))
		return false;
	struct str rest = str_sub(text, 19, text.n);
	if (rest.n > 0 && rest.p[0] == '.') {
		size_t n = 1;
		while (time_digits(rest, n, 1) >= 0)
			n++;
		if (n == 1)
			return false;
		for (size_t i = 1, unit = 100; i < n && unit > 0; i++, unit /= 10)
			ms += time_digits(rest, i, 1) * (int64_t)unit;
		rest = str_sub(rest, n, rest.n);
	}
	if (!parse_offset(rest, &offset) || ms < offset)
		return false;
	*ret_ms = ms - offset;
	return true;
}

static const char week[] = "ThuFriSatSunMonTueWed";
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

void time_http(int64_t ms, char ret[30])
{
	struct time_date d = time_date_of(ms / TIME_DAY_MS);
	int64_t rest = ms % TIME_DAY_MS;
	char text[96];
	(void)snprintf(text, sizeof text, "%.3s, %02lld %.3s %04lld %02lld:%02lld:%02lld GMT",
		week + ms / TIME_DAY_MS % 7 * 3, (long long)d.day, months + (d.month - 1) * 3,
		(long long)d.year, (long long)(rest / 3600000), (long long)(rest / 60000 % 60),
		(long long)(rest / 1000 % 60));
	memcpy(ret, text, 29);
	ret[29] = '\0';
}

bool time_parse_http(struct str text, int64_t *ret_ms)
{
	if (text.n != 29 || !time_punctuation(str_sub(text, 3, 2), ", "))
		return false;
	struct time_date d = {time_digits(text, 12, 4), 0, time_digits(text, 5, 2)};
	for (size_t i = 0; i < 12; i++) {
		if (memcmp(text.p + 8, months + 3 * i, 3) == 0)
			d.month = (int64_t)i + 1;
	}
	int64_t ms;
	if (!time_combine(d, time_digits(text, 17, 2), time_digits(text, 20, 2),
		    time_digits(text, 23, 2), &ms))
		return false;
	char back[30];
	time_http(ms, back);
	if (memcmp(back, text.p, 29) != 0)
		return false;
	*ret_ms = ms;
	return true;
}

err time_str(struct ctx *c, int64_t ms, struct str *ret)
{
	char text[TIME_TEXT + 1];
	time_text(ms, text);
	return arena_str(c, (struct str){text, TIME_TEXT}, ret);
}
