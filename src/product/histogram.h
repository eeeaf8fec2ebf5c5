/* How values are spread: a histogram of at most HISTOGRAM_BINS equal bins with round edges, and the mean, learnt in one pass
 * and 8 KiB whatever comes, exactly: counts lie in at most HISTOGRAM_SLOTS narrow bins whose width is a power of ten (of
 * times: 1 s, 1 min, 1 h, 1 d, 10 d, ...) and which are joined when the span grows. The same values in any order give the
 * same answer. Integer arithmetic alone. Plain data; all zero is empty. */
#pragma once

#include <limits.h>

#include "codec/json.h"
#include "product/value.h"

#define HISTOGRAM_SLOTS 1000
#define HISTOGRAM_BINS 20

enum histogram_of { HISTOGRAM_NUMBER, HISTOGRAM_TIME, HISTOGRAM_LENGTH };

struct histogram {
	enum histogram_of of;
	uint64_t n;
	int level;         /* numbers: width is 10^level; times: the rung of the ladder */
	int64_t low, high; /* of the bins that hold anything, in widths */
	uint64_t counts[HISTOGRAM_SLOTS]; /* bin i is at i modulo the slots */
	__int128 sum;                     /* of numbers, in 10^-9 */
	bool no_mean;                     /* a number was too large for it */
};

/* Numbers beyond 10^400 are left out, as those below 10^-400 are. */
void histogram_number(struct histogram *h, const struct number *number, uint64_t weight);
/* seconds: of time_face. */
void histogram_time(struct histogram *h, int64_t seconds, uint64_t weight);
/* Characters of a text. */
void histogram_length(struct histogram *h, uint64_t length, uint64_t weight);
/* {of, from, to, counts}: counts.n bins of equal width from `from` to `to`, as texts. NULL where h is empty. No bin is narrower
 * than one of level_min: HISTOGRAM_WHOLE for integers, HISTOGRAM_DAYS for dates, else HISTOGRAM_ANY. */
#define HISTOGRAM_WHOLE 0
#define HISTOGRAM_DAYS 3
#define HISTOGRAM_ANY INT_MIN
struct json *histogram_json(struct ctx *c, const struct histogram *h, int level_min);
/* The mean of numbers with at most nine digits behind the point; false where there is none. */
bool histogram_mean(struct ctx *c, const struct histogram *h, struct str *ret);
