#include "store/store.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

static const struct migration steps[] = {
	{"thing", "CREATE TABLE thing(id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT"},
	{"thing-name", "CREATE UNIQUE INDEX thing_name ON thing(name)"},
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

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(4u << 20);
	struct ctx c = {.arena = a};
	char directory[] = "/var/tmp/store_test.XXXXXX";
	struct str path = {0}, copy = {0};
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
	}
	{
		cleanup(store_closep) struct store *db = NULL;
		is_int(store_open(&c, copy.p, &db), OK, "the copy opens");
		is_int(count(&c, db), 2, "with its rows");
	}
	survives_kill(&c, path.p);
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
