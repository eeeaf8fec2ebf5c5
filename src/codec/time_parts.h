/* What those share that count by the calendar (codec/time*.c, codec/day.c, govern/calendar.c): dates and the pieces of a text. Pure. */
#pragma once

#include "codec/time.h"

#define TIME_DAY_MS 86400000ll

struct time_date {
	int64_t year, month, day;
};

struct time_date time_date_of(int64_t days);
/* The number that the digits from..from+n say; -1 where one is no digit. */
int64_t time_digits(struct str s, size_t from, size_t n);
/* Every character of the pattern but '0' stands in s at its place. */
bool time_punctuation(struct str s, const char *pattern);
/* False for what is no date or time of day. */
bool time_combine(
	struct time_date d, int64_t hour, int64_t minute, int64_t second, int64_t *ret_ms);
/* YYYY-MM-DDThh:mm:ss at the start of s. */
bool time_parse_seconds(struct str s, int64_t *ret_ms);
