#include "invoice/serial.h"

#define TAIL 14u /* -2026-00000001 */

err serial_text(struct ctx *c, struct str origin, int64_t year, int64_t number, struct str *ret)
{
	struct str host = str_sub(origin, 0, str_find(origin, '/'));
	ENSURE(number >= 1 && number <= 99999999, c, ERR_BAD_VALUE,
		"the serials of a year are used up");
	return arena_fmt(
		c, ret, "%.*s-%04lld-%08lld", FMT(host), (long long)year, (long long)number);
}

static bool digits(struct str s, int64_t *ret)
{
	int64_t v = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		v = v * 10 + (s.p[i] - '0');
	}
	*ret = v;
	return true;
}

err serial_read(struct ctx *c, struct str serial, int64_t *ret_year, int64_t *ret_number)
{
	int64_t year = 0, number = 0;
	struct str tail = str_sub(serial, serial.n > TAIL ? serial.n - TAIL : serial.n, TAIL);
	ENSURE(tail.n == TAIL && tail.p[0] == '-' && tail.p[5] == '-' &&
			digits(str_sub(tail, 1, 4), &year) &&
			digits(str_sub(tail, 6, 8), &number) && number > 0,
		c, ERR_BAD_VALUE, "serial is not <origin host>-<year>-<8 digits>");
	*ret_year = year;
	*ret_number = number;
	return OK;
}
