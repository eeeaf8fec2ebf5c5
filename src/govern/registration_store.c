#include "govern/registration_store.h"

#include <string.h>

#include "base/limits.h"

const struct migration registration_migrations[REGISTRATION_MIGRATIONS] = {
	{"registration-1",
		"CREATE TABLE registration(id TEXT PRIMARY KEY, peer TEXT NOT NULL, code TEXT NOT "
		"NULL, role INTEGER NOT NULL, state INTEGER NOT NULL, due INTEGER NOT NULL, what "
		"TEXT NOT NULL, overdue INTEGER NOT NULL, overdue_what TEXT NOT NULL, document "
		"BLOB NOT NULL, at INTEGER NOT NULL, last INTEGER NOT NULL, facts TEXT NOT NULL) "
		"STRICT;"
		"CREATE INDEX registration_at ON registration(at, id);"
		"CREATE UNIQUE INDEX registration_code ON registration(code) WHERE code <> '';"
		"CREATE INDEX registration_due ON registration(due) WHERE due <> 0;"
		"CREATE INDEX registration_overdue ON registration(overdue) WHERE overdue <> 0;"
		"CREATE INDEX registration_waiting ON registration(at, id) WHERE overdue <> 0 OR "
		"role = 2 AND state = 2;"
		"CREATE TABLE registrar_office(one INTEGER PRIMARY KEY, region INTEGER NOT NULL, "
		"digit INTEGER NOT NULL, name TEXT NOT NULL, authority TEXT NOT NULL) STRICT;"
		"CREATE TABLE registrar_serial(month TEXT PRIMARY KEY, last INTEGER NOT NULL) "
		"STRICT;"
		"CREATE TABLE title(id TEXT PRIMARY KEY, number TEXT NOT NULL, product TEXT NOT "
		"NULL, state INTEGER NOT NULL, at INTEGER NOT NULL, last INTEGER NOT NULL, facts "
		"TEXT NOT NULL) STRICT;"
		"CREATE INDEX title_number ON title(number);"
		"CREATE INDEX title_at ON title(at, id);"
		"CREATE TABLE n_registration_shown(document BLOB PRIMARY KEY, entry INTEGER NOT "
		"NULL, evidence TEXT NOT NULL) STRICT;"},
};

#define COLUMNS \
	"id, peer, code, role, state, due, what, overdue, overdue_what, document, at, last, facts"

static err read_row(struct ctx *c, struct stmt *s, struct registration *ret)
{
	struct registration r = {.role = (enum registration_who)stmt_col_int(s, 3),
		.state = (enum registration_state)stmt_col_int(s, 4),
		.due = stmt_col_int(s, 5),
		.overdue = stmt_col_int(s, 7),
		.at_ms = stmt_col_int(s, 10),
		.last = (uint64_t)stmt_col_int(s, 11)};
	struct str facts, document = stmt_col(s, 9);
	ENSURE(document.n == HASH_BYTES, c, ERR_CORRUPT, "a document is not %u bytes", HASH_BYTES);
	memcpy(r.document.b, document.p, HASH_BYTES);
	TRY(arena_str(c, stmt_col(s, 0), &r.id));
	TRY(arena_str(c, stmt_col(s, 1), &r.peer));
	TRY(arena_str(c, stmt_col(s, 2), &r.code));
	TRY(arena_str(c, stmt_col(s, 6), &r.what));
	TRY(arena_str(c, stmt_col(s, 8), &r.overdue_what));
	TRY(arena_str(c, stmt_col(s, 12), &facts));
	TRY(json_parse(c, facts, &r.facts));
	*ret = r;
	return OK;
}

static err read_all(struct ctx *c, struct stmt *s, struct registration *ret, size_t *ret_n)
{
	bool row = false;
	size_t n = 0;
	TRY(stmt_step(c, s, &row));
	while (row) {
		TRY(read_row(c, s, &ret[n++]));
		TRY(stmt_step(c, s, &row));
	}
	*ret_n = n;
	return OK;
}

err registration_store_find(
	struct ctx *c, struct store *db, struct str id, struct registration *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	ENSURE(id.n > 0, c, ERR_NOT_FOUND, "there is no such registration");
	TRY(store_prepare(c, db,
		"SELECT " COLUMNS " FROM registration WHERE id = ?1 UNION ALL SELECT " COLUMNS
		" FROM registration WHERE code = ?1 AND code <> '' LIMIT 1",
		&s));
	stmt_text(s, 1, id);
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "there is no such registration");
	return read_row(c, s, ret);
}

err registration_store_list(struct ctx *c, struct store *db, int64_t at, struct str id, size_t max,
	struct registration *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT " COLUMNS
		" FROM registration WHERE (at, id) < (?1, ?2) ORDER BY at DESC, id DESC LIMIT ?3",
		&s));
	stmt_int(s, 1, at);
	stmt_text(s, 2, id);
	stmt_int(s, 3, (int64_t)max);
	return read_all(c, s, ret, ret_n);
}

err registration_store_due(struct ctx *c, struct store *db, int64_t day, size_t max,
	struct registration *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT " COLUMNS
		" FROM registration WHERE due <> 0 AND due <= ?1 ORDER BY due, id LIMIT ?2",
		&s));
	stmt_int(s, 1, day);
	stmt_int(s, 2, (int64_t)max);
	return read_all(c, s, ret, ret_n);
}

err registration_store_overdue(
	struct ctx *c, struct store *db, size_t max, struct registration *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT " COLUMNS
		" FROM registration WHERE overdue <> 0 ORDER BY overdue, id LIMIT ?1",
		&s));
	stmt_int(s, 1, (int64_t)max);
	return read_all(c, s, ret, ret_n);
}

err registration_store_waiting(struct ctx *c, struct store *db, int64_t at, struct str id,
	size_t max, struct registration *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT " COLUMNS
		" FROM registration WHERE (overdue <> 0 OR role = ?1 AND state = ?2) AND (at, id) "
		"> (?3, ?4) ORDER BY at, id LIMIT ?5",
		&s));
	stmt_int(s, 1, REG_REGISTRAR);
	stmt_int(s, 2, REG_APPLIED);
	stmt_int(s, 3, at);
	stmt_text(s, 4, id);
	stmt_int(s, 5, (int64_t)max);
	return read_all(c, s, ret, ret_n);
}

err registration_store_office(struct ctx *c, struct store *db, struct registrar_office *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	struct registrar_office o;
	TRY(store_prepare(
		c, db, "SELECT region, digit, name, authority FROM registrar_office", &s));
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND,
		"this node is no registrar: its owner says so with shugu register office");
	o.region = stmt_col_int(s, 0);
	o.digit = stmt_col_int(s, 1);
	TRY(arena_str(c, stmt_col(s, 2), &o.name));
	TRY(arena_str(c, stmt_col(s, 3), &o.authority));
	*ret = o;
	return OK;
}

err registration_store_serial(struct ctx *c, struct store *db, struct str month, int64_t *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db, "SELECT last FROM registrar_serial WHERE month = ?1", &s));
	stmt_text(s, 1, month);
	TRY(stmt_step(c, s, &row));
	*ret = row ? stmt_col_int(s, 0) : 0;
	return OK;
}

err registration_store_put(struct ctx *c, struct store *db, const struct registration *r)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct str facts;
	TRY(json_canonical(c, r->facts, LIMIT_DOCUMENT, &facts));
	TRY(store_prepare(c, db,
		"INSERT INTO registration(" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
		"?9, ?10, ?11, ?12, ?13) ON CONFLICT(id) DO UPDATE SET code = ?3, state = ?5, due "
		"= ?6, what = ?7, overdue = ?8, overdue_what = ?9, document = ?10, last = ?12, "
		"facts = ?13",
		&s));
	stmt_text(s, 1, r->id);
	stmt_text(s, 2, r->peer);
	stmt_text(s, 3, r->code);
	stmt_int(s, 4, r->role);
	stmt_int(s, 5, r->state);
	stmt_int(s, 6, r->due);
	stmt_text(s, 7, r->what);
	stmt_int(s, 8, r->overdue);
	stmt_text(s, 9, r->overdue_what);
	stmt_bytes(s, 10, hash_str(&r->document));
	stmt_int(s, 11, r->at_ms);
	stmt_int(s, 12, (int64_t)r->last);
	stmt_text(s, 13, facts);
	return stmt_run(c, s);
}

err registration_store_put_office(struct ctx *c, struct store *db, const struct registrar_office *o)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO registrar_office(one, region, digit, name, authority) VALUES (1, ?1, "
		"?2, ?3, ?4) ON CONFLICT(one) DO UPDATE SET region = ?1, digit = ?2, name = ?3, "
		"authority = ?4",
		&s));
	stmt_int(s, 1, o->region);
	stmt_int(s, 2, o->digit);
	stmt_text(s, 3, o->name);
	stmt_text(s, 4, o->authority);
	return stmt_run(c, s);
}

err registration_store_put_serial(struct ctx *c, struct store *db, struct str month, int64_t last)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO registrar_serial(month, last) VALUES (?1, ?2) ON CONFLICT(month) DO "
		"UPDATE SET last = ?2",
		&s));
	stmt_text(s, 1, month);
	stmt_int(s, 2, last);
	return stmt_run(c, s);
}

err registration_store_keep_shown(struct ctx *c, struct store *db, const struct hash *document,
	uint64_t entry, const struct json *evidence)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct str text;
	TRY(json_write(c, evidence, false, LIMIT_HTTP_BODY, &text));
	TRY(store_prepare(c, db,
		"INSERT INTO n_registration_shown(document, entry, evidence) VALUES (?1, ?2, ?3) "
		"ON CONFLICT(document) DO NOTHING",
		&s));
	stmt_bytes(s, 1, hash_str(document));
	stmt_int(s, 2, (int64_t)entry);
	stmt_text(s, 3, text);
	return stmt_run(c, s);
}

err registration_store_shown(struct ctx *c, struct store *db, const struct hash *document,
	uint64_t *ret_entry, const struct json **ret_evidence)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	struct str text;
	TRY(store_prepare(
		c, db, "SELECT entry, evidence FROM n_registration_shown WHERE document = ?1", &s));
	stmt_bytes(s, 1, hash_str(document));
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "nothing was shown with this letter");
	*ret_entry = (uint64_t)stmt_col_int(s, 0);
	if (ret_evidence == NULL)
		return OK;
	TRY(arena_str(c, stmt_col(s, 1), &text));
	return json_parse(c, text, ret_evidence);
}

#define TITLE_COLUMNS "id, number, product, state, at, last, facts"

static err title_row(struct ctx *c, struct stmt *s, struct title *ret)
{
	struct title t = {.state = (enum title_state)stmt_col_int(s, 3),
		.at_ms = stmt_col_int(s, 4),
		.last = (uint64_t)stmt_col_int(s, 5)};
	struct str facts;
	TRY(arena_str(c, stmt_col(s, 0), &t.id));
	TRY(arena_str(c, stmt_col(s, 1), &t.number));
	TRY(arena_str(c, stmt_col(s, 2), &t.product));
	TRY(arena_str(c, stmt_col(s, 6), &facts));
	TRY(json_parse(c, facts, &t.facts));
	*ret = t;
	return OK;
}

err title_store_find(struct ctx *c, struct store *db, struct str id, struct title *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db,
		"SELECT " TITLE_COLUMNS " FROM title WHERE id = ?1 UNION ALL SELECT " TITLE_COLUMNS
		" FROM title WHERE number = ?1 LIMIT 1",
		&s));
	stmt_text(s, 1, id);
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "there is no such certificate");
	return title_row(c, s, ret);
}

err title_store_list(struct ctx *c, struct store *db, int64_t at, struct str id, size_t max,
	struct title *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	size_t n = 0;
	TRY(store_prepare(c, db,
		"SELECT " TITLE_COLUMNS
		" FROM title WHERE (at, id) < (?1, ?2) ORDER BY at DESC, id DESC LIMIT ?3",
		&s));
	stmt_int(s, 1, at);
	stmt_text(s, 2, id);
	stmt_int(s, 3, (int64_t)max);
	TRY(stmt_step(c, s, &row));
	while (row) {
		TRY(title_row(c, s, &ret[n++]));
		TRY(stmt_step(c, s, &row));
	}
	*ret_n = n;
	return OK;
}

err title_store_put(struct ctx *c, struct store *db, const struct title *t)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct str facts;
	TRY(json_canonical(c, t->facts, LIMIT_DOCUMENT, &facts));
	TRY(store_prepare(c, db,
		"INSERT INTO title(" TITLE_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON "
		"CONFLICT(id) DO UPDATE SET state = ?4, last = ?6, facts = ?7",
		&s));
	stmt_text(s, 1, t->id);
	stmt_text(s, 2, t->number);
	stmt_text(s, 3, t->product);
	stmt_int(s, 4, t->state);
	stmt_int(s, 5, t->at_ms);
	stmt_int(s, 6, (int64_t)t->last);
	stmt_text(s, 7, facts);
	return stmt_run(c, s);
}
