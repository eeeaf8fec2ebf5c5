#include "product/format.h"

#include <string.h>

#include "party/uscc.h"
#include "product/identifiers.h"
#include "product/ordered.h"

const char *const format_names[FORMATS + 1] = {"", "date", "datetime", "uscc", "id-card",
	"bank-card", "phone", "email", "region", "uuid", NULL};

static bool is_digit(char ch)
{
	return ch >= '0' && ch <= '9';
}

static bool is_upper(char ch)
{
	return ch >= 'A' && ch <= 'Z';
}

static bool is_lower(char ch)
{
	return ch >= 'a' && ch <= 'z';
}

static bool all_digits(struct str s)
{
	size_t n = 0;
	while (n < s.n && is_digit(s.p[n]))
		n++;
	return n == s.n;
}

bool format_has_check(enum format f)
{
	return f == FORMAT_DATE || f == FORMAT_DATETIME || f == FORMAT_USCC ||
	       f == FORMAT_ID_CARD || f == FORMAT_BANK_CARD;
}

/* Whether the value, which is one number or address, is an identifier of that kind. */
static bool identified(struct identifiers *ids, enum identifier kind, struct str value)
{
	uint64_t before = identifiers_done(ids).n[kind];
	identifiers_value(ids, value);
	return identifiers_done(ids).n[kind] == before + 1;
}

static bool is_hex_groups(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
		bool hex = is_digit(s.p[i]) || ((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'f');
		if (hyphen ? s.p[i] != '-' : !hex)
			return false;
	}
	return s.n == 36;
}

static bool is_phone(struct str s)
{
	if (str_starts(s, STR("+")))
		s = str_sub(s, 1, s.n);
	if (s.n == 13 && str_starts(s, STR("86")))
		s = str_sub(s, 2, s.n);
	return s.n == 11 && all_digits(s) && s.p[0] == '1' && s.p[1] >= '3';
}

static bool is_code(struct str s)
{
	size_t n = 0;
	while (n < s.n && (is_digit(s.p[n]) || is_upper(s.p[n])))
		n++;
	return n == s.n && n == USCC_TEXT;
}

static bool has_shape(enum format f, struct str s, struct identifiers *ids)
{
	switch (f) {
	case FORMAT_NONE:
		return true;
	case FORMAT_DATE:
		return s.n == 10 && s.p[4] == '-' && value_kind_of(s) == VALUE_DATE;
	case FORMAT_DATETIME:
		return s.n > 10 && s.p[4] == '-' && value_kind_of(s) == VALUE_DATETIME;
	case FORMAT_USCC:
		return is_code(s);
	case FORMAT_ID_CARD:
		return s.n == 18 && all_digits(str_sub(s, 0, 17)) &&
		       (is_digit(s.p[17]) || s.p[17] == 'X');
	case FORMAT_BANK_CARD:
		return s.n >= 15 && s.n <= 19 && all_digits(s);
	case FORMAT_PHONE:
		return is_phone(s);
	case FORMAT_EMAIL:
		return str_find(s, ' ') == s.n && str_find(s, ',') == s.n &&
		       identified(ids, IDENTIFIER_EMAIL, s);
	case FORMAT_REGION:
		return s.n == 6 && all_digits(s);
	case FORMAT_UUID:
		return is_hex_groups(s);
	case FORMATS:
		break;
	}
	__builtin_unreachable();
}

static bool passes_check(enum format f, struct str s, struct identifiers *ids)
{
	int64_t time;
	if (f == FORMAT_DATE || f == FORMAT_DATETIME)
		return ordered_time(s, &time);
	if (f == FORMAT_USCC)
		return uscc_check(s) == USCC_GOOD;
	if (f == FORMAT_ID_CARD || f == FORMAT_BANK_CARD)
		return identified(
			ids, f == FORMAT_ID_CARD ? IDENTIFIER_ID_CARD : IDENTIFIER_BANK_CARD, s);
	return true;
}

enum format_verdict format_judge(enum format f, struct str value, struct identifiers *ids)
{
	if (!has_shape(f, value, ids))
		return FORMAT_SHAPE;
	return passes_check(f, value, ids) ? FORMAT_GOOD : FORMAT_CHECK;
}

/* Bit i of takes[ch]: place i takes the character; 128 stands for all beyond ASCII. Bit i of optional: place i may be passed
 * over. The end is bit n. */
struct pattern {
	uint64_t takes[129];
	uint64_t optional;
	size_t n;
};

static bool class_takes(char class, bool literal, unsigned ch)
{
	char c = (char)ch;
	if (class == '.' && !literal)
		return true;
	if (ch > 127)
		return false;
	if (literal)
		return c == class;
	return (is_digit(c) && (class == '9' || class == 'X')) ||
	       (is_upper(c) && (class == 'A' || class == 'X')) || (is_lower(c) && class == 'a');
}

static err add_places(struct ctx *c, struct pattern *p, char class, bool literal, uint64_t times[2])
{
	ENSURE(times[1] <= FORMAT_PATTERN_PLACES - p->n, c, ERR_BAD_VALUE,
		"a pattern has at most %u places when written out", FORMAT_PATTERN_PLACES);
	for (uint64_t i = 0; i < times[1]; i++) {
		uint64_t bit = (uint64_t)1 << p->n++;
		p->optional |= i < times[0] ? 0 : bit;
		for (unsigned ch = 0; ch < countof(p->takes); ch++)
			p->takes[ch] |= class_takes(class, literal, ch) ? bit : 0;
	}
	return OK;
}

/* {n} or {n,m} at the start of rest, which is passed over. */
static err read_times(struct ctx *c, struct str *rest, uint64_t ret[2])
{
	struct str inside, first, second;
	ret[0] = ret[1] = 1;
	if (rest->n == 0 || rest->p[0] != '{')
		return OK;
	ENSURE(str_cut(str_sub(*rest, 1, rest->n), '}', &inside, rest), c, ERR_BAD_VALUE,
		"a brace is not closed");
	if (!str_cut(inside, ',', &first, &second))
		first = second = inside;
	ENSURE(str_u64(first, &ret[0]) && str_u64(second, &ret[1]) && ret[0] <= ret[1] &&
			ret[1] > 0,
		c, ERR_BAD_VALUE, "behind an item stands {n} or {n,m}, n not above m");
	return OK;
}

err pattern_read(struct ctx *c, struct str text, struct pattern **ret)
{
	struct pattern *p;
	NEW(c, p);
	ENSURE(text.n > 0, c, ERR_BAD_VALUE, "a pattern is not empty");
	for (struct str rest = text; rest.n > 0;) {
		char class = rest.p[0];
		bool escaped = class == '\\', is_class = strchr("9AaX.", class) != NULL;
		uint64_t times[2];
		if (escaped)
			class = rest.n > 1 ? rest.p[1] : '\0';
		ENSURE((unsigned char)class >= ' ' && (unsigned char)class < 127, c, ERR_BAD_VALUE,
			"a pattern consists of printable ASCII characters");
		ENSURE(escaped || is_class ||
				!(is_digit(class) || is_upper(class) || is_lower(class) ||
					class == '{' || class == '}'),
			c, ERR_BAD_VALUE, "write \\%c for the character itself", class);
		rest = str_sub(rest, escaped ? 2 : 1, rest.n);
		TRY(read_times(c, &rest, times));
		TRY(add_places(c, p, class, escaped || !is_class, times));
	}
	*ret = p;
	return OK;
}

/* The places that are reached without a character. */
static uint64_t passed_over(const struct pattern *p, uint64_t at)
{
	for (uint64_t more = at; more != 0;) {
		more = ((more & p->optional) << 1) & ~at;
		at |= more;
	}
	return at;
}

bool pattern_matches(const struct pattern *p, struct str value)
{
	uint64_t at = passed_over(p, 1);
	for (size_t i = 0; i < value.n && at != 0; i++) {
		unsigned char ch = (unsigned char)value.p[i];
		if ((ch & 0xc0) == 0x80 && i > 0)
			continue; /* of the character before */
		at = passed_over(p, (at & p->takes[ch < 128 ? ch : 128]) << 1);
	}
	return (at >> p->n & 1) != 0;
}
