#include "delivery/share_store.h"

#include <string.h>

const struct migration share_migrations[SHARE_MIGRATIONS] = {
	{"share-1", "CREATE TABLE share(id TEXT PRIMARY KEY, product TEXT NOT NULL, token BLOB NOT "
		    "NULL UNIQUE, count INTEGER NOT NULL, until INTEGER NOT NULL, revoked INTEGER "
		    "NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL, idx INTEGER NOT NULL) "
		    "STRICT;"
		    "CREATE INDEX share_idx ON share(idx);"
		    "CREATE INDEX share_open ON share(until) WHERE revoked = 0;"
		    "CREATE TABLE n_share(id TEXT PRIMARY KEY, secret TEXT NOT NULL, salt BLOB NOT "
		    "NULL, recipient TEXT NOT NULL) STRICT;"},
};

#define SELECT \
	"SELECT s.id, s.product, s.token, s.count, s.until, s.revoked, s.reason, s.at, s.idx, " \
	"n.secret, n.recipient FROM share s LEFT JOIN n_share n ON n.id = s.id "

static err read_row(struct ctx *c, struct stmt *s, struct share_row *ret)
{
	struct share_row r = {.count = stmt_col_int(s, 3),
		.until_ms = stmt_col_int(s, 4),
		.revoked = stmt_col_int(s, 5) != 0,
		.at_ms = stmt_col_int(s, 7),
		.index = (uint64_t)stmt_col_int(s, 8)};
	struct {
		int at;
		struct str *to;
	} const texts[] = {
		{0, &r.id}, {1, &r.product}, {6, &r.reason}, {9, &r.secret}, {10, &r.recipient}};
	for (size_t i = 0; i < countof(texts); i++)
		TRY(arena_str(c, stmt_col(s, texts[i].at), texts[i].to));
	ENSURE(stmt_col(s, 2).n == HASH_BYTES, c, ERR_CORRUPT, "a token's digest is not %u bytes",
		HASH_BYTES);
	memcpy(r.token.b, stmt_col(s, 2).p, HASH_BYTES);
	*ret = r;
	return OK;
}

static err read_one(struct ctx *c, struct stmt *s, struct share_row *ret)
{
	bool row = false;
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "there is no such link");
	return read_row(c, s, ret);
}

err share_store_put(struct ctx *c, struct store *db, const struct share_row *r)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO share(id, product, token, count, until, revoked, reason, at, idx) "
		"VALUES (?1, ?2, ?3, ?4, ?5, 0, '', ?6, ?7)",
		&s));
	stmt_text(s, 1, r->id);
	stmt_text(s, 2, r->product);
	stmt_bytes(s, 3, hash_str(&r->token));
	stmt_int(s, 4, r->count);
	stmt_int(s, 5, r->until_ms);
	stmt_int(s, 6, r->at_ms);
	stmt_int(s, 7, (int64_t)r->index);
	return stmt_run(c, s);
}

err share_store_revoke(struct ctx *c, struct store *db, struct str id, struct str reason)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "UPDATE share SET revoked = 1, reason = ?2 WHERE id = ?1", &s));
	stmt_text(s, 1, id);
	stmt_text(s, 2, reason);
	return stmt_run(c, s);
}

err share_store_find(struct ctx *c, struct store *db, struct str id, struct share_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, SELECT "WHERE s.id = ?1", &s));
	stmt_text(s, 1, id);
	return read_one(c, s, ret);
}

err share_store_by_token(
	struct ctx *c, struct store *db, const struct hash *token, struct share_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, SELECT "WHERE s.token = ?1", &s));
	stmt_bytes(s, 1, hash_str(token));
	return read_one(c, s, ret);
}

err share_store_list(struct ctx *c, struct store *db, uint64_t before, size_t max,
	struct share_row *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	size_t n = 0;
	TRY(store_prepare(c, db, SELECT "WHERE s.idx < ?2 ORDER BY s.idx DESC LIMIT ?1", &s));
	stmt_int(s, 1, (int64_t)max);
	stmt_int(s, 2, (int64_t)before);
	TRY(stmt_step(c, s, &row));
	while (row) {
		TRY(read_row(c, s, &ret[n++]));
		TRY(stmt_step(c, s, &row));
	}
	*ret_n = n;
	return OK;
}

err share_store_open(struct ctx *c, struct store *db, int64_t now_ms, int64_t max, int64_t *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db,
		"SELECT count(*) FROM (SELECT 1 FROM share WHERE revoked = 0 AND until >= ?1 LIMIT "
		"?2)",
		&s));
	stmt_int(s, 1, now_ms);
	stmt_int(s, 2, max);
	TRY(stmt_step(c, s, &row));
	*ret = stmt_col_int(s, 0);
	return OK;
}

err share_store_keep(struct ctx *c, struct store *db, struct str id, struct str secret,
	const struct hash *salt, struct str recipient)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO n_share(id, secret, salt, recipient) VALUES (?1, ?2, ?3, ?4)", &s));
	stmt_text(s, 1, id);
	stmt_text(s, 2, secret);
	stmt_bytes(s, 3, hash_str(salt));
	stmt_text(s, 4, recipient);
	return stmt_run(c, s);
}
