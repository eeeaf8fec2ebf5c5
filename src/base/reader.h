/* Cursor over bytes: all parsing outside codec/ goes through it, so no pointer arithmetic elsewhere.
 * A call that answers false has moved nothing. */
#pragma once

#include "base/str.h"

struct reader {
	struct str rest;
};

struct reader reader_on(struct str s);
bool reader_end(const struct reader *r);
bool reader_u8(struct reader *r, uint8_t *ret);
/* Big-endian. */
bool reader_u16(struct reader *r, uint16_t *ret);
bool reader_u32(struct reader *r, uint32_t *ret);
bool reader_u64(struct reader *r, uint64_t *ret);
/* Exactly n bytes. */
bool reader_take(struct reader *r, size_t n, struct str *ret);
/* Exactly this text. */
bool reader_lit(struct reader *r, struct str text);
/* Up to and without the first c, which is consumed. */
bool reader_until(struct reader *r, char c, struct str *ret);
/* A line without its LF; the last line must end in LF too. */
bool reader_line(struct reader *r, struct str *ret);
