/* Fuzzes tiles: paths that strangers ask for, places of subtrees in trees of any size, and what is read of a log out of the tiles that
 * were written of it, also where a tile is not what was written. What is built from tiles is what the tree itself has. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "chain/tiles.h"
#include "chain/tree.h"

#define LEAVES 1100u

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* Tiles of levels 0 and 1 as they were written, a later width over an earlier one. */
struct shelf {
	struct hash h[2][LEAVES / TILES_WIDTH + 1][TILES_WIDTH];
	unsigned width[2][LEAVES / TILES_WIDTH + 1];
	uint64_t lie; /* not 0: the hash that is spoilt, counted over all that are read */
};

static err put(void *arg, struct ctx *c, const struct tile *t, const struct hash *hashes)
{
	struct shelf *s = arg;
	(void)c;
	assert(t->level < 2 && t->index <= LEAVES / TILES_WIDTH && !t->entries);
	assert(t->width >= 1 && t->width <= TILES_WIDTH &&
		t->width >= s->width[t->level][t->index]);
	memcpy(s->h[t->level][t->index], hashes, t->width * sizeof *hashes);
	s->width[t->level][t->index] = t->width;
	return OK;
}

static err get(void *arg, struct ctx *c, const struct tile *t, struct hash *ret)
{
	struct shelf *s = arg;
	if (t->level >= 2 || t->index > LEAVES / TILES_WIDTH ||
		t->width > s->width[t->level][t->index])
		return fail(c, ERR_NOT_FOUND, "no such tile");
	memcpy(ret, s->h[t->level][t->index], t->width * sizeof *ret);
	if (s->lie != 0)
		ret[s->lie % t->width].b[s->lie % HASH_BYTES] ^= 1;
	return OK;
}

static void path(struct str input)
{
	struct tile t;
	char again[TILES_PATH + 1];
	if (!tile_path_parse(input, &t))
		return;
	assert(t.level < TILES_LEVELS && t.width >= 1 && t.width <= TILES_WIDTH);
	assert(!t.entries || t.level == 0);
	tile_path(&t, again);
	assert(str_is(input, again));
}

/* Of a tree of any size: a subtree lies in a tile that this tree has, and no tile is beyond it. */
static void place(const uint8_t *bytes, size_t n)
{
	uint64_t size, index;
	struct tile t;
	if (n < 17)
		return;
	memcpy(&size, bytes, 8);
	memcpy(&index, bytes + 8, 8);
	unsigned level = bytes[16] % 64;
	if (size >> level == 0)
		return;
	index %= size >> level;
	struct tile_place p = tile_place_of(level, index);
	bool there = tile_at(p.level, p.index, size, &t);
	assert(there && p.first + p.count <= t.width && !t.entries);
	assert(!tile_at(p.level, (size >> (8 * p.level)) / TILES_WIDTH + 1, size, &t));
}

/* Inclusion of one leaf by a source over the tiles: what verifies is so, what was spoilt does not verify or spoils nothing
 * that the proof needs. */
static void read_back(struct ctx *c, struct shelf *s, const struct tree *t, uint64_t index,
	const struct hash *leaf)
{
	static struct tiles_source source;
	struct tiles_source *from = &source;
	struct tree_proof p;
	struct hash root = tree_root(t);
	source = (struct tiles_source){.size = t->size, .load = get, .arg = s, .edge = t};
	err e = tree_prove_inclusion(c, index, t->size, tiles_read, from, &p);
	assert(e == OK);
	bool holds = tree_verify_inclusion(leaf, index, t->size, p.path, p.n, &root);
	assert(holds || s->lie != 0);
	from->edge = NULL;
	e = tree_prove_inclusion(c, index, t->size, tiles_read, from, &p);
	assert(e == OK);
	assert(s->lie != 0 || tree_verify_inclusion(leaf, index, t->size, p.path, p.n, &root));
}

static void grown(struct ctx *c, const uint8_t *bytes, size_t n)
{
	static struct shelf s;
	static struct hash leaf[LEAVES];
	static struct tiles edge, again;
	struct tree t = {0};
	size_t leaves = (size_t)(bytes[0] << 8 | bytes[1]) % LEAVES + 1;
	size_t flush = (size_t)bytes[2] + 1;
	memset(&s, 0, sizeof s);
	memset(&edge, 0, sizeof edge);
	for (size_t i = 0; i < leaves; i++) {
		leaf[i] = hash_of((struct str){(const char *)bytes + i % n, 1});
		tree_append(&t, &leaf[i], NULL, NULL);
		err e = tiles_append(c, &edge, &leaf[i], put, &s);
		assert(e == OK);
		if (i % flush == 0 || i + 1 == leaves) {
			e = tiles_flush(c, &edge, put, &s);
			assert(e == OK);
		}
	}
	err e = tiles_open(c, leaves, get, &s, &again);
	assert(e == OK && again.size == edge.size);
	for (unsigned level = 0; level < TILES_LEVELS; level++) {
		assert(again.edge[level].width == edge.edge[level].width);
		assert(memcmp(again.edge[level].h, edge.edge[level].h,
			       edge.edge[level].width * sizeof *leaf) == 0);
	}
	uint64_t index = (uint64_t)(bytes[3] << 8 | bytes[4]) % leaves;
	read_back(c, &s, &t, index, &leaf[index]);
	s.lie = (uint64_t)bytes[5] + 1;
	read_back(c, &s, &t, index, &leaf[index]);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	if (n > 65536)
		return 0;
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	path((struct str){(const char *)bytes, n});
	place(bytes, n);
	if (n >= 6)
		grown(&c, bytes, n);
	return 0;
}
