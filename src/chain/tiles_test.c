#include "chain/tiles.h"

#include "tests/tap.h"

#define LEAVES 66000u /* one full tile of level 1 and some more */

/* The path of each tile and nothing else: both ways. */
static void paths(void)
{
	static const struct {
		const char *path;
		struct tile t;
	} good[] = {
		{"tile/0/000", {.width = 256}},
		{"tile/0/000.p/1", {.width = 1}},
		{"tile/0/999.p/255", {.index = 999, .width = 255}},
		{"tile/1/x001/000", {.level = 1, .index = 1000, .width = 256}},
		{"tile/0/x001/x234/067", {.index = 1234067, .width = 256}},
		{"tile/0/x001/x000/000.p/7", {.index = 1000000, .width = 7}},
		{"tile/0/x072/x057/x594/x037/x927/935", {.index = 72057594037927935, .width = 256}},
		{"tile/7/000.p/9", {.level = 7, .width = 9}},
		{"tile/entries/x273/112.p/112", {.entries = true, .index = 273112, .width = 112}},
	};
	for (size_t i = 0; i < countof(good); i++) {
		char path[TILES_PATH + 1];
		struct tile t = {0};
		tile_path(&good[i].t, path);
		is_str(path, good[i].path, "the path of tile %zu", i);
		ok(tile_path_parse(str_z(path), &t), "is read");
		ok(t.entries == good[i].t.entries && t.level == good[i].t.level &&
				t.index == good[i].t.index && t.width == good[i].t.width,
			"as that tile");
	}
	static const char *const bad[] = {"", "tile", "tile/", "tile/0", "tile/0/", "tile/0/0",
		"tile/0/00", "tile/0/0000", "tile/0/x000", "tile/0/x000/000", "tile/0/x000/001",
		"tile/0/001/x000", "tile/0/001/000", "tile/0/x001000", "tile/0/000/",
		"tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0", "tile/0/000.p/01",
		"tile/0/000.p/256", "tile/0/000.p/1/", "tile/0/000.p/+1", "tile/0/000x",
		"tile/00/000", "tile/8/000", "tile/63/000", "tile/64/000", "tile/-1/000",
		"tile//000", "tile/0//000", "/tile/0/000", "tile/entry/000", "tile/Entries/000",
		"tile/0/-01", "tile/0/X001/000", "tile/0/ 01", "tile/7/001", "tile/6/256",
		"tile/0/x072/x057/x594/x037/x927/936", "tile/0/x018/x446/x744/x073/x709/x551/616",
		"tile/0/x001/x000/x000/x000/x000/x000/x000/000", "tile/0/000\n"};
	for (size_t i = 0; i < countof(bad); i++) {
		struct tile t = {.level = 99};
		ok(!tile_path_parse(str_z(bad[i]), &t), "'%s' is no tile", bad[i]);
		if (t.level != 99)
			ok(false, "'%s' wrote its result", bad[i]);
	}
	struct tile t;
	ok(!tile_path_parse((struct str){"tile/0/000\0", 11}, &t), "nor with a NUL behind");
}

/* The standard's own examples of which tiles a size has. */
static void widths(void)
{
	struct tile t = {0};
	ok(tile_at(0, 272, 70000, &t) && t.width == 256, "70,000: the 273rd tile is full");
	ok(tile_at(0, 273, 70000, &t) && t.width == 112, "the next has 112");
	ok(!tile_at(0, 274, 70000, &t), "and there are no more");
	ok(tile_at(1, 0, 70000, &t) && t.width == 256, "level 1 has a full one");
	ok(tile_at(1, 1, 70000, &t) && t.width == 17, "and one of 17");
	ok(tile_at(2, 0, 70000, &t) && t.width == 1, "level 2 one of 1");
	ok(!tile_at(3, 0, 70000, &t), "level 3 none");
	ok(tile_at(1, 0, 256, &t) && t.width == 1, "256 leaves: a partial tile above the full one");
	ok(!tile_at(0, 1, 256, &t), "and no empty one");
	ok(!tile_at(0, 0, 0, &t), "no leaves, no tile");
	ok(tile_at(7, 0, UINT64_MAX, &t) && t.width == 255, "the largest tree ends at level 7");
	ok(!tile_at(8, 0, UINT64_MAX, &t) && !tile_at(7, 1, UINT64_MAX, &t), "there");
}

/* What a store would hold: the newest form of each tile. */
struct shelf {
	struct hash h[3][LEAVES / 256 + 1][256];
	unsigned width[3][LEAVES / 256 + 1];
	int emitted, loads;
	bool refuse;
};

static struct shelf shelf;
static struct tree tree;
static struct tiles edge;
static struct hash leaves[LEAVES];

static err put(void *arg, struct ctx *c, const struct tile *t, const struct hash *hashes)
{
	struct shelf *s = arg;
	ENSURE(!s->refuse, c, ERR_DISK_FULL, "the shelf is full");
	ENSURE(t->level < 3 && t->index <= LEAVES / 256 && t->width > 0, c, ERR_CORRUPT,
		"no such tile");
	memcpy(s->h[t->level][t->index], hashes, t->width * sizeof *hashes);
	s->width[t->level][t->index] = t->width;
	s->emitted++;
	return OK;
}

static err get(void *arg, struct ctx *c, const struct tile *t, struct hash *ret)
{
	struct shelf *s = arg;
	s->loads++;
	ENSURE(t->level < 3 && t->index <= LEAVES / 256 && s->width[t->level][t->index] >= t->width,
		c, ERR_NOT_FOUND, "tile %u/%u is not there", t->level, (unsigned)t->index);
	memcpy(ret, s->h[t->level][t->index], t->width * sizeof *ret);
	return OK;
}

/* By appending with a flush here and there, and by opening anew from what was flushed. */
static void appends(struct ctx *c)
{
	int wrong = 0;
	for (unsigned i = 0; i < LEAVES; i++) {
		leaves[i] = hash_leaf((struct str){(const char *)&i, sizeof i});
		wrong += tiles_append(c, &edge, &leaves[i], put, &shelf) != OK;
		tree_append(&tree, &leaves[i], NULL, NULL);
		if (i % 977 == 0 || i + 1 == LEAVES) {
			wrong += tiles_flush(c, &edge, put, &shelf) != OK;
			wrong += tiles_open(c, edge.size, get, &shelf, &edge) != OK;
			arena_reset(c->arena);
		}
	}
	is_int(wrong, 0, "%u leaves are appended", LEAVES);
	is_int(edge.size, LEAVES, "and counted");
	int before = shelf.emitted;
	is_int(tiles_flush(c, &edge, put, &shelf), OK, "a flush without change");
	is_int(shelf.emitted, before, "writes nothing");
	for (unsigned level = 0; level < 3; level++) {
		for (uint64_t i = 0; i <= LEAVES / 256; i++) {
			struct tile t = {0};
			bool there = tile_at(level, i, LEAVES, &t);
			wrong += shelf.width[level][i] != (there ? t.width : 0);
		}
	}
	is_int(wrong, 0, "each tile of that size is written at its width, and no other");
	wrong += memcmp(shelf.h[0][3], &leaves[3 * 256], sizeof shelf.h[0][3]) != 0;
	struct hash h = tile_hash(&leaves[3 * 256], 256);
	wrong += !hash_eq(&h, &shelf.h[1][0][3]);
	is_int(wrong, 0, "level 0 holds leaves, level 1 the roots of full tiles");
}

/* Every complete subtree of the first 1,100 leaves, by the definition from its leaves. */
static struct hash subtree(unsigned level, uint64_t index)
{
	if (level == 0)
		return leaves[index];
	struct hash left = subtree(level - 1, 2 * index), right = subtree(level - 1, 2 * index + 1);
	return hash_node(&left, &right);
}

static void reads_subtrees(struct ctx *c)
{
	static struct tiles_source s;
	int wrong = 0, made = 0;
	s = (struct tiles_source){.size = 1100, .load = get, .arg = &shelf};
	for (unsigned level = 0; level < 64; level++) {
		for (uint64_t i = 0; i < (uint64_t)1100 >> level; i++, made++) {
			struct hash want = subtree(level, i), h = {0};
			wrong += tiles_read(&s, c, level, i, &h) != OK || !hash_eq(&h, &want);
		}
		struct hash h;
		wrong += tiles_read(&s, c, level, (uint64_t)1100 >> level, &h) != ERR_BAD_VALUE;
	}
	is_int(wrong, 0, "%d subtrees are read, and none beyond", made);
	struct hash h;
	is_int(tiles_read(&s, c, 64, 0, &h), ERR_BAD_VALUE, "no tree has a level 64");
	is_int(tiles_read(&s, c, 0, UINT64_MAX, &h), ERR_BAD_VALUE, "or so many leaves");
}

static void proves_from_tiles(struct ctx *c)
{
	static struct tiles_source s;
	int wrong = 0, most = 0;
	struct hash root = tree_root(&tree), stored = {0};
	s = (struct tiles_source){.size = LEAVES, .load = get, .arg = &shelf};
	ok(tree_root_at(c, LEAVES, tiles_read, &s, &stored) == OK && hash_eq(&root, &stored),
		"the root from tiles is that of the tree");
	for (unsigned i = 0; i < LEAVES; i += 331) {
		struct tree_proof p;
		s = (struct tiles_source){.size = LEAVES, .load = get, .arg = &shelf};
		shelf.loads = 0;
		wrong += tree_prove_inclusion(c, i, LEAVES, tiles_read, &s, &p) != OK ||
			 !tree_verify_inclusion(&leaves[i], i, LEAVES, p.path, p.n, &root);
		most = shelf.loads > most ? shelf.loads : most;
		if (i == 0)
			continue;
		struct hash old = {0};
		wrong += tree_root_at(c, i, tiles_read, &s, &old) != OK ||
			 tree_prove_consistency(c, i, LEAVES, tiles_read, &s, &p) != OK ||
			 !tree_verify_consistency(i, &old, LEAVES, &root, p.path, p.n);
	}
	is_int(wrong, 0, "proofs from tiles verify");
	is_int(most, 4, "without an edge inclusion loads 4 tiles, two of each level");
}

/* The right edge of the first size leaves. */
static void edge_of(unsigned size, struct tree *ret)
{
	*ret = (struct tree){0};
	for (unsigned i = 0; i < size; i++)
		tree_append(ret, &leaves[i], NULL, NULL);
}

/* How many tiles the proof of a leaf loads, or -1 where it does not hold. */
static int loads_of(struct ctx *c, unsigned index, const struct tree *at)
{
	static struct tiles_source s;
	struct tree_proof p;
	struct hash root = tree_root(at);
	s = (struct tiles_source){.size = at->size, .load = get, .arg = &shelf, .edge = at};
	shelf.loads = 0;
	if (tree_prove_inclusion(c, index, at->size, tiles_read, &s, &p) != OK ||
		!tree_verify_inclusion(&leaves[index], index, at->size, p.path, p.n, &root))
		return -1;
	return shelf.loads;
}

/* With the right edge at hand: never more than one tile a level, whatever size and index. */
static void proves_with_the_edge(struct ctx *c)
{
	static const unsigned sizes[] = {
		1, 2, 255, 256, 257, 511, 1000, 65535, 65536, 65537, 65793, 65999, LEAVES};
	static struct tree at;
	for (size_t i = 0; i < countof(sizes); i++) {
		int wrong = 0, most = 0;
		unsigned step = sizes[i] < 2000 ? 1 : 37;
		edge_of(sizes[i], &at);
		for (unsigned leaf = 0; leaf < sizes[i]; leaf += step) {
			int loads = loads_of(c, leaf, &at);
			wrong += loads < 0;
			most = loads > most ? loads : most;
		}
		is_int(wrong, 0, "each proof in a tree of %u holds", sizes[i]);
		int levels = sizes[i] < 2 ? 0 : sizes[i] < 512 ? 1 : sizes[i] < 131072 ? 2 : 3;
		is_int(most, levels, "and loads at most %d", levels);
	}
	static struct tiles_source other;
	struct hash h;
	other = (struct tiles_source){.size = 1000, .load = get, .arg = &shelf, .edge = &at};
	is_int(tiles_read(&other, c, 0, 3, &h), ERR_BAD_VALUE,
		"the edge of another size is refused");
}

/* Leaf hashes that are not worth computing: any bytes will do. */
static err invented(void *arg, struct ctx *c, const struct tile *t, struct hash *ret)
{
	int *loads = arg;
	ENSURE(t->level < 3, c, ERR_CORRUPT, "1,000,000 entries have no tile of level %u",
		t->level);
	memset(ret, (int)t->level, t->width * sizeof *ret);
	++*loads;
	return OK;
}

/* The number of tiles depends on size and index alone. */
static void loads_three_of_a_million(struct ctx *c)
{
	static struct tiles_source s;
	static struct tree at;
	int most = 0, wrong = 0;
	at.size = 1000000;
	for (uint64_t i = 0; i < at.size; i += i + 2000 < at.size ? 997 : 1) {
		struct tree_proof p;
		int loads = 0;
		s = (struct tiles_source){
			.size = at.size, .load = invented, .arg = &loads, .edge = &at};
		wrong += tree_prove_inclusion(c, i, at.size, tiles_read, &s, &p) != OK;
		most = loads > most ? loads : most;
	}
	is_int(wrong, 0, "proofs of 1,000,000 entries are made");
	is_int(most, 3, "from three tiles at most");
}

static void passes_failures_on(struct ctx *c)
{
	static struct tiles other;
	static struct tiles_source s;
	struct hash h;
	shelf.refuse = true;
	is_int(tiles_append(c, &edge, &leaves[0], put, &shelf), OK,
		"a tile in memory needs no disk");
	is_int(tiles_flush(c, &edge, put, &shelf), ERR_DISK_FULL, "a flush does");
	ok(edge.edge[0].dirty, "what was not written is still to be written");
	other.size = 42;
	is_int(tiles_open(c, 1u << 20, get, &shelf, &other), ERR_NOT_FOUND, "a tile is missing");
	is_int(other.size, 42, "nothing is opened");
	s = (struct tiles_source){.size = 1u << 20, .load = get, .arg = &shelf};
	is_int(tiles_read(&s, c, 0, 90000, &h), ERR_NOT_FOUND, "nor read");
	is_int(tiles_read(&s, c, 0, 90000, &h), ERR_NOT_FOUND, "a second time neither");
	shelf.refuse = false;
}

/* Inside a tile where an index is largest. */
static void places(void)
{
	struct tile_place p = tile_place_of(0, UINT64_MAX);
	ok(p.level == 0 && p.index == UINT64_MAX >> 8 && p.first == 255 && p.count == 1,
		"the last leaf that can be");
	p = tile_place_of(63, 1);
	ok(p.level == 7 && p.index == 0 && p.first == 128 && p.count == 128, "the largest subtree");
	p = tile_place_of(9, 5);
	ok(p.level == 1 && p.index == 0 && p.first == 10 && p.count == 2, "one inside level 1");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	paths();
	widths();
	places();
	appends(&c);
	reads_subtrees(&c);
	proves_from_tiles(&c);
	proves_with_the_edge(&c);
	loads_three_of_a_million(&c);
	passes_failures_on(&c);
	return done_testing();
}
