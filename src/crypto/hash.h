/* SHA-256: one-shot, streaming, and the RFC 6962 leaf and node hashes. Node hashing uses the low-level SHA256_* calls
 * (0.11 against 0.26 microseconds through EVP; DESIGN, Dependencies). Streams use EVP (SHA-NI). */
#pragma once

#include "base/arena.h"

#define HASH_BYTES 32u

struct hash {
	uint8_t b[HASH_BYTES];
};

struct hash_stream; /* arena-bound */

struct hash hash_of(struct str bytes);
/* H(a || b), e.g. salt and act. */
struct hash hash_of2(struct str a, struct str b);
/* RFC 6962: H(0x00 || entry), H(0x01 || left || right), H(""). */
struct hash hash_leaf(struct str entry);
struct hash hash_node(const struct hash *left, const struct hash *right);
struct hash hash_empty(void);
bool hash_eq(const struct hash *a, const struct hash *b);
/* A borrowed slice of the 32 bytes. */
struct str hash_str(const struct hash *h);
/* 64 lower-case hex digits. */
bool hash_parse(struct str hex, struct hash *ret);

/* A running digest; freed with the arena. */
must_use err hash_open(struct ctx *c, struct hash_stream **ret);
void hash_update(struct hash_stream *s, const void *bytes, size_t n);
/* The digest so far; the stream starts anew. */
struct hash hash_finish(struct hash_stream *s);

/* Equal bytes in constant time. */
bool ct_equal(const void *a, const void *b, size_t n);
