/* Slices of text or bytes. A str borrows; it owns nothing and is not NUL-terminated.
 * NUL-terminated text occurs only at the edge to libc, SQLite and OpenSSL (arena_z). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
	const char *p;
	size_t n;
};

#define STR(lit) ((struct str){"" lit, sizeof(lit) - 1})
/* For printf's "%.*s". */
#define FMT(s) (int)(s).n, ((s).n > 0 ? (s).p : "")

/* A slice of NUL-terminated text; NULL gives the empty slice. */
struct str str_z(const char *z);

bool str_eq(struct str a, struct str b);
/* Equal to NUL-terminated text. */
bool str_is(struct str a, const char *z);
/* Equal but for ASCII case (header names). */
bool str_is_nocase(struct str a, const char *z);
/* Byte order, shorter first among equals: < 0, 0, > 0. */
int str_cmp(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* The part from..from+n, clipped to s. */
struct str str_sub(struct str s, size_t from, size_t n);
/* Without SP and HTAB on either side. */
struct str str_trim(struct str s);
/* Position of the first c, or s.n. */
size_t str_find(struct str s, char c);
/* Position of the first occurrence of text, or s.n. */
size_t str_find_str(struct str s, struct str text);
/* Splits at the first c: left part to ret_head, rest behind c to ret_tail; false when c does not occur. */
bool str_cut(struct str s, char c, struct str *ret_head, struct str *ret_tail);
/* Decimal digits without sign or leading zeros (but "0"), at most UINT64_MAX; false otherwise. */
bool str_u64(struct str s, uint64_t *ret);
/* As str_u64 with an optional '-'; -0 is refused. */
bool str_i64(struct str s, int64_t *ret);
/* The value of a hex digit of either case, or -1. */
int str_hex_digit(char c);
/* Exactly n lower-case hex bytes. */
bool str_unhex(struct str s, uint8_t *ret, size_t n);
/* Well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool str_is_utf8(struct str s);
