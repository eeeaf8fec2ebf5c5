#include "party/session_store.h"

#include "base/limits.h"

const struct migration session_migrations[SESSION_MIGRATIONS] = {
	{"session-1", "CREATE TABLE n_link(digest BLOB PRIMARY KEY, person TEXT NOT NULL, "
		      "expires INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
		      "CREATE TABLE n_session(digest BLOB PRIMARY KEY, person TEXT NOT NULL, "
		      "opened INTEGER NOT NULL, seen INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
		      "CREATE INDEX n_session_person ON n_session(person, opened);"},
};

static err run_1(struct ctx *c, struct store *db, const char *text, struct str v)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, text, &s));
	stmt_text(s, 1, v);
	return stmt_run(c, s);
}

static err run_digest(struct ctx *c, struct store *db, const char *text, const struct hash *digest)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, text, &s));
	stmt_bytes(s, 1, hash_str(digest));
	return stmt_run(c, s);
}

static err end_old(struct ctx *c, struct store *db, int64_t now_ms)
{
	cleanup(stmt_resetp) struct stmt *links = NULL, *sessions = NULL;
	TRY(store_prepare(c, db, "DELETE FROM n_link WHERE expires <= ?1", &links));
	stmt_int(links, 1, now_ms);
	TRY(stmt_run(c, links));
	TRY(store_prepare(
		c, db, "DELETE FROM n_session WHERE opened <= ?1 OR seen <= ?2", &sessions));
	stmt_int(sessions, 1, now_ms - LIMIT_SIGNED_IN_MS);
	stmt_int(sessions, 2, now_ms - LIMIT_SIGNED_IN_IDLE_MS);
	return stmt_run(c, sessions);
}

err session_store_link(struct ctx *c, struct store *db, const struct hash *digest,
	struct str person, int64_t now_ms, int64_t expires_ms)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(end_old(c, db, now_ms));
	TRY(run_1(c, db, "DELETE FROM n_link WHERE person = ?1", person));
	TRY(store_prepare(
		c, db, "INSERT INTO n_link(digest, person, expires) VALUES (?1, ?2, ?3)", &s));
	stmt_bytes(s, 1, hash_str(digest));
	stmt_text(s, 2, person);
	stmt_int(s, 3, expires_ms);
	return stmt_run(c, s);
}

/* The row found by the digest bears this very digest. */
static bool same(struct stmt *s, const struct hash *digest)
{
	struct str stored = stmt_col(s, 0);
	return stored.n == HASH_BYTES && ct_equal(stored.p, digest->b, HASH_BYTES);
}

err session_store_take_link(struct ctx *c, struct store *db, const struct hash *digest,
	int64_t now_ms, struct str *ret_person)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(
		c, db, "SELECT digest, person, expires FROM n_link WHERE digest = ?1", &s));
	stmt_bytes(s, 1, hash_str(digest));
	TRY(stmt_step(c, s, &row));
	ENSURE(row && same(s, digest) && stmt_col_int(s, 2) > now_ms, c, ERR_NOT_FOUND,
		"no such link");
	TRY(arena_str(c, stmt_col(s, 1), ret_person));
	stmt_resetp(&s);
	return run_digest(c, db, "DELETE FROM n_link WHERE digest = ?1", digest);
}

/* All but the newest max. */
static err end_oldest(struct ctx *c, struct store *db, struct str person, unsigned max)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"DELETE FROM n_session WHERE person = ?1 AND digest NOT IN (SELECT digest FROM "
		"n_session WHERE person = ?1 ORDER BY opened DESC, digest LIMIT ?2)",
		&s));
	stmt_text(s, 1, person);
	stmt_int(s, 2, max);
	return stmt_run(c, s);
}

err session_store_open(struct ctx *c, struct store *db, const struct hash *digest,
	struct str person, int64_t now_ms, unsigned max)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(end_old(c, db, now_ms));
	TRY(end_oldest(c, db, person, max - 1));
	TRY(store_prepare(c, db,
		"INSERT INTO n_session(digest, person, opened, seen) VALUES (?1, ?2, ?3, ?3)", &s));
	stmt_bytes(s, 1, hash_str(digest));
	stmt_text(s, 2, person);
	stmt_int(s, 3, now_ms);
	return stmt_run(c, s);
}

err session_store_find(
	struct ctx *c, struct store *db, const struct hash *digest, struct session_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(
		c, db, "SELECT digest, person, opened, seen FROM n_session WHERE digest = ?1", &s));
	stmt_bytes(s, 1, hash_str(digest));
	TRY(stmt_step(c, s, &row));
	ENSURE(row && same(s, digest), c, ERR_NOT_FOUND, "no such session");
	*ret = (struct session_row){.opened_ms = stmt_col_int(s, 2), .seen_ms = stmt_col_int(s, 3)};
	return arena_str(c, stmt_col(s, 1), &ret->person);
}

err session_store_seen(struct ctx *c, struct store *db, const struct hash *digest, int64_t now_ms)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "UPDATE n_session SET seen = ?2 WHERE digest = ?1", &s));
	stmt_bytes(s, 1, hash_str(digest));
	stmt_int(s, 2, now_ms);
	return stmt_run(c, s);
}

err session_store_end(struct ctx *c, struct store *db, const struct hash *digest)
{
	return run_digest(c, db, "DELETE FROM n_session WHERE digest = ?1", digest);
}

err session_store_end_all(struct ctx *c, struct store *db, struct str person)
{
	TRY(run_1(c, db, "DELETE FROM n_link WHERE person = ?1", person));
	return run_1(c, db, "DELETE FROM n_session WHERE person = ?1", person);
}
