#include "party/person_store.h"

#include <string.h>

#include "base/limits.h"

#define FORGOTTEN 2 /* in the column removed */

const struct migration person_migrations[PERSON_MIGRATIONS] = {
	{"person-1", "CREATE TABLE person(id TEXT PRIMARY KEY, role INTEGER NOT NULL, "
		     "removed INTEGER NOT NULL, name BLOB NOT NULL, since INTEGER NOT NULL) "
		     "STRICT, WITHOUT ROWID;"},
	{"person-2",
		"CREATE TABLE n_name(digest BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT "
		"ROWID;"
		"INSERT INTO n_name(digest, bytes) SELECT digest, bytes FROM n_content WHERE "
		"digest IN (SELECT name FROM person);"
		"DELETE FROM n_content WHERE digest IN (SELECT name FROM person);"},
};

static err read_row(struct ctx *c, struct stmt *s, struct person *ret)
{
	struct person p = {.role = (enum role)stmt_col_int(s, 1),
		.removed = stmt_col_int(s, 2) != 0,
		.forgotten = stmt_col_int(s, 2) == FORGOTTEN,
		.since_ms = stmt_col_int(s, 4)};
	struct str name = stmt_col(s, 3);
	ENSURE(name.n == HASH_BYTES, c, ERR_CORRUPT, "a stored digest is not %u bytes", HASH_BYTES);
	memcpy(p.name.b, name.p, HASH_BYTES);
	TRY(arena_str(c, stmt_col(s, 0), &p.id));
	*ret = p;
	return OK;
}

err person_store_find(
	struct ctx *c, struct store *db, struct str id, bool *ret_found, struct person *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(
		c, db, "SELECT id, role, removed, name, since FROM person WHERE id = ?1", &s));
	stmt_text(s, 1, id);
	TRY(stmt_step(c, s, ret_found));
	return *ret_found ? read_row(c, s, ret) : OK;
}

err person_store_list(struct ctx *c, struct store *db, struct str after, size_t max,
	struct person *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	*ret_n = 0;
	TRY(store_prepare(c, db,
		"SELECT id, role, removed, name, since FROM person WHERE id > ?1 ORDER BY id "
		"LIMIT ?2",
		&s));
	stmt_text(s, 1, after);
	stmt_int(s, 2, (int64_t)max);
	TRY(stmt_step(c, s, &row));
	while (row) {
		TRY(read_row(c, s, &ret[*ret_n]));
		++*ret_n;
		TRY(stmt_step(c, s, &row));
	}
	return OK;
}

err person_store_count(struct ctx *c, struct store *db, int64_t *ret_all, int64_t *ret_owners)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db,
		"SELECT count(*), count(CASE WHEN role = 1 AND removed = 0 THEN 1 END) FROM person",
		&s));
	TRY(stmt_step(c, s, &row));
	*ret_all = stmt_col_int(s, 0);
	*ret_owners = stmt_col_int(s, 1);
	return OK;
}

err person_store_put(struct ctx *c, struct store *db, const struct person *p)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO person(id, role, removed, name, since) VALUES (?1, ?2, ?3, ?4, ?5) "
		"ON CONFLICT(id) DO UPDATE SET role = ?2, removed = ?3, name = ?4, since = ?5",
		&s));
	stmt_text(s, 1, p->id);
	stmt_int(s, 2, p->role);
	stmt_int(s, 3, p->forgotten ? FORGOTTEN : p->removed);
	stmt_bytes(s, 4, hash_str(&p->name));
	stmt_int(s, 5, p->since_ms);
	return stmt_run(c, s);
}

err name_store_put(struct ctx *c, struct store *db, struct str bytes, struct hash *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct hash digest = hash_of(bytes);
	TRY(store_prepare(c, db, "INSERT INTO n_name(digest, bytes) VALUES (?1, ?2)", &s));
	stmt_bytes(s, 1, hash_str(&digest));
	stmt_bytes(s, 2, bytes);
	TRY(stmt_run(c, s));
	*ret = digest;
	return OK;
}

err name_store_get(struct ctx *c, struct store *db, const struct hash *digest, struct str *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	*ret = (struct str){"", 0};
	TRY(store_prepare(c, db, "SELECT bytes FROM n_name WHERE digest = ?1", &s));
	stmt_bytes(s, 1, hash_str(digest));
	TRY(stmt_step(c, s, &row));
	return row ? arena_str(c, stmt_col(s, 0), ret) : OK;
}

static err read_others(
	struct ctx *c, struct store *db, const struct hash *but, struct str *names, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	size_t n = 0;
	TRY(store_prepare(c, db, "SELECT bytes FROM n_name WHERE digest <> ?1 LIMIT ?2", &s));
	stmt_bytes(s, 1, hash_str(but));
	stmt_int(s, 2, LIMIT_PEOPLE);
	TRY(stmt_step(c, s, &row));
	while (row) {
		TRY(arena_str(c, stmt_col(s, 0), &names[n++]));
		TRY(stmt_step(c, s, &row));
	}
	*ret_n = n;
	return OK;
}

/* Whether what is deleted, and each page that is given back, is overwritten with zeros. */
static err overwrite(struct ctx *c, struct store *db, bool on)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare_once(
		c, db, on ? "PRAGMA main.secure_delete=1" : "PRAGMA main.secure_delete=0", &s));
	return stmt_step(c, s, &row);
}

/* Without a WHERE every page of the table is given back. */
static err rewrite(struct ctx *c, struct store *db, const struct str *names, size_t n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct hash digest;
	TRY(store_prepare(c, db, "DELETE FROM n_name", &s));
	TRY(stmt_run(c, s));
	for (size_t i = 0; i < n; i++)
		TRY(name_store_put(c, db, names[i], &digest));
	return OK;
}

err name_store_forget(struct ctx *c, struct store *db, const struct hash *digest)
{
	struct str *names;
	size_t n = 0;
	NEW_N(c, names, LIMIT_PEOPLE);
	TRY(read_others(c, db, digest, names, &n));
	TRY(overwrite(c, db, true));
	err e = rewrite(c, db, names, n);
	err off = overwrite(c, db, false);
	return e != OK ? e : off;
}
