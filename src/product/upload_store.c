#include "product/upload_store.h"

err upload_store_put(struct ctx *c, struct store *db, const struct upload_row *row)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT OR REPLACE INTO n_upload(id, name, size, durable, changed, result, "
		"encoding) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		&s));
	stmt_text(s, 1, row->id);
	stmt_text(s, 2, row->name);
	stmt_int(s, 3, row->size);
	stmt_int(s, 4, row->durable);
	stmt_int(s, 5, row->changed_ms);
	stmt_text(s, 6, row->result);
	stmt_text(s, 7, str_z(charset_name(row->encoding)));
	return stmt_run(c, s);
}

static err read_row(struct ctx *c, struct stmt *s, struct upload_row *ret)
{
	TRY(arena_str(c, stmt_col(s, 0), &ret->id));
	TRY(arena_str(c, stmt_col(s, 1), &ret->name));
	ret->size = stmt_col_int(s, 2);
	ret->durable = stmt_col_int(s, 3);
	ret->changed_ms = stmt_col_int(s, 4);
	TRY(arena_str(c, stmt_col(s, 5), &ret->result));
	ret->ready = stmt_col_int(s, 6) != 0;
	ret->encoding = charset_named(stmt_col(s, 7));
	return OK;
}

err upload_store_find(struct ctx *c, struct store *db, struct str id, struct upload_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db,
		"SELECT id, name, size, durable, changed, result, result <> '', encoding FROM "
		"n_upload WHERE "
		"id = ?1",
		&s));
	stmt_text(s, 1, id);
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "there is no such upload; uploads are kept for a day");
	return read_row(c, s, ret);
}

err upload_store_list(struct ctx *c, struct store *db, struct str after, size_t max,
	struct upload_row *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	*ret_n = 0;
	TRY(store_prepare(c, db,
		"SELECT id, name, size, durable, changed, '', result <> '', encoding FROM n_upload "
		"WHERE id > ?2 ORDER BY id LIMIT ?1",
		&s));
	stmt_int(s, 1, (int64_t)max);
	stmt_text(s, 2, after);
	TRY(stmt_step(c, s, &row));
	while (row) {
		TRY(read_row(c, s, &ret[*ret_n]));
		++*ret_n;
		TRY(stmt_step(c, s, &row));
	}
	return OK;
}

err upload_store_drop(struct ctx *c, struct store *db, struct str id)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "DELETE FROM n_upload WHERE id = ?1", &s));
	stmt_text(s, 1, id);
	return stmt_run(c, s);
}

/* The results of a day at most, so they are searched as they stand. */
err upload_store_refers(struct ctx *c, struct store *db, const struct hash *root, bool *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct buf like;
	struct str pattern;
	buf_init(&like, c->arena, 2 * HASH_BYTES + 2);
	buf_char(&like, '%');
	buf_hex(&like, root->b, HASH_BYTES);
	buf_char(&like, '%');
	TRY(buf_done(c, &like, &pattern));
	TRY(store_prepare(c, db, "SELECT 1 FROM n_upload WHERE result LIKE ?1 LIMIT 1", &s));
	stmt_text(s, 1, pattern);
	return stmt_step(c, s, ret);
}
