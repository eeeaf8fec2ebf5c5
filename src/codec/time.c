#include "codec/time.h"

#include <string.h>

#include "codec/time_parts.h"

/* Days since 1970-01-01 of the proleptic Gregorian calendar; years from 0. March is month 0 of the count. */
static int64_t days_of(struct time_date d)
{
	int64_t y = d.month > 2 ? d.year : d.year - 1;
	int64_t era = y / 400, year_of_era = y % 400;
	int64_t day_of_year = (153 * ((d.month + 9) % 12) + 2) / 5 + d.day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

struct time_date time_date_of(int64_t days)
{
	days += 719468;
	int64_t era = days / 146097, of_era = days % 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t shifted = (5 * of_year + 2) / 153;
	int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
	return (struct time_date){
		year + era * 400 + (month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1};
}

static void put_digits(char *at, size_t n, int64_t v)
{
	for (; n-- > 0; v /= 10)
		at[n] = (char)('0' + v % 10);
}

void time_text(int64_t ms, char ret[TIME_TEXT + 1])
{
	struct time_date d = time_date_of(ms / TIME_DAY_MS);
	int64_t rest = ms % TIME_DAY_MS;
	memcpy(ret, "0000-00-00T00:00:00.000Z", TIME_TEXT + 1);
	put_digits(ret, 4, d.year);
	put_digits(ret + 5, 2, d.month);
	put_digits(ret + 8, 2, d.day);
	put_digits(ret + 11, 2, rest / 3600000);
	put_digits(ret + 14, 2, rest / 60000 % 60);
	put_digits(ret + 17, 2, rest / 1000 % 60);
	put_digits(ret + 20, 3, rest % 1000);
}

/* The number that the digits at pattern position from..from+n say; -1 where one is no digit. */
int64_t time_digits(struct str s, size_t from, size_t n)
{
	int64_t v = 0;
	for (size_t i = from; i < from + n; i++) {
		if (i >= s.n || s.p[i] < '0' || s.p[i] > '9')
			return -1;
		v = v * 10 + (s.p[i] - '0');
	}
	return v;
}

bool time_punctuation(struct str s, const char *pattern)
{
	for (size_t i = 0; pattern[i] != '\0'; i++) {
		if (pattern[i] != '0' && (i >= s.n || s.p[i] != pattern[i]))
			return false;
	}
	return true;
}

bool time_combine(struct time_date d, int64_t hour, int64_t minute, int64_t second, int64_t *ret_ms)
{
	if (d.year < 1970 || d.month < 1 || d.day < 1 || hour < 0 || hour > 23)
		return false;
	if (minute < 0 || minute > 59 || second < 0 || second > 59)
		return false;
	int64_t days = days_of(d);
	struct time_date back = time_date_of(days);
	if (back.year != d.year || back.month != d.month || back.day != d.day)
		return false;
	*ret_ms = days * TIME_DAY_MS + hour * 3600000 + minute * 60000 + second * 1000;
	return true;
}

/* YYYY-MM-DDThh:mm:ss at the start of s. */
bool time_parse_seconds(struct str s, int64_t *ret_ms)
{
	if (!time_punctuation(str_sub(s, 0, 19), "0000-00-00T00:00:00"))
		return false;
	struct time_date d = {time_digits(s, 0, 4), time_digits(s, 5, 2), time_digits(s, 8, 2)};
	return time_combine(
		d, time_digits(s, 11, 2), time_digits(s, 14, 2), time_digits(s, 17, 2), ret_ms);
}

bool time_parse(struct str text, int64_t *ret_ms)
{
	int64_t ms;
	if (text.n != TIME_TEXT || !time_parse_seconds(text, &ms) || text.p[19] != '.' ||
		text.p[23] != 'Z' || time_digits(text, 20, 3) < 0)
		return false;
	*ret_ms = ms + time_digits(text, 20, 3);
	return true;
}
