#include "codec/csv_write.h"

#include <assert.h>
#include <string.h>

static size_t digits(struct str s, size_t at)
{
	size_t n = 0;
	while (at + n < s.n && s.p[at + n] >= '0' && s.p[at + n] <= '9')
		n++;
	return n;
}

static bool is_number(struct str s)
{
	size_t at = s.n > 0 && (s.p[0] == '+' || s.p[0] == '-');
	size_t whole = digits(s, at), fraction = 0;
	at += whole;
	if (at < s.n && s.p[at] == '.') {
		fraction = digits(s, at + 1);
		at += 1 + fraction;
		if (fraction == 0)
			return false;
	}
	return whole > 0 && at == s.n;
}

static bool is_formula(struct str s)
{
	return s.n > 0 && memchr("=+-@\t\r", s.p[0], 6) != NULL && !is_number(s);
}

static bool needs_quotes(struct str s, size_t n)
{
	for (size_t i = 0; i < s.n; i++) {
		if (memchr(",\"\r\n", s.p[i], 4) != NULL)
			return true;
	}
	return s.n == 0 && n == 1;
}

static void put_field(struct buf *b, struct str s, bool quoted)
{
	if (quoted)
		buf_char(b, '"');
	if (is_formula(s))
		buf_char(b, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_char(b, '"');
		buf_char(b, s.p[i]);
	}
	if (quoted)
		buf_char(b, '"');
}

void csv_write_begin(struct buf *b)
{
	buf_z(b, "\xef\xbb\xbf");
}

void csv_write_row(struct buf *b, const struct str *fields, size_t n)
{
	assert(n > 0);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		put_field(b, fields[i], needs_quotes(fields[i], n));
	}
	buf_z(b, "\r\n");
}
