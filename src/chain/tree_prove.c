/* What makes proofs; the offline verifier only checks them. */
#include <assert.h>

#include "chain/tree.h"

/* The largest power of two below n, as its exponent; n > 1. */
static unsigned split_level(uint64_t n)
{
	return 63u - (unsigned)__builtin_clzll(n - 1);
}

/* MTH of the leaves from..to, where from is a multiple of the largest power of two in the range. */
static err range_root(
	struct ctx *c, uint64_t from, uint64_t to, tree_read_fn *read, void *arg, struct hash *ret)
{
	struct hash parts[64];
	size_t n = 0;
	while (from < to) {
		uint64_t left = to - from;
		unsigned level = 63u - (unsigned)__builtin_clzll(left);
		TRY(read(arg, c, level, from >> level, &parts[n++]));
		from += 1ull << level;
	}
	assert(n > 0 && n <= 64);
	struct hash root = parts[n - 1];
	for (size_t i = n - 1; i-- > 0;)
		root = hash_node(&parts[i], &root);
	*ret = root;
	return OK;
}

err tree_root_at(struct ctx *c, uint64_t size, tree_read_fn *read, void *arg, struct hash *ret)
{
	if (size > 0)
		return range_root(c, 0, size, read, arg, ret);
	*ret = hash_empty();
	return OK;
}

/* Walks down from the whole tree and notes the other half at each step, top first; then turns the path round. */
static void reverse(struct tree_proof *p)
{
	for (size_t i = 0; i < p->n / 2; i++) {
		struct hash h = p->path[i];
		p->path[i] = p->path[p->n - 1 - i];
		p->path[p->n - 1 - i] = h;
	}
}

err tree_prove_inclusion(struct ctx *c, uint64_t index, uint64_t size, tree_read_fn *read,
	void *arg, struct tree_proof *ret)
{
	struct tree_proof p = {0};
	uint64_t from = 0, to = size;
	ENSURE(index < size, c, ERR_BAD_VALUE, "leaf %llu is not in a tree of %llu",
		(unsigned long long)index, (unsigned long long)size);
	while (to - from > 1) {
		uint64_t middle = from + (1ull << split_level(to - from));
		bool left = index < middle;
		TRY(range_root(
			c, left ? middle : from, left ? to : middle, read, arg, &p.path[p.n++]));
		if (left)
			to = middle;
		else
			from = middle;
	}
	reverse(&p);
	*ret = p;
	return OK;
}

/* RFC 9162, 2.1.4.1: SUBPROOF(old, D[from:to], whole). */
err tree_prove_consistency(struct ctx *c, uint64_t old, uint64_t new, tree_read_fn *read, void *arg,
	struct tree_proof *ret)
{
	struct tree_proof p = {0};
	uint64_t from = 0, to = new;
	bool whole = true;
	ENSURE(old <= new, c, ERR_BAD_VALUE, "a log of %llu entries has no head of %llu",
		(unsigned long long)new, (unsigned long long)old);
	while (old > 0 && old < to) {
		uint64_t middle = from + (1ull << split_level(to - from));
		bool left = old <= middle;
		TRY(range_root(
			c, left ? middle : from, left ? to : middle, read, arg, &p.path[p.n++]));
		if (left) {
			to = middle;
		} else {
			from = middle;
			whole = false;
		}
	}
	if (!whole)
		TRY(range_root(c, from, to, read, arg, &p.path[p.n++]));
	reverse(&p);
	*ret = p;
	return OK;
}
