#include "store/backup.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "tests/tap.h"

static const struct migration steps[] = {
	{"thing", "CREATE TABLE thing(id INTEGER PRIMARY KEY, root TEXT NOT NULL) STRICT"},
	{"thing-2", "CREATE INDEX thing_root ON thing(root)"},
	{"n-count", "CREATE TABLE n_count(id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT) STRICT"},
};
static const struct backup_reference rows[] = {{"thing", "root"}, {"not_yet", "root"}};
static const struct backup_references refs = {rows, countof(rows)};

struct bed {
	struct ctx c;
	char dir[64];
	struct store *db;
};

/* A path in the directory of the test. */
static const char *at(struct bed *b, const char *name)
{
	struct str s = {0};
	if (arena_fmt(&b->c, &s, "%s/%s", b->dir, name) != OK)
		abort();
	return s.p;
}

static err run(struct ctx *c, struct store *db, const char *text)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare_once(c, db, text, &s));
	return stmt_run(c, s);
}

static err take_bytes(struct bed *b, struct str bytes, struct blob *ret)
{
	TRY(file_write(&b->c, &env_system, at(b, "in"), bytes, 0600));
	cleanup(fd_closep) int fd = open(at(b, "in"), O_RDONLY | O_CLOEXEC);
	return blob_take(&b->c, &env_system, at(b, "blobs"), fd, NULL, NULL, ret);
}

static err refer(struct bed *b, const struct hash *root)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	char name[BLOB_NAME];
	blob_name(root, "", name);
	TRY(store_prepare(&b->c, b->db, "INSERT INTO thing(root) VALUES (?1)", &s));
	stmt_text(s, 1, str_z(name + 3));
	return stmt_run(&b->c, s);
}

/* Objects of 0, 5, one chunk and three chunks less a byte; all but the first are referenced. */
static err fill(struct bed *b, struct blob ret[4])
{
	static const size_t sizes[] = {0, 5, LIMIT_CHUNK, 3 * LIMIT_CHUNK - 1};
	char *p;
	NEW_N(&b->c, p, 3 * LIMIT_CHUNK);
	for (size_t i = 0; i < 3 * LIMIT_CHUNK; i++)
		p[i] = (char)(i * 31 + i / LIMIT_CHUNK);
	TRY(store_open(&b->c, at(b, "db"), &b->db));
	TRY(store_migrate(&b->c, b->db, steps, countof(steps)));
	for (size_t i = 0; i < countof(sizes); i++) {
		TRY(take_bytes(b, (struct str){p, sizes[i]}, &ret[i]));
		if (i > 0)
			TRY(refer(b, &ret[i].root));
	}
	TRY(run(&b->c, b->db, "INSERT INTO n_count(v) VALUES ('x'), ('y')"));
	return run(&b->c, b->db, "DELETE FROM n_count WHERE id = 2");
}

static err write_backup(struct bed *b, const char *path, struct backup_count *ret)
{
	struct backup *k;
	uint64_t size;
	TRY(backup_begin(&b->c, at(b, "db"), path, &k));
	TRY(backup_put_file(&b->c, k, STR("node.json"), STR("{}")));
	TRY(backup_put_objects(&b->c, k, at(b, "blobs"), &refs, NULL, NULL, ret));
	return backup_finish(&b->c, &env_system, k, &size);
}

static err same_tables(struct bed *b, struct store *other)
{
	struct str *names, difference;
	size_t n = 0, others = 0;
	TRY(store_tables(&b->c, b->db, &names, &n));
	TRY(store_tables(&b->c, other, &names, &others));
	is_int(others, n, "as many tables");
	for (size_t i = 0; i < n; i++) {
		TRY(store_first_difference(&b->c, b->db, other, names[i], &difference));
		is_int(difference.n, 0, "%.*s is the same", FMT(names[i]));
	}
	return OK;
}

static err check_object(struct bed *b, const struct blob *want)
{
	cleanup(fd_closep) int fd = -1;
	struct blob again;
	struct tree_proof proof;
	uint64_t size, chunks;
	TRY(blob_open(&b->c, at(b, "back"), &want->root, &fd, &size));
	is_int(size, want->size, "an object of %llu bytes", (unsigned long long)want->size);
	TRY(blob_take(&b->c, &env_system, at(b, "scratch"), fd, NULL, NULL, &again));
	ok(hash_eq(&again.sha256, &want->sha256), "its bytes");
	if (size > 0)
		TRY(blob_prove(&b->c, at(b, "back"), &want->root, 0, &proof, &chunks));
	return OK;
}

static err read_backup(struct bed *b, const char *path, struct backup_count *ret)
{
	struct backup *k;
	struct str text;
	TRY(backup_open(&b->c, path, NULL, NULL, &k));
	TRY(backup_get_file(&b->c, k, STR("node.json"), &text));
	is_int(backup_get_file(&b->c, k, STR("none"), &text), ERR_NOT_FOUND, "no such file");
	TRY(backup_get_database(&b->c, &env_system, k, at(b, "db2")));
	TRY(backup_check(&b->c, k, &refs));
	return backup_get_objects(&b->c, &env_system, k, at(b, "back"), NULL, NULL, ret);
}

static int read_byte(const char *path, off_t where)
{
	uint8_t byte = 0;
	cleanup(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	return pread(fd, &byte, 1, where) == 1 ? byte : -1;
}

static void test_round(struct bed *b, const struct blob blobs[4])
{
	struct backup_count put = {0}, got = {0};
	cleanup(store_closep) struct store *db = NULL;
	struct stat st;
	is_int(write_backup(b, at(b, "backup"), &put), OK, "written");
	is_int(put.objects, 4, "four objects");
	is_int(put.bytes, 5 + 4 * LIMIT_CHUNK - 1, "all their bytes");
	is_int(stat(at(b, "backup"), &st) == 0 ? st.st_mode & 0777 : 0, 0600, "the owner's");
	ok(access(at(b, "backup.part"), F_OK) != 0, "no part is left");
	is_int(read_byte(at(b, "backup"), 18), 1, "SQLite reads it without files beside it");
	is_int(write_backup(b, at(b, "backup"), &put), ERR_CONFLICT, "never over another");
	is_int(read_backup(b, at(b, "backup"), &got), OK, "read");
	is_int(got.objects, put.objects, "as many objects");
	is_int(got.bytes, put.bytes, "as many bytes");
	is_int(store_open(&b->c, at(b, "db2"), &db), OK, "the database opens");
	is_int(store_migrate(&b->c, db, steps, countof(steps)), OK, "its schema is known");
	is_int(same_tables(b, db), OK, "compared");
	is_int(run(&b->c, db, "INSERT INTO n_count(id, v) SELECT 3, v FROM n_count"), OK, "add");
	is_int(run(&b->c, db, "UPDATE n_count SET v = 'z' WHERE id = 3"), OK, "and change");
	for (size_t i = 0; i < 4; i++)
		is_int(check_object(b, &blobs[i]), OK, "object %zu", i);
}

/* A counter goes on where it stood, though its last row is gone. */
static void test_sequence(struct bed *b)
{
	cleanup(store_closep) struct store *db = NULL;
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct backup_count n;
	struct backup *k = NULL;
	bool row = false;
	is_int(write_backup(b, at(b, "sequence"), &n), OK, "written");
	is_int(backup_open(&b->c, at(b, "sequence"), NULL, NULL, &k), OK, "opened");
	is_int(backup_get_database(&b->c, &env_system, k, at(b, "db3")), OK, "restored");
	is_int(store_open(&b->c, at(b, "db3"), &db), OK, "opened");
	is_int(store_prepare_once(&b->c, db, "SELECT seq FROM sqlite_sequence", &s), OK, "asked");
	is_int(stmt_step(&b->c, s, &row), OK, "read");
	is_int(stmt_col_int(s, 0), 2, "two were given out");
}

static bool flip(const char *path, off_t where, int bit)
{
	uint8_t byte = 0;
	cleanup(fd_closep) int fd = open(path, O_RDWR | O_CLOEXEC);
	bool good = pread(fd, &byte, 1, where) == 1;
	byte ^= (uint8_t)(1 << bit);
	return good && pwrite(fd, &byte, 1, where) == 1;
}

static void test_changed(struct bed *b)
{
	struct stat st;
	struct backup *k = NULL;
	const char *path = at(b, "backup");
	unsigned refused = 0, tried = 0;
	is_int(stat(path, &st), 0, "a backup");
	for (off_t where = 0; where < st.st_size; where += where < st.st_size - 90 ? 7919 : 1) {
		int bit = (int)(where % 8);
		if (!flip(path, where, bit))
			break;
		tried++;
		refused += backup_open(&b->c, path, NULL, NULL, &k) == ERR_CORRUPT;
		(void)flip(path, where, bit);
	}
	ok(tried > 100, "%u places", tried);
	is_int(refused, tried, "a bit changed at any of them is seen");
	is_int(backup_open(&b->c, path, NULL, NULL, &k), OK, "put back, it opens");
	is_int(truncate(path, st.st_size - 1), 0, "cut");
	is_int(backup_open(&b->c, path, NULL, NULL, &k), ERR_CORRUPT, "a byte less");
	is_int(truncate(path, 10), 0, "cut further");
	is_int(backup_open(&b->c, path, NULL, NULL, &k), ERR_CORRUPT, "ten bytes");
	is_int(backup_open(&b->c, at(b, "none"), NULL, NULL, &k), ERR_NOT_FOUND, "none");
}

/* Each in a context of its own: what was not finished goes with it. */
static void test_missing(struct bed *b, const struct blob *blob)
{
	char name[BLOB_NAME];
	struct backup_count n;
	blob_name(&blob->root, "", name);
	cleanup(arena_freep) struct arena *a = arena_new(8 << 20);
	struct bed inner = {.c = {.arena = a}};
	(void)memcpy(inner.dir, b->dir, sizeof inner.dir);
	const char *file = at(b, "blobs");
	cleanup(fd_closep) int dir = open(file, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup(fd_closep) int fd = openat(dir, name, O_RDWR | O_CLOEXEC);
	is_int(pwrite(fd, "?", 1, 4), 1, "an object is damaged");
	is_int(write_backup(&inner, at(b, "bad"), &n), ERR_CORRUPT, "refused");
	ok(strstr(inner.c.trouble.detail, name + 3) != NULL, "by its name");
	ok(access(at(b, "bad.part"), F_OK) == 0, "a part is there while the request lives");
	is_int(write_backup(&inner, at(b, "bad"), &n), ERR_CONFLICT, "a part is not written over");
	arena_reset(a);
	ok(access(at(b, "bad.part"), F_OK) != 0, "and goes with it");
	is_int(unlinkat(dir, name, 0), 0, "an object is lost");
	is_int(write_backup(&inner, at(b, "bad"), &n), ERR_NOT_FOUND, "refused");
	ok(strstr(inner.c.trouble.detail, name + 3) != NULL, "by its name");
	arena_reset(a);
	ok(access(at(b, "bad"), F_OK) != 0, "nothing is left");
	is_int(rmdir(at(b, "bad.part")), -1, "nor a part");
}

/* A database that no node makes is not made again, whatever its seal says. */
static void test_foreign(struct bed *b)
{
	struct backup *k = NULL;
	uint64_t size;
	is_int(backup_begin(&b->c, at(b, "db"), at(b, "foreign"), &k), OK, "begun");
	is_int(run(&b->c, backup_store(k),
		       "CREATE TRIGGER t AFTER INSERT ON thing BEGIN DELETE FROM thing; END"),
		OK, "with a trigger");
	is_int(backup_finish(&b->c, &env_system, k, &size), OK, "sealed");
	is_int(backup_open(&b->c, at(b, "foreign"), NULL, NULL, &k), OK, "opened");
	is_int(backup_get_database(&b->c, &env_system, k, at(b, "db4")), ERR_CORRUPT, "refused");
}

/* A new seal over a changed object does not help: its chunks must give its root, one after the other. */
static void test_resealed(struct bed *b)
{
	static const char *const changes[] = {
		"UPDATE n_backup_object SET bytes = zeroblob(length(bytes)) WHERE n = 2",
		"DELETE FROM n_backup_object WHERE n = 1",
		"UPDATE n_backup_object SET n = 5 WHERE n = 2",
	};
	for (size_t i = 0; i < countof(changes); i++) {
		struct backup *k = NULL;
		struct backup_count n;
		uint64_t size;
		char name[16];
		(void)snprintf(name, sizeof name, "sealed%zu", i);
		const char *path = at(b, name);
		is_int(backup_begin(&b->c, at(b, "db"), path, &k), OK, "begun");
		is_int(backup_put_objects(&b->c, k, at(b, "blobs"), &refs, NULL, NULL, &n), OK,
			"objects");
		is_int(run(&b->c, backup_store(k), changes[i]), OK, "%s", changes[i]);
		is_int(backup_finish(&b->c, &env_system, k, &size), OK, "sealed");
		is_int(backup_open(&b->c, path, NULL, NULL, &k), OK, "opened");
		(void)snprintf(name, sizeof name, "out%zu", i);
		is_int(backup_get_objects(&b->c, &env_system, k, at(b, name), NULL, NULL, &n),
			ERR_CORRUPT, "refused");
	}
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *f)
{
	(void)st, (void)kind, (void)f;
	return remove(path);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(128 << 20);
	struct bed b = {.c = {.arena = a}, .dir = "/var/tmp/backup_test.XXXXXX"};
	struct blob blobs[4];
	ok(mkdtemp(b.dir) != NULL, "a directory");
	is_int(fill(&b, blobs), OK, "a database and objects");
	test_round(&b, blobs);
	test_sequence(&b);
	test_changed(&b);
	test_foreign(&b);
	test_resealed(&b);
	test_missing(&b, &blobs[1]);
	store_closep(&b.db);
	is_int(nftw(b.dir, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0, "cleared up");
	return done_testing();
}
