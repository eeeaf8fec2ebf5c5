#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void buf_init(struct buf *b, struct arena *a, size_t size_max)
{
	*b = (struct buf){.arena = a, .size_max = size_max};
}

char *buf_reserve(struct buf *b, size_t n)
{
	if (b->failed || n > b->size_max - b->n) {
		b->failed = true;
		return NULL;
	}
	if (n > b->cap - b->n) {
		size_t cap = b->cap < 128 ? 256 : b->cap * 2;
		while (cap < b->n + n)
			cap *= 2;
		if (cap > b->size_max)
			cap = b->size_max;
		char *p = arena_grow(b->arena, b->p, b->cap, cap);
		if (p == NULL) {
			b->failed = true;
			return NULL;
		}
		b->p = p;
		b->cap = cap;
	}
	char *at = b->p + b->n;
	b->n += n;
	return at;
}

void buf_add(struct buf *b, struct str s)
{
	if (s.n == 0)
		return; /* an empty buffer has no memory to point into yet */
	char *at = buf_reserve(b, s.n);
	if (at != NULL)
		memcpy(at, s.p, s.n);
}

void buf_z(struct buf *b, const char *z)
{
	buf_add(b, str_z(z));
}

void buf_char(struct buf *b, char ch)
{
	buf_add(b, (struct str){&ch, 1});
}

void buf_u64(struct buf *b, uint64_t v)
{
	char text[20];
	size_t at = sizeof text;
	do {
		text[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	buf_add(b, (struct str){text + at, sizeof text - at});
}

void buf_i64(struct buf *b, int64_t v)
{
	if (v < 0)
		buf_char(b, '-');
	buf_u64(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void buf_hex(struct buf *b, const void *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char *at = buf_reserve(b, 2 * n);
	for (size_t i = 0; at != NULL && i < n; i++) {
		unsigned char byte = ((const unsigned char *)bytes)[i];
		at[2 * i] = digits[byte >> 4];
		at[2 * i + 1] = digits[byte & 15];
	}
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	char *at = n < 0 ? NULL : buf_reserve(b, (size_t)n + 1);
	if (at != NULL) {
		(void)vsnprintf(at, (size_t)n + 1, fmt, again);
		b->n--;
	}
	va_end(again);
}

struct str buf_str(const struct buf *b)
{
	return (struct str){b->p, b->n};
}

err buf_done(struct ctx *c, const struct buf *b, struct str *ret)
{
	ENSURE(!b->failed, c, ERR_TOO_LARGE, "the text would be longer than %zu bytes",
		b->size_max);
	*ret = buf_str(b);
	return OK;
}
