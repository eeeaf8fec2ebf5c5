#include "act/once.h"

#include "base/limits.h"

err once_find(struct ctx *c, struct store *db, struct str scope, struct str key,
	const struct hash *digest, int64_t now_ms, bool *ret_found, struct once *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db,
		"SELECT digest, idx, subject, told_once FROM n_once WHERE scope = ?1 AND key = ?2 "
		"AND at >= ?3",
		&s));
	stmt_text(s, 1, scope);
	stmt_text(s, 2, key);
	stmt_int(s, 3, now_ms - LIMIT_ONCE_MS);
	TRY(stmt_step(c, s, &row));
	*ret_found = row;
	if (!row)
		return OK;
	ENSURE(str_eq(stmt_col(s, 0), hash_str(digest)), c, ERR_KEY_REUSED,
		"this Idempotency-Key was used for something else: take a new one");
	ret->index = (uint64_t)stmt_col_int(s, 1);
	ret->told_once = stmt_col_int(s, 3) != 0;
	return arena_str(c, stmt_col(s, 2), &ret->subject);
}

/* The two together look at what is new or to be dropped, never at all rows. */
static err forget(struct ctx *c, struct store *db, const char *sql, int64_t before)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, sql, &s));
	stmt_int(s, 1, before);
	return stmt_run(c, s);
}

err once_keep(struct ctx *c, struct store *db, struct str scope, struct str key,
	const struct hash *digest, int64_t now_ms, const struct once *what)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(forget(c, db, "DELETE FROM n_once WHERE at < ?1", now_ms - LIMIT_ONCE_MS));
	TRY(forget(c, db, "DELETE FROM n_once WHERE n <= (SELECT max(n) FROM n_once) - ?1",
		LIMIT_ONCE - 1));
	TRY(store_prepare(c, db,
		"INSERT INTO n_once(scope, key, digest, idx, subject, told_once, at) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		&s));
	stmt_text(s, 1, scope);
	stmt_text(s, 2, key);
	stmt_bytes(s, 3, hash_str(digest));
	stmt_int(s, 4, (int64_t)what->index);
	stmt_text(s, 5, what->subject);
	stmt_int(s, 6, what->told_once);
	stmt_int(s, 7, now_ms);
	return stmt_run(c, s);
}
