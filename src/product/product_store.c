#include "product/product_store.h"

#include "base/limits.h"
#include "codec/json.h"

const struct migration product_migrations[PRODUCT_MIGRATIONS] = {
	{"product-1", "CREATE TABLE product(urn TEXT PRIMARY KEY, name TEXT NOT NULL, newest "
		      "INTEGER NOT NULL, "
		      "withdrawn INTEGER NOT NULL, idx INTEGER NOT NULL) STRICT;"
		      "CREATE UNIQUE INDEX product_name ON product(name) WHERE withdrawn = 0;"
		      "CREATE INDEX product_idx ON product(idx);"
		      "CREATE TABLE revision(product TEXT NOT NULL, revision INTEGER NOT NULL, "
		      "offer TEXT NOT NULL UNIQUE, root TEXT NOT NULL, body TEXT NOT NULL, at "
		      "INTEGER NOT NULL, "
		      "PRIMARY KEY(product, revision)) STRICT, WITHOUT ROWID;"
		      "CREATE INDEX revision_root ON revision(root);"},
	{"product-upload-1",
		"CREATE TABLE n_upload(id TEXT PRIMARY KEY, name TEXT NOT NULL, size INTEGER NOT "
		"NULL, "
		"durable INTEGER NOT NULL, changed INTEGER NOT NULL, result TEXT NOT NULL) STRICT, "
		"WITHOUT ROWID;"},
	{"product-upload-2", "ALTER TABLE n_upload ADD COLUMN encoding TEXT NOT NULL DEFAULT ''"},
	{"product-2", "CREATE INDEX product_offered ON product(idx) WHERE withdrawn = 0"},
};

static err read_product(struct ctx *c, struct stmt *s, struct product_row *ret)
{
	TRY(arena_str(c, stmt_col(s, 0), &ret->urn));
	TRY(arena_str(c, stmt_col(s, 1), &ret->name));
	ret->newest = stmt_col_int(s, 2);
	ret->withdrawn = stmt_col_int(s, 3) != 0;
	ret->place = stmt_col_int(s, 4);
	return OK;
}

static err one_product(
	struct ctx *c, struct stmt *s, struct str by, bool *ret_found, struct product_row *ret)
{
	stmt_text(s, 1, by);
	TRY(stmt_step(c, s, ret_found));
	return *ret_found ? read_product(c, s, ret) : OK;
}

err product_store_by_urn(
	struct ctx *c, struct store *db, struct str urn, bool *ret_found, struct product_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(
		c, db, "SELECT urn, name, newest, withdrawn, idx FROM product WHERE urn = ?1", &s));
	return one_product(c, s, urn, ret_found, ret);
}

err product_store_by_name(
	struct ctx *c, struct store *db, struct str name, bool *ret_found, struct product_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT urn, name, newest, withdrawn, idx FROM product WHERE name = ?1 AND "
		"withdrawn = "
		"0",
		&s));
	return one_product(c, s, name, ret_found, ret);
}

static err read_revision(struct ctx *c, struct stmt *s, struct revision_row *ret)
{
	bool row = false;
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "there is no such offer or revision");
	TRY(arena_str(c, stmt_col(s, 0), &ret->body));
	ret->at_ms = stmt_col_int(s, 1);
	ret->withdrawn = stmt_col_int(s, 2) != 0;
	return OK;
}

err product_store_revision(
	struct ctx *c, struct store *db, struct str urn, int64_t revision, struct revision_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT r.body, r.at, p.withdrawn FROM revision r JOIN product p ON p.urn = "
		"r.product "
		"WHERE r.product = ?1 AND r.revision = ?2",
		&s));
	stmt_text(s, 1, urn);
	stmt_int(s, 2, revision);
	return read_revision(c, s, ret);
}

err product_store_by_offer(
	struct ctx *c, struct store *db, struct str offer, struct revision_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT r.body, r.at, p.withdrawn FROM revision r JOIN product p ON p.urn = "
		"r.product "
		"WHERE r.offer = ?1",
		&s));
	stmt_text(s, 1, offer);
	return read_revision(c, s, ret);
}

err product_store_list(struct ctx *c, struct store *db, int64_t after, size_t max,
	struct product_row *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	*ret_n = 0;
	TRY(store_prepare(c, db,
		"SELECT urn, name, newest, withdrawn, idx FROM product WHERE withdrawn = 0 "
		"AND idx > ?2 ORDER BY idx LIMIT ?1",
		&s));
	stmt_int(s, 1, (int64_t)max);
	stmt_int(s, 2, after);
	TRY(stmt_step(c, s, &row));
	while (row) {
		TRY(read_product(c, s, &ret[*ret_n]));
		++*ret_n;
		TRY(stmt_step(c, s, &row));
	}
	return OK;
}

err product_store_refers(struct ctx *c, struct store *db, const struct hash *root, bool *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct buf hex;
	TRY(store_prepare(c, db, "SELECT 1 FROM revision WHERE root = ?1 LIMIT 1", &s));
	buf_init(&hex, c->arena, 2 * HASH_BYTES);
	buf_hex(&hex, root->b, HASH_BYTES);
	stmt_text(s, 1, buf_str(&hex));
	return stmt_step(c, s, ret);
}

err product_store_next_object(struct ctx *c, struct store *db, struct str after,
	struct str *ret_root, struct str *ret_body)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db,
		"SELECT root, body FROM revision WHERE root > ?1 ORDER BY root, at DESC LIMIT 1",
		&s));
	stmt_text(s, 1, after);
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "there are no more objects");
	TRY(arena_str(c, stmt_col(s, 0), ret_root));
	return arena_str(c, stmt_col(s, 1), ret_body);
}

err product_store_put(
	struct ctx *c, struct store *db, struct str urn, struct str name, int64_t revision)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO product(urn, name, newest, withdrawn, idx) VALUES (?1, ?2, ?3, 0, "
		"(SELECT ifnull(max(idx) + 1, 0) FROM product)) ON CONFLICT(urn) DO UPDATE SET "
		"newest = ?3",
		&s));
	stmt_text(s, 1, urn);
	stmt_text(s, 2, name);
	stmt_int(s, 3, revision);
	return stmt_run(c, s);
}

err product_store_put_revision(struct ctx *c, struct store *db, const struct entry *e,
	int64_t revision, struct str offer, struct str root)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct str body;
	TRY(json_canonical(c, e->body, LIMIT_ACT, &body));
	TRY(store_prepare(c, db,
		"INSERT INTO revision(product, revision, offer, root, body, at) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
		&s));
	stmt_text(s, 1, e->subject);
	stmt_int(s, 2, revision);
	stmt_text(s, 3, offer);
	stmt_text(s, 4, root);
	stmt_text(s, 5, body);
	stmt_int(s, 6, e->at_ms);
	return stmt_run(c, s);
}

err product_store_withdraw(struct ctx *c, struct store *db, struct str urn)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "UPDATE product SET withdrawn = 1 WHERE urn = ?1", &s));
	stmt_text(s, 1, urn);
	return stmt_run(c, s);
}
