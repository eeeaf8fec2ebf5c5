#include "chain/tree.h"

#include "base/limits.h"
#include "tests/tap.h"

#define LEAVES 70u

/* The whole tree in memory: node (level, index) by hashing what lies below. */
static err read_node(void *arg, struct ctx *c, unsigned level, uint64_t index, struct hash *ret)
{
	const struct hash *leaves = arg;
	struct hash left, right;
	if (level == 0) {
		*ret = leaves[index];
		return OK;
	}
	TRY(read_node(arg, c, level - 1, 2 * index, &left));
	TRY(read_node(arg, c, level - 1, 2 * index + 1, &right));
	*ret = hash_node(&left, &right);
	return OK;
}

/* Every proof of every tree of up to 70 leaves holds, and none for the next leaf or the next size. */
static void all_proofs(struct ctx *c, struct hash *leaves, const struct hash *roots)
{
	struct tree_proof p;
	int wrong = 0;
	for (uint64_t size = 1; size <= LEAVES; size++) {
		for (uint64_t i = 0; i < size; i++) {
			wrong += tree_prove_inclusion(c, i, size, read_node, leaves, &p) != OK ||
				 !tree_verify_inclusion(
					 &leaves[i], i, size, p.path, p.n, &roots[size]) ||
				 tree_verify_inclusion(&leaves[(i + 1) % LEAVES], i, size, p.path,
					 p.n, &roots[size]);
			wrong += tree_prove_consistency(c, i + 1, size, read_node, leaves, &p) !=
					 OK ||
				 !tree_verify_consistency(
					 i + 1, &roots[i + 1], size, &roots[size], p.path, p.n) ||
				 (i + 1 < size && tree_verify_consistency(i + 1, &roots[i], size,
							  &roots[size], p.path, p.n));
		}
	}
	is_int(wrong, 0, "every proof of every tree of up to %u leaves", LEAVES);
	is_int(tree_prove_inclusion(c, 5, 5, read_node, leaves, &p), ERR_BAD_VALUE,
		"none of a leaf that is not there");
	is_int(tree_prove_consistency(c, 6, 5, read_node, leaves, &p), ERR_BAD_VALUE,
		"none from the future");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	static struct hash leaves[LEAVES], roots[LEAVES + 1];
	struct tree t = {0};
	roots[0] = hash_empty();
	for (unsigned i = 0; i < LEAVES; i++) {
		leaves[i] = hash_leaf((struct str){(const char *)&i, sizeof i});
		tree_append(&t, &leaves[i], NULL, NULL);
		roots[i + 1] = tree_root(&t);
	}
	all_proofs(&c, leaves, roots);
	return done_testing();
}
