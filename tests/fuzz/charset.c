/* Fuzzes the reader of encodings. However the bytes are cut into pieces, the same UTF-8 comes out, well-formed, and all of
 * them are used up. The first byte chooses the encoding and how the rest is cut. */
#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "codec/charset.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* Pieces of step bytes, room for out_max at a time. */
static struct str converted(struct ctx *c, enum charset charset, struct str text, size_t step,
	size_t out_max, uint64_t *ret)
{
	struct charset_reader *r;
	struct buf b;
	size_t at = 0;
	bool ended = false;
	buf_init(&b, c->arena, 8 * text.n + 64);
	err e = charset_open(c, charset, &r);
	assert(e == OK);
	for (size_t left = 8 * text.n + 64; !ended; left--) {
		char out[64];
		size_t used = 0, made = 0;
		struct str piece = str_sub(text, at, at + step);
		bool last = at + piece.n == text.n;
		charset_convert(r, piece, last, out, out_max, &used, &made);
		assert(left > 0 && used <= piece.n && made <= out_max);
		buf_add(&b, (struct str){out, made});
		at += used;
		ended = last && at == text.n && made == 0;
	}
	assert(!b.failed);
	*ret = charset_replaced(r);
	return buf_str(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	if (n == 0 || n > 4096)
		return 0;
	cleanup(arena_freep) struct arena *a = arena_new(4u << 20);
	struct ctx c = {.arena = a};
	struct str text = {(const char *)bytes + 1, n - 1};
	enum charset charset = CHARSET_UTF16LE + bytes[0] % 3;
	uint64_t one = 0, other = 0;
	struct charset_guess g = charset_guess(text, (bytes[0] & 1) != 0);
	assert(g.charset < CHARSETS && g.bom <= 4 && g.bom <= text.n);
	struct str whole = converted(&c, charset, text, text.n, 64, &one);
	struct str cut =
		converted(&c, charset, text, 1 + bytes[0] / 16u, 16 + bytes[0] % 7u, &other);
	assert(str_is_utf8(whole));
	assert(one == other && str_eq(whole, cut));
	return 0;
}
