#include "product/value.h"

#include <string.h>

#include "base/reader.h"

#define LEAD_DIGITS 18

static bool is_digit(char ch)
{
	return ch >= '0' && ch <= '9';
}

/* How many digits s has from there on. */
static size_t digits(struct str s, size_t from)
{
	size_t n = from;
	while (n < s.n && is_digit(s.p[n]))
		n++;
	return n - from;
}

static bool two(struct str s, size_t at, int min, int max)
{
	if (at + 2 > s.n || !is_digit(s.p[at]) || !is_digit(s.p[at + 1]))
		return false;
	int v = (s.p[at] - '0') * 10 + (s.p[at + 1] - '0');
	return v >= min && v <= max;
}

/* Z, +HH:MM, -HH:MM or nothing. */
static bool is_offset(struct str s)
{
	if (s.n == 0 || str_is(s, "Z"))
		return true;
	return s.n == 6 && (s.p[0] == '+' || s.p[0] == '-') && two(s, 1, 0, 23) && s.p[3] == ':' &&
	       two(s, 4, 0, 59);
}

/* HH:MM[:SS[.digits]] and an offset. */
static bool is_time(struct str s)
{
	if (s.n < 5 || !two(s, 0, 0, 24) || s.p[2] != ':' || !two(s, 3, 0, 59))
		return false;
	size_t at = 5;
	if (at < s.n && s.p[at] == ':') {
		if (!two(s, 6, 0, 60))
			return false;
		at = 8;
		if (at < s.n && s.p[at] == '.') {
			size_t n = digits(s, at + 1);
			if (n == 0)
				return false;
			at += 1 + n;
		}
	}
	return is_offset(str_sub(s, at, s.n));
}

static enum value_kind dated(struct str s)
{
	if (s.n < 10 || (s.p[4] != '-' && s.p[4] != '/') || s.p[7] != s.p[4] || digits(s, 0) != 4 ||
		!two(s, 5, 1, 12) || !two(s, 8, 1, 31))
		return VALUE_TEXT;
	if (s.n == 10)
		return VALUE_DATE;
	bool timed = (s.p[10] == 'T' || s.p[10] == ' ') && is_time(str_sub(s, 11, s.n));
	return timed ? VALUE_DATETIME : VALUE_TEXT;
}

/* What follows the integer digits: nothing, a fraction, an exponent, both. */
static bool is_fraction(struct str s)
{
	size_t at = 0;
	if (s.p[at] == '.') {
		size_t n = digits(s, 1);
		if (n == 0)
			return false;
		at = 1 + n;
	}
	if (at < s.n && (s.p[at] == 'e' || s.p[at] == 'E')) {
		at++;
		if (at < s.n && (s.p[at] == '+' || s.p[at] == '-'))
			at++;
		size_t n = digits(s, at);
		if (n == 0)
			return false;
		at += n;
	}
	return at == s.n;
}

static enum value_kind numeric(struct str s)
{
	size_t from = s.p[0] == '-' || s.p[0] == '+';
	size_t n = digits(s, from), end = from + n;
	bool leading_zero = n > 1 && s.p[from] == '0';
	if (end == s.n && n > 0) {
		if (leading_zero)
			return from == 0 ? VALUE_CODE : VALUE_TEXT;
		return VALUE_INTEGER;
	}
	if (end < s.n && !leading_zero && (n > 0 || s.p[end] == '.') &&
		is_fraction(str_sub(s, end, s.n)))
		return VALUE_DECIMAL;
	return from == 0 && n == 4 ? dated(s) : VALUE_TEXT;
}

enum value_kind value_kind_of(struct str text)
{
	if (text.n == 0)
		return VALUE_TEXT;
	char first = text.p[0];
	if (is_digit(first) || first == '-' || first == '+' || first == '.')
		return numeric(text);
	if ((first | 32) == 't' || (first | 32) == 'f') {
		if (str_is_nocase(text, "true") || str_is_nocase(text, "false"))
			return VALUE_BOOLEAN;
	}
	return VALUE_TEXT;
}

/* The exponent behind e, cut where no table means it. */
static int64_t exponent(struct str s)
{
	size_t at = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+');
	int64_t v = 0;
	for (; at < s.n && is_digit(s.p[at]) && v < 1000000000; at++)
		v = v * 10 + (s.p[at] - '0');
	return s.n > 0 && s.p[0] == '-' ? -v : v;
}

/* Most numbers: no zero in front, no exponent, at most 18 digits. */
static bool short_number(struct str text, struct number *ret)
{
	static const uint64_t powers[LEAD_DIGITS + 1] = {1, 10, 100, 1000, 10000, 100000, 1000000,
		10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000,
		10000000000000, 100000000000000, 1000000000000000, 10000000000000000,
		100000000000000000, 1000000000000000000};
	size_t from = text.p[0] == '-', whole = text.n - from;
	uint64_t v = 0;
	if (text.n - from > LEAD_DIGITS || text.p[from] < '1' || text.p[from] > '9')
		return false;
	size_t count = 0;
	for (size_t i = from; i < text.n; i++) {
		if (text.p[i] == '.') {
			whole = count;
			continue;
		}
		if (!is_digit(text.p[i]))
			return false;
		v = v * 10 + (uint64_t)(text.p[i] - '0');
		count++;
	}
	*ret = (struct number){from > 0 ? -1 : 1, (int64_t)whole, v * powers[LEAD_DIGITS - count]};
	return true;
}

static struct number long_number(struct str text)
{
	struct number made = {.sign = text.n > 0 && text.p[0] == '-' ? -1 : 1};
	int kept = 0;
	bool point = false, begun = false;
	for (size_t i = 0; i < text.n; i++) {
		char ch = text.p[i];
		if ((ch | 32) == 'e') {
			made.magnitude += exponent(str_sub(text, i + 1, text.n));
			break;
		}
		point |= ch == '.';
		if (!is_digit(ch))
			continue;
		begun |= ch != '0';
		/* 0.00x is smaller by the zeros behind its point; 123.x larger by the digits before. */
		made.magnitude += point ? (begun ? 0 : -1) : begun;
		if (begun && kept < LEAD_DIGITS) {
			made.lead = made.lead * 10 + (uint64_t)(ch - '0');
			kept++;
		}
	}
	for (; begun && kept < LEAD_DIGITS; kept++)
		made.lead *= 10;
	return begun ? made : (struct number){0};
}

struct number value_number(struct str text)
{
	struct number quick;
	return text.n > 1 && short_number(text, &quick) ? quick : long_number(text);
}

int number_cmp(const struct number *a, const struct number *b)
{
	if (a->sign != b->sign)
		return a->sign < b->sign ? -1 : 1;
	int larger = 0;
	if (a->magnitude != b->magnitude)
		larger = a->magnitude < b->magnitude ? -1 : 1;
	else if (a->lead != b->lead)
		larger = a->lead < b->lead ? -1 : 1;
	return a->sign < 0 ? -larger : larger;
}

static uint64_t fold(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t word(const char *p, size_t n)
{
	uint64_t v = 0;
	uint32_t low = 0, high = 0;
	if (n == 8) {
		memcpy(&v, p, 8);
	} else if (n >= 4) {
		memcpy(&low, p, 4);
		memcpy(&high, p + n - 4, 4);
		v = (uint64_t)high << 32 | low;
	} else if (n > 0) {
		v = (uint64_t)(uint8_t)p[0] << 16 | (uint64_t)(uint8_t)p[n / 2] << 8 |
		    (uint8_t)p[n - 1];
	}
	return v;
}

uint64_t value_hash(struct str text, enum value_kind kind)
{
	const uint64_t one = 0xa0761d6478bd642full, two_ = 0xe7037ed1a0b428dbull;
	uint64_t h = fold(text.n ^ one, ((uint64_t)kind << 32) ^ two_);
	size_t at = 0;
	for (; text.n - at > 8; at += 8)
		h = fold(word(text.p + at, 8) ^ one, h ^ two_);
	h = fold(word(text.p + at, text.n - at) ^ one, h ^ two_);
	h = fold(h ^ one, text.n ^ two_);
	return h == 0 ? 1 : h;
}
