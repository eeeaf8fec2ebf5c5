/* C2SP tlog-tiles: where the hashes of a log lie as static files, the hash inside a tile, and the right edge in memory
 * for appending. No I/O: tiles are handed out and asked for.
 *
 * A tile of level L holds up to 256 hashes, each of a complete subtree of 256^L leaves (tree level 8 L). A tree of 64
 * bits has tile levels 0 to 7; paths of levels 8 to 63, which the standard allows, are refused because no such tile
 * can exist. */
#pragma once

#include "base/limits.h"
#include "chain/tree.h"
#include "crypto/hash.h"

#define TILES_WIDTH 256u
#define TILES_LEVELS 8u
/* "tile/entries/", seven groups of an index, ".p/255". */
#define TILES_PATH 64u

struct tile {
	bool entries;   /* an entry bundle; level is 0 */
	unsigned level; /* 0 to 7 */
	uint64_t index;
	unsigned width; /* 1 to 255 partial, 256 full */
};

/* tile/<L>/<N>[.p/<W>] or tile/entries/<N>[.p/<W>], NUL-terminated. */
void tile_path(const struct tile *t, char ret[TILES_PATH + 1]);
/* Exactly what tile_path writes and a tree of less than 2^64 leaves can have; false otherwise. */
bool tile_path_parse(struct str path, struct tile *ret);

/* Where the complete subtree (level, index) of a tree lies: the hashes first..first+count of tile (level, index). */
struct tile_place {
	unsigned level;
	uint64_t index;
	unsigned first, count;
};

struct tile_place tile_place_of(unsigned level, uint64_t index);
/* The root of count hashes, a power of two of at most 256. */
struct hash tile_hash(const struct hash *hashes, unsigned count);
/* The tile (level, index) of a tree of size leaves; false where that tree has none. */
bool tile_at(unsigned level, uint64_t index, uint64_t size, struct tile *ret);

/* Takes a tile: t->width hashes. */
typedef err tile_emit_fn(void *arg, struct ctx *c, const struct tile *t, const struct hash *hashes);
/* Gives the t->width hashes of a tile; a full tile may be cut to a partial one. */
typedef err tile_load_fn(void *arg, struct ctx *c, const struct tile *t, struct hash *ret);

/* The right edge: at each level the tile that is not full yet. 64 KiB, plain data, owned by the caller. */
struct tiles {
	uint64_t size;
	struct tiles_edge {
		unsigned width; /* 0 to 255 */
		bool dirty;     /* not emitted since it changed */
		struct hash h[TILES_WIDTH];
	} edge[TILES_LEVELS];
};

/* The edge of a log of size leaves; size 0 loads nothing. Errors are load's; *ret is written only on success. */
must_use err tiles_open(
	struct ctx *c, uint64_t size, tile_load_fn *load, void *arg, struct tiles *ret);
/* Appends one leaf hash and emits each tile that becomes full. After an error of emit the edge is of no use: open it anew
 * from what is durable. */
must_use err tiles_append(
	struct ctx *c, struct tiles *t, const struct hash *leaf, tile_emit_fn *emit, void *arg);
/* Emits the partial tiles that changed since they were last emitted: once a commit. */
must_use err tiles_flush(struct ctx *c, struct tiles *t, tile_emit_fn *emit, void *arg);

/* Reads subtrees of a tree of size leaves for proofs; keeps the last tile of each level and what was hashed of it. Starts
 * as {.size = n, .load = fn, .arg = x}; size may be set anew, for the same log.
 * An inclusion proof needs the tiles above its leaf and the tree's right edge. With edge only the former are loaded, one
 * a level: at most three up to 2^24 leaves. Without it the edge is loaded too, at most a second tile at each level but
 * the highest. */
struct tiles_source {
	uint64_t size;
	tile_load_fn *load;
	void *arg;
	const struct tree *edge; /* NULL, or the right edge of the tree of size leaves; borrowed */
	struct tiles_kept {
		uint64_t index;
		unsigned width; /* 0: nothing kept */
		struct hash h[TILES_WIDTH];
		/* What lies above the hashes of the tile: node 1 is its root, 2 n and 2 n + 1 are under n. */
		struct hash above[TILES_WIDTH];
		uint64_t known[TILES_WIDTH / 64];
	} kept[TILES_LEVELS];
};

/* A tree_read_fn; arg is a struct tiles_source. ERR_BAD_VALUE for a subtree that is not in the tree or an edge that is of
 * another one. */
err tiles_read(void *arg, struct ctx *c, unsigned level, uint64_t index, struct hash *ret);
