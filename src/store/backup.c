#include "store/backup.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

/* The last line: what it is, the digest in hex, LF. */
#define SEAL "shugu-backup/1 "
#define SEAL_BYTES (sizeof SEAL - 1 + 2 * HASH_BYTES + 1)
#define QUERY_MAX 512u
#define FILE_MAX (1u << 20)

struct backup {
	struct store *db;
	const char *path;
	char *part; /* NULL: for reading, or finished */
	char *chunk;
};

static void backup_release(void *ptr)
{
	struct backup *b = ptr;
	store_closep(&b->db);
	if (b->part != NULL)
		(void)unlink(b->part);
}

static err backup_new(struct ctx *c, const char *path, struct backup **ret)
{
	struct backup *b;
	NEW(c, b);
	NEW_N(c, b->chunk, LIMIT_CHUNK);
	b->path = arena_z(c->arena, str_z(path));
	ENSURE(b->path != NULL, c, ERR_TOO_LARGE, "no memory for a path");
	TRY(arena_defer(c, backup_release, b));
	*ret = b;
	return OK;
}

static err run(struct ctx *c, struct store *db, const char *text)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = true;
	TRY(store_prepare_once(c, db, text, &s));
	while (row)
		TRY(stmt_step(c, s, &row));
	return OK;
}

/* A file that is thrown away when anything fails needs no journal; it is synced once, at its end. */
static err without_journal(struct ctx *c, struct store *db)
{
	TRY(run(c, db, "PRAGMA journal_mode=OFF"));
	TRY(run(c, db, "PRAGMA synchronous=OFF"));
	return run(c, db, "PRAGMA max_page_count=4294967294");
}

static err is_free(struct ctx *c, const char *path, const char *why)
{
	struct stat st;
	ENSURE(lstat(path, &st) != 0 && errno == ENOENT, c, ERR_CONFLICT, "%s is there already%s",
		path, why);
	return OK;
}

err backup_begin(struct ctx *c, const char *database, const char *path, struct backup **ret)
{
	struct backup *b;
	struct str part;
	cleanup(store_closep) struct store *from = NULL;
	TRY(arena_fmt(c, &part, "%s.part", path));
	TRY(is_free(c, path, ""));
	TRY(is_free(c, part.p, ": another backup writes it, or one was cut short"));
	TRY(backup_new(c, path, &b));
	TRY(store_open_readonly(c, database, &from));
	TRY(store_backup(c, from, part.p));
	b->part = arena_z(c->arena, part);
	ENSURE(b->part != NULL && chmod(part.p, 0600) == 0, c, ERR_IO, "chmod %s", part.p);
	TRY(store_open(c, part.p, &b->db));
	TRY(without_journal(c, b->db));
	TRY(run(c, b->db,
		"CREATE TABLE n_backup_object(root BLOB NOT NULL, n INTEGER NOT NULL, bytes BLOB "
		"NOT NULL, UNIQUE(root, n)) STRICT"));
	TRY(run(c, b->db,
		"CREATE TABLE n_backup_file(name TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT, "
		"WITHOUT ROWID"));
	*ret = b;
	return OK;
}

struct store *backup_store(struct backup *b)
{
	assert(b->part != NULL && b->db != NULL);
	return b->db;
}

err backup_put_file(struct ctx *c, struct backup *b, struct str name, struct str bytes)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	ENSURE(bytes.n <= FILE_MAX, c, ERR_TOO_LARGE, "%.*s has more than %u bytes", FMT(name),
		FILE_MAX);
	TRY(store_prepare(c, b->db, "INSERT INTO n_backup_file(name, bytes) VALUES (?1, ?2)", &s));
	stmt_text(s, 1, name);
	stmt_bytes(s, 2, bytes);
	return stmt_run(c, s);
}

/* Putting objects in, or taking them out. */
struct passing {
	struct backup *b;
	const struct env *e;
	const char *blobs_dir;
	blob_progress_fn *progress;
	void *arg;
	struct backup_count done;
};

static err put_chunk(
	struct ctx *c, struct backup *b, const struct hash *root, uint64_t n, struct str bytes)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(
		c, b->db, "INSERT INTO n_backup_object(root, n, bytes) VALUES (?1, ?2, ?3)", &s));
	stmt_bytes(s, 1, hash_str(root));
	stmt_int(s, 2, (int64_t)n);
	stmt_bytes(s, 3, bytes);
	return stmt_run(c, s);
}

static err passed(struct ctx *c, const struct hash *root, const struct tree *t)
{
	char name[BLOB_NAME];
	struct hash found = tree_root(t);
	blob_name(root, "", name);
	ENSURE(hash_eq(&found, root), c, ERR_CORRUPT, "object %s is not what its name says",
		name + 3);
	return OK;
}

static void tell(struct passing *p, size_t n)
{
	p->done.bytes += n;
	if (p->progress != NULL)
		p->progress(p->arg, p->done.bytes);
}

/* An empty object is one chunk of no bytes, so that it has a row. */
static err put_bytes(struct ctx *c, struct passing *p, int fd, const struct hash *root)
{
	struct tree t = {0};
	size_t n = LIMIT_CHUNK;
	for (uint64_t i = 0; n == LIMIT_CHUNK; i++) {
		TRY(blob_get_at(c, fd, p->b->chunk, LIMIT_CHUNK, i * LIMIT_CHUNK, &n));
		if (n == 0 && i > 0)
			break;
		struct str chunk = {p->b->chunk, n};
		struct hash leaf = hash_leaf(chunk);
		if (n > 0)
			tree_append(&t, &leaf, NULL, NULL);
		TRY(put_chunk(c, p->b, root, i, chunk));
		tell(p, n);
	}
	return passed(c, root, &t);
}

/* What is swept meanwhile was referenced by nothing. */
static err put_object(struct ctx *c, struct passing *p, const struct hash *root)
{
	cleanup(fd_closep) int fd = -1;
	uint64_t size = 0;
	err e = blob_open(c, p->blobs_dir, root, &fd, &size);
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	TRY(store_begin(c, p->b->db));
	TRY(put_bytes(c, p, fd, root));
	p->done.objects++;
	return store_commit(c, p->b->db);
}

static err put_directory(struct ctx *c, struct passing *p, unsigned first)
{
	char path[4096];
	int n = snprintf(path, sizeof path, "%s/%02x", p->blobs_dir, first);
	ENSURE(n > 0 && (size_t)n < sizeof path, c, ERR_TOO_LARGE, "a path is too long");
	cleanup(dir_closep) DIR *d = opendir(path);
	if (d == NULL)
		return errno == ENOENT ? OK : blob_io(c, "read a directory of objects", errno);
	for (const struct dirent *at = readdir(d); at != NULL; at = readdir(d)) {
		struct hash root;
		if (hash_parse(str_z(at->d_name), &root) && root.b[0] == first)
			TRY(put_object(c, p, &root));
	}
	return OK;
}

err backup_put_objects(struct ctx *c, struct backup *b, const char *blobs_dir,
	const struct backup_references *refs, blob_progress_fn *progress, void *arg,
	struct backup_count *ret)
{
	struct passing p = {.b = b, .blobs_dir = blobs_dir, .progress = progress, .arg = arg};
	for (unsigned i = 0; i < 256; i++)
		TRY(put_directory(c, &p, i));
	TRY(backup_check(c, b, refs));
	*ret = p.done;
	return OK;
}

static err holds(struct ctx *c, struct backup *b, struct str hex)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct hash root;
	bool row = false;
	ENSURE(hash_parse(hex, &root), c, ERR_CORRUPT, "a reference is not the root of an object");
	TRY(store_prepare(c, b->db, "SELECT 1 FROM n_backup_object WHERE root = ?1 AND n = 0", &s));
	stmt_bytes(s, 1, hash_str(&root));
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "object %.*s is referenced and missing", FMT(hex));
	return OK;
}

static err has_table(struct ctx *c, struct store *db, const char *table, bool *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(
		c, db, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1", &s));
	stmt_text(s, 1, str_z(table));
	return stmt_step(c, s, ret);
}

static err check_reference(struct ctx *c, struct backup *b, const struct backup_reference *r)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct str query;
	bool row = false;
	TRY(has_table(c, b->db, r->table, &row));
	if (!row)
		return OK;
	TRY(arena_fmt(c, &query, "SELECT DISTINCT %s FROM %s WHERE %s <> ''", r->column, r->table,
		r->column));
	TRY(store_prepare_once(c, b->db, query.p, &s));
	TRY(stmt_step(c, s, &row));
	while (row) {
		TRY(holds(c, b, stmt_col(s, 0)));
		TRY(stmt_step(c, s, &row));
	}
	return OK;
}

err backup_check(struct ctx *c, struct backup *b, const struct backup_references *refs)
{
	for (size_t i = 0; i < refs->n; i++)
		TRY(check_reference(c, b, &refs->rows[i]));
	return OK;
}

/* The digest of the first size bytes. */
static err digest(
	struct ctx *c, struct backup *b, int fd, uint64_t size, struct passing *p, struct hash *ret)
{
	struct hash_stream *s;
	uint64_t at = 0;
	TRY(hash_open(c, &s));
	while (at < size) {
		size_t want = size - at < LIMIT_CHUNK ? (size_t)(size - at) : LIMIT_CHUNK, n = 0;
		TRY(blob_get_at(c, fd, b->chunk, want, at, &n));
		ENSURE(n == want, c, ERR_CORRUPT, "the backup became shorter");
		hash_update(s, b->chunk, n);
		at += n;
		tell(p, n);
	}
	*ret = hash_finish(s);
	return OK;
}

static err seal_of(struct ctx *c, const struct hash *h, struct str *ret)
{
	struct buf b;
	buf_init(&b, c->arena, SEAL_BYTES);
	buf_z(&b, SEAL);
	buf_hex(&b, h->b, HASH_BYTES);
	buf_char(&b, '\n');
	return buf_done(c, &b, ret);
}

static err seal(struct ctx *c, const struct env *e, struct backup *b, uint64_t *ret_size)
{
	struct passing quiet = {.b = b};
	struct stat st;
	struct hash h;
	struct str line;
	cleanup(fd_closep) int fd = open(b->part, O_RDWR | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0)
		return blob_io(c, "open the backup", errno);
	TRY(digest(c, b, fd, (uint64_t)st.st_size, &quiet, &h));
	TRY(seal_of(c, &h, &line));
	TRY(blob_put_at(c, fd, line.p, line.n, (uint64_t)st.st_size));
	*ret_size = (uint64_t)st.st_size + line.n;
	return env_sync(c, e, fd);
}

static err sync_parent(struct ctx *c, const struct env *e, const char *path)
{
	char *copy = arena_z(c->arena, str_z(path));
	ENSURE(copy != NULL, c, ERR_TOO_LARGE, "no memory for a path");
	cleanup(fd_closep) int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return blob_io(c, "open the directory of the backup", errno);
	return env_sync(c, e, fd);
}

err backup_finish(struct ctx *c, const struct env *e, struct backup *b, uint64_t *ret_size)
{
	assert(b->part != NULL && b->db != NULL);
	store_closep(&b->db);
	TRY(seal(c, e, b, ret_size));
	TRY(is_free(c, b->path, ""));
	if (rename(b->part, b->path) != 0)
		return blob_io(c, "rename the backup", errno);
	b->part = NULL;
	return sync_parent(c, e, b->path);
}

static err check_seal(struct ctx *c, struct backup *b, blob_progress_fn *progress, void *arg)
{
	struct passing p = {.b = b, .progress = progress, .arg = arg};
	struct stat st;
	struct hash h;
	struct str line;
	char found[SEAL_BYTES];
	size_t n = 0;
	cleanup(fd_closep) int fd = open(b->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ENSURE(fd >= 0, c, ERR_NOT_FOUND, "%s: %s", b->path, strerror(errno));
	ENSURE(fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (size_t)st.st_size > SEAL_BYTES, c,
		ERR_CORRUPT, "%s is no backup", b->path);
	uint64_t size = (uint64_t)st.st_size - SEAL_BYTES;
	TRY(blob_get_at(c, fd, found, SEAL_BYTES, size, &n));
	ENSURE(n == SEAL_BYTES && memcmp(found, SEAL, sizeof SEAL - 1) == 0, c, ERR_CORRUPT,
		"%s is no backup, or its end is missing", b->path);
	TRY(digest(c, b, fd, size, &p, &h));
	TRY(seal_of(c, &h, &line));
	ENSURE(memcmp(found, line.p, SEAL_BYTES) == 0, c, ERR_CORRUPT,
		"%s was changed since it was written", b->path);
	return OK;
}

err backup_open(
	struct ctx *c, const char *path, blob_progress_fn *progress, void *arg, struct backup **ret)
{
	struct backup *b;
	TRY(backup_new(c, path, &b));
	TRY(check_seal(c, b, progress, arg));
	TRY(store_open_readonly(c, path, &b->db));
	*ret = b;
	return OK;
}

err backup_get_file(struct ctx *c, struct backup *b, struct str name, struct str *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, b->db, "SELECT bytes FROM n_backup_file WHERE name = ?1", &s));
	stmt_text(s, 1, name);
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "the backup has no %.*s", FMT(name));
	return arena_str(c, stmt_col(s, 0), ret);
}

/* Only what our migrations make is made again: tables and indexes under plain names. */
static bool may_make(struct str type, struct str name, struct str text)
{
	for (size_t i = 0; i < name.n; i++) {
		char ch = name.p[i];
		if (!((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '_'))
			return false;
	}
	if (str_is(type, "table"))
		return str_starts(text, STR("CREATE TABLE "));
	return str_is(type, "index") && (str_starts(text, STR("CREATE INDEX ")) ||
						str_starts(text, STR("CREATE UNIQUE INDEX ")));
}

static err run_str(struct ctx *c, struct store *db, struct str text)
{
	char *z = arena_z(c->arena, text);
	ENSURE(z != NULL, c, ERR_TOO_LARGE, "no memory for a statement");
	return run(c, db, z);
}

static err copy_rows(struct ctx *c, struct store *to, struct str table)
{
	struct str text;
	TRY(arena_fmt(c, &text, "INSERT INTO main.%.*s SELECT * FROM snapshot.%.*s", FMT(table),
		FMT(table)));
	return run(c, to, text.p);
}

/* Tables with their rows first, then indexes. */
static err copy_kind(struct ctx *c, struct backup *b, struct store *to, struct str kind)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, b->db,
		"SELECT type, name, sql FROM sqlite_schema WHERE (type = 'index') = (?1 = 'index') "
		"AND name NOT GLOB 'sqlite_*' AND tbl_name NOT GLOB 'n_backup_*' ORDER BY rowid",
		&s));
	stmt_text(s, 1, kind);
	TRY(stmt_step(c, s, &row));
	while (row) {
		struct str name = stmt_col(s, 1);
		ENSURE(may_make(stmt_col(s, 0), name, stmt_col(s, 2)), c, ERR_CORRUPT,
			"the backup has a %.*s %.*s that no node makes", FMT(stmt_col(s, 0)),
			FMT(name));
		TRY(run_str(c, to, stmt_col(s, 2)));
		if (str_is(kind, "table"))
			TRY(copy_rows(c, to, name));
		TRY(stmt_step(c, s, &row));
	}
	return OK;
}

/* The counters of AUTOINCREMENT go on where they stood. */
static err copy_sequence(struct ctx *c, struct backup *b, struct store *to)
{
	bool there = false;
	TRY(has_table(c, b->db, "sqlite_sequence", &there));
	if (!there)
		return OK;
	TRY(run(c, to, "DELETE FROM main.sqlite_sequence"));
	return copy_rows(c, to, STR("sqlite_sequence"));
}

static err attach(struct ctx *c, struct backup *b, struct store *to)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare_once(c, to, "ATTACH ?1 AS snapshot", &s));
	stmt_text(s, 1, str_z(b->path));
	return stmt_run(c, s);
}

static err copy_database(struct ctx *c, struct backup *b, struct store *to)
{
	TRY(without_journal(c, to));
	TRY(attach(c, b, to));
	TRY(store_begin(c, to));
	TRY(run(c, to, "DROP TABLE main.n_migration")); /* it comes back with its rows */
	TRY(copy_kind(c, b, to, STR("table")));
	TRY(copy_sequence(c, b, to));
	TRY(copy_kind(c, b, to, STR("index")));
	TRY(store_commit(c, to));
	return store_check(c, to);
}

err backup_get_database(struct ctx *c, const struct env *e, struct backup *b, const char *path)
{
	TRY(is_free(c, path, ""));
	{
		cleanup(store_closep) struct store *to = NULL;
		TRY(store_open(c, path, &to));
		TRY(copy_database(c, b, to));
	}
	cleanup(fd_closep) int fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || fchmod(fd, 0600) != 0)
		return blob_io(c, "open the new database", errno);
	TRY(env_sync(c, e, fd));
	return sync_parent(c, e, path);
}

/* The two temporaries of the object that is being taken out. */
struct restored {
	int dir, object, leaves;
};

static const char *const temporaries[2] = {"tmp/restored", "tmp/restored.tiles"};

static void restored_donep(struct restored *r)
{
	fd_closep(&r->object);
	fd_closep(&r->leaves);
	if (r->dir >= 0) {
		(void)unlinkat(r->dir, temporaries[0], 0);
		(void)unlinkat(r->dir, temporaries[1], 0);
	}
	fd_closep(&r->dir);
}

static err restored_open(struct ctx *c, const char *blobs_dir, struct restored *r)
{
	int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
	TRY(blob_dir_open(c, blobs_dir, &r->dir));
	r->object = openat(r->dir, temporaries[0], flags, 0600);
	r->leaves = openat(r->dir, temporaries[1], flags, 0600);
	if (r->object < 0 || r->leaves < 0)
		return blob_io(c, "create a temporary object", errno);
	return OK;
}

static err get_bytes(
	struct ctx *c, struct passing *p, const struct restored *r, const struct hash *root)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct tree t = {0};
	uint64_t size = 0, n = 0;
	bool row = false;
	TRY(store_prepare(c, p->b->db,
		"SELECT n, bytes FROM n_backup_object WHERE root = ?1 ORDER BY n", &s));
	stmt_bytes(s, 1, hash_str(root));
	TRY(stmt_step(c, s, &row));
	for (; row; n++) {
		struct str chunk = stmt_col(s, 1);
		ENSURE((uint64_t)stmt_col_int(s, 0) == n && size == n * LIMIT_CHUNK &&
				chunk.n <= LIMIT_CHUNK,
			c, ERR_CORRUPT, "an object's chunks do not follow each other");
		struct hash leaf = hash_leaf(chunk);
		TRY(blob_put_at(c, r->object, chunk.p, chunk.n, size));
		if (chunk.n > 0) {
			TRY(blob_put_at(c, r->leaves, leaf.b, HASH_BYTES, t.size * HASH_BYTES));
			tree_append(&t, &leaf, NULL, NULL);
		}
		size += chunk.n;
		tell(p, chunk.n);
		TRY(stmt_step(c, s, &row));
	}
	return passed(c, root, &t);
}

static err get_object(struct ctx *c, struct passing *p, const struct hash *root)
{
	cleanup(restored_donep) struct restored r = {.dir = -1, .object = -1, .leaves = -1};
	TRY(restored_open(c, p->blobs_dir, &r));
	TRY(get_bytes(c, p, &r, root));
	TRY(env_sync(c, p->e, r.leaves));
	TRY(env_sync(c, p->e, r.object));
	p->done.objects++;
	return blob_install(c, p->e, r.dir, root, temporaries);
}

err backup_get_objects(struct ctx *c, const struct env *e, struct backup *b, const char *blobs_dir,
	blob_progress_fn *progress, void *arg, struct backup_count *ret)
{
	struct passing p = {b, e, blobs_dir, progress, arg, {0, 0}};
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, b->db, "SELECT DISTINCT root FROM n_backup_object ORDER BY root", &s));
	TRY(stmt_step(c, s, &row));
	while (row) {
		struct hash root;
		ENSURE(stmt_col(s, 0).n == HASH_BYTES, c, ERR_CORRUPT, "an object has no root");
		(void)memcpy(root.b, stmt_col(s, 0).p, HASH_BYTES);
		TRY(get_object(c, &p, &root));
		TRY(stmt_step(c, s, &row));
	}
	*ret = p.done;
	return OK;
}
