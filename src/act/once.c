#include "act/once.h"

err once_find(struct ctx *c, struct store *db, struct str scope, struct str key,
	const struct hash *digest, bool *ret_found, uint64_t *ret_index)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(
		c, db, "SELECT digest, idx FROM n_once WHERE scope = ?1 AND key = ?2", &s));
	stmt_text(s, 1, scope);
	stmt_text(s, 2, key);
	TRY(stmt_step(c, s, &row));
	*ret_found = row;
	if (!row)
		return OK;
	ENSURE(str_eq(stmt_col(s, 0), hash_str(digest)), c, ERR_CONFLICT,
		"this key was used before for something else");
	*ret_index = (uint64_t)stmt_col_int(s, 1);
	return OK;
}

err once_keep(struct ctx *c, struct store *db, struct str scope, struct str key,
	const struct hash *digest, uint64_t index)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(
		c, db, "INSERT INTO n_once(scope, key, digest, idx) VALUES (?1, ?2, ?3, ?4)", &s));
	stmt_text(s, 1, scope);
	stmt_text(s, 2, key);
	stmt_bytes(s, 3, hash_str(digest));
	stmt_int(s, 4, (int64_t)index);
	return stmt_run(c, s);
}
