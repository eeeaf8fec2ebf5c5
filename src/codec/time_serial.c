#include "codec/time_serial.h"

#include <stdio.h>

#include "codec/time_parts.h"

#define DAY_S 86400
#define OF_1970 25569 /* 1970-01-01 in the system of 1900 */
#define OF_1904 1462  /* 1904-01-01 there */
#define LAST 2958465  /* 9999-12-31 */
#define FRACTION_DIGITS 9

/* Whole days, and seconds of the day, rounded. */
static bool split(struct str serial, int64_t *ret_days, int64_t *ret_seconds)
{
	struct str whole = serial, rest = {0};
	int64_t scale = 1, fraction = 0;
	bool has_fraction = str_cut(serial, '.', &whole, &rest);
	if (whole.n == 0 || whole.n > 7 || (has_fraction && rest.n == 0))
		return false;
	*ret_days = time_digits(whole, 0, whole.n);
	if (*ret_days < 0)
		return false;
	for (size_t i = 0; i < rest.n; i++) {
		if (rest.p[i] < '0' || rest.p[i] > '9')
			return false;
		if (i < FRACTION_DIGITS) {
			fraction = fraction * 10 + (rest.p[i] - '0');
			scale *= 10;
		}
	}
	*ret_seconds = (fraction * DAY_S + scale / 2) / scale;
	if (*ret_seconds == DAY_S) {
		++*ret_days;
		*ret_seconds = 0;
	}
	return true;
}

bool time_serial(struct str serial, bool since_1904, char ret[TIME_SERIAL_TEXT + 1])
{
	int64_t days = 0, seconds = 0;
	if (!split(serial, &days, &seconds))
		return false;
	char clock[9];
	snprintf(clock, sizeof clock, "%02u:%02u:%02u", (unsigned)seconds / 3600 % 24,
		(unsigned)seconds / 60 % 60, (unsigned)seconds % 60);
	if (days == 0 && !since_1904) {
		snprintf(ret, TIME_SERIAL_TEXT + 1, "%s", clock);
		return true;
	}
	days += since_1904 ? OF_1904 : 0;
	if (days == 60 || days > LAST)
		return false;
	struct time_date d = time_date_of(days - OF_1970 + (days < 60));
	snprintf(ret, TIME_SERIAL_TEXT + 1, "%04u-%02u-%02u%s%s", (unsigned)d.year % 10000u,
		(unsigned)d.month % 100u, (unsigned)d.day % 100u, seconds > 0 ? " " : "",
		seconds > 0 ? clock : "");
	return true;
}

/* The position behind a quoted, escaped or bracketed part that begins at i; i where there is none. ret_duration: [h]. */
static size_t behind_literal(struct str s, size_t i, bool *ret_duration)
{
	char ch = s.p[i];
	if (ch == '\\' || ch == '_' || ch == '*')
		return i + 2;
	if (ch != '"' && ch != '[')
		return i;
	size_t n = str_find(str_sub(s, i + 1, s.n), ch == '"' ? '"' : ']');
	char first = i + 1 < s.n ? (char)(s.p[i + 1] | 32) : '\0';
	bool counts = first == 'h' || first == 's' || (first == 'm' && n <= 2);
	*ret_duration = *ret_duration || (ch == '[' && counts);
	return i + n + 2;
}

bool time_serial_format(struct str code)
{
	bool duration = false, timed = false;
	for (size_t i = 0; i < code.n;) {
		size_t behind = behind_literal(code, i, &duration);
		if (behind > i) {
			i = behind;
			continue;
		}
		char ch = (char)(code.p[i++] | 32);
		timed = timed || ch == 'y' || ch == 'm' || ch == 'd' || ch == 'h' || ch == 's';
	}
	struct str plain = str_sub(code, 0, 7);
	return timed && !duration && !str_is_nocase(plain, "general");
}

bool time_serial_builtin(uint64_t id)
{
	return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || id == 45 || id == 47 ||
	       (id >= 50 && id <= 58);
}

/* Days since 0000-03-01, the years of which begin in March, so that a leap day is the last. */
static int64_t face_days(int64_t year, int64_t month, int64_t day)
{
	year -= month <= 2;
	int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	return year * 365 + year / 4 - year / 100 + year / 400 + of_year;
}

bool time_face(struct str s, int64_t *ret_seconds)
{
	int64_t year = time_digits(s, 0, 4), month = time_digits(s, 5, 2),
		day = time_digits(s, 8, 2);
	int64_t hour = 0, minute = 0, second = 0;
	if (s.n < 10 || year < 1 || month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	if (s.n >= 16) {
		hour = time_digits(s, 11, 2);
		minute = time_digits(s, 14, 2);
		second = s.n >= 19 && s.p[16] == ':' ? time_digits(s, 17, 2) : 0;
	}
	if (hour < 0 || minute < 0 || second < 0)
		return false;
	*ret_seconds = face_days(year, month, day) * DAY_S + hour * 3600 + minute * 60 + second;
	return true;
}

void time_face_text(int64_t seconds, bool date_only, char ret[TIME_SERIAL_TEXT + 1])
{
	/* time_date_of counts from 1970, which is 719,468 days later. */
	struct time_date d = time_date_of(seconds / DAY_S - 719468);
	uint32_t of_day = (unsigned)(seconds % DAY_S);
	size_t n = (size_t)snprintf(ret, TIME_SERIAL_TEXT + 1, "%04u-%02u-%02u",
		(unsigned)d.year % 10000u, (unsigned)d.month % 100u, (unsigned)d.day % 100u);
	if (!date_only)
		snprintf(ret + n, TIME_SERIAL_TEXT + 1 - n, " %02u:%02u:%02u", of_day / 3600 % 24,
			of_day / 60 % 60, of_day % 60);
}
