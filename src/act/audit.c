#include "act/audit.h"

#include <string.h>

#include "base/limits.h"

struct audit {
	struct store *db;
	const struct note_key *log;
	struct tree tree;
	struct tiles tiles;
};

/* tile_emit_fn: the tile made anew is the one stored. */
static err check_tile(void *arg, struct ctx *c, const struct tile *t, const struct hash *hashes)
{
	struct audit *u = arg;
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, u->db, "SELECT hashes FROM tile WHERE level = ?1 AND n = ?2", &s));
	stmt_int(s, 1, t->level);
	stmt_int(s, 2, (int64_t)t->index);
	TRY(stmt_step(c, s, &row));
	struct str stored = row ? stmt_col(s, 0) : (struct str){0};
	size_t same = 0;
	while (same < t->width &&
		str_eq(str_sub(stored, same * HASH_BYTES, HASH_BYTES), hash_str(&hashes[same])))
		same++;
	ENSURE(same == t->width || t->level > 0, c, ERR_CORRUPT,
		"entry %llu is not the one that tile 0/%llu holds",
		(unsigned long long)(t->index * TILES_WIDTH + same), (unsigned long long)t->index);
	ENSURE(same == t->width && stored.n == t->width * HASH_BYTES, c, ERR_CORRUPT,
		"tile %u/%llu is not what the entries hash to", t->level,
		(unsigned long long)t->index);
	return OK;
}

/* One entry, appended to the tree made anew. */
static err check_entry(struct ctx *c, struct audit *u, struct stmt *s)
{
	struct hash salt;
	ENSURE((uint64_t)stmt_col_int(s, 0) == u->tree.size && stmt_col(s, 1).n == HASH_BYTES, c,
		ERR_CORRUPT, "entry %llu is missing or misshapen",
		(unsigned long long)u->tree.size);
	memcpy(salt.b, stmt_col(s, 1).p, HASH_BYTES);
	struct hash leaf = evidence_leaf(stmt_col(s, 2), &salt);
	tree_append(&u->tree, &leaf, NULL, NULL);
	return tiles_append(c, &u->tiles, &leaf, check_tile, u);
}

/* Where a head of this size is stored, its root is that of the tree so far and its signature verifies. */
static err check_head(struct ctx *c, struct audit *u, bool *ret_found)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct hash root = tree_root(&u->tree), packed[64];
	struct str text;
	const struct checkpoint p = {.origin = u->log->name, .size = u->tree.size, .root = root};
	TRY(store_prepare(c, u->db, "SELECT root, sig, edge FROM head WHERE size = ?1", &s));
	stmt_int(s, 1, (int64_t)u->tree.size);
	TRY(stmt_step(c, s, ret_found));
	if (!*ret_found)
		return OK;
	ENSURE(str_eq(stmt_col(s, 0), hash_str(&root)), c, ERR_CORRUPT,
		"entry %llu or the head of size %llu was changed: they do not give one root",
		(unsigned long long)u->tree.size - 1, (unsigned long long)u->tree.size);
	struct str sig = stmt_col(s, 1), edge = stmt_col(s, 2);
	size_t edge_n = tree_pack(&u->tree, packed) * HASH_BYTES;
	ENSURE(edge.n == 0 || str_eq(edge, (struct str){(const char *)packed, edge_n}), c,
		ERR_CORRUPT, "the edge of the head of size %llu is another",
		(unsigned long long)u->tree.size);
	TRY(checkpoint_text(c, &p, &text));
	ENSURE(sig.n == 0 || (sig.n == SIGNATURE_BYTES &&
				     verify_ed25519(u->log->key, text, (const uint8_t *)sig.p)),
		c, ERR_CORRUPT, "the signature of the head of size %llu does not verify",
		(unsigned long long)u->tree.size);
	return OK;
}

/* No head and no tile stands beyond the entries. */
static err check_counts(struct ctx *c, struct audit *u)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	int64_t tiles = 0;
	for (uint64_t hashes = u->tree.size; hashes > 0; hashes /= TILES_WIDTH)
		tiles += (int64_t)((hashes + TILES_WIDTH - 1) / TILES_WIDTH);
	TRY(store_prepare(
		c, u->db, "SELECT (SELECT count(*) FROM tile), (SELECT max(size) FROM head)", &s));
	TRY(stmt_step(c, s, &row));
	ENSURE(row && stmt_col_int(s, 0) == tiles && (uint64_t)stmt_col_int(s, 1) == u->tree.size,
		c, ERR_CORRUPT,
		"the newest head is of %lld entries and %lld tiles stand, but %llu entries do",
		(long long)stmt_col_int(s, 1), (long long)stmt_col_int(s, 0),
		(unsigned long long)u->tree.size);
	return OK;
}

err audit_log(struct ctx *c, struct store *db, const struct note_key *log, uint64_t *ret_size)
{
	struct audit *u;
	bool row = false, headed = false;
	cleanup(stmt_resetp) struct stmt *s = NULL;
	cleanup(arena_freep) struct arena *scratch = arena_new(LIMIT_REQUEST_ARENA);
	ENSURE(scratch != NULL, c, ERR_MEMORY, "no memory for an audit");
	NEW(c, u);
	u->db = db;
	u->log = log;
	TRY(store_prepare(c, db, "SELECT idx, salt, act FROM entry ORDER BY idx", &s));
	for (;;) {
		struct ctx step = {.arena = scratch};
		TRY(stmt_step(c, s, &row));
		if (!row)
			break;
		err e = check_entry(&step, u, s);
		if (e == OK)
			e = check_head(&step, u, &headed);
		if (e != OK) {
			c->trouble = step.trouble;
			return e;
		}
		arena_reset(scratch);
	}
	TRY(tiles_flush(c, &u->tiles, check_tile, u));
	TRY(check_counts(c, u));
	*ret_size = u->tree.size;
	return OK;
}
