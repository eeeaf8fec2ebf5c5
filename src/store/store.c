#include "store/store.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/env.h"
#include "base/limits.h"

/* A table by address: at most three quarters are taken, so that a look-up is short. */
#define SLOTS 1024u
#define STATEMENTS 768u
#define BUSY_MS 5000
/* How long the loop waits for readers before the log starts anew. */
#define RESTART_MS 20

/* What a statement writes. */
enum kind { SCHEMA, NODE, STATE, KINDS };

struct stmt {
	struct store *db;
	const char *text;
	sqlite3_stmt *handle;
	const char *writes[KINDS]; /* the first table of each kind, or NULL */
	int failed;                /* a bind that failed is told by the next step */
	bool once;
};

struct store {
	sqlite3 *handle;
	struct arena *arena;
	const char *path;
	struct stmt slots[SLOTS];
	size_t n;
	struct stmt *preparing; /* the authorizer tells it what it writes */
	enum store_scope scope;
	bool readonly, in_transaction, short_of_disk;
	bool viewing; /* the transaction only reads: nothing is lost by its end */
	uint32_t wal_frames;
	uint64_t reserve;
	int64_t looked_ms;
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
	for (size_t i = 0; i < SLOTS; i++)
		(void)sqlite3_finalize(db->slots[i].handle);
	(void)sqlite3_close(db->handle);
	arena_free(db->arena);
}

void store_closep(struct store **db)
{
	store_close(*db);
	*db = NULL;
}

/* SQLite asks at compile time, when the scope of the use is not known: so what a statement writes is noted with it and
 * compared with the scope at each run. */
static int note_write(void *arg, int action, const char *table, const char *column,
	const char *schema, const char *by)
{
	(void)column, (void)schema, (void)by;
	struct store *db = arg;
	struct stmt *s = db->preparing;
	if (s == NULL ||
		(action != SQLITE_INSERT && action != SQLITE_UPDATE && action != SQLITE_DELETE))
		return SQLITE_OK;
	struct str name = str_z(table);
	enum kind kind = str_starts(name, STR("sqlite_")) ? SCHEMA
			 : str_starts(name, STR("n_"))    ? NODE
							  : STATE;
	if (s->writes[kind] == NULL)
		s->writes[kind] = arena_z(db->arena, name);
	return s->writes[kind] == NULL ? SQLITE_DENY : SQLITE_OK;
}

static int note_frames(void *arg, sqlite3 *handle, const char *schema, int frames)
{
	(void)handle, (void)schema;
	struct store *db = arg;
	db->wal_frames = (uint32_t)frames;
	return SQLITE_OK;
}

static void look_at_disk(struct store *db)
{
	struct statvfs v;
	if (statvfs(db->path, &v) == 0)
		db->short_of_disk = (uint64_t)v.f_bavail * v.f_frsize < db->reserve;
}

static err settle(struct ctx *c, struct store *db)
{
	(void)sqlite3_extended_result_codes(db->handle, 1);
	(void)sqlite3_busy_timeout(db->handle, BUSY_MS);
	(void)sqlite3_set_authorizer(db->handle, note_write, db);
	/* A value bound does not change the plan: else a variable beside a partial index compiles anew each time. */
	(void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
	TRY(execute(c, db, "PRAGMA trusted_schema=OFF"));
	if (db->readonly)
		return execute(c, db, "SELECT count(*) FROM sqlite_schema");
	TRY(execute(c, db, "PRAGMA journal_mode=WAL"));
	TRY(execute(c, db, "PRAGMA synchronous=FULL"));
	TRY(execute(c, db, "PRAGMA wal_autocheckpoint=0"));
	/* What a savepoint may have to take back stays in memory instead of a file for each large command. */
	TRY(execute(c, db, "PRAGMA temp_store=MEMORY"));
	(void)sqlite3_wal_hook(db->handle, note_frames, db);
	look_at_disk(db);
	return execute(c, db,
		"CREATE TABLE IF NOT EXISTS n_migration"
		"(name TEXT PRIMARY KEY, ddl TEXT NOT NULL) STRICT, WITHOUT ROWID");
}

/* The name under which SQLite opens the file. On a medium that cannot be written it could not make the files beside it that
 * readers of a WAL share, and need not: nobody changes it there. */
static const char *name_of(struct arena *a, const char *path, bool readonly, int *ret_flags)
{
	struct ctx c = {.arena = a};
	struct statvfs v;
	struct stat st;
	struct str wal, uri;
	if (!readonly || strpbrk(path, "%?#") != NULL || statvfs(path, &v) != 0 ||
		(v.f_flag & ST_RDONLY) == 0 || arena_fmt(&c, &wal, "%s-wal", path) != OK ||
		(stat(wal.p, &st) == 0 && st.st_size > 0) ||
		arena_fmt(&c, &uri, "file:%s?immutable=1", path) != OK)
		return path;
	*ret_flags |= SQLITE_OPEN_URI;
	return uri.p;
}

static err open_by(struct ctx *c, const char *path, bool readonly, struct store **ret)
{
	struct arena *own = arena_new(sizeof(struct store) + (128u << 10));
	struct store *db = own == NULL ? NULL : arena_alloc(own, sizeof *db);
	const char *copy = db == NULL ? NULL : arena_z(own, str_z(path));
	if (copy == NULL) {
		arena_free(own);
		return fail(c, ERR_MEMORY, "no memory for a database");
	}
	db->arena = own;
	db->path = copy;
	db->readonly = readonly;
	db->reserve = LIMIT_DISK_RESERVE;
	int flags = readonly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	/* Nobody asks for its count of memory, which costs a mutex an allocation. Refused once a database is open. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	const char *name = name_of(own, path, readonly, &flags);
	int code = sqlite3_open_v2(name, &db->handle, flags | SQLITE_OPEN_NOMUTEX, NULL);
	err e = code == SQLITE_OK ? settle(c, db) : store_failed(c, db, code, "open the database");
	if (e != OK) {
		store_close(db);
		return e;
	}
	*ret = db;
	return OK;
}

err store_open(struct ctx *c, const char *path, struct store **ret)
{
	return open_by(c, path, false, ret);
}

err store_open_readonly(struct ctx *c, const char *path, struct store **ret)
{
	ENSURE(access(path, F_OK) == 0, c, ERR_NOT_FOUND, "there is no database %s", path);
	return open_by(c, path, true, ret);
}

enum store_scope store_scope(struct store *db, enum store_scope scope)
{
	enum store_scope before = db->scope;
	assert(scope <= STORE_READ);
	db->scope = scope;
	return before;
}

void store_watch_disk(struct store *db, int64_t now_ms)
{
	/* A clock that was set back must not end the looking. */
	if (now_ms >= db->looked_ms && now_ms - db->looked_ms < 1000)
		return;
	db->looked_ms = now_ms;
	look_at_disk(db);
}

void store_reserve(struct store *db, uint64_t bytes)
{
	db->reserve = bytes;
}

static err compile(struct ctx *c, struct store *db, const char *text, struct stmt *s)
{
	unsigned flags = s->once ? 0 : SQLITE_PREPARE_PERSISTENT;
	s->db = db;
	s->text = text;
	db->preparing = s;
	int code = sqlite3_prepare_v3(db->handle, text, -1, flags, &s->handle, NULL);
	db->preparing = NULL;
	if (code == SQLITE_OK)
		return OK;
	*s = (struct stmt){0};
	return store_failed(c, db, code, text);
}

/* The slot of a text, or the free one where it goes. */
static struct stmt *slot(struct store *db, const char *text)
{
	size_t i = ((uintptr_t)text * 0x9e3779b97f4a7c15ull >> 40) % SLOTS;
	while (db->slots[i].text != NULL && db->slots[i].text != text)
		i = (i + 1) % SLOTS;
	return &db->slots[i];
}

err store_prepare(struct ctx *c, struct store *db, const char *text, struct stmt **ret)
{
	struct stmt *s = slot(db, text);
	if (s->text == NULL) {
		ENSURE(db->n < STATEMENTS, c, ERR_STORE, "more than %u statements", STATEMENTS);
		TRY(compile(c, db, text, s));
		db->n++;
	}
	assert(sqlite3_stmt_busy(s->handle) == 0); /* its reset would end the use around this one */
	*ret = s;
	return OK;
}

err store_prepare_once(struct ctx *c, struct store *db, const char *text, struct stmt **ret)
{
	struct stmt *s;
	NEW(c, s);
	s->once = true;
	TRY(compile(c, db, text, s));
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

/* The table that a statement would write though the scope forbids it, or NULL. */
static const char *forbidden(const struct stmt *s)
{
	static const bool may[][KINDS] = {
		[STORE_ANY] = {[SCHEMA] = true, [NODE] = true, [STATE] = true},
		[STORE_STATE] = {[STATE] = true},
		[STORE_NODE] = {[NODE] = true},
		[STORE_READ] = {[SCHEMA] = false},
	};
	for (size_t k = 0; k < KINDS; k++) {
		if (s->writes[k] != NULL && !may[s->db->scope][k])
			return s->writes[k];
	}
	return NULL;
}

static err allowed(struct ctx *c, const struct stmt *s)
{
	static const char *const who[] = {
		[STORE_ANY] = "anyone",
		[STORE_STATE] = "apply",
		[STORE_NODE] = "node work",
		[STORE_READ] = "decide",
	};
	const char *table = forbidden(s);
	ENSURE(table == NULL, c, ERR_CORRUPT, "%s must not write table %s: %s", who[s->db->scope],
		table, s->text);
	/* SQLite undoes the whole transaction after some failures; what follows would be stored without it. */
	ENSURE(!s->db->in_transaction || sqlite3_get_autocommit(s->db->handle) == 0, c, ERR_STORE,
		"the transaction was undone: %s", s->text);
	return OK;
}

err stmt_step(struct ctx *c, struct stmt *s, bool *ret_row)
{
	if (s->db->viewing && sqlite3_stmt_readonly(s->handle) == 0)
		store_view_end(s->db);
	TRY(allowed(c, s));
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

int stmt_width(struct stmt *s)
{
	return sqlite3_column_count(s->handle);
}

struct str stmt_name(struct stmt *s, int at)
{
	return str_z(sqlite3_column_name(s->handle, at));
}

char stmt_kind(struct stmt *s, int at)
{
	switch (sqlite3_column_type(s->handle, at)) {
	case SQLITE_INTEGER:
		return 'i';
	case SQLITE_FLOAT:
		return 'f';
	case SQLITE_TEXT:
		return 't';
	case SQLITE_BLOB:
		return 'b';
	default:
		return 'n';
	}
}

void stmt_resetp(struct stmt **s)
{
	if (*s == NULL)
		return;
	if ((*s)->once) {
		(void)sqlite3_finalize((*s)->handle);
		*s = NULL;
		return;
	}
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
	ENSURE(db->readonly || !db->short_of_disk, c, ERR_DISK_FULL,
		"less than %llu bytes are free", (unsigned long long)db->reserve);
	store_view_end(db);
	TRY(run(c, db, db->readonly ? "BEGIN" : "BEGIN IMMEDIATE"));
	db->in_transaction = true;
	return OK;
}

err store_view(struct ctx *c, struct store *db)
{
	if (db->in_transaction)
		return OK;
	TRY(run(c, db, "BEGIN"));
	db->in_transaction = true;
	db->viewing = true;
	return OK;
}

void store_view_end(struct store *db)
{
	if (db->viewing)
		store_rollback(db);
}

bool store_version(const struct store *db, uint64_t *ret)
{
	if (db->in_transaction && !db->viewing)
		return false;
	*ret = (uint64_t)sqlite3_total_changes64(db->handle);
	return true;
}

err store_commit(struct ctx *c, struct store *db)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "COMMIT", &s));
	ENSURE(sqlite3_get_autocommit(db->handle) == 0, c, ERR_STORE, "no transaction is open");
	int code = sqlite3_step(s->handle);
	if (code == SQLITE_DONE) {
		db->in_transaction = false;
		return OK;
	}
	/* Only these two are found before anything is written, and leave the transaction open. */
	bool refused = (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_CONSTRAINT;
	if (refused && sqlite3_get_autocommit(db->handle) == 0)
		return store_failed(c, db, code, "COMMIT");
	return fail(c, ERR_COMMIT_UNKNOWN, "COMMIT: %s", sqlite3_errmsg(db->handle));
}

/* Without a word where it fails: SQLite has then undone the transaction by itself. */
static void roll_back(struct store *db)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_ARENA_CHUNK);
	struct ctx c = {.arena = a};
	if (a == NULL || run(&c, db, "ROLLBACK") != OK)
		(void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

void store_rollback(struct store *db)
{
	if (sqlite3_get_autocommit(db->handle) == 0)
		roll_back(db);
	db->in_transaction = false;
	db->viewing = false;
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

/* Makes a new file and its name durable. */
static err settle_file(struct ctx *c, const char *path)
{
	char *copy = arena_z(c->arena, str_z(path));
	ENSURE(copy != NULL, c, ERR_TOO_LARGE, "no memory for a path");
	cleanup(fd_closep) int file = open(path, O_RDONLY | O_CLOEXEC);
	cleanup(fd_closep) int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ENSURE(file >= 0 && folder >= 0, c, ERR_IO, "open %s: %s", path, strerror(errno));
	TRY(env_sync(c, &env_system, file));
	return env_sync(c, &env_system, folder);
}

static err copy_into(struct ctx *c, struct store *db, const char *path)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "VACUUM INTO ?1", &s));
	stmt_text(s, 1, str_z(path));
	return stmt_run(c, s);
}

err store_backup(struct ctx *c, struct store *db, const char *path)
{
	struct stat st;
	ENSURE(lstat(path, &st) != 0 && errno == ENOENT, c, ERR_CONFLICT, "%s is there already",
		path);
	err e = copy_into(c, db, path);
	if (e == OK)
		e = settle_file(c, path);
	if (e != OK)
		(void)unlink(path);
	return e;
}

uint32_t store_wal_frames(const struct store *db)
{
	return db->wal_frames;
}

/* A passive one waits for nobody, whatever the time. */
static err checkpoint(struct ctx *c, struct store *db, int mode, bool *ret_done)
{
	int frames = -1, moved = -1;
	(void)sqlite3_busy_timeout(db->handle, RESTART_MS);
	int code = sqlite3_wal_checkpoint_v2(db->handle, NULL, mode, &frames, &moved);
	(void)sqlite3_busy_timeout(db->handle, BUSY_MS);
	if (frames >= 0 && moved >= 0)
		db->wal_frames = (uint32_t)(frames - moved);
	*ret_done = code == SQLITE_OK;
	return *ret_done || code == SQLITE_BUSY ? OK : store_failed(c, db, code, "checkpoint");
}

err store_checkpoint(struct ctx *c, struct store *db)
{
	return checkpoint(c, db, SQLITE_CHECKPOINT_PASSIVE, &(bool){false});
}

err store_checkpoint_restart(struct ctx *c, struct store *db)
{
	return checkpoint(c, db, SQLITE_CHECKPOINT_RESTART, &(bool){false});
}

err store_checkpoint_truncate(struct ctx *c, struct store *db, bool *ret)
{
	return checkpoint(c, db, SQLITE_CHECKPOINT_TRUNCATE, ret);
}

err store_check(struct ctx *c, struct store *db)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare_once(c, db, "PRAGMA main.integrity_check(1)", &s));
	TRY(stmt_step(c, s, &row));
	ENSURE(row && str_is(stmt_col(s, 0), "ok"), c, ERR_CORRUPT, "the database: %.*s",
		FMT(stmt_col(s, 0)));
	return OK;
}
