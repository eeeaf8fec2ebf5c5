#include "contract/catalog_store.h"

#include "base/limits.h"

const struct migration catalog_migrations[] = {
	{"catalog-1", "DROP TABLE n_catalog;"
		      "CREATE TABLE n_catalog(party TEXT PRIMARY KEY, asked INTEGER NOT NULL, "
		      "shown INTEGER NOT NULL, fetched INTEGER NOT NULL, reason TEXT NOT NULL) "
		      "STRICT;"
		      "CREATE TABLE n_catalog_page(party TEXT NOT NULL, asked INTEGER NOT NULL, "
		      "page INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY(party, asked, page)) "
		      "STRICT;"
		      "CREATE TABLE n_catalog_next(line TEXT PRIMARY KEY, page INTEGER NOT NULL, "
		      "url TEXT NOT NULL) STRICT;"},
};
const size_t catalog_migrations_n = countof(catalog_migrations);

err catalog_store_find(struct ctx *c, struct store *db, struct str party, struct catalog_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	struct catalog_row r = {.pages = 0};
	TRY(store_prepare(c, db,
		"SELECT asked, fetched, reason, (SELECT count(*) FROM n_catalog_page p WHERE "
		"p.party = n.party AND p.asked = n.shown) FROM n_catalog n WHERE party = ?1",
		&s));
	stmt_text(s, 1, party);
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "the catalogue of %.*s was never asked for",
		FMT(str_sub(party, 0, LIMIT_DID)));
	r.asked_ms = stmt_col_int(s, 0);
	r.fetched_ms = stmt_col_int(s, 1);
	TRY(arena_str(c, stmt_col(s, 2), &r.reason));
	r.pages = (uint64_t)stmt_col_int(s, 3);
	*ret = r;
	return OK;
}

err catalog_store_page(
	struct ctx *c, struct store *db, struct str party, uint64_t page, struct str *ret_body)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db,
		"SELECT body FROM n_catalog n JOIN n_catalog_page p ON p.party = n.party AND "
		"p.asked = n.shown WHERE n.party = ?1 AND p.page = ?2",
		&s));
	stmt_text(s, 1, party);
	stmt_int(s, 2, (int64_t)page);
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "the catalogue has no page %llu", (unsigned long long)page);
	return arena_str(c, stmt_col(s, 0), ret_body);
}

/* Pages of an asking that is neither shown nor the last. */
static err sweep(struct ctx *c, struct store *db, struct str party)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"DELETE FROM n_catalog_page WHERE party = ?1 AND asked NOT IN (SELECT asked FROM "
		"n_catalog WHERE party = ?1 UNION SELECT shown FROM n_catalog WHERE party = ?1)",
		&s));
	stmt_text(s, 1, party);
	return stmt_run(c, s);
}

err catalog_store_asked(struct ctx *c, struct store *db, struct str party, int64_t at_ms)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO n_catalog(party, asked, shown, fetched, reason) VALUES (?1, ?2, 0, 0, "
		"'') ON CONFLICT(party) DO UPDATE SET asked = max(?2, asked + 1), reason = ''",
		&s));
	stmt_text(s, 1, party);
	stmt_int(s, 2, at_ms);
	TRY(stmt_run(c, s));
	return sweep(c, db, party);
}

err catalog_store_put_page(
	struct ctx *c, struct store *db, struct str party, uint64_t page, struct str body)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT OR REPLACE INTO n_catalog_page(party, asked, page, body) SELECT party, "
		"asked, ?2, ?3 FROM n_catalog WHERE party = ?1",
		&s));
	stmt_text(s, 1, party);
	stmt_int(s, 2, (int64_t)page);
	stmt_text(s, 3, body);
	return stmt_run(c, s);
}

err catalog_store_whole(struct ctx *c, struct store *db, struct str party, int64_t at_ms)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"UPDATE n_catalog SET shown = asked, fetched = max(?2, asked), reason = '' WHERE "
		"party = ?1",
		&s));
	stmt_text(s, 1, party);
	stmt_int(s, 2, at_ms);
	TRY(stmt_run(c, s));
	return sweep(c, db, party);
}

err catalog_store_failed(struct ctx *c, struct store *db, struct str party, struct str reason)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "UPDATE n_catalog SET reason = ?2 WHERE party = ?1", &s));
	stmt_text(s, 1, party);
	stmt_text(s, 2, reason);
	return stmt_run(c, s);
}

err catalog_store_next(
	struct ctx *c, struct store *db, struct str line, uint64_t *ret_page, struct str *ret_url)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	*ret_page = 0;
	*ret_url = (struct str){"", 0};
	TRY(store_prepare(c, db, "SELECT page, url FROM n_catalog_next WHERE line = ?1", &s));
	stmt_text(s, 1, line);
	TRY(stmt_step(c, s, &row));
	if (!row)
		return OK;
	*ret_page = (uint64_t)stmt_col_int(s, 0);
	return arena_str(c, stmt_col(s, 1), ret_url);
}

err catalog_store_put_next(
	struct ctx *c, struct store *db, struct str line, uint64_t page, struct str url)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT OR REPLACE INTO n_catalog_next(line, page, url) VALUES (?1, ?2, ?3)", &s));
	stmt_text(s, 1, line);
	stmt_int(s, 2, (int64_t)page);
	stmt_text(s, 3, url);
	return stmt_run(c, s);
}

err catalog_store_drop_next(struct ctx *c, struct store *db, struct str line)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "DELETE FROM n_catalog_next WHERE line = ?1", &s));
	stmt_text(s, 1, line);
	return stmt_run(c, s);
}
