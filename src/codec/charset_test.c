#include "codec/charset.h"

#include "base/buf.h"
#include "tests/tap.h"

#define HANGZHOU_GB "\xba\xbc\xd6\xdd"
#define HANGZHOU_8 "\xe6\x9d\xad\xe5\xb7\x9e"

static void guesses(void)
{
	static const struct {
		struct str head;
		bool whole;
		enum charset charset;
		enum charset_confidence confidence;
		size_t bom;
		const char *what;
	} rows[] = {
		{{"", 0}, true, CHARSET_UTF8, CHARSET_CERTAIN, 0, "nothing"},
		{{"a,b\n", 4}, true, CHARSET_UTF8, CHARSET_CERTAIN, 0, "ASCII, all of it"},
		{{"a,b\n", 4}, false, CHARSET_UTF8, CHARSET_LIKELY, 0, "ASCII so far"},
		{{"\xef\xbb\xbf"
		  "a",
			 4},
			true, CHARSET_UTF8, CHARSET_CERTAIN, 3, "a mark of UTF-8"},
		{{HANGZHOU_8, 6}, true, CHARSET_UTF8, CHARSET_CERTAIN, 0, "UTF-8"},
		{{HANGZHOU_8, 5}, false, CHARSET_UTF8, CHARSET_CERTAIN, 0, "UTF-8, torn"},
		{{"\xff\xfe\x6d\x67", 4}, true, CHARSET_UTF16LE, CHARSET_CERTAIN, 2, "a mark, LE"},
		{{"\xfe\xff\x67\x6d", 4}, true, CHARSET_UTF16BE, CHARSET_CERTAIN, 2, "a mark, BE"},
		{{"\x6d\x67,\0\xde\x5d\n\0", 8}, true, CHARSET_UTF16LE, CHARSET_LIKELY, 0,
			"UTF-16LE without a mark"},
		{{"\x67\x6d\0,\x5d\xde\0\n", 8}, true, CHARSET_UTF16BE, CHARSET_LIKELY, 0,
			"UTF-16BE without a mark"},
		{{"a\0b\0\x00\xdc", 6}, true, CHARSET_UNKNOWN, CHARSET_GUESSED, 0,
			"a surrogate that stands alone"},
		{{"a\0\0\0b", 5}, true, CHARSET_UNKNOWN, CHARSET_GUESSED, 0, "binary"},
		{{HANGZHOU_GB ",1\n", 7}, true, CHARSET_GB18030, CHARSET_LIKELY, 0, "GB18030"},
		{{HANGZHOU_GB, 3}, false, CHARSET_GB18030, CHARSET_LIKELY, 0, "GB18030, torn"},
		{{HANGZHOU_GB, 3}, true, CHARSET_UNKNOWN, CHARSET_GUESSED, 0, "and ending so"},
		{{"\x81\x40\x81\x41", 4}, true, CHARSET_GB18030, CHARSET_GUESSED, 0,
			"characters nobody uses"},
		{{"\x84\x31\x95\x33", 4}, true, CHARSET_GB18030, CHARSET_CERTAIN, 4, "its mark"},
		{{"caf\xe9", 4}, true, CHARSET_UNKNOWN, CHARSET_GUESSED, 0, "Latin-1"},
		{{"\x80", 1}, true, CHARSET_UNKNOWN, CHARSET_GUESSED, 0, "80 begins nothing"},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct charset_guess g = charset_guess(rows[i].head, rows[i].whole);
		is_str(charset_name(g.charset), charset_name(rows[i].charset), "%s", rows[i].what);
		is_int(g.confidence, rows[i].confidence, "%s: confidence", rows[i].what);
		is_int(g.bom, rows[i].bom, "%s: mark", rows[i].what);
	}
	is_int(charset_named(STR("GBK")), CHARSET_GB18030, "GBK is read as GB18030");
	is_int(charset_named(STR("latin1")), CHARSET_UNKNOWN, "another name is none");
}

/* Whatever the cut of input and output, the same text. */
static const char *converted(struct ctx *c, enum charset charset, struct str in, size_t step,
	size_t out_max, uint64_t *ret_replaced)
{
	struct charset_reader *r = NULL;
	struct buf b;
	char out[64];
	buf_init(&b, c->arena, 4096);
	if (charset_open(c, charset, &r) != OK)
		return c->trouble.detail;
	size_t at = 0;
	for (unsigned tries = 0; tries < 1000; tries++) {
		size_t used = 0, made = 0, n = step < in.n - at ? step : in.n - at;
		charset_convert(r, str_sub(in, at, n), at + n == in.n, out, out_max, &used, &made);
		buf_add(&b, (struct str){out, made});
		at += used;
		if (at == in.n && made == 0)
			break;
	}
	*ret_replaced = charset_replaced(r);
	return arena_z(c->arena, buf_str(&b));
}

static void converts(struct ctx *c)
{
	static const struct {
		enum charset charset;
		struct str in;
		const char *out;
		uint64_t replaced;
	} rows[] = {
		{CHARSET_GB18030, {HANGZHOU_GB ",1\n", 7}, HANGZHOU_8 ",1\n", 0},
		{CHARSET_GB18030,
			{"a\x94\x39\xda\x33"
			 "b",
				6},
			"a\xf0\x9f\x92\xa9"
			"b",
			0},
		{CHARSET_GB18030,
			{"a\xff"
			 "b",
				3},
			"a\xef\xbf\xbd"
			"b",
			1},
		{CHARSET_GB18030, {"a\xba", 2}, "a\xef\xbf\xbd", 1},
		{CHARSET_UTF16LE, {"\x6d\x67\x3d\xd8\xa9\xdc", 6}, "\xe6\x9d\xad\xf0\x9f\x92\xa9",
			0},
		{CHARSET_UTF16BE, {"\x67\x6d\xdc\xa9\0a\0", 7},
			"\xe6\x9d\xad\xef\xbf\xbd"
			"a\xef\xbf\xbd",
			2},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		for (size_t step = 1; step <= 8; step += step < 4 ? 1 : 4) {
			uint64_t replaced = 0;
			is_str(converted(c, rows[i].charset, rows[i].in, step, 16, &replaced),
				rows[i].out, "row %zu in steps of %zu", i, step);
			is_int(replaced, rows[i].replaced, "replaced");
		}
	}
	struct charset_reader *r = NULL;
	is_int(charset_open(c, CHARSET_UTF8, &r), ERR_BAD_VALUE, "UTF-8 needs no reader");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	guesses();
	converts(&c);
	return done_testing();
}
