/* Fuzzes proofs: E as a partner shows it, trees of any size with their inclusion and consistency, and the same proofs bent in
 * one bit. What was built by us verifies, what is bent does not. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "chain/tiles.h"
#include "chain/tree.h"
#include "proof/evidence.h"

#define LEAVES 600u

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

struct forest {
	struct hash leaf[LEAVES];
	size_t n;
	struct tile tile[8];
	struct hash kept[8][TILES_WIDTH];
	unsigned tiles;
};

/* tree_read_fn, by the definition alone. */
static err subtree(void *arg, struct ctx *c, unsigned level, uint64_t index, struct hash *ret)
{
	const struct forest *f = arg;
	struct hash left, right;
	if (level == 0) {
		assert(index < f->n);
		*ret = f->leaf[index];
		return OK;
	}
	TRY(subtree(arg, c, level - 1, 2 * index, &left));
	TRY(subtree(arg, c, level - 1, 2 * index + 1, &right));
	*ret = hash_node(&left, &right);
	return OK;
}

static void grown(struct ctx *c, struct forest *f, uint64_t old)
{
	struct tree t = {0}, read;
	struct hash packed[64], root, old_root, twisted;
	struct tree_proof p;
	for (size_t i = 0; i < f->n; i++)
		tree_append(&t, &f->leaf[i], NULL, NULL);
	root = tree_root(&t);
	size_t edge = tree_pack(&t, packed);
	assert(tree_unpack(t.size, packed, edge * HASH_BYTES, &read));
	twisted = tree_root(&read);
	assert(hash_eq(&twisted, &root));
	err e = tree_root_at(c, old, subtree, f, &old_root);
	assert(e == OK);
	e = tree_prove_consistency(c, old, f->n, subtree, f, &p);
	assert(e == OK);
	assert(old == 0 || tree_verify_consistency(old, &old_root, f->n, &root, p.path, p.n));
	twisted = old_root;
	twisted.b[old % HASH_BYTES] ^= 1;
	assert(!tree_verify_consistency(old, &twisted, f->n, &root, p.path, p.n));
	if (old == f->n)
		return;
	e = tree_prove_inclusion(c, old, f->n, subtree, f, &p);
	assert(e == OK);
	assert(tree_verify_inclusion(&f->leaf[old], old, f->n, p.path, p.n, &root));
	twisted = f->leaf[old];
	twisted.b[old % HASH_BYTES] ^= 1;
	assert(!tree_verify_inclusion(&twisted, old, f->n, p.path, p.n, &root));
	assert(p.n == 0 ||
		!tree_verify_inclusion(&f->leaf[old], old, f->n, p.path, p.n - 1, &root));
}

/* Any path and any sizes: no answer is yes but for the trees that are so. */
static void strange(struct str input)
{
	struct hash path[LIMIT_PROOF_HASHES + 1], leaf = hash_of(input), root;
	uint64_t index = 0, size = 0;
	size_t n = input.n / HASH_BYTES;
	if (input.n < 16)
		return;
	memcpy(&index, input.p, 8);
	memcpy(&size, input.p + 8, 8);
	n = n > countof(path) ? countof(path) : n;
	memcpy(path, input.p, n * HASH_BYTES);
	root = hash_of2(input, input);
	assert(!tree_verify_inclusion(&leaf, index, size, path, n, &root));
	assert(index == size || !tree_verify_consistency(index, &leaf, size, &root, path, n));
}

static void shown(struct ctx *c, struct str input)
{
	const struct json *j = NULL;
	struct evidence e = {.path_n = 0};
	struct str text;
	if (json_parse(c, input, &j) != OK)
		return;
	err r = evidence_read(c, j, &e);
	assert(r == OK || c->trouble.detail[0] != '\0');
	if (r != OK)
		return;
	assert(e.path_n <= LIMIT_PROOF_HASHES);
	r = json_canonical(c, e.act, LIMIT_ACT, &text);
	assert(r == OK);
	struct hash leaf = evidence_leaf(text, &e.salt);
	assert(hash_eq(&leaf, &e.leaf));
	r = evidence_verify(c, &e, STR("fuzz.example/log+00000000+AAAA"), STR("fuzz.example/log"));
	assert(r != OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static struct forest f;
	struct str input = {(const char *)bytes, n};
	if (n > LIMIT_DOCUMENT)
		return 0;
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	shown(&c, input);
	strange(input);
	if (n < 4)
		return 0;
	f.n = (size_t)(bytes[0] << 8 | bytes[1]) % (LEAVES + 1);
	for (size_t i = 0; i < f.n; i++)
		f.leaf[i] = hash_of((struct str){(const char *)&bytes[i % n], 1});
	grown(&c, &f, f.n == 0 ? 0 : (uint64_t)(bytes[2] << 8 | bytes[3]) % (f.n + 1));
	return 0;
}
