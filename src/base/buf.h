/* Growing output with a maximum given at the start. Failures stick: write freely, ask once at the end (buf_done).
 * The bytes lie in the arena and need no free. */
#pragma once

#include "base/arena.h"
#include "base/str.h"

struct buf {
	struct arena *arena;
	char *p;
	size_t n, cap, size_max;
	bool failed;
};

void buf_init(struct buf *b, struct arena *a, size_t size_max);
void buf_add(struct buf *b, struct str s);
void buf_z(struct buf *b, const char *z);
void buf_char(struct buf *b, char ch);
void buf_u64(struct buf *b, uint64_t v);
void buf_i64(struct buf *b, int64_t v);
/* Lower-case hex. */
void buf_hex(struct buf *b, const void *bytes, size_t n);
void buf_fmt(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Room for n more bytes that the caller fills, or NULL (then failed is set). */
char *buf_reserve(struct buf *b, size_t n);
/* What is written so far. */
struct str buf_str(const struct buf *b);
/* The whole text, or ERR_TOO_LARGE where something did not fit. */
must_use err buf_done(struct ctx *c, const struct buf *b, struct str *ret);
