#include "party/token_store.h"

#include <string.h>

static const struct migration migrations[] = {
	{"token-1", "CREATE TABLE n_token(place INTEGER PRIMARY KEY, digest BLOB NOT NULL, "
		    "did TEXT NOT NULL, until INTEGER NOT NULL) STRICT;"},
};
const struct module token_module = {
	.name = "token", .migrations = migrations, .migrations_n = countof(migrations)};

err token_store_put(struct ctx *c, struct store *db, const struct token_row *row)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT OR REPLACE INTO n_token(place, digest, did, until) VALUES (?1, ?2, ?3, ?4)",
		&s));
	stmt_int(s, 1, row->place);
	stmt_bytes(s, 2, hash_str(&row->digest));
	stmt_text(s, 3, row->did);
	stmt_int(s, 4, row->until_ms);
	return stmt_run(c, s);
}

err token_store_each(struct ctx *c, struct store *db, int64_t now_ms,
	void (*row)(void *arg, const struct token_row *row), void *arg)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool more = false;
	TRY(store_prepare(
		c, db, "SELECT place, digest, did, until FROM n_token WHERE until > ?1", &s));
	stmt_int(s, 1, now_ms);
	TRY(stmt_step(c, s, &more));
	while (more) {
		struct token_row found = {
			.place = (unsigned)stmt_col_int(s, 0), .until_ms = stmt_col_int(s, 3)};
		struct str digest = stmt_col(s, 1);
		ENSURE(digest.n == HASH_BYTES, c, ERR_CORRUPT, "a token without digest");
		memcpy(found.digest.b, digest.p, HASH_BYTES);
		TRY(arena_str(c, stmt_col(s, 2), &found.did));
		row(arg, &found);
		TRY(stmt_step(c, s, &more));
	}
	return OK;
}
