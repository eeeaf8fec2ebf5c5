#include "govern/subjects_store.h"

#include <string.h>

#include "base/limits.h"

err sandbox_store_put_object(
	struct ctx *c, struct store *db, struct str id, const struct sandbox_object *o)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO sandbox_object(id, revision, bit, root, records, subjects) VALUES "
		"(?1, ?2, ?3, ?4, ?5, ?6)",
		&s));
	stmt_text(s, 1, id);
	stmt_int(s, 2, o->revision);
	stmt_int(s, 3, o->bit);
	stmt_bytes(s, 4, hash_str(&o->root));
	stmt_int(s, 5, o->rows);
	stmt_int(s, 6, o->subjects);
	return stmt_run(c, s);
}

err sandbox_store_objects(struct ctx *c, struct store *db, struct str id, size_t max,
	struct sandbox_object *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	size_t n = 0;
	TRY(store_prepare(c, db,
		"SELECT revision, bit, records, subjects, root FROM sandbox_object WHERE id = ?1 "
		"ORDER BY revision LIMIT ?2",
		&s));
	stmt_text(s, 1, id);
	stmt_int(s, 2, (int64_t)max);
	TRY(stmt_step(c, s, &row));
	while (row) {
		struct sandbox_object *o = &ret[n++];
		*o = (struct sandbox_object){.revision = stmt_col_int(s, 0),
			.bit = stmt_col_int(s, 1),
			.rows = stmt_col_int(s, 2),
			.subjects = stmt_col_int(s, 3)};
		ENSURE(stmt_col(s, 4).n == HASH_BYTES, c, ERR_CORRUPT, "an object without a root");
		memcpy(o->root.b, stmt_col(s, 4).p, HASH_BYTES);
		TRY(stmt_step(c, s, &row));
	}
	*ret_n = n;
	return OK;
}

static err drop_overlap(struct ctx *c, struct store *db, struct str id)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "DELETE FROM sandbox_overlap WHERE id = ?1", &s));
	stmt_text(s, 1, id);
	return stmt_run(c, s);
}

static err put_one(struct ctx *c, struct store *db, struct str id, int64_t mask, int64_t subjects)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(
		c, db, "INSERT INTO sandbox_overlap(id, mask, subjects) VALUES (?1, ?2, ?3)", &s));
	stmt_text(s, 1, id);
	stmt_int(s, 2, mask);
	stmt_int(s, 3, subjects);
	return stmt_run(c, s);
}

err sandbox_store_put_overlap(
	struct ctx *c, struct store *db, struct str id, const struct json *overlap)
{
	TRY(drop_overlap(c, db, id));
	for (const struct json *j = overlap->first; j != NULL; j = j->next) {
		int64_t mask = 0, n = 0;
		ENSURE(json_int(j->first, &mask) && json_int(j->last, &n), c, ERR_CORRUPT,
			"an overlap without numbers");
		TRY(put_one(c, db, id, mask, n));
	}
	return OK;
}

err sandbox_store_union(struct ctx *c, struct store *db, struct str id, int64_t mask, int64_t *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db,
		"SELECT coalesce(sum(subjects), 0) FROM sandbox_overlap WHERE id = ?1 AND (mask & "
		"?2) <> 0",
		&s));
	stmt_text(s, 1, id);
	stmt_int(s, 2, mask);
	TRY(stmt_step(c, s, &row));
	*ret = stmt_col_int(s, 0);
	return OK;
}

err sandbox_store_salt(
	struct ctx *c, struct store *db, struct str id, bool *ret_found, struct hash *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "SELECT salt FROM n_sandbox_salt WHERE id = ?1", &s));
	stmt_text(s, 1, id);
	TRY(stmt_step(c, s, ret_found));
	if (!*ret_found)
		return OK;
	ENSURE(stmt_col(s, 0).n == HASH_BYTES, c, ERR_CORRUPT, "a salt is not %u bytes",
		HASH_BYTES);
	memcpy(ret->b, stmt_col(s, 0).p, HASH_BYTES);
	return OK;
}

err sandbox_store_put_salt(struct ctx *c, struct store *db, struct str id, const struct hash *salt)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "INSERT INTO n_sandbox_salt(id, salt) VALUES (?1, ?2)", &s));
	stmt_text(s, 1, id);
	stmt_bytes(s, 2, hash_str(salt));
	return stmt_run(c, s);
}

err sandbox_store_put_key(
	struct ctx *c, struct store *db, struct str id, struct str key, int64_t bit)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO n_sandbox_key(id, subject, mask) VALUES (?1, ?2, ?3) ON CONFLICT(id, "
		"subject) DO UPDATE SET mask = mask | ?3",
		&s));
	stmt_text(s, 1, id);
	stmt_bytes(s, 2, key);
	stmt_int(s, 3, bit);
	return stmt_run(c, s);
}

err sandbox_store_overlap_of_keys(
	struct ctx *c, struct store *db, struct str id, size_t max, struct json **ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	struct json *all = json_array(c);
	TRY(store_prepare(c, db,
		"SELECT mask, count(*) FROM n_sandbox_key WHERE id = ?1 GROUP BY mask ORDER BY "
		"mask",
		&s));
	stmt_text(s, 1, id);
	TRY(stmt_step(c, s, &row));
	while (row) {
		struct json *pair = json_array(c);
		ENSURE(all != NULL && all->n < max, c, ERR_TOO_LARGE,
			"subjects occur in more than %zu different sets of revisions: open a new "
			"case for the next ones",
			max);
		json_push(&pair, json_num(c, stmt_col_int(s, 0)));
		json_push(&pair, json_num(c, stmt_col_int(s, 1)));
		json_push(&all, pair);
		TRY(stmt_step(c, s, &row));
	}
	*ret = all;
	return OK;
}

err sandbox_store_digest_keys(struct ctx *c, struct store *db, struct str id, int64_t bit,
	struct hash *ret, int64_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	int64_t n = 0;
	struct hash_stream *h;
	TRY(hash_open(c, &h));
	TRY(store_prepare(c, db,
		"SELECT subject FROM n_sandbox_key WHERE id = ?1 AND (mask & ?2) <> 0 ORDER BY "
		"subject",
		&s));
	stmt_text(s, 1, id);
	stmt_int(s, 2, bit);
	TRY(stmt_step(c, s, &row));
	while (row) {
		hash_update(h, stmt_col(s, 0).p, stmt_col(s, 0).n);
		n++;
		TRY(stmt_step(c, s, &row));
	}
	*ret = hash_finish(h);
	*ret_n = n;
	return OK;
}

err sandbox_store_uses(struct ctx *c, struct store *db, struct str product, int64_t since_ms,
	size_t max, struct product_use *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	size_t n = 0;
	TRY(store_prepare(c, db,
		"SELECT a.revision, count(*) FROM agreement a JOIN delivery d ON d.agreement = "
		"a.agreement WHERE a.product = ?1 AND a.role = 0 AND a.agreement <> '' AND d.role "
		"= 0 AND d.start >= ?2 AND d.start > 0 AND d.given_back = 0 GROUP BY a.revision "
		"ORDER BY a.revision LIMIT ?3",
		&s));
	stmt_text(s, 1, product);
	stmt_int(s, 2, since_ms);
	stmt_int(s, 3, (int64_t)max);
	TRY(stmt_step(c, s, &row));
	while (row) {
		ret[n++] = (struct product_use){stmt_col_int(s, 0), stmt_col_int(s, 1)};
		TRY(stmt_step(c, s, &row));
	}
	*ret_n = n;
	return OK;
}

static err read_ids(struct ctx *c, struct stmt *s, struct str *ret, size_t *ret_n)
{
	bool row = false;
	size_t n = 0;
	TRY(stmt_step(c, s, &row));
	while (row) {
		TRY(arena_str(c, stmt_col(s, 0), &ret[n++]));
		TRY(stmt_step(c, s, &row));
	}
	*ret_n = n;
	return OK;
}

err sandbox_store_agreements(struct ctx *c, struct store *db, struct str product, int64_t since_ms,
	struct str without, struct str *ret, size_t max, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT negotiation FROM agreement WHERE product = ?1 AND role = 0 AND agreement "
		"<> '' AND agreed >= ?2 AND (state <> 6 OR EXISTS (SELECT 1 FROM delivery d WHERE "
		"d.agreement = agreement.agreement AND d.role = 0 AND d.start > 0 AND d.given_back "
		"= 0)) AND negotiation <> ?3 ORDER BY idx LIMIT ?4",
		&s));
	stmt_text(s, 1, product);
	stmt_int(s, 2, since_ms);
	stmt_text(s, 3, without);
	stmt_int(s, 4, (int64_t)max);
	return read_ids(c, s, ret, ret_n);
}

err sandbox_store_deliveries(struct ctx *c, struct store *db, struct str product, int64_t state,
	size_t max, struct str *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT d.id FROM agreement a JOIN delivery d ON d.agreement = a.agreement WHERE "
		"a.product = ?1 AND a.role = 0 AND a.agreement <> '' AND d.role = 0 AND d.state = "
		"?2 ORDER BY d.idx LIMIT ?3",
		&s));
	stmt_text(s, 1, product);
	stmt_int(s, 2, state);
	stmt_int(s, 3, (int64_t)max);
	return read_ids(c, s, ret, ret_n);
}
