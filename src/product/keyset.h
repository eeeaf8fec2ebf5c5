/* A set of keys that a stream of rows brings: 128-bit keyed hashes (crypto/shorthash.h) in one open table, 16 bytes a slot, so
 * that ten million keys take 256 MiB and no key's text is kept. Two different keys count as one with probability
 * n^2/2^127. With counts, 16 bytes more a slot: how often each was added, and with which number first.
 * All sets of one budget share its limit; beyond it nothing more is added and the budget says so. Memory is freed with the
 * arena of c. Errors: ERR_MEMORY; ERR_TOO_LARGE where the arena is full. */
#pragma once

#include "base/arena.h"
#include "base/limits.h"
#include "crypto/shorthash.h"

struct keyset_budget {
	uint8_t key[SHORTHASH_KEY];
	uint64_t held, limit;
	bool exceeded;
};

enum keyset_seen {
	KEYSET_NEW,
	KEYSET_SECOND, /* it was added once before */
	KEYSET_MORE,
	KEYSET_FULL /* not added: the budget is spent */
};

struct keyset;

must_use err keyset_new(
	struct ctx *c, struct keyset_budget *budget, bool counts, struct keyset **ret);
/* number: told again by keyset_each of a set with counts. */
must_use err keyset_add(struct ctx *c, struct keyset *s, struct shorthash key, uint64_t number,
	enum keyset_seen *ret);
bool keyset_has(const struct keyset *s, struct shorthash key);
/* The keys, in no order, of a set with counts; n: how often it was added, first: the number of the first time. */
typedef void keyset_fn(void *arg, struct shorthash key, uint64_t n, uint64_t first);
void keyset_each(const struct keyset *s, keyset_fn *fn, void *arg);
