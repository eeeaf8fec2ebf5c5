#include "product/exhibit_store.h"

#include "base/limits.h"

const struct migration exhibit_migrations[EXHIBIT_MIGRATIONS] = {
	{"exhibit-1", "CREATE TABLE exhibit(id TEXT PRIMARY KEY, idx INTEGER NOT NULL, product "
		      "TEXT NOT NULL, root BLOB NOT NULL, body TEXT NOT NULL, actor TEXT NOT NULL, "
		      "at INTEGER NOT NULL, reason TEXT NOT NULL, ended INTEGER NOT NULL) STRICT, "
		      "WITHOUT ROWID;"
		      "CREATE INDEX exhibit_product ON exhibit(product, idx);"
		      "CREATE INDEX exhibit_root ON exhibit(root);"},
};

#define EXHIBIT "SELECT id, idx, product, body, actor, at, reason, ended FROM exhibit "

static err read_row(struct ctx *c, struct stmt *s, struct exhibit_row *ret)
{
	ret->index = stmt_col_int(s, 1);
	ret->at_ms = stmt_col_int(s, 5);
	ret->ended_ms = stmt_col_int(s, 7);
	TRY(arena_str(c, stmt_col(s, 0), &ret->id));
	TRY(arena_str(c, stmt_col(s, 2), &ret->product));
	TRY(arena_str(c, stmt_col(s, 3), &ret->body));
	TRY(arena_str(c, stmt_col(s, 4), &ret->actor));
	return arena_str(c, stmt_col(s, 6), &ret->reason);
}

err exhibit_store_find(
	struct ctx *c, struct store *db, struct str id, bool *ret_found, struct exhibit_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, EXHIBIT "WHERE id = ?1", &s));
	stmt_text(s, 1, id);
	TRY(stmt_step(c, s, ret_found));
	return *ret_found ? read_row(c, s, ret) : OK;
}

err exhibit_store_list(struct ctx *c, struct store *db, struct str product, bool all, int64_t after,
	size_t max, struct exhibit_row *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	size_t n = 0;
	TRY(store_prepare(c, db,
		EXHIBIT "WHERE product = ?1 AND idx > ?2 AND (?3 OR reason = '') ORDER BY idx "
			"LIMIT ?4",
		&s));
	stmt_text(s, 1, product);
	stmt_int(s, 2, after);
	stmt_int(s, 3, all);
	stmt_int(s, 4, (int64_t)max);
	TRY(stmt_step(c, s, &row));
	while (row) {
		TRY(read_row(c, s, &ret[n++]));
		TRY(stmt_step(c, s, &row));
	}
	*ret_n = n;
	return OK;
}

err exhibit_store_count(
	struct ctx *c, struct store *db, struct str product, int64_t max, int64_t *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db,
		"SELECT count(*) FROM (SELECT 1 FROM exhibit WHERE product = ?1 AND reason = '' "
		"LIMIT ?2)",
		&s));
	stmt_text(s, 1, product);
	stmt_int(s, 2, max);
	TRY(stmt_step(c, s, &row));
	*ret = stmt_col_int(s, 0);
	return OK;
}

err exhibit_store_refers(struct ctx *c, struct store *db, const struct hash *root, bool *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "SELECT 1 FROM exhibit WHERE root = ?1 LIMIT 1", &s));
	stmt_bytes(s, 1, hash_str(root));
	return stmt_step(c, s, ret);
}

err exhibit_store_put(struct ctx *c, struct store *db, const struct entry *e, struct str id,
	const struct hash *root)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct str body;
	TRY(json_canonical(c, e->body, LIMIT_ACT, &body));
	TRY(store_prepare(c, db,
		"INSERT INTO exhibit(id, idx, product, root, body, actor, at, reason, ended) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '', 0)",
		&s));
	stmt_text(s, 1, id);
	stmt_int(s, 2, (int64_t)e->index);
	stmt_text(s, 3, e->subject);
	stmt_bytes(s, 4, hash_str(root));
	stmt_text(s, 5, body);
	stmt_text(s, 6, e->actor);
	stmt_int(s, 7, e->at_ms);
	return stmt_run(c, s);
}

err exhibit_store_end(
	struct ctx *c, struct store *db, const struct entry *e, struct str id, struct str reason)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "UPDATE exhibit SET reason = ?2, ended = ?3 WHERE id = ?1", &s));
	stmt_text(s, 1, id);
	stmt_text(s, 2, reason);
	stmt_int(s, 3, e->at_ms);
	return stmt_run(c, s);
}
