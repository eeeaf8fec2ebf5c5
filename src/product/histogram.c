#include "product/histogram.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "codec/time_serial.h"

#define MAGNITUDE 400
#define LEAD 18
#define MEAN_DIGITS 9
#define MEAN_N 10000000000ull /* so many numbers below 10^18 have a sum within 128 bits */

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b != 0 && a < 0);
}

static uint64_t *slot(struct histogram *h, int64_t i)
{
	return &h->counts[(size_t)(i - floor_div(i, HISTOGRAM_SLOTS) * HISTOGRAM_SLOTS)];
}

struct histogram_rung {
	enum histogram_of of;
	int level;
};

/* How many bins of a level make one of the next. */
static int64_t factor(struct histogram_rung at)
{
	static const int64_t of_times[] = {60, 60, 24};
	bool rung = at.of == HISTOGRAM_TIME && at.level < (int)countof(of_times);
	return rung ? of_times[at.level] : 10;
}

/* Joins bins to those of the next level; *i is a bin that must go along. */
static void raise(struct histogram *h, int64_t *i)
{
	const int64_t f = factor((struct histogram_rung){h->of, h->level});
	if (h->n > 0) {
		struct histogram old = *h;
		memset(h->counts, 0, sizeof h->counts);
		for (int64_t k = old.low; k <= old.high; k++)
			*slot(h, floor_div(k, f)) += *slot(&old, k);
		h->low = floor_div(old.low, f);
		h->high = floor_div(old.high, f);
	}
	*i = floor_div(*i, f);
	h->level++;
}

/* A bin of level 0 at the present one. */
static int64_t at_level(const struct histogram *h, int64_t i)
{
	struct histogram_rung at = {h->of, 0};
	for (; at.level < h->level; at.level++)
		i = floor_div(i, factor(at));
	return i;
}

static void add(struct histogram *h, int64_t i, uint64_t weight)
{
	for (;;) {
		int64_t low = h->n == 0 || i < h->low ? i : h->low;
		int64_t high = h->n == 0 || i > h->high ? i : h->high;
		if (high - low < HISTOGRAM_SLOTS) {
			h->low = low;
			h->high = high;
			break;
		}
		raise(h, &i);
	}
	*slot(h, i) += weight;
	h->n += weight;
}

static int64_t power(int exponent)
{
	int64_t v = 1;
	for (; exponent > 0; exponent--)
		v *= 10;
	return v;
}

static void add_sum(struct histogram *h, const struct number *number, uint64_t weight)
{
	int64_t shift = number->magnitude - LEAD + MEAN_DIGITS;
	h->no_mean = h->no_mean || number->magnitude > LEAD || h->n > MEAN_N;
	if (h->no_mean || shift < -LEAD)
		return;
	__int128 v = (__int128)number->lead * number->sign;
	v = shift >= 0 ? v * power((int)shift) : v / power((int)-shift);
	h->sum += v * (__int128)weight;
}

void histogram_number(struct histogram *h, const struct number *number, uint64_t weight)
{
	int64_t lead = (int64_t)number->lead * number->sign, i = 0, none = 0;
	if (number->magnitude > MAGNITUDE || number->magnitude < -MAGNITUDE)
		return;
	add_sum(h, number, weight);
	int unit = (int)number->magnitude - LEAD;
	if (h->n == 0)
		h->level = lead != 0 ? unit : -MAGNITUDE - LEAD;
	while (lead != 0 && unit > h->level)
		raise(h, &none);
	if (lead != 0)
		i = h->level - unit > LEAD ? -(lead < 0) : floor_div(lead, power(h->level - unit));
	add(h, i, weight);
}

void histogram_time(struct histogram *h, int64_t seconds, uint64_t weight)
{
	h->of = HISTOGRAM_TIME;
	add(h, at_level(h, seconds), weight);
}

void histogram_length(struct histogram *h, uint64_t length, uint64_t weight)
{
	h->of = HISTOGRAM_LENGTH;
	add(h, at_level(h, (int64_t)length), weight);
}

/* i * 10^level as decimal text. */
static void put_decimal(struct buf *b, int64_t i, int level)
{
	while (i != 0 && i % 10 == 0 && level < 0) {
		i /= 10;
		level++;
	}
	if (i == 0)
		level = 0;
	if (level > LEAD || level < -LEAD) {
		buf_fmt(b, "%llde%d", (long long)i, level);
		return;
	}
	if (level >= 0) {
		buf_i64(b, i);
		for (; level > 0; level--)
			buf_char(b, '0');
		return;
	}
	int64_t scale = power(-level), whole = i / scale, rest = i % scale;
	buf_fmt(b, "%s%lld.%0*lld", i < 0 ? "-" : "", (long long)(whole < 0 ? -whole : whole),
		-level, (long long)(rest < 0 ? -rest : rest));
}

/* The edge below bin i. */
static struct json *edge(struct ctx *c, const struct histogram *h, int64_t i)
{
	struct buf b;
	buf_init(&b, c->arena, 64);
	if (h->of != HISTOGRAM_TIME) {
		put_decimal(&b, i, h->level);
	} else {
		struct histogram_rung below = {h->of, 0};
		for (; below.level < h->level; below.level++)
			i *= factor(below);
		char text[TIME_SERIAL_TEXT + 1];
		time_face_text(i > 0 ? i : 0, h->level >= 3, text);
		buf_z(&b, text);
	}
	return json_str(c, buf_str(&b));
}

struct json *histogram_json(struct ctx *c, const struct histogram *of_values, int level_min)
{
	static const int64_t steps[] = {1, 2, 5, 10, 20, 50, 100};
	static const char *const names[] = {"number", "time", "length"};
	struct histogram copy = *of_values, *h = &copy; /* is raised and read through slot() */
	struct json *o = json_object(c), *counts = json_array(c);
	size_t s = 0;
	int64_t none = 0;
	if (h->n == 0)
		return NULL;
	while (h->level < level_min)
		raise(h, &none);
	while (floor_div(h->high, steps[s]) - floor_div(h->low, steps[s]) >= HISTOGRAM_BINS)
		s++;
	assert(s < countof(steps));
	int64_t step = steps[s], first = floor_div(h->low, step), last = floor_div(h->high, step);
	for (int64_t bin = first; bin <= last; bin++) {
		uint64_t n = 0;
		for (int64_t i = bin * step; i < (bin + 1) * step; i++)
			n += i >= h->low && i <= h->high ? *slot(h, i) : 0;
		json_push(&counts, json_num(c, (int64_t)n));
	}
	json_set(&o, "of", json_z(c, names[h->of]));
	json_set(&o, "from", edge(c, h, first * step));
	json_set(&o, "to", edge(c, h, (last + 1) * step));
	json_set(&o, "counts", counts);
	return o;
}

bool histogram_mean(struct ctx *c, const struct histogram *h, struct str *ret)
{
	struct buf b;
	if (h->n == 0 || h->no_mean || h->of != HISTOGRAM_NUMBER)
		return false;
	__int128 n = (__int128)h->n, half = h->sum < 0 ? -n / 2 : n / 2;
	buf_init(&b, c->arena, 64);
	put_decimal(&b, (int64_t)((h->sum + half) / n), -MEAN_DIGITS);
	*ret = buf_str(&b);
	return true;
}
