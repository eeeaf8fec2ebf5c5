#include "store/store.h"

#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#define STATEMENTS 256u
#define BUSY_MS 5000

struct stmt {
	struct store *db;
	const char *text;
	sqlite3_stmt *handle;
	int failed; /* a bind that failed is told by the next step */
};

struct store {
	sqlite3 *handle;
	struct arena *arena;
	struct stmt statements[STATEMENTS];
	size_t n;
};

static err store_failed(struct ctx *c, struct store *db, int code, const char *what)
{
	const char *why = db == NULL ? sqlite3_errstr(code) : sqlite3_errmsg(db->handle);
	switch (code & 0xff) {
	case SQLITE_FULL:
		return fail(c, ERR_DISK_FULL, "%s: %s", what, why);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return fail(c, ERR_CORRUPT, "%s: %s", what, why);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return fail(c, ERR_LOCKED, "%s: another process works in this database", what);
	default:
		return fail(c, ERR_STORE, "%s: %s", what, why);
	}
}

static err execute(struct ctx *c, struct store *db, const char *text)
{
	int code = sqlite3_exec(db->handle, text, NULL, NULL, NULL);
	return code == SQLITE_OK ? OK : store_failed(c, db, code, text);
}

void store_close(struct store *db)
{
	if (db == NULL)
		return;
	for (size_t i = 0; i < db->n; i++)
		(void)sqlite3_finalize(db->statements[i].handle);
	(void)sqlite3_close(db->handle);
	arena_free(db->arena);
}

void store_closep(struct store **db)
{
	store_close(*db);
	*db = NULL;
}

static err settle(struct ctx *c, struct store *db)
{
	(void)sqlite3_extended_result_codes(db->handle, 1);
	(void)sqlite3_busy_timeout(db->handle, BUSY_MS);
	TRY(execute(c, db, "PRAGMA journal_mode=WAL"));
	TRY(execute(c, db, "PRAGMA synchronous=FULL"));
	TRY(execute(c, db, "PRAGMA wal_autocheckpoint=0"));
	TRY(execute(c, db, "PRAGMA trusted_schema=OFF"));
	return execute(c, db,
		"CREATE TABLE IF NOT EXISTS n_migration"
		"(name TEXT PRIMARY KEY, ddl TEXT NOT NULL) STRICT, WITHOUT ROWID");
}

err store_open(struct ctx *c, const char *path, struct store **ret)
{
	struct arena *own = arena_new(sizeof(struct store) + 4096);
	struct store *db = own == NULL ? NULL : arena_alloc(own, sizeof *db);
	if (db == NULL) {
		arena_free(own);
		return fail(c, ERR_MEMORY, "no memory for a database");
	}
	db->arena = own;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	int code = sqlite3_open_v2(path, &db->handle, flags, NULL);
	err e = code == SQLITE_OK ? settle(c, db) : store_failed(c, db, code, "open the database");
	if (e != OK) {
		store_close(db);
		return e;
	}
	*ret = db;
	return OK;
}

err store_prepare(struct ctx *c, struct store *db, const char *text, struct stmt **ret)
{
	for (size_t i = 0; i < db->n; i++) {
		if (db->statements[i].text == text) {
			*ret = &db->statements[i];
			return OK;
		}
	}
	ENSURE(db->n < STATEMENTS, c, ERR_STORE, "more than %u statements", STATEMENTS);
	struct stmt *s = &db->statements[db->n];
	int code = sqlite3_prepare_v3(
		db->handle, text, -1, SQLITE_PREPARE_PERSISTENT, &s->handle, NULL);
	if (code != SQLITE_OK)
		return store_failed(c, db, code, text);
	s->db = db;
	s->text = text;
	db->n++;
	*ret = s;
	return OK;
}

static void bound(struct stmt *s, int code)
{
	if (code != SQLITE_OK)
		s->failed = code;
}

void stmt_text(struct stmt *s, int at, struct str v)
{
	bound(s, sqlite3_bind_text64(
			 s->handle, at, v.n > 0 ? v.p : "", v.n, SQLITE_STATIC, SQLITE_UTF8));
}

void stmt_bytes(struct stmt *s, int at, struct str v)
{
	bound(s, sqlite3_bind_blob64(s->handle, at, v.n > 0 ? v.p : "", v.n, SQLITE_STATIC));
}

void stmt_int(struct stmt *s, int at, int64_t v)
{
	bound(s, sqlite3_bind_int64(s->handle, at, v));
}

err stmt_step(struct ctx *c, struct stmt *s, bool *ret_row)
{
	int code = s->failed != SQLITE_OK ? s->failed : sqlite3_step(s->handle);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return store_failed(c, s->db, code, s->text);
	*ret_row = code == SQLITE_ROW;
	return OK;
}

err stmt_run(struct ctx *c, struct stmt *s)
{
	bool row = false;
	TRY(stmt_step(c, s, &row));
	assert(!row);
	return OK;
}

struct str stmt_col(struct stmt *s, int at)
{
	const void *p = sqlite3_column_blob(s->handle, at);
	int n = sqlite3_column_bytes(s->handle, at);
	return p == NULL ? (struct str){"", 0} : (struct str){p, (size_t)n};
}

int64_t stmt_col_int(struct stmt *s, int at)
{
	return sqlite3_column_int64(s->handle, at);
}

void stmt_resetp(struct stmt **s)
{
	if (*s == NULL)
		return;
	(void)sqlite3_reset((*s)->handle);
	(void)sqlite3_clear_bindings((*s)->handle);
	(*s)->failed = SQLITE_OK;
}

static err run(struct ctx *c, struct store *db, const char *text)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, text, &s));
	return stmt_run(c, s);
}

err store_begin(struct ctx *c, struct store *db)
{
	return run(c, db, "BEGIN IMMEDIATE");
}

err store_commit(struct ctx *c, struct store *db)
{
	return run(c, db, "COMMIT");
}

void store_rollback(struct store *db)
{
	if (sqlite3_get_autocommit(db->handle) == 0)
		(void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

err store_savepoint(struct ctx *c, struct store *db)
{
	return run(c, db, "SAVEPOINT command");
}

err store_release(struct ctx *c, struct store *db)
{
	return run(c, db, "RELEASE command");
}

void store_undo(struct store *db)
{
	(void)sqlite3_exec(db->handle, "ROLLBACK TO command; RELEASE command", NULL, NULL, NULL);
}

static err is_applied(struct ctx *c, struct store *db, const struct migration *m, bool *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "SELECT ddl FROM n_migration WHERE name = ?1", &s));
	stmt_text(s, 1, str_z(m->name));
	TRY(stmt_step(c, s, ret));
	ENSURE(!*ret || str_is(stmt_col(s, 0), m->sqlite_ddl), c, ERR_CORRUPT,
		"schema step %s was applied with other text", m->name);
	return OK;
}

static err apply(struct ctx *c, struct store *db, const struct migration *m)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(execute(c, db, m->sqlite_ddl));
	TRY(store_prepare(c, db, "INSERT INTO n_migration(name, ddl) VALUES (?1, ?2)", &s));
	stmt_text(s, 1, str_z(m->name));
	stmt_text(s, 2, str_z(m->sqlite_ddl));
	return stmt_run(c, s);
}

err store_migrate(struct ctx *c, struct store *db, const struct migration *steps, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool done = false;
		TRY(is_applied(c, db, &steps[i], &done));
		if (done)
			continue;
		TRY(store_begin(c, db));
		err e = apply(c, db, &steps[i]);
		if (e != OK) {
			store_rollback(db);
			return e;
		}
		TRY(store_commit(c, db));
	}
	return OK;
}

err store_backup(struct ctx *c, struct store *db, const char *path)
{
	struct stat st;
	cleanup(stmt_resetp) struct stmt *s = NULL;
	ENSURE(stat(path, &st) != 0 && errno == ENOENT, c, ERR_CONFLICT, "%s is there already",
		path);
	TRY(store_prepare(c, db, "VACUUM INTO ?1", &s));
	stmt_text(s, 1, str_z(path));
	return stmt_run(c, s);
}

err store_checkpoint(struct ctx *c, struct store *db)
{
	int code =
		sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	return code == SQLITE_OK || code == SQLITE_BUSY ? OK
							: store_failed(c, db, code, "checkpoint");
}
