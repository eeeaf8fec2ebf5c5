/* The RFC 6962 Merkle tree over SHA-256: appending by a compact range, roots, and the two proofs, made and verified
 * (RFC 9162, 2.1.3 and 2.1.4, on RFC 6962 hashes). No I/O: who makes a proof hands in a way to read stored subtrees. */
#pragma once

#include "base/limits.h"
#include "crypto/hash.h"

/* The right edge of a tree: edge[k] is the hash of the complete subtree of 2^k leaves where bit k of size is set. */
struct tree {
	uint64_t size;
	struct hash edge[64];
};

/* Told of every subtree that becomes complete: level 0 is a leaf; index counts subtrees of that level. */
typedef void tree_complete_fn(void *arg, unsigned level, uint64_t index, const struct hash *h);

/* Appends one leaf hash. complete may be NULL. */
void tree_append(struct tree *t, const struct hash *leaf, tree_complete_fn *complete, void *arg);
/* MTH of the whole tree; H("") for size 0. */
struct hash tree_root(const struct tree *t);

/* The right edge as it is stored: the hashes that there are, smallest subtree first; answers how many. */
size_t tree_pack(const struct tree *t, struct hash ret[64]);
/* Reads it back; false where n bytes are not the edge of a tree of size leaves. */
bool tree_unpack(uint64_t size, const void *packed, size_t n, struct tree *ret);

/* Gives the hash of the complete subtree (level, index). */
typedef err tree_read_fn(
	void *arg, struct ctx *c, unsigned level, uint64_t index, struct hash *ret);

struct tree_proof {
	size_t n;
	struct hash path[LIMIT_PROOF_HASHES + 1];
};

/* The root of the first size leaves. */
must_use err tree_root_at(
	struct ctx *c, uint64_t size, tree_read_fn *read, void *arg, struct hash *ret);
/* Inclusion of leaf index in the tree of size leaves, leaf's sibling first. ERR_BAD_VALUE unless index < size. */
must_use err tree_prove_inclusion(struct ctx *c, uint64_t index, uint64_t size, tree_read_fn *read,
	void *arg, struct tree_proof *ret);
/* Consistency of the trees of old and new leaves; empty for old = 0 and old = new. ERR_BAD_VALUE unless old <= new. */
must_use err tree_prove_consistency(struct ctx *c, uint64_t old, uint64_t new, tree_read_fn *read,
	void *arg, struct tree_proof *ret);

/* True where the path leads from the leaf hash to root. */
bool tree_verify_inclusion(const struct hash *leaf, uint64_t index, uint64_t size,
	const struct hash *path, size_t n, const struct hash *root);
/* True where the tree of old leaves with old_root is a prefix of that of new leaves with new_root. False for old = 0:
 * from an empty tree nothing is proved, and who has seen nothing yet must not take that for a link. */
bool tree_verify_consistency(uint64_t old, const struct hash *old_root, uint64_t new,
	const struct hash *new_root, const struct hash *path, size_t n);
