#include "chain/tree.h"

#include "tests/tap.h"

#define SIZES 130u

/* Every complete subtree of a small tree, by level and index. */
struct subtrees {
	struct hash h[8][SIZES];
};

static void note(void *arg, unsigned level, uint64_t index, const struct hash *h)
{
	((struct subtrees *)arg)->h[level][index] = *h;
}

static err read_subtree(void *arg, struct ctx *c, unsigned level, uint64_t index, struct hash *ret)
{
	ENSURE(level < 8 && index < SIZES, c, ERR_NOT_FOUND, "no subtree");
	*ret = ((struct subtrees *)arg)->h[level][index];
	return OK;
}

static struct hash leaf(uint64_t i)
{
	return hash_leaf((struct str){(const char *)&i, sizeof i});
}

/* The definition of RFC 6962, 2.1, word by word. */
static struct hash by_definition(uint64_t from, uint64_t n)
{
	if (n == 0)
		return hash_empty();
	if (n == 1)
		return leaf(from);
	uint64_t k = 1;
	while (k * 2 < n)
		k *= 2;
	struct hash left = by_definition(from, k), right = by_definition(from + k, n - k);
	return hash_node(&left, &right);
}

static struct subtrees all;
static struct hash roots[SIZES + 1];

static void roots_hold(struct ctx *c)
{
	struct tree t = {0};
	int wrong = 0;
	for (uint64_t n = 0; n <= SIZES; n++) {
		struct hash want = by_definition(0, n), stored;
		roots[n] = tree_root(&t);
		wrong += !hash_eq(&roots[n], &want);
		if (n < SIZES) {
			struct hash h = leaf(n);
			tree_append(&t, &h, note, &all);
		}
		wrong += tree_root_at(c, n, read_subtree, &all, &stored) != OK ||
			 !hash_eq(&stored, &want);
	}
	is_int(wrong, 0, "every root of 0 to %u leaves is RFC 6962's, appended and read", SIZES);
}

static int inclusion_wrong(struct ctx *c, uint64_t index, uint64_t size)
{
	struct tree_proof p;
	struct hash h = leaf(index);
	if (tree_prove_inclusion(c, index, size, read_subtree, &all, &p) != OK)
		return 1;
	int wrong = !tree_verify_inclusion(&h, index, size, p.path, p.n, &roots[size]);
	wrong += tree_verify_inclusion(&h, index + 1, size, p.path, p.n, &roots[size]);
	wrong += tree_verify_inclusion(&h, index, size, p.path, p.n + 1, &roots[size]);
	wrong += p.n > 0 && tree_verify_inclusion(&h, index, size, p.path, p.n - 1, &roots[size]);
	wrong += tree_verify_inclusion(&h, index, size, p.path, p.n, &roots[size - 1]);
	for (size_t i = 0; i < p.n; i++) {
		p.path[i].b[index % 32] ^= 1;
		wrong += tree_verify_inclusion(&h, index, size, p.path, p.n, &roots[size]);
		p.path[i].b[index % 32] ^= 1;
	}
	return wrong;
}

static int consistency_wrong(struct ctx *c, uint64_t old, uint64_t new)
{
	struct tree_proof p;
	if (tree_prove_consistency(c, old, new, read_subtree, &all, &p) != OK)
		return 1;
	int wrong = !tree_verify_consistency(old, &roots[old], new, &roots[new], p.path, p.n);
	if (old == new)
		return wrong;
	wrong += tree_verify_consistency(old, &roots[old], new, &roots[new], p.path, p.n + 1);
	wrong +=
		old > 0 && tree_verify_consistency(old, &roots[new], new, &roots[new], p.path, p.n);
	wrong +=
		old > 0 && tree_verify_consistency(old, &roots[old], new, &roots[old], p.path, p.n);
	for (size_t i = 0; i < p.n; i++) {
		p.path[i].b[old % 32] ^= 1;
		wrong += tree_verify_consistency(old, &roots[old], new, &roots[new], p.path, p.n);
		p.path[i].b[old % 32] ^= 1;
	}
	return wrong;
}

static void proofs_hold(struct ctx *c)
{
	int inclusion = 0, consistency = 0;
	for (uint64_t size = 1; size <= SIZES; size++) {
		for (uint64_t index = 0; index < size; index++)
			inclusion += inclusion_wrong(c, index, size);
		for (uint64_t old = 1; old <= size; old++)
			consistency += consistency_wrong(c, old, size);
	}
	is_int(inclusion, 0, "every inclusion proof verifies, and no changed one");
	is_int(consistency, 0, "every consistency proof verifies, and no changed one");
}

static void edges_are_kept(void)
{
	struct tree t = {0};
	int wrong = 0;
	for (uint64_t size = 0; size <= SIZES; size++) {
		struct hash packed[64], root = tree_root(&t), again;
		struct tree back = {0};
		size_t n = tree_pack(&t, packed) * HASH_BYTES;
		wrong += !tree_unpack(size, packed, n, &back);
		again = tree_root(&back);
		wrong += back.size != size || !hash_eq(&root, &again);
		wrong += tree_unpack(size, packed, n + 1, &back);
		wrong += size > 0 && tree_unpack(size, packed, n - HASH_BYTES, &back);
		tree_append(&t, &root, NULL, NULL);
	}
	is_int(wrong, 0, "the edges of %u trees are packed and unpacked", SIZES + 1);
}

static void refuses(struct ctx *c)
{
	struct tree_proof p;
	is_int(tree_prove_inclusion(c, 5, 5, read_subtree, &all, &p), ERR_BAD_VALUE,
		"a leaf beyond the tree");
	is_int(tree_prove_consistency(c, 6, 5, read_subtree, &all, &p), ERR_BAD_VALUE,
		"an older tree that is larger");
	ok(!tree_verify_inclusion(&roots[0], 0, 0, p.path, 0, &roots[0]),
		"nothing is in the empty tree");
	ok(!tree_verify_consistency(0, &roots[0], 5, &roots[5], p.path, 0),
		"an empty tree links to nothing");
	is_int(tree_prove_consistency(c, 0, 5, read_subtree, &all, &p), OK, "its proof");
	is_int(p.n, 0, "is empty");
	ok(!tree_verify_consistency(3, &roots[3], 2, &roots[2], p.path, 0),
		"a log does not shrink");
	ok(!tree_verify_inclusion(&roots[1], 0, UINT64_MAX, p.path, SIZE_MAX, &roots[1]),
		"a path too long");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 16);
	struct ctx c = {.arena = a};
	roots_hold(&c);
	proofs_hold(&c);
	edges_are_kept();
	refuses(&c);
	return done_testing();
}
