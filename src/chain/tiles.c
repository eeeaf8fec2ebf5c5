#include "chain/tiles.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/reader.h"

/* How many bits an index of a tile of this level can have: 8 for the tile itself, 8 for each level below. */
static unsigned index_bits(unsigned level)
{
	return 64 - 8 * (level + 1);
}

static bool index_fits(unsigned level, uint64_t index)
{
	return index >> index_bits(level) == 0;
}

void tile_path(const struct tile *t, char ret[TILES_PATH + 1])
{
	char groups[40], partial[12] = "", level[12] = "entries";
	unsigned shift = 0;
	uint64_t divisor = 1;
	assert(t->level < TILES_LEVELS && t->width >= 1 && t->width <= TILES_WIDTH);
	for (; t->index / divisor >= 1000; shift++)
		divisor *= 1000;
	size_t n = 0;
	for (; divisor > 0; divisor /= 1000)
		n += (size_t)snprintf(groups + n, sizeof groups - n,
			divisor > 1 ? "x%03u/" : "%03u", (unsigned)(t->index / divisor % 1000));
	assert(n == 5 * (size_t)shift + 3);
	if (t->width < TILES_WIDTH)
		(void)snprintf(partial, sizeof partial, ".p/%u", t->width);
	if (!t->entries)
		(void)snprintf(level, sizeof level, "%u", t->level);
	int length = snprintf(ret, TILES_PATH + 1, "tile/%s/%s%s", level, groups, partial);
	assert(length > 0 && (unsigned)length <= TILES_PATH);
}

/* Three digits. */
static bool read_group(struct reader *r, uint64_t *ret)
{
	struct str digits;
	uint64_t v = 0;
	if (!reader_take(r, 3, &digits))
		return false;
	for (size_t i = 0; i < 3; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return false;
		v = v * 10 + (uint64_t)(digits.p[i] - '0');
	}
	*ret = v;
	return true;
}

static bool read_index(struct reader *r, uint64_t *ret)
{
	uint64_t v = 0, group = 0;
	bool more = true;
	for (unsigned n = 0; more; n++) {
		more = reader_lit(r, STR("x"));
		if (n == 7 || !read_group(r, &group) || (more && !reader_lit(r, STR("/"))))
			return false;
		if (n == 0 && more && group == 0)
			return false; /* a second spelling of a smaller index */
		if (__builtin_mul_overflow(v, 1000u, &v) || __builtin_add_overflow(v, group, &v))
			return false;
	}
	*ret = v;
	return true;
}

bool tile_path_parse(struct str path, struct tile *ret)
{
	struct reader r = reader_on(path);
	struct str level;
	uint64_t number = 0, width = TILES_WIDTH;
	struct tile t = {0};
	if (!reader_lit(&r, STR("tile/")) || !reader_until(&r, '/', &level))
		return false;
	t.entries = str_is(level, "entries");
	if (!t.entries && (!str_u64(level, &number) || number >= TILES_LEVELS))
		return false;
	t.level = (unsigned)number;
	if (!read_index(&r, &t.index) || !index_fits(t.level, t.index))
		return false;
	if (reader_lit(&r, STR(".p/"))) {
		if (!str_u64(r.rest, &width) || width == 0 || width >= TILES_WIDTH)
			return false;
	} else if (!reader_end(&r)) {
		return false;
	}
	t.width = (unsigned)width;
	*ret = t;
	return true;
}

struct tile_place tile_place_of(unsigned level, uint64_t index)
{
	unsigned inside = level % 8;
	assert(level < 64 && index >> (63 - level) <= 1);
	uint64_t first = index << inside;
	return (struct tile_place){.level = level / 8,
		.index = first / TILES_WIDTH,
		.first = (unsigned)(first % TILES_WIDTH),
		.count = 1u << inside};
}

struct hash tile_hash(const struct hash *hashes, unsigned count)
{
	struct hash h[TILES_WIDTH];
	assert(count >= 1 && count <= TILES_WIDTH && (count & (count - 1)) == 0);
	memcpy(h, hashes, count * sizeof *h);
	for (; count > 1; count /= 2) {
		for (unsigned i = 0; i < count / 2; i++)
			h[i] = hash_node(&h[2 * i], &h[2 * i + 1]);
	}
	return h[0];
}

bool tile_at(unsigned level, uint64_t index, uint64_t size, struct tile *ret)
{
	if (level >= TILES_LEVELS || !index_fits(level, index))
		return false;
	uint64_t hashes = size >> (8 * level), first = index * TILES_WIDTH;
	if (first >= hashes)
		return false;
	uint64_t width = hashes - first;
	*ret = (struct tile){.level = level,
		.index = index,
		.width = width < TILES_WIDTH ? (unsigned)width : TILES_WIDTH};
	return true;
}

err tiles_open(struct ctx *c, uint64_t size, tile_load_fn *load, void *arg, struct tiles *ret)
{
	struct tiles *t;
	NEW(c, t);
	t->size = size;
	for (unsigned level = 0; level < TILES_LEVELS; level++) {
		struct tile edge;
		if (!tile_at(level, size >> (8 * level) >> 8, size, &edge))
			continue;
		TRY(load(arg, c, &edge, t->edge[level].h));
		t->edge[level].width = edge.width;
	}
	*ret = *t;
	return OK;
}

err tiles_append(
	struct ctx *c, struct tiles *t, const struct hash *leaf, tile_emit_fn *emit, void *arg)
{
	struct hash h = *leaf;
	assert(t->size < UINT64_MAX);
	uint64_t index = t->size;
	for (unsigned level = 0; level < TILES_LEVELS; level++, index /= TILES_WIDTH) {
		struct tiles_edge *e = &t->edge[level];
		assert(e->width == index % TILES_WIDTH);
		e->h[e->width++] = h;
		e->dirty = true;
		if (e->width < TILES_WIDTH)
			break;
		const struct tile full = {
			.level = level, .index = index / TILES_WIDTH, .width = TILES_WIDTH};
		TRY(emit(arg, c, &full, e->h));
		h = tile_hash(e->h, TILES_WIDTH);
		e->width = 0;
		e->dirty = false;
	}
	t->size++;
	return OK;
}

err tiles_flush(struct ctx *c, struct tiles *t, tile_emit_fn *emit, void *arg)
{
	for (unsigned level = 0; level < TILES_LEVELS; level++) {
		struct tiles_edge *e = &t->edge[level];
		if (!e->dirty)
			continue;
		const struct tile partial = {
			.level = level, .index = t->size >> (8 * level) >> 8, .width = e->width};
		TRY(emit(arg, c, &partial, e->h));
		e->dirty = false;
	}
	return OK;
}

/* The root of count hashes of a kept tile, each node hashed once. */
static struct hash kept_hash(struct tiles_kept *k, unsigned first, unsigned count)
{
	unsigned node = TILES_WIDTH / count + first / count;
	if (count == 1)
		return k->h[first];
	if ((k->known[node / 64] >> node % 64 & 1) == 0) {
		struct hash left = kept_hash(k, first, count / 2);
		struct hash right = kept_hash(k, first + count / 2, count / 2);
		k->above[node] = hash_node(&left, &right);
		k->known[node / 64] |= (uint64_t)1 << node % 64;
	}
	return k->above[node];
}

err tiles_read(void *arg, struct ctx *c, unsigned level, uint64_t index, struct hash *ret)
{
	struct tiles_source *s = arg;
	struct tile t;
	ENSURE(level < 64 && index < s->size >> level, c, ERR_BAD_VALUE,
		"subtree %u/%llu is not in a tree of %llu", level, (unsigned long long)index,
		(unsigned long long)s->size);
	if (s->edge != NULL) {
		ENSURE(s->edge->size == s->size, c, ERR_BAD_VALUE, "the edge is of another tree");
		/* An even index has no parent in this tree where it is the last of its level. */
		if (index % 2 == 0 && index + 1 == s->size >> level) {
			*ret = s->edge->edge[level];
			return OK;
		}
	}
	struct tile_place p = tile_place_of(level, index);
	bool there = tile_at(p.level, p.index, s->size, &t);
	assert(there && p.first + p.count <= t.width);
	struct tiles_kept *k = &s->kept[p.level];
	if (k->index != p.index ||
		k->width < t.width) { /* of a longer log it holds these and more */
		if (k->width == 0 || k->index != p.index)
			memset(k->known, 0, sizeof k->known);
		k->width = 0; /* whatever load leaves behind is no tile */
		TRY(s->load(s->arg, c, &t, k->h));
		k->width = t.width;
		k->index = p.index;
	}
	*ret = kept_hash(k, p.first, p.count);
	return OK;
}
