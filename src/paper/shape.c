#include "paper/shape.h"

bool shape_is_hidden(uint32_t cp)
{
	// clang-format off
	static const struct { uint32_t from, to; } rows[] = {
		{0x00, 0x09}, {0x0b, 0x1f}, {0x7f, 0x9f}, /* controls but LF */
		{0xad, 0xad}, {0x34f, 0x34f}, {0x61c, 0x61c}, {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f},
		{0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, /* zero width, bidirectional */
		{0x3164, 0x3164}, {0xd800, 0xf8ff}, /* surrogates, private use */
		{0xfdd0, 0xfdef}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb},
		{0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0x10ffff}, /* tags, selectors, private planes */
	};
	// clang-format on
	for (size_t i = 0; i < countof(rows); i++) {
		if (cp >= rows[i].from && cp <= rows[i].to)
			return true;
	}
	return (cp & 0xfffe) == 0xfffe; /* the noncharacters of each plane */
}

/* Length of the well-formed sequence at p, and its code point; 0 where there is none. */
static size_t decode(struct str s, uint32_t *ret)
{
	unsigned char a = (unsigned char)s.p[0];
	size_t n = a < 0x80 ? 1 : a < 0xe0 ? 2 : a < 0xf0 ? 3 : 4;
	if (n > s.n || !str_is_utf8(str_sub(s, 0, n)))
		return 0;
	uint32_t cp = n == 1 ? a : a & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++)
		cp = cp << 6 | ((unsigned char)s.p[i] & 0x3f);
	*ret = cp;
	return n;
}

/* How many bytes from here are clean. */
static size_t clean_run(struct str s)
{
	size_t at = 0;
	while (at < s.n) {
		uint32_t cp;
		size_t n = decode(str_sub(s, at, s.n), &cp);
		if (n == 0 || shape_is_hidden(cp))
			break;
		at += n;
	}
	return at;
}

bool shape_is_clean(struct str text)
{
	return clean_run(text) == text.n;
}

err shape_clean(struct ctx *c, struct str text, struct str *ret)
{
	size_t run = clean_run(text);
	if (run == text.n) {
		*ret = text;
		return OK;
	}
	char *out = arena_alloc(c->arena, 3 * text.n);
	size_t n = 0;
	ENSURE(out != NULL, c, ERR_TOO_LARGE, "the text is too long");
	while (text.n > 0) {
		for (size_t i = 0; i < run; i++)
			out[n++] = text.p[i];
		text = str_sub(text, run, text.n);
		if (text.n == 0)
			break;
		uint32_t cp;
		size_t bad = decode(text, &cp);
		for (size_t i = 0; i < 3; i++)
			out[n++] = SHAPE_REPLACEMENT[i];
		text = str_sub(text, bad == 0 ? 1 : bad, text.n);
		run = clean_run(text);
	}
	*ret = (struct str){out, n};
	return OK;
}
