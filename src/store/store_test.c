#include "store/store.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "store/fault_test.h"

#include "tests/tap.h"

static const struct migration steps[] = {
	{"thing", "CREATE TABLE thing(id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT"},
	{"thing-name", "CREATE UNIQUE INDEX thing_name ON thing(name)"},
};

static const struct migration more[] = {
	{"n-seen", "CREATE TABLE n_seen(at INTEGER) STRICT"},
	{"child", "CREATE TABLE child(thing INTEGER REFERENCES thing(id) DEFERRABLE INITIALLY "
		  "DEFERRED) STRICT"},
};

static err add(struct ctx *c, struct store *db, int64_t id, struct str name)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "INSERT INTO thing(id, name) VALUES (?1, ?2)", &s));
	stmt_int(s, 1, id);
	stmt_text(s, 2, name);
	return stmt_run(c, s);
}

static int64_t count(struct ctx *c, struct store *db)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	if (store_prepare(c, db, "SELECT count(*) FROM thing", &s) != OK ||
		stmt_step(c, s, &row) != OK || !row)
		return -1;
	return stmt_col_int(s, 0);
}

static void migrates(struct ctx *c, struct store *db)
{
	is_int(store_migrate(c, db, steps, 1), OK, "a first step");
	is_int(store_migrate(c, db, steps, 2), OK, "then the rest");
	is_int(store_migrate(c, db, steps, 2), OK, "then nothing");
	const struct migration other = {"thing", "CREATE TABLE thing(id INTEGER) STRICT"};
	is_int(store_migrate(c, db, &other, 1), ERR_CORRUPT, "a step of another text is refused");
	const struct migration bad = {"bad", "CREATE TABLE"};
	is_int(store_migrate(c, db, &bad, 1), ERR_STORE, "a step that fails is told");
	is_int(store_migrate(c, db, &bad, 1), ERR_STORE, "and not recorded");
}

static void transacts(struct ctx *c, struct store *db)
{
	is_int(store_begin(c, db), OK, "a transaction");
	is_int(add(c, db, 1, STR("one")), OK, "a row");
	is_int(store_savepoint(c, db), OK, "a savepoint");
	is_int(add(c, db, 2, STR("two")), OK, "a row in it");
	is_int(add(c, db, 3, STR("two")), ERR_STORE, "a row that is refused");
	store_undo(db);
	is_int(count(c, db), 1, "undone to the savepoint");
	is_int(store_savepoint(c, db), OK, "another savepoint");
	is_int(add(c, db, 2, STR("")), OK, "a row with empty text");
	is_int(store_release(c, db), OK, "is kept");
	is_int(store_commit(c, db), OK, "and committed");
	is_int(store_begin(c, db), OK, "another transaction");
	is_int(add(c, db, 9, STR("nine")), OK, "with a row");
	store_rollback(db);
	is_int(count(c, db), 2, "is rolled back");
	store_rollback(db);
	is_int(store_checkpoint(c, db), OK, "the log is moved into the database");
}

/* Acknowledges each commit through a pipe until it is killed. */
static void writer(const char *path, int pipe_end)
{
	struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	struct store *db = NULL;
	if (store_open(&c, path, &db) != OK)
		_exit(1);
	for (int64_t id = count(&c, db) + 100;; id++) {
		struct str name;
		if (arena_fmt(&c, &name, "row %lld", (long long)id) != OK ||
			store_begin(&c, db) != OK || add(&c, db, id, name) != OK ||
			store_commit(&c, db) != OK || write(pipe_end, "x", 1) != 1)
			_exit(1);
		arena_reset(a);
	}
}

static void survives_kill(struct ctx *c, const char *path)
{
	int lost = 0;
	int64_t before = 2;
	for (int round = 0; round < 20; round++) {
		int ends[2];
		if (pipe(ends) != 0)
			break;
		pid_t pid = fork();
		if (pid == 0)
			writer(path, ends[1]);
		(void)close(ends[1]);
		char byte;
		int64_t acknowledged = 0;
		while (acknowledged < 1 + round % 7 && read(ends[0], &byte, 1) == 1)
			acknowledged++;
		(void)kill(pid, SIGKILL);
		while (read(ends[0], &byte, 1) == 1)
			acknowledged++;
		(void)waitpid(pid, NULL, 0);
		(void)close(ends[0]);
		cleanup(store_closep) struct store *db = NULL;
		if (store_open(c, path, &db) != OK)
			break;
		int64_t now = count(c, db);
		lost += now < before + acknowledged || now > before + acknowledged + 1 ||
			acknowledged == 0;
		before = now;
	}
	is_int(lost, 0, "20 kills lost nothing acknowledged");
	ok(before >= 22, "and rows were written: %lld", (long long)before);
}

static err run(struct ctx *c, struct store *db, const char *text)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare_once(c, db, text, &s));
	bool row = false;
	return stmt_step(c, s, &row);
}

/* One store for the wrong commits: they end with nothing stored and the store still of use. */
static void refuses_commit(struct ctx *c, struct store *db)
{
	is_int(store_commit(c, db), ERR_STORE, "no transaction, no commit");
	is_int(run(c, db, "PRAGMA foreign_keys=ON"), OK, "references are judged");
	is_int(store_begin(c, db), OK, "a transaction");
	is_int(run(c, db, "INSERT INTO child(thing) VALUES (77)"), OK, "a child without parent");
	is_int(store_commit(c, db), ERR_STORE, "what COMMIT refuses is known not to be stored");
	store_rollback(db);
	is_int(store_begin(c, db), OK, "another one");
	is_int(run(c, db, "ROLLBACK"), OK, "undone from within");
	is_int(add(c, db, 70, STR("seventy")), ERR_STORE, "nothing is written beside it");
	is_int(store_commit(c, db), ERR_STORE, "nor committed");
	store_rollback(db);
	is_int(count(c, db), 2, "nothing is there");
}

static void keeps_scopes(struct ctx *c, struct store *db)
{
	static const struct {
		enum store_scope scope;
		err thing, node, schema;
	} rows[] = {
		{STORE_ANY, OK, OK, OK},
		{STORE_STATE, OK, ERR_CORRUPT, ERR_CORRUPT},
		{STORE_NODE, ERR_CORRUPT, OK, ERR_CORRUPT},
		{STORE_READ, ERR_CORRUPT, ERR_CORRUPT, ERR_CORRUPT},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		is_int(store_begin(c, db), OK, "scope %zu", i);
		is_int(store_scope(db, rows[i].scope), STORE_ANY, "is set");
		/* The kept statement of add was compiled in another scope. */
		is_int(add(c, db, 50, STR("fifty")), rows[i].thing, "a state table");
		is_int(run(c, db, "DELETE FROM thing WHERE id = 50"), rows[i].thing, "deleting");
		is_int(run(c, db, "UPDATE thing SET name = 'z' WHERE id = 1"), rows[i].thing,
			"changing");
		is_int(run(c, db, "INSERT INTO n_seen VALUES (1)"), rows[i].node, "a node table");
		is_int(run(c, db, "CREATE TABLE x(y)"), rows[i].schema, "the schema");
		is_int(count(c, db), 2, "reading goes on");
		is_int(store_scope(db, STORE_ANY), rows[i].scope, "the scope before");
		store_rollback(db);
	}
	(void)store_scope(db, STORE_READ);
	is_int(add(c, db, 51, STR("x")), ERR_CORRUPT, "a wrong write");
	ok(strstr(c->trouble.detail, "decide must not write table thing") != NULL, "is named");
	(void)store_scope(db, STORE_ANY);
}

static void keeps_a_reserve(struct ctx *c, struct store *db)
{
	store_watch_disk(db, 1000);
	is_int(store_begin(c, db), OK, "room enough");
	store_rollback(db);
	store_reserve(db, UINT64_MAX);
	store_watch_disk(db, 1999);
	is_int(store_begin(c, db), OK, "not looked at twice a second");
	store_rollback(db);
	store_watch_disk(db, 2000);
	is_int(store_begin(c, db), ERR_DISK_FULL, "but then");
	is_int(count(c, db), 2, "reading goes on");
	store_reserve(db, LIMIT_DISK_RESERVE);
	store_watch_disk(db, 500);
	is_int(store_begin(c, db), OK, "room again, and a clock that was set back");
	store_rollback(db);
}

static void reads_beside(struct ctx *c, struct store *db, const char *path)
{
	cleanup(store_closep) struct store *reader = NULL;
	struct store *none = NULL;
	is_int(store_open_readonly(c, "/var/tmp/no/such/db", &none), ERR_NOT_FOUND, "none there");
	is_int(store_open_readonly(c, path, &reader), OK, "a reader");
	is_int(add(c, reader, 60, STR("sixty")), ERR_STORE, "does not write");
	is_int(store_begin(c, reader), OK, "opens a view");
	is_int(count(c, reader), 2, "sees the rows");
	ok(store_begin(c, db) == OK && add(c, db, 60, STR("sixty")) == OK &&
			store_commit(c, db) == OK,
		"the node writes meanwhile");
	is_int(count(c, reader), 2, "the view stays");
	ok(store_wal_frames(db) > 0, "frames wait");
	is_int(store_checkpoint_restart(c, db), OK, "the log cannot start anew");
	store_rollback(reader);
	is_int(count(c, reader), 3, "the next view has it");
	is_int(store_checkpoint_restart(c, db), OK, "now it can");
	is_int(store_wal_frames(db), 0, "no frame waits");
	ok(run(c, db, "DELETE FROM thing WHERE id = 60") == OK && store_wal_frames(db) < 10,
		"and it did");
}

#define FAULT_ROWS 40

static err write_all(struct ctx *c, struct store *db)
{
	static const char filler[2000] = {0};
	/* A small cache makes some pages leave before COMMIT. */
	TRY(run(c, db, "PRAGMA cache_size=8"));
	TRY(store_begin(c, db));
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "INSERT INTO big(bytes) VALUES (?1)", &s));
	for (int i = 0; i < FAULT_ROWS; i++) {
		stmt_bytes(s, 1, (struct str){filler, sizeof filler});
		TRY(stmt_run(c, s));
		stmt_resetp(&s);
	}
	return store_commit(c, db);
}

/* Rows of a database and its log under another name, so that nothing in memory helps. */
static int64_t rows_in(struct ctx *c, const char *path, const char *tail)
{
	char from[256], to[256];
	for (int i = 0; i < 2; i++) {
		const char *part = i == 0 ? "" : "-wal";
		(void)snprintf(from, sizeof from, "%s%s%s", path, part, tail);
		(void)snprintf(to, sizeof to, "%s.look%s", path, part);
		fault_copy(from, to);
	}
	(void)snprintf(to, sizeof to, "%s.look-shm", path);
	(void)unlink(to);
	(void)snprintf(to, sizeof to, "%s.look", path);
	cleanup(store_closep) struct store *db = NULL;
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	if (store_open(c, to, &db) != OK ||
		store_prepare(c, db, "SELECT count(*) FROM big", &s) != OK ||
		stmt_step(c, s, &row) != OK || !row)
		return -1;
	return stmt_col_int(s, 0);
}

struct outcome {
	int runs, unknown, wrong;
};

/* OK: all is there. Unknown: all or nothing. Any other error: nothing. */
static bool holds(err e, int64_t rows)
{
	if (e == OK)
		return rows == FAULT_ROWS;
	return rows == 0 || (e == ERR_COMMIT_UNKNOWN && rows == FAULT_ROWS);
}

static bool one_fault(struct ctx *c, const char *path, const struct fault *f, struct outcome *o)
{
	const struct migration big = {"big", "CREATE TABLE big(bytes BLOB) STRICT"};
	cleanup(store_closep) struct store *db = NULL;
	char wal[160];
	fault = (struct fault){0};
	(void)unlink(path);
	(void)snprintf(wal, sizeof wal, "%s-wal", path);
	(void)unlink(wal);
	if (store_open(c, path, &db) != OK || store_migrate(c, db, &big, 1) != OK)
		return false;
	fault_keep(path);
	fault_keep(wal);
	fault = *f;
	err e = write_all(c, db);
	if (e != OK && e != ERR_COMMIT_UNKNOWN)
		store_rollback(db);
	if (e == OK)
		(void)!store_checkpoint(c, db);
	store_closep(&db);
	bool hit = fault.hit;
	fault = (struct fault){0};
	o->runs++;
	o->unknown += e == ERR_COMMIT_UNKNOWN;
	int64_t cut = rows_in(c, path, ".kept"), killed = rows_in(c, path, "");
	if (!holds(e, cut) || !holds(e, killed)) {
		printf("# kind %d after %d: error %d, %lld rows by a cut, %lld by a kill\n",
			(int)f->kind, f->after, (int)e, (long long)cut, (long long)killed);
		o->wrong++;
	}
	return hit;
}

static void survives_faults(struct ctx *c, const char *path)
{
	struct ctx own = {.arena = arena_new(1u << 20)};
	(void)c;
	fault_install();
	for (int i = 0; i < FAULT_KINDS * 2; i++) {
		struct outcome o = {0};
		struct fault f = {.kind = (enum fault_kind)(i / 2), .for_good = i % 2 != 0};
		do {
			f.after++;
			arena_reset(own.arena);
		} while (f.after < 500 && one_fault(&own, path, &f, &o));
		ok(o.runs > 2 && o.runs < 499, "fault %d: %d runs", i, o.runs);
		ok(o.unknown > 0 && o.unknown < o.runs, "%d of them unknown", o.unknown);
		is_int(o.wrong, 0, "none stored half or lost");
	}
	fault_remove();
	arena_free(own.arena);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(4u << 20);
	struct ctx c = {.arena = a};
	char directory[] = "/var/tmp/store_test.XXXXXX";
	struct str path = {0}, copy = {0}, faulty = {0};
	ok(mkdtemp(directory) != NULL, "a directory");
	ok(arena_fmt(&c, &path, "%s/db", directory) == OK &&
			arena_fmt(&c, &copy, "%s/copy", directory) == OK,
		"paths");
	{
		cleanup(store_closep) struct store *db = NULL;
		is_int(store_open(&c, path.p, &db), OK, "a database");
		migrates(&c, db);
		transacts(&c, db);
		is_int(store_backup(&c, db, copy.p), OK, "is backed up");
		is_int(store_backup(&c, db, copy.p), ERR_CONFLICT, "never over a file");
		is_int(store_migrate(&c, db, more, countof(more)), OK, "more tables");
		refuses_commit(&c, db);
		keeps_scopes(&c, db);
		keeps_a_reserve(&c, db);
		reads_beside(&c, db, path.p);
	}
	{
		cleanup(store_closep) struct store *db = NULL;
		is_int(store_open(&c, copy.p, &db), OK, "the copy opens");
		is_int(count(&c, db), 2, "with its rows");
	}
	survives_kill(&c, path.p);
	ok(arena_fmt(&c, &faulty, "%s/faulty", directory) == OK, "a path");
	survives_faults(&c, faulty.p);
	struct store *none = NULL;
	is_int(store_open(&c, directory, &none), ERR_STORE, "a directory is no database");
	ok(none == NULL, "and gives none");
	char *const argv[] = {(char[]){"rm"}, (char[]){"-r"}, directory, NULL};
	pid_t pid = fork();
	if (pid == 0)
		_exit(execv("/bin/rm", argv));
	is_int(waitpid(pid, NULL, 0), pid, "up");
	return done_testing();
}
