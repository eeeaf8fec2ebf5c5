#include "govern/calendar.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "codec/day.h"
#include "codec/time_parts.h"

#define CHINA_MS (8ll * 3600000)
#define PERIOD_MAX 9999

int64_t calendar_day(int64_t ms)
{
	return (ms + CHINA_MS) / TIME_DAY_MS;
}

int64_t calendar_day_ms(int64_t day)
{
	return day * TIME_DAY_MS - CHINA_MS;
}

bool calendar_period_parse(struct str text, struct calendar_period *ret)
{
	static const char *const units[] = {"wd", "d", "m", "y"};
	int64_t n = 0;
	size_t i = 0;
	for (; i < text.n && text.p[i] >= '0' && text.p[i] <= '9'; i++) {
		n = n * 10 + (text.p[i] - '0');
		if (n > PERIOD_MAX)
			return false;
	}
	for (size_t unit = 0; n > 0 && text.p[0] != '0' && unit < countof(units); unit++) {
		if (str_is(str_sub(text, i, text.n), units[unit])) {
			*ret = (struct calendar_period){n, (enum calendar_unit)unit};
			return true;
		}
	}
	return false;
}

static int64_t after_last(const struct calendar_year *y)
{
	return y->first +
	       ((y->year % 4 == 0 && y->year % 100 != 0) || y->year % 400 == 0 ? 366 : 365);
}

static err year_of(struct ctx *c, int64_t day, const struct calendar_year **ret)
{
	const struct calendar_year *last = &calendar_years[calendar_years_n - 1];
	char text[DAY_TEXT + 1] = "that day";
	for (const struct calendar_year *y = calendar_years; y <= last; y++) {
		if (day >= y->first && day < after_last(y)) {
			*ret = y;
			return OK;
		}
	}
	if (day >= 0 && day <= CALENDAR_DAY_MAX)
		day_text(day, text);
	return fail(c, ERR_CALENDAR,
		"%s is outside the calendar of working days, which has %lld to %lld; once the "
		"State "
		"Council has issued the notice for that year, install a release that has it",
		text, (long long)calendar_years[0].year, (long long)last->year);
}

static bool off(const struct calendar_year *y, int64_t day)
{
	int64_t at = day - y->first;
	assert(at >= 0 && at < 366);
	return (y->off[at / 64] >> (at % 64) & 1) != 0;
}

err calendar_is_working(struct ctx *c, int64_t day, bool *ret)
{
	const struct calendar_year *y;
	TRY(year_of(c, day, &y));
	*ret = !off(y, day);
	return OK;
}

static bool made_up(const struct calendar_rest *r, int64_t day)
{
	for (size_t i = 0; i < r->work_n; i++) {
		if (r->work[i] == day)
			return true;
	}
	return false;
}

err calendar_rest_of(struct ctx *c, int64_t day, const struct calendar_rest **ret)
{
	const struct calendar_year *y;
	TRY(year_of(c, day, &y));
	*ret = NULL;
	for (size_t i = 0; i < y->rests_n; i++) {
		const struct calendar_rest *r = &y->rests[i];
		if ((day >= r->from && day <= r->to) || made_up(r, day))
			*ret = r;
	}
	return OK;
}

err calendar_next_working(struct ctx *c, int64_t day, int64_t *ret)
{
	bool working = false;
	for (; !working; day++)
		TRY(calendar_is_working(c, day, &working));
	*ret = day - 1;
	return OK;
}

err calendar_add_working_days(struct ctx *c, int64_t day, int64_t n, int64_t *ret)
{
	ENSURE(n >= 1 && n <= PERIOD_MAX, c, ERR_BAD_VALUE, "a period is 1 to %d working days",
		PERIOD_MAX);
	while (n > 0) {
		bool working;
		TRY(calendar_is_working(c, ++day, &working));
		n -= working;
	}
	*ret = day;
	return OK;
}

err calendar_between(struct ctx *c, int64_t from, int64_t to, int64_t *ret)
{
	int64_t n = 0;
	while (from < to) {
		bool working;
		TRY(calendar_is_working(c, ++from, &working));
		n += working;
	}
	*ret = n;
	return OK;
}

int64_t calendar_add_plain(int64_t day, struct calendar_period period)
{
	assert(period.unit != CALENDAR_WORKING_DAYS && period.n >= 1);
	if (period.unit == CALENDAR_DAYS)
		return day + period.n;
	struct time_date d = time_date_of(day);
	int64_t month =
		d.year * 12 + d.month - 1 + period.n * (period.unit == CALENDAR_YEARS ? 12 : 1);
	int64_t ms = 0;
	if (month / 12 > 9999)
		return CALENDAR_DAY_MAX;
	/* Article 202: the corresponding day of that month, else its last. */
	d = (struct time_date){month / 12, month % 12 + 1, d.day};
	while (d.day > 28 && !time_combine(d, 0, 0, 0, &ms))
		d.day--;
	return time_combine(d, 0, 0, 0, &ms) ? ms / TIME_DAY_MS : day;
}

err calendar_add(struct ctx *c, int64_t day, struct calendar_period period, int64_t *ret)
{
	if (period.unit == CALENDAR_WORKING_DAYS)
		return calendar_add_working_days(c, day, period.n, ret);
	return calendar_next_working(c, calendar_add_plain(day, period), ret);
}
