/* The working days of China, by year, and periods counted over them.
 *
 * A day is a number of days since 1970-01-01 (codec/day), as people in China write it (UTC+8: calendar_day). Whether it is
 * worked is said by the notices of the State Council (rules/calendar/YYYY.json, built in): Monday to Friday but for the
 * days off, and the Saturdays and Sundays that are made up. A day of a year for which no notice is here is refused
 * (ERR_CALENDAR), never guessed. Days of late December may still be moved by the notice of the year that follows.
 *
 * Periods are counted by articles 201 to 203 of the Civil Code: the day on which a period starts does not count; one
 * of months or years ends on the day of that number, else on the last of the month; what ends on a day of rest (a weekend
 * that is not made up among them) ends on the next working day. A period of working days ends on one by itself.
 * Pure; the tables are constant. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/* 9999-12-31 */
#define CALENDAR_DAY_MAX 2932896

enum calendar_unit { CALENDAR_WORKING_DAYS, CALENDAR_DAYS, CALENDAR_MONTHS, CALENDAR_YEARS };

/* n is 1 to 9999. */
struct calendar_period {
	int64_t n;
	enum calendar_unit unit;
};

struct calendar_notice {
	const char *title, *number, *date; /* as issued */
	const char *read;                  /* where its text was read */
	bool verified;                     /* it was read, not recalled */
};

/* One paragraph of a notice: days off from..to, and what is worked for them. */
struct calendar_rest {
	const char *zh, *en;
	int64_t from, to;
	const int64_t *work;
	size_t work_n;
	const struct calendar_notice *notice;
};

struct calendar_year {
	int64_t year, first; /* first: 1 January */
	uint64_t off[6];     /* bit n of the whole: the day first + n is not worked */
	const struct calendar_notice *notices;
	size_t notices_n;
	const struct calendar_rest *rests;
	size_t rests_n;
};

/* All years that are here, in order and without a gap. */
extern const struct calendar_year calendar_years[];
extern const size_t calendar_years_n;

/* The day in China at a time. */
int64_t calendar_day(int64_t ms);
/* The time at which a day begins in China; it ends where the next one begins. */
int64_t calendar_day_ms(int64_t day);

/* "10wd", "3d", "6m", "5y"; false for everything else. */
bool calendar_period_parse(struct str text, struct calendar_period *ret);

/* ERR_CALENDAR as all that follow. */
must_use err calendar_is_working(struct ctx *c, int64_t day, bool *ret);
/* The paragraph that makes this day a day off, or one that is made up; NULL where the day of the week alone says it. */
must_use err calendar_rest_of(struct ctx *c, int64_t day, const struct calendar_rest **ret);
/* day itself if it is worked, else the first one after it that is. */
must_use err calendar_next_working(struct ctx *c, int64_t day, int64_t *ret);
/* The last day of a period of n working days that starts on day; n >= 1. */
must_use err calendar_add_working_days(struct ctx *c, int64_t day, int64_t n, int64_t *ret);
/* How many working days there are after from, up to and with to; 0 where to <= from. */
must_use err calendar_between(struct ctx *c, int64_t from, int64_t to, int64_t *ret);
/* The last day of any period, moved off days of rest. */
must_use err calendar_add(struct ctx *c, int64_t day, struct calendar_period period, int64_t *ret);
/* The last day of a period of days, months or years by the numbers of the days alone, as terms of validity run: no year is
 * unknown. */
int64_t calendar_add_plain(int64_t day, struct calendar_period period);
