#include "act/audit.h"

#include <string.h>

#include "base/limits.h"

struct audit {
	struct store *db;
	const struct note_key *log;
	struct tree tree;
};

/* The entry at index is the leaf that its tile holds, and it is appended to the tree made anew. */
static err check_entry(struct ctx *c, struct audit *u, uint64_t index, struct stmt *s)
{
	cleanup(stmt_resetp) struct stmt *t = NULL;
	bool row = false;
	ENSURE((uint64_t)stmt_col_int(s, 0) == index && stmt_col(s, 1).n == SALT_BYTES, c,
		ERR_CORRUPT, "entry %llu is missing or misshapen", (unsigned long long)index);
	uint8_t salt[SALT_BYTES];
	memcpy(salt, stmt_col(s, 1).p, SALT_BYTES);
	struct hash leaf = envelope_leaf(stmt_col(s, 2), salt);
	TRY(store_prepare(c, u->db,
		"SELECT substr(hashes, ?2, 32) FROM tile WHERE level = 0 AND n = ?1", &t));
	stmt_int(t, 1, (int64_t)(index / 256));
	stmt_int(t, 2, (int64_t)(index % 256) * 32 + 1);
	TRY(stmt_step(c, t, &row));
	ENSURE(row && str_eq(stmt_col(t, 0), hash_str(&leaf)), c, ERR_CORRUPT,
		"entry %llu is not the one that tile 0/%llu holds", (unsigned long long)index,
		(unsigned long long)(index / 256));
	tree_append(&u->tree, &leaf, NULL, NULL);
	return OK;
}

/* Where a head of this size is stored, its root is that of the tree so far and its signature verifies. */
static err check_head(struct ctx *c, struct audit *u, bool *ret_found)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct hash root = tree_root(&u->tree);
	struct str text;
	const struct checkpoint p = {.origin = u->log->name, .size = u->tree.size, .root = root};
	TRY(store_prepare(c, u->db, "SELECT root, sig FROM head WHERE size = ?1", &s));
	stmt_int(s, 1, (int64_t)u->tree.size);
	TRY(stmt_step(c, s, ret_found));
	if (!*ret_found)
		return OK;
	ENSURE(str_eq(stmt_col(s, 0), hash_str(&root)), c, ERR_CORRUPT,
		"the head of size %llu has another root", (unsigned long long)u->tree.size);
	struct str sig = stmt_col(s, 1);
	TRY(checkpoint_text(c, &p, &text));
	ENSURE(sig.n == 0 || (sig.n == SIGNATURE_BYTES &&
				     verify_ed25519(u->log->key, text, (const uint8_t *)sig.p)),
		c, ERR_CORRUPT, "the signature of the head of size %llu does not verify",
		(unsigned long long)u->tree.size);
	return OK;
}

err audit_log(struct ctx *c, struct store *db, const struct note_key *log, uint64_t *ret_size)
{
	struct audit u = {.db = db, .log = log};
	bool row = false, headed = true;
	cleanup(stmt_resetp) struct stmt *s = NULL;
	cleanup(arena_freep) struct arena *scratch = arena_new(LIMIT_REQUEST_ARENA);
	ENSURE(scratch != NULL, c, ERR_MEMORY, "no memory for an audit");
	TRY(store_prepare(c, db, "SELECT idx, salt, act FROM entry ORDER BY idx", &s));
	for (uint64_t index = 0;; index++) {
		struct ctx step = {.arena = scratch};
		TRY(stmt_step(c, s, &row));
		if (!row)
			break;
		err e = check_entry(&step, &u, index, s);
		if (e == OK)
			e = check_head(&step, &u, &headed);
		if (e != OK) {
			c->trouble = step.trouble;
			return e;
		}
		arena_reset(scratch);
	}
	ENSURE(headed, c, ERR_CORRUPT, "the last entries stand under no head");
	*ret_size = u.tree.size;
	return OK;
}
