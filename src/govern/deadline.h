/* A term that can stand still: n days from a start, while days of suspension (a supplement is awaited, publicity runs, an
 * objection is looked at) are not counted.
 *
 * Days are those of govern/calendar. A suspension is a period like any other: the day on which its cause arises still
 * counts, the day on which the cause ends does not, the next one does again; so it takes out the days from+1 to to.
 * Suspensions may overlap and stand in any order. Pure; nothing is owned. ERR_CALENDAR, and ERR_BAD_VALUE for a term of
 * months or years, which nothing suspends here. */
#pragma once

#include "govern/calendar.h"

/* to of a suspension that still lasts. */
#define DEADLINE_LASTS INT64_MAX

struct deadline_pause {
	int64_t from, to;
};

struct deadline {
	bool stands; /* a suspension lasts, and the term has not run out before it: there is no due day */
	int64_t due; /* the last day of the term; where it stands, the last day that counted (at least the start) */
	int64_t counted; /* days of the term that are over by due */
};

must_use err deadline_due(struct ctx *c, int64_t start, struct calendar_period term,
	const struct deadline_pause *pauses, size_t pauses_n, struct deadline *ret);
