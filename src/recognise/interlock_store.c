#include "recognise/interlock_store.h"

#include <string.h>

#include "base/limits.h"

const struct migration interlock_migrations[INTERLOCK_MIGRATIONS] = {
	{"interlock-1", "CREATE TABLE n_head(peer TEXT NOT NULL, origin TEXT NOT NULL, size "
			"INTEGER NOT NULL, "
			"root BLOB NOT NULL, note TEXT NOT NULL, "
			"PRIMARY KEY(peer, origin, size)) STRICT, WITHOUT ROWID;"
			"CREATE TABLE n_seen(peer TEXT PRIMARY KEY, size INTEGER NOT NULL) STRICT, "
			"WITHOUT ROWID;"
			"CREATE TABLE n_unlinked(peer TEXT NOT NULL, shown TEXT NOT NULL, held "
			"TEXT NOT NULL, "
			"PRIMARY KEY(peer, shown)) STRICT, WITHOUT ROWID;"},
};

static err read_head(struct ctx *c, struct stmt *s, bool *ret_found, struct held_head *ret)
{
	struct str root;
	TRY(stmt_step(c, s, ret_found));
	if (!*ret_found)
		return OK;
	ret->size = (uint64_t)stmt_col_int(s, 0);
	root = stmt_col(s, 1);
	ENSURE(root.n == HASH_BYTES, c, ERR_CORRUPT, "a stored root is not %u bytes", HASH_BYTES);
	memcpy(ret->root.b, root.p, HASH_BYTES);
	return arena_str(c, stmt_col(s, 2), &ret->note);
}

err interlock_store_head(struct ctx *c, struct store *db, struct str peer, struct str origin,
	uint64_t size, bool *ret_found, struct held_head *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	if (size == 0) {
		TRY(store_prepare(c, db,
			"SELECT size, root, note FROM n_head WHERE peer = ?1 AND origin = ?2 "
			"ORDER BY size DESC LIMIT 1",
			&s));
	} else {
		TRY(store_prepare(c, db,
			"SELECT size, root, note FROM n_head WHERE peer = ?1 AND origin = ?2 "
			"AND size = ?3",
			&s));
		stmt_int(s, 3, (int64_t)size);
	}
	stmt_text(s, 1, peer);
	stmt_text(s, 2, origin);
	return read_head(c, s, ret_found, ret);
}

err interlock_store_keep(struct ctx *c, struct store *db, struct str peer, struct str origin,
	const struct held_head *head)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO n_head(peer, origin, size, root, note) "
		"VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
		&s));
	stmt_text(s, 1, peer);
	stmt_text(s, 2, origin);
	stmt_int(s, 3, (int64_t)head->size);
	stmt_bytes(s, 4, hash_str(&head->root));
	stmt_text(s, 5, head->note);
	return stmt_run(c, s);
}

err interlock_store_prune(
	struct ctx *c, struct store *db, struct str peer, struct str origin, unsigned most)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"DELETE FROM n_head WHERE peer = ?1 AND origin = ?2 AND size <= "
		"(SELECT size FROM n_head WHERE peer = ?1 AND origin = ?2 ORDER BY size DESC "
		"LIMIT 1 OFFSET ?3)",
		&s));
	stmt_text(s, 1, peer);
	stmt_text(s, 2, origin);
	stmt_int(s, 3, most);
	return stmt_run(c, s);
}

err interlock_store_seen(struct ctx *c, struct store *db, struct str peer, uint64_t *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db, "SELECT size FROM n_seen WHERE peer = ?1", &s));
	stmt_text(s, 1, peer);
	TRY(stmt_step(c, s, &row));
	*ret = row ? (uint64_t)stmt_col_int(s, 0) : 0;
	return OK;
}

err interlock_store_put_seen(struct ctx *c, struct store *db, struct str peer, uint64_t size)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO n_seen(peer, size) VALUES (?1, ?2) ON CONFLICT(peer) DO UPDATE SET "
		"size = ?2",
		&s));
	stmt_text(s, 1, peer);
	stmt_int(s, 2, (int64_t)size);
	return stmt_run(c, s);
}

err interlock_store_unlink(struct ctx *c, struct store *db, struct str peer,
	const struct held_head *held, const struct held_head *shown)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO n_unlinked(peer, shown, held) SELECT ?1, ?2, ?3 WHERE "
		"(SELECT count(*) FROM n_unlinked WHERE peer = ?1) < ?4 ON CONFLICT DO NOTHING",
		&s));
	stmt_text(s, 1, peer);
	stmt_text(s, 2, shown->note);
	stmt_text(s, 3, held->note);
	stmt_int(s, 4, LIMIT_INTERLOCK_UNLINKED);
	return stmt_run(c, s);
}

err interlock_store_unlinked(struct ctx *c, struct store *db, struct str peer, int64_t *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db, "SELECT count(*) FROM n_unlinked WHERE peer = ?1", &s));
	stmt_text(s, 1, peer);
	TRY(stmt_step(c, s, &row));
	*ret = stmt_col_int(s, 0);
	return OK;
}
