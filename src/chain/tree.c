#include "chain/tree.h"

#include <assert.h>
#include <string.h>

void tree_append(struct tree *t, const struct hash *leaf, tree_complete_fn *complete, void *arg)
{
	struct hash h = *leaf;
	unsigned level = 0;
	assert(t->size < UINT64_MAX);
	for (;; level++) {
		if (complete != NULL)
			complete(arg, level, t->size >> level, &h);
		if ((t->size >> level & 1) == 0)
			break;
		h = hash_node(&t->edge[level], &h);
	}
	t->edge[level] = h;
	t->size++;
}

struct hash tree_root(const struct tree *t)
{
	struct hash root = hash_empty();
	bool some = false;
	for (unsigned level = 0; level < 64; level++) {
		if ((t->size >> level & 1) == 0)
			continue;
		root = some ? hash_node(&t->edge[level], &root) : t->edge[level];
		some = true;
	}
	return root;
}

size_t tree_pack(const struct tree *t, struct hash ret[64])
{
	size_t n = 0;
	for (unsigned level = 0; level < 64; level++) {
		if ((t->size >> level & 1) != 0)
			ret[n++] = t->edge[level];
	}
	return n;
}

bool tree_unpack(uint64_t size, const void *packed, size_t n, struct tree *ret)
{
	const struct hash *next = packed;
	if (n != (size_t)__builtin_popcountll(size) * sizeof *next)
		return false;
	ret->size = size;
	for (unsigned level = 0; level < 64; level++) {
		if ((size >> level & 1) != 0)
			ret->edge[level] = *next++;
	}
	return true;
}

bool tree_verify_inclusion(const struct hash *leaf, uint64_t index, uint64_t size,
	const struct hash *path, size_t n, const struct hash *root)
{
	if (index >= size || n > LIMIT_PROOF_HASHES + 1)
		return false;
	uint64_t fn = index, sn = size - 1;
	struct hash r = *leaf;
	for (size_t i = 0; i < n; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) != 0 || fn == sn) {
			r = hash_node(&path[i], &r);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			r = hash_node(&r, &path[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && hash_eq(&r, root);
}

/* RFC 9162, 2.1.4.2, step 6: folds the rest of the path into both roots. */
static bool fold(uint64_t fn, uint64_t sn, struct hash first, const struct hash *path, size_t n,
	const struct hash *old_root, const struct hash *new_root)
{
	struct hash fr = first, sr = first;
	for (size_t i = 0; i < n; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) != 0 || fn == sn) {
			fr = hash_node(&path[i], &fr);
			sr = hash_node(&path[i], &sr);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			sr = hash_node(&sr, &path[i]);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && hash_eq(&fr, old_root) && hash_eq(&sr, new_root);
}

bool tree_verify_consistency(uint64_t old, const struct hash *old_root, uint64_t new,
	const struct hash *new_root, const struct hash *path, size_t n)
{
	if (old == 0 || old > new || n > LIMIT_PROOF_HASHES + 1)
		return false;
	if (old == new)
		return n == 0 && hash_eq(old_root, new_root);
	uint64_t fn = old - 1, sn = new - 1;
	while ((fn & 1) != 0) {
		fn >>= 1;
		sn >>= 1;
	}
	if ((old & (old - 1)) == 0)
		return fold(fn, sn, *old_root, path, n, old_root, new_root);
	return n > 0 && fold(fn, sn, path[0], path + 1, n - 1, old_root, new_root);
}
