#include "codec/charset.h"

#include <assert.h>
#include <errno.h>
#include <iconv.h>
#include <string.h>

#define TAIL 8u

struct charset_reader {
	iconv_t with;
	size_t unit; /* bytes that one wrong sequence costs */
	char tail[TAIL];
	size_t tail_n;
	uint64_t replaced;
};

static const struct {
	const char *name, *of_libc;
	size_t unit;
} charsets[CHARSETS] = {
	[CHARSET_UNKNOWN] = {"unknown", NULL, 1},
	[CHARSET_UTF8] = {"utf-8", NULL, 1},
	[CHARSET_UTF16LE] = {"utf-16le", "UTF-16LE", 2},
	[CHARSET_UTF16BE] = {"utf-16be", "UTF-16BE", 2},
	[CHARSET_GB18030] = {"gb18030", "GB18030", 1},
};

static const struct {
	const char *name;
	enum charset charset;
} names[] = {
	{"utf-8", CHARSET_UTF8},
	{"utf8", CHARSET_UTF8},
	{"utf-16le", CHARSET_UTF16LE},
	{"utf-16be", CHARSET_UTF16BE},
	{"gb18030", CHARSET_GB18030},
	{"gbk", CHARSET_GB18030},
	{"gb2312", CHARSET_GB18030},
};

const char *charset_name(enum charset charset)
{
	return charsets[charset].name;
}

enum charset charset_named(struct str name)
{
	for (size_t i = 0; i < countof(names); i++) {
		if (str_is_nocase(name, names[i].name))
			return names[i].charset;
	}
	return CHARSET_UNKNOWN;
}

static const struct {
	struct str bytes;
	enum charset charset;
} marks[] = {
	{{"\xef\xbb\xbf", 3}, CHARSET_UTF8},
	{{"\xff\xfe", 2}, CHARSET_UTF16LE},
	{{"\xfe\xff", 2}, CHARSET_UTF16BE},
	{{"\x84\x31\x95\x33", 4}, CHARSET_GB18030},
};

static uint8_t at(struct str s, size_t i)
{
	return (uint8_t)s.p[i];
}

/* How many bytes the end of s tears from a sequence of UTF-8. */
static size_t torn(struct str s)
{
	for (size_t back = 1; back <= 3 && back <= s.n; back++) {
		uint8_t byte = at(s, s.n - back);
		if (byte >= 0xc0)
			return back < (byte >= 0xf0 ? 4u : byte >= 0xe0 ? 3u : 2u) ? back : 0;
		if (byte < 0x80)
			return 0;
	}
	return 0;
}

static bool is_utf8(struct str head, bool whole)
{
	return str_is_utf8(str_sub(head, 0, head.n - (whole ? 0 : torn(head))));
}

static bool is_ascii(struct str s)
{
	size_t i = 0;
	while (i < s.n && at(s, i) < 0x80 && s.p[i] != '\0')
		i++;
	return i == s.n;
}

/* How many units are ASCII with high byte at that offset of each pair; 0 where a surrogate stands alone. */
static size_t utf16_ascii(struct str s, size_t high, bool whole)
{
	size_t ascii = 0;
	bool open = false;
	for (size_t i = 0; i + 1 < s.n; i += 2) {
		unsigned unit = (unsigned)at(s, i + high) << 8 | at(s, i + 1 - high);
		bool is_low = unit >= 0xdc00 && unit <= 0xdfff;
		if (is_low != open || unit == 0)
			return 0;
		open = unit >= 0xd800 && unit <= 0xdbff;
		ascii += unit < 0x80;
	}
	return whole && (open || s.n % 2 != 0) ? 0 : ascii;
}

/* True where a pair may end a character of four bytes; what is torn may. */
static bool gb_second_half(struct str s, size_t i)
{
	bool lead = i >= s.n || (at(s, i) >= 0x81 && at(s, i) != 0xff);
	return lead && (i + 1 >= s.n || (s.p[i + 1] >= '0' && s.p[i + 1] <= '9'));
}

/* Bytes of the GB18030 character at i: 1, 2, 4; 0: none; more than are left: torn. */
static size_t gb_length(struct str s, size_t i)
{
	uint8_t lead = at(s, i);
	if (lead < 0x80)
		return lead == 0 ? 0 : 1;
	if (lead == 0x80 || lead == 0xff)
		return 0;
	if (i + 1 >= s.n)
		return 2;
	uint8_t second = at(s, i + 1);
	if (second >= 0x40 && second != 0x7f && second != 0xff)
		return 2;
	if (second < '0' || second > '9')
		return 0;
	return gb_second_half(s, i + 2) ? 4 : 0;
}

/* False where s is no GB18030. Of the characters outside ASCII, ret_common are those of GB 2312. */
static bool gb_count(struct str s, bool whole, size_t *ret_all, size_t *ret_common)
{
	size_t all = 0, common = 0;
	for (size_t i = 0, n = 0; i < s.n; i += n) {
		n = gb_length(s, i);
		if (n == 0 || (n > s.n - i && whole))
			return false;
		if (n == 1 || n > s.n - i)
			continue;
		all++;
		common += n == 2 && at(s, i) >= 0xa1 && at(s, i) <= 0xf7 && at(s, i + 1) >= 0xa1;
	}
	*ret_all = all;
	*ret_common = common;
	return true;
}

static struct charset_guess unmarked(struct str head, bool whole)
{
	struct charset_guess g = {CHARSET_UNKNOWN, CHARSET_GUESSED, 0};
	size_t le = utf16_ascii(head, 1, whole), be = utf16_ascii(head, 0, whole);
	size_t all = 0, common = 0;
	if (memchr(head.n > 0 ? head.p : "", '\0', head.n) != NULL) {
		if (le > 0 || be > 0) {
			g.charset = le >= be ? CHARSET_UTF16LE : CHARSET_UTF16BE;
			g.confidence = CHARSET_LIKELY;
		}
		return g;
	}
	if (is_utf8(head, whole)) {
		g.charset = CHARSET_UTF8;
		g.confidence = whole || !is_ascii(head) ? CHARSET_CERTAIN : CHARSET_LIKELY;
		return g;
	}
	if (gb_count(head, whole, &all, &common)) {
		g.charset = CHARSET_GB18030;
		g.confidence = common * 10 >= all * 9 ? CHARSET_LIKELY : CHARSET_GUESSED;
	}
	return g;
}

struct charset_guess charset_guess(struct str head, bool whole)
{
	for (size_t i = 0; i < countof(marks); i++) {
		if (str_starts(head, marks[i].bytes))
			return (struct charset_guess){
				marks[i].charset, CHARSET_CERTAIN, marks[i].bytes.n};
	}
	return unmarked(head, whole);
}

static void close_reader(void *arg)
{
	struct charset_reader *r = arg;
	(void)iconv_close(r->with);
}

err charset_open(struct ctx *c, enum charset charset, struct charset_reader **ret)
{
	struct charset_reader *r;
	ENSURE(charsets[charset].of_libc != NULL, c, ERR_BAD_VALUE, "%s needs no conversion",
		charsets[charset].name);
	NEW(c, r);
	r->unit = charsets[charset].unit;
	r->with = iconv_open("UTF-8", charsets[charset].of_libc);
	ENSURE(r->with != (iconv_t)-1, c, ERR_MEMORY, "libc cannot convert %s: %s",
		charsets[charset].of_libc, strerror(errno));
	TRY(arena_defer(c, close_reader, r));
	*ret = r;
	return OK;
}

struct step {
	char *in, *out;
	size_t in_n, out_n;
};

/* U+FFFD for a unit that begins no character, or for all that is left of a torn one; false where it does not fit. */
static bool replace(struct charset_reader *r, struct step *s, size_t n)
{
	if (s->out_n < 3)
		return false;
	memcpy(s->out, "\xef\xbf\xbd", 3);
	s->out += 3;
	s->out_n -= 3;
	s->in += n;
	s->in_n -= n;
	r->replaced++;
	return true;
}

/* Converts until in is used up, out is full (false) or the rest is torn (true, and in_n > 0). */
static bool run(struct charset_reader *r, struct step *s)
{
	while (s->in_n > 0) {
		if (iconv(r->with, &s->in, &s->in_n, &s->out, &s->out_n) != (size_t)-1)
			continue;
		if (errno == EINVAL)
			return true;
		if (errno != EILSEQ)
			return false;
		if (!replace(r, s, r->unit < s->in_n ? r->unit : s->in_n))
			return false;
	}
	return true;
}

/* Completes the character that the end of the last call tore, byte by byte; false where out is full. */
static bool finish_tail(struct charset_reader *r, struct step *s)
{
	while (r->tail_n > 0 && s->in_n > 0) {
		assert(r->tail_n < TAIL);
		if (s->out_n < 16)
			return false;
		r->tail[r->tail_n++] = *s->in++;
		s->in_n--;
		struct step t = {r->tail, s->out, r->tail_n, s->out_n};
		(void)run(r, &t);
		memmove(r->tail, t.in, t.in_n);
		r->tail_n = t.in_n;
		s->out = t.out;
		s->out_n = t.out_n;
	}
	return true;
}

void charset_convert(struct charset_reader *r, struct str in, bool last, char *out, size_t out_max,
	size_t *ret_used, size_t *ret_made)
{
	struct step s = {(char *)(uintptr_t)in.p, out, in.n, out_max}; /* iconv only reads it */
	assert(out_max >= 16);
	if (finish_tail(r, &s) && run(r, &s) && s.in_n > 0) {
		assert(r->tail_n == 0 && s.in_n < TAIL);
		memcpy(r->tail, s.in, s.in_n);
		r->tail_n = s.in_n;
		s.in_n = 0;
	}
	if (last && s.in_n == 0 && r->tail_n > 0 && s.out_n >= 3) {
		struct step t = {r->tail, s.out, r->tail_n, s.out_n};
		(void)replace(r, &t, r->tail_n);
		r->tail_n = 0;
		s.out = t.out;
	}
	*ret_used = in.n - s.in_n;
	*ret_made = (size_t)(s.out - out);
}

uint64_t charset_replaced(const struct charset_reader *r)
{
	return r->replaced;
}
