#include "codec/base64.h"

#include <string.h>

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void encode(struct buf *b, const uint8_t *bytes, size_t n, const char *alphabet, bool pad)
{
	for (size_t i = 0; i < n; i += 3) {
		size_t have = n - i < 3 ? n - i : 3;
		uint32_t v = (uint32_t)bytes[i] << 16;
		v |= have > 1 ? (uint32_t)bytes[i + 1] << 8 : 0;
		v |= have > 2 ? bytes[i + 2] : 0;
		char out[4];
		for (size_t k = 0; k < 4; k++)
			out[k] = k <= have ? alphabet[v >> (18 - 6 * k) & 63] : '=';
		buf_add(b, (struct str){out, pad ? 4 : have + 1});
	}
}

void base64_add(struct buf *b, const void *bytes, size_t n)
{
	encode(b, bytes, n, standard, true);
}

void base64url_add(struct buf *b, const void *bytes, size_t n)
{
	encode(b, bytes, n, url_safe, false);
}

static err encode_str(struct ctx *c, struct str bytes, bool url, struct str *ret)
{
	struct buf b;
	buf_init(&b, c->arena, bytes.n / 3 * 4 + 4);
	if (url)
		base64url_add(&b, bytes.p, bytes.n);
	else
		base64_add(&b, bytes.p, bytes.n);
	return buf_done(c, &b, ret);
}

err base64_encode(struct ctx *c, struct str bytes, struct str *ret)
{
	return encode_str(c, bytes, false, ret);
}

err base64url_encode(struct ctx *c, struct str bytes, struct str *ret)
{
	return encode_str(c, bytes, true, ret);
}

static int digit(char ch, const char *alphabet)
{
	if (ch >= 'A' && ch <= 'Z')
		return ch - 'A';
	if (ch >= 'a' && ch <= 'z')
		return ch - 'a' + 26;
	if (ch >= '0' && ch <= '9')
		return ch - '0' + 52;
	if (ch == alphabet[62])
		return 62;
	return ch == alphabet[63] ? 63 : -1;
}

/* Decodes unpadded text into out, which has room for text.n * 3 / 4 bytes. */
static bool decode(struct str text, const char *alphabet, uint8_t *out)
{
	if (text.n % 4 == 1)
		return false;
	uint32_t v = 0;
	unsigned bits = 0;
	for (size_t i = 0; i < text.n; i++) {
		int d = digit(text.p[i], alphabet);
		if (d < 0)
			return false;
		v = v << 6 | (uint32_t)d;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			*out++ = (uint8_t)(v >> bits);
		}
	}
	return (v & ((1u << bits) - 1)) == 0;
}

/* Takes exactly the padding that is due away. */
static bool unpad(struct str *text)
{
	if (text->n % 4 != 0)
		return false;
	for (int i = 0; i < 2 && text->n > 0 && text->p[text->n - 1] == '='; i++)
		text->n--;
	return true;
}

static err decode_str(struct ctx *c, struct str text, const char *alphabet, struct str *ret)
{
	uint8_t *out = arena_alloc(c->arena, text.n * 3 / 4 + 1);
	ENSURE(out != NULL, c, ERR_TOO_LARGE, "base64 text is too long");
	ENSURE(decode(text, alphabet, out), c, ERR_MALFORMED, "text is not strict base64");
	*ret = (struct str){(const char *)out, text.n * 3 / 4};
	return OK;
}

err base64_decode(struct ctx *c, struct str text, struct str *ret)
{
	ENSURE(unpad(&text), c, ERR_MALFORMED, "base64 is not padded to a multiple of four");
	return decode_str(c, text, standard, ret);
}

err base64url_decode(struct ctx *c, struct str text, struct str *ret)
{
	return decode_str(c, text, url_safe, ret);
}

static bool fixed(struct str text, const char *alphabet, uint8_t *ret, size_t n)
{
	uint8_t out[128];
	if (n > sizeof out || text.n > 170 || text.n * 3 / 4 != n || !decode(text, alphabet, out))
		return false;
	memcpy(ret, out, n);
	return true;
}

bool base64_fixed(struct str text, uint8_t *ret, size_t n)
{
	return unpad(&text) && fixed(text, standard, ret, n);
}

bool base64url_fixed(struct str text, uint8_t *ret, size_t n)
{
	return fixed(text, url_safe, ret, n);
}
