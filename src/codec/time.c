#include "codec/time.h"

#include <stdio.h>
#include <string.h>

#define DAY_MS 86400000ll

struct date {
	int64_t year, month, day;
};

/* Days since 1970-01-01 of the proleptic Gregorian calendar; years from 0. March is month 0 of the count. */
static int64_t days_of(struct date d)
{
	int64_t y = d.month > 2 ? d.year : d.year - 1;
	int64_t era = y / 400, year_of_era = y % 400;
	int64_t day_of_year = (153 * ((d.month + 9) % 12) + 2) / 5 + d.day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

static struct date date_of(int64_t days)
{
	days += 719468;
	int64_t era = days / 146097, of_era = days % 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t shifted = (5 * of_year + 2) / 153;
	int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
	return (struct date){
		year + era * 400 + (month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1};
}

void time_text(int64_t ms, char ret[TIME_TEXT + 1])
{
	struct date d = date_of(ms / DAY_MS);
	int64_t rest = ms % DAY_MS;
	char text[96];
	(void)snprintf(text, sizeof text, "%04lld-%02lld-%02lldT%02lld:%02lld:%02lld.%03lldZ",
		(long long)d.year, (long long)d.month, (long long)d.day,
		(long long)(rest / 3600000), (long long)(rest / 60000 % 60),
		(long long)(rest / 1000 % 60), (long long)(rest % 1000));
	memcpy(ret, text, TIME_TEXT);
	ret[TIME_TEXT] = '\0';
}

/* The number that the digits at pattern position from..from+n say; -1 where one is no digit. */
static int64_t digits(struct str s, size_t from, size_t n)
{
	int64_t v = 0;
	for (size_t i = from; i < from + n; i++) {
		if (i >= s.n || s.p[i] < '0' || s.p[i] > '9')
			return -1;
		v = v * 10 + (s.p[i] - '0');
	}
	return v;
}

static bool punctuation(struct str s, const char *pattern)
{
	for (size_t i = 0; pattern[i] != '\0'; i++) {
		if (pattern[i] != '0' && (i >= s.n || s.p[i] != pattern[i]))
			return false;
	}
	return true;
}

static bool combine(struct date d, int64_t hour, int64_t minute, int64_t second, int64_t *ret_ms)
{
	if (d.year < 1970 || d.month < 1 || d.day < 1 || hour < 0 || hour > 23)
		return false;
	if (minute < 0 || minute > 59 || second < 0 || second > 59)
		return false;
	int64_t days = days_of(d);
	struct date back = date_of(days);
	if (back.year != d.year || back.month != d.month || back.day != d.day)
		return false;
	*ret_ms = days * DAY_MS + hour * 3600000 + minute * 60000 + second * 1000;
	return true;
}

/* YYYY-MM-DDThh:mm:ss at the start of s. */
static bool parse_seconds(struct str s, int64_t *ret_ms)
{
	if (!punctuation(str_sub(s, 0, 19), "0000-00-00T00:00:00"))
		return false;
	struct date d = {digits(s, 0, 4), digits(s, 5, 2), digits(s, 8, 2)};
	return combine(d, digits(s, 11, 2), digits(s, 14, 2), digits(s, 17, 2), ret_ms);
}

bool time_parse(struct str text, int64_t *ret_ms)
{
	int64_t ms;
	if (text.n != TIME_TEXT || !parse_seconds(text, &ms) || text.p[19] != '.' ||
		text.p[23] != 'Z' || digits(text, 20, 3) < 0)
		return false;
	*ret_ms = ms + digits(text, 20, 3);
	return true;
}

static bool parse_offset(struct str s, int64_t *ret_ms)
{
	if (str_is(s, "Z") || str_is(s, "z")) {
		*ret_ms = 0;
		return true;
	}
	if (s.n != 6 || s.p[3] != ':' || (s.p[0] != '+' && s.p[0] != '-'))
		return false;
	int64_t hour = digits(s, 1, 2), minute = digits(s, 4, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return false;
	*ret_ms = (hour * 60 + minute) * 60000 * (s.p[0] == '-' ? -1 : 1);
	return true;
}

bool time_parse_rfc3339(struct str text, int64_t *ret_ms)
{
	int64_t ms, offset;
	if (!parse_seconds(text, &ms))
		return false;
	struct str rest = str_sub(text, 19, text.n);
	if (rest.n > 0 && rest.p[0] == '.') {
		size_t n = 1;
		while (digits(rest, n, 1) >= 0)
			n++;
		if (n == 1)
			return false;
		for (size_t i = 1, unit = 100; i < n && unit > 0; i++, unit /= 10)
			ms += digits(rest, i, 1) * (int64_t)unit;
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
	struct date d = date_of(ms / DAY_MS);
	int64_t rest = ms % DAY_MS;
	char text[96];
	(void)snprintf(text, sizeof text, "%.3s, %02lld %.3s %04lld %02lld:%02lld:%02lld GMT",
		week + ms / DAY_MS % 7 * 3, (long long)d.day, months + (d.month - 1) * 3,
		(long long)d.year, (long long)(rest / 3600000), (long long)(rest / 60000 % 60),
		(long long)(rest / 1000 % 60));
	memcpy(ret, text, 29);
	ret[29] = '\0';
}

bool time_parse_http(struct str text, int64_t *ret_ms)
{
	if (text.n != 29 || !punctuation(str_sub(text, 3, 2), ", "))
		return false;
	struct date d = {digits(text, 12, 4), 0, digits(text, 5, 2)};
	for (size_t i = 0; i < 12; i++) {
		if (memcmp(text.p + 8, months + 3 * i, 3) == 0)
			d.month = (int64_t)i + 1;
	}
	int64_t ms;
	if (!combine(d, digits(text, 17, 2), digits(text, 20, 2), digits(text, 23, 2), &ms))
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
