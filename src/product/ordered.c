#include "product/ordered.h"

#define DAY_MS 86400000ll
#define MINUTE_MS 60000ll

static int64_t digits(struct str s, size_t from, size_t n)
{
	int64_t v = 0;
	for (size_t i = from; i < from + n; i++)
		v = v * 10 + (s.p[i] - '0');
	return v;
}

/* Days since 1970-01-01 in the Gregorian calendar, carried back before it was made; false for what is no day. */
static bool days_of(int64_t year, int64_t month, int64_t day, int64_t *ret)
{
	static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	int64_t length = before[month] - before[month - 1] + (leap && month == 2);
	if (year < 1 || day > length)
		return false;
	int64_t y = year - 1, past = y * 365 + y / 4 - y / 100 + y / 400;
	*ret = past - 719162 + before[month - 1] + (leap && month > 2) + day - 1;
	return true;
}

/* What stands behind the minutes: seconds, a fraction, an offset. The form was told by value_kind_of. */
static int64_t rest_ms(struct str s)
{
	int64_t ms = 0, unit = 100, sign = 1;
	size_t at = 0;
	if (s.n >= 3 && s.p[0] == ':') {
		ms = digits(s, 1, 2) * 1000;
		at = 3;
	}
	if (at < s.n && s.p[at] == '.') {
		for (at++; at < s.n && s.p[at] >= '0' && s.p[at] <= '9'; at++) {
			ms += (s.p[at] - '0') * unit;
			unit /= 10;
		}
	}
	if (at + 6 != s.n)
		return ms;
	sign = s.p[at] == '-' ? 1 : -1;
	return ms + sign * (digits(s, at + 1, 2) * 60 + digits(s, at + 4, 2)) * MINUTE_MS;
}

bool ordered_time(struct str text, int64_t *ret_ms)
{
	enum value_kind kind = value_kind_of(text);
	int64_t days = 0;
	if ((kind != VALUE_DATE && kind != VALUE_DATETIME) ||
		!days_of(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2), &days))
		return false;
	*ret_ms = days * DAY_MS;
	if (kind == VALUE_DATE)
		return true;
	int64_t hour = digits(text, 11, 2), minute = digits(text, 14, 2),
		rest = rest_ms(str_sub(text, 16, text.n));
	if (hour == 24 && (minute != 0 || rest % MINUTE_MS != 0))
		return false;
	*ret_ms += (hour * 60 + minute) * MINUTE_MS + rest;
	return true;
}

struct ordered ordered_of(struct str text, enum value_kind given)
{
	struct ordered made = {.kind = ORDERED_TEXT, .text = text};
	enum value_kind kind =
		given == VALUE_BOOLEAN || given == VALUE_NESTED ? given : value_kind_of(text);
	if (given != VALUE_TEXT && (kind == VALUE_INTEGER || kind == VALUE_DECIMAL)) {
		made.kind = ORDERED_NUMBER;
		made.number = value_number(text);
	} else if ((kind == VALUE_DATE || kind == VALUE_DATETIME) &&
		   ordered_time(text, &made.time)) {
		made.kind = ORDERED_TIME;
	}
	return made;
}

bool ordered_cmp(const struct ordered *a, const struct ordered *b, int *ret)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case ORDERED_NUMBER:
		*ret = number_cmp(&a->number, &b->number);
		break;
	case ORDERED_TIME:
		*ret = (a->time > b->time) - (a->time < b->time);
		break;
	case ORDERED_TEXT:
		*ret = str_cmp(a->text, b->text);
		break;
	}
	return true;
}
