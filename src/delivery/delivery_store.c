#include "delivery/delivery_store.h"

#include "base/limits.h"
#include "contract/agreement_body.h"

const struct migration delivery_migrations[] = {
	{"delivery-1",
		"CREATE TABLE delivery(id TEXT PRIMARY KEY, pid TEXT NOT NULL, peer_pid TEXT NOT "
		"NULL, agreement TEXT NOT NULL, peer TEXT NOT NULL, role INTEGER NOT NULL, joined "
		"INTEGER NOT NULL, address TEXT NOT NULL, at INTEGER NOT NULL, idx INTEGER NOT "
		"NULL, state INTEGER NOT NULL, waiting INTEGER NOT NULL, suspended_by INTEGER NOT "
		"NULL, given_back INTEGER NOT NULL, overdue INTEGER NOT NULL, start INTEGER NOT "
		"NULL, end INTEGER NOT NULL, receipted INTEGER NOT NULL, "
		"result TEXT NOT NULL, reason TEXT NOT NULL, papers TEXT NOT NULL) STRICT;"
		"CREATE UNIQUE INDEX delivery_pid ON delivery(pid);"
		"CREATE UNIQUE INDEX delivery_peer ON delivery(role, peer, peer_pid) "
		"WHERE peer_pid <> '';"
		"CREATE INDEX delivery_agreement ON delivery(agreement) "
		"WHERE role = 0 AND start > 0 AND given_back = 0;"
		"CREATE INDEX delivery_open ON delivery(peer) WHERE role = 0 AND state < 3;"
		"CREATE INDEX delivery_wanted ON delivery(idx) "
		"WHERE role = 1 AND joined = 1 AND state = 1 AND receipted = 0;"
		"CREATE INDEX delivery_idx ON delivery(idx);"
		"CREATE TABLE n_delivery_token(id TEXT PRIMARY KEY, endpoint TEXT NOT NULL, token "
		"TEXT NOT NULL) STRICT;"
		"CREATE TABLE n_delivery_progress(id TEXT PRIMARY KEY, bytes INTEGER NOT NULL, "
		"last INTEGER NOT NULL, due INTEGER NOT NULL, trouble TEXT NOT NULL) STRICT;"
		"CREATE INDEX n_delivery_due ON n_delivery_progress(due) WHERE due > 0;"},
	{"delivery-2", "CREATE INDEX delivery_taken ON delivery(agreement) WHERE role = 1;"},
	{"delivery-3", "CREATE TABLE n_delivery_draw(id TEXT PRIMARY KEY, tries INTEGER NOT NULL, "
		       "due INTEGER NOT NULL) STRICT;"},
};
const size_t delivery_migrations_n = countof(delivery_migrations);

#define COLUMNS \
	"id, pid, peer_pid, agreement, peer, role, joined, address, at, idx, state, waiting, " \
	"suspended_by, given_back, overdue, start, end, receipted, result, reason, papers"

/* Digests, places and ranges are one JSON column; these are its parts. */
struct parts {
	struct {
		const char *name;
		struct hash *to;
		bool *has; /* of the digest that comes first of two */
	} hashes[7];
	struct {
		const char *name;
		struct place *to;
	} places[4];
};

static struct parts parts_of(struct delivery_row *r)
{
	return (struct parts){
		{{"request", &r->request, &r->has_request},
			{"requestSignature", &r->request_signature, &r->has_request},
			{"manifest", &r->manifest, &r->has_manifest},
			{"manifestSignature", &r->manifest_signature, &r->has_manifest},
			{"token", &r->token, &r->has_manifest},
			{"receipt", &r->receipt, &r->has_receipt},
			{"receiptSignature", &r->receipt_signature, &r->has_receipt}},
		{{"ask", &r->ask}, {"start", &r->start}, {"receive", &r->receive},
			{"end", &r->end}}};
}

static err papers_text(struct ctx *c, const struct delivery_row *row, struct str *ret)
{
	struct delivery_row r = *row;
	struct parts p = parts_of(&r);
	struct json *o = json_object(c);
	for (size_t i = 0; i < countof(p.hashes); i++) {
		if (*p.hashes[i].has)
			json_set_hex(c, &o, p.hashes[i].name, p.hashes[i].to->b, HASH_BYTES);
	}
	for (size_t i = 0; i < countof(p.places); i++) {
		if (p.places[i].to->known)
			json_set(&o, p.places[i].name, place_json(c, p.places[i].to));
	}
	if (r.ranges != NULL)
		json_set(&o, "ranges", json_copy(c, r.ranges));
	if (r.took != NULL)
		json_set(&o, "took", json_copy(c, r.took));
	return json_canonical(c, o, LIMIT_ACT, ret);
}

static err read_papers(struct ctx *c, struct str column, struct delivery_row *r)
{
	const struct json *j;
	struct str text;
	struct parts p = parts_of(r);
	TRY(arena_str(c, column, &text));
	TRY(json_parse(c, text, &j));
	for (size_t i = 0; i < countof(p.hashes); i++) {
		const struct json *h = json_get(j, p.hashes[i].name);
		if (h == NULL)
			continue;
		ENSURE(hash_parse(json_text(h), p.hashes[i].to), c, ERR_CORRUPT,
			"%s of a delivery is no digest", p.hashes[i].name);
		*p.hashes[i].has = true;
	}
	for (size_t i = 0; i < countof(p.places); i++) {
		if (json_get(j, p.places[i].name) != NULL)
			TRY(place_read(c, json_get(j, p.places[i].name), p.places[i].to));
	}
	r->ranges = json_get(j, "ranges");
	r->took = json_get(j, "took");
	return OK;
}

static err read_texts(struct ctx *c, struct stmt *s, struct delivery_row *r)
{
	struct {
		int at;
		struct str *to;
	} const texts[] = {{0, &r->id}, {1, &r->pid}, {2, &r->peer_pid}, {3, &r->agreement},
		{4, &r->peer}, {7, &r->address}, {18, &r->result}, {19, &r->reason}};
	for (size_t i = 0; i < countof(texts); i++)
		TRY(arena_str(c, stmt_col(s, texts[i].at), texts[i].to));
	return OK;
}

static err read_row(struct ctx *c, struct stmt *s, struct delivery_row *ret)
{
	struct delivery_row r = {.role = (enum agreement_role)stmt_col_int(s, 5),
		.joined = stmt_col_int(s, 6) != 0,
		.at_ms = stmt_col_int(s, 8),
		.index = (uint64_t)stmt_col_int(s, 9),
		.state = (enum delivery_state)stmt_col_int(s, 10),
		.waits = stmt_col_int(s, 11) >= 0,
		.suspended_by = (enum agreement_role)stmt_col_int(s, 12),
		.given_back = stmt_col_int(s, 13) != 0,
		.overdue = stmt_col_int(s, 14) != 0,
		.start_ms = stmt_col_int(s, 15),
		.end_ms = stmt_col_int(s, 16)};
	if (r.waits)
		r.waiting = (enum delivery_state)stmt_col_int(s, 11);
	TRY(read_texts(c, s, &r));
	TRY(read_papers(c, stmt_col(s, 20), &r));
	*ret = r;
	return OK;
}

static err read_one(struct ctx *c, struct stmt *s, struct str what, struct delivery_row *ret)
{
	bool row = false;
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "there is no delivery %.*s", FMT(str_sub(what, 0, 100)));
	return read_row(c, s, ret);
}

err delivery_store_find(struct ctx *c, struct store *db, struct str id, struct delivery_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT " COLUMNS " FROM delivery WHERE id = ?1 UNION ALL "
		"SELECT " COLUMNS " FROM delivery WHERE pid = ?1 LIMIT 1",
		&s));
	stmt_text(s, 1, id);
	return read_one(c, s, id, ret);
}

err delivery_store_of_peer(struct ctx *c, struct store *db, enum agreement_role role,
	struct str peer, struct str peer_pid, struct delivery_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT " COLUMNS " FROM delivery WHERE role = ?1 AND peer = ?2 AND peer_pid = ?3 "
		"AND peer_pid <> ''",
		&s));
	stmt_int(s, 1, role);
	stmt_text(s, 2, peer);
	stmt_text(s, 3, peer_pid);
	return read_one(c, s, peer_pid, ret);
}

err delivery_store_list(struct ctx *c, struct store *db, uint64_t before, size_t max,
	struct delivery_row *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	size_t n = 0;
	TRY(store_prepare(c, db,
		"SELECT " COLUMNS " FROM delivery WHERE idx < ?2 ORDER BY idx DESC LIMIT ?1", &s));
	stmt_int(s, 1, (int64_t)max);
	stmt_int(s, 2, (int64_t)before);
	TRY(stmt_step(c, s, &row));
	while (row) {
		TRY(read_row(c, s, &ret[n++]));
		TRY(stmt_step(c, s, &row));
	}
	*ret_n = n;
	return OK;
}

err delivery_store_count(struct ctx *c, struct store *db, struct str agreement, int64_t *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db,
		"SELECT count(*) FROM delivery WHERE agreement = ?1 AND role = 0 AND start > 0 AND "
		"given_back = 0",
		&s));
	stmt_text(s, 1, agreement);
	TRY(stmt_step(c, s, &row));
	*ret = stmt_col_int(s, 0);
	return OK;
}

err delivery_store_taken(struct ctx *c, struct store *db, struct str agreement, int64_t *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db,
		"SELECT count(*) FROM delivery WHERE agreement = ?1 AND role = 1 AND start > 0 AND "
		"given_back = 0",
		&s));
	stmt_text(s, 1, agreement);
	TRY(stmt_step(c, s, &row));
	*ret = stmt_col_int(s, 0);
	return OK;
}

err delivery_store_open(struct ctx *c, struct store *db, struct str peer, int64_t max, int64_t *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db,
		"SELECT count(*) FROM (SELECT 1 FROM delivery WHERE role = 0 AND state < 3 AND "
		"peer = ?1 LIMIT ?2)",
		&s));
	stmt_text(s, 1, peer);
	stmt_int(s, 2, max);
	TRY(stmt_step(c, s, &row));
	*ret = stmt_col_int(s, 0);
	return OK;
}

err delivery_store_put(struct ctx *c, struct store *db, const struct delivery_row *r)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO delivery(" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
		"?10, 0, -1, 0, 0, 0, 0, 0, 0, '', '', '{}')",
		&s));
	stmt_text(s, 1, r->id);
	stmt_text(s, 2, r->pid);
	stmt_text(s, 3, r->peer_pid);
	stmt_text(s, 4, r->agreement);
	stmt_text(s, 5, r->peer);
	stmt_int(s, 6, r->role);
	stmt_int(s, 7, r->joined);
	stmt_text(s, 8, r->address);
	stmt_int(s, 9, r->at_ms);
	stmt_int(s, 10, (int64_t)r->index);
	TRY(stmt_run(c, s));
	return delivery_store_save(c, db, r);
}

err delivery_store_save(struct ctx *c, struct store *db, const struct delivery_row *r)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct str papers;
	TRY(papers_text(c, r, &papers));
	TRY(store_prepare(c, db,
		"UPDATE delivery SET peer_pid = ?2, state = ?3, waiting = ?4, suspended_by = ?5, "
		"given_back = ?6, overdue = ?7, start = ?8, end = ?9, receipted = ?10, result = "
		"?11, reason = ?12, papers = ?13 WHERE id = ?1",
		&s));
	stmt_text(s, 1, r->id);
	stmt_text(s, 2, r->peer_pid);
	stmt_int(s, 3, r->state);
	stmt_int(s, 4, r->waits ? (int64_t)r->waiting : -1);
	stmt_int(s, 5, r->suspended_by);
	stmt_int(s, 6, r->given_back);
	stmt_int(s, 7, r->overdue);
	stmt_int(s, 8, r->start_ms);
	stmt_int(s, 9, r->end_ms);
	stmt_int(s, 10, r->has_receipt);
	stmt_text(s, 11, r->result);
	stmt_text(s, 12, r->reason);
	stmt_text(s, 13, papers);
	return stmt_run(c, s);
}

static err read_ids(struct ctx *c, struct stmt *s, size_t max, struct str *ret, size_t *ret_n)
{
	bool row = false;
	size_t n = 0;
	TRY(stmt_step(c, s, &row));
	while (row && n < max) {
		TRY(arena_str(c, stmt_col(s, 0), &ret[n++]));
		TRY(stmt_step(c, s, &row));
	}
	*ret_n = n;
	return OK;
}

err delivery_store_wanted(
	struct ctx *c, struct store *db, size_t max, struct str *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT id FROM delivery WHERE role = 1 AND joined = 1 AND state = 1 AND receipted "
		"= 0 ORDER BY idx LIMIT ?1",
		&s));
	stmt_int(s, 1, (int64_t)max);
	return read_ids(c, s, max, ret, ret_n);
}

err delivery_store_owed(struct ctx *c, struct store *db, size_t max, struct str *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT id FROM delivery WHERE role = 0 AND joined = 1 AND state = 1 AND receipted "
		"= 0 ORDER BY idx LIMIT ?1",
		&s));
	stmt_int(s, 1, (int64_t)max);
	return read_ids(c, s, max, ret, ret_n);
}

err delivery_store_unreceipted(
	struct ctx *c, struct store *db, int64_t now_ms, size_t max, struct str *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT d.id FROM n_delivery_progress p JOIN delivery d ON d.id = p.id WHERE "
		"p.due > 0 AND p.due <= ?1 AND d.role = 0 AND d.receipted = 0 AND d.overdue = 0 "
		"AND d.state NOT IN (2, 3) ORDER BY p.due LIMIT ?2",
		&s));
	stmt_int(s, 1, now_ms);
	stmt_int(s, 2, (int64_t)max);
	return read_ids(c, s, max, ret, ret_n);
}

err delivery_store_put_token(
	struct ctx *c, struct store *db, struct str id, const struct delivery_token *token)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO n_delivery_token(id, endpoint, token) VALUES (?1, ?2, ?3) ON "
		"CONFLICT(id) DO UPDATE SET endpoint = ?2, token = ?3",
		&s));
	stmt_text(s, 1, id);
	stmt_text(s, 2, token->endpoint);
	stmt_text(s, 3, token->token);
	return stmt_run(c, s);
}

err delivery_store_token(struct ctx *c, struct store *db, struct str id, struct delivery_token *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db, "SELECT endpoint, token FROM n_delivery_token WHERE id = ?1", &s));
	stmt_text(s, 1, id);
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "nothing opens the data of %.*s any more", FMT(id));
	TRY(arena_str(c, stmt_col(s, 0), &ret->endpoint));
	return arena_str(c, stmt_col(s, 1), &ret->token);
}

err delivery_store_drop_token(struct ctx *c, struct store *db, struct str id)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "DELETE FROM n_delivery_token WHERE id = ?1", &s));
	stmt_text(s, 1, id);
	return stmt_run(c, s);
}

err delivery_store_progress(
	struct ctx *c, struct store *db, struct str id, struct delivery_progress *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	*ret = (struct delivery_progress){.bytes = 0};
	TRY(store_prepare(c, db,
		"SELECT bytes, last, due, trouble FROM n_delivery_progress WHERE id = ?1", &s));
	stmt_text(s, 1, id);
	TRY(stmt_step(c, s, &row));
	if (!row)
		return OK;
	ret->bytes = stmt_col_int(s, 0);
	ret->last_ms = stmt_col_int(s, 1);
	ret->due_ms = stmt_col_int(s, 2);
	return arena_str(c, stmt_col(s, 3), &ret->trouble);
}

err delivery_store_put_progress(
	struct ctx *c, struct store *db, struct str id, const struct delivery_progress *p)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO n_delivery_progress(id, bytes, last, due, trouble) VALUES (?1, ?2, "
		"?3, ?4, ?5) ON CONFLICT(id) DO UPDATE SET bytes = ?2, last = ?3, due = ?4, "
		"trouble = ?5",
		&s));
	stmt_text(s, 1, id);
	stmt_int(s, 2, p->bytes);
	stmt_int(s, 3, p->last_ms);
	stmt_int(s, 4, p->due_ms);
	stmt_text(s, 5, p->trouble);
	return stmt_run(c, s);
}

err delivery_store_put_draw(
	struct ctx *c, struct store *db, struct str id, unsigned tries, int64_t due_ms)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT OR REPLACE INTO n_delivery_draw(id, tries, due) VALUES (?1, ?2, ?3)", &s));
	stmt_text(s, 1, id);
	stmt_int(s, 2, tries);
	stmt_int(s, 3, due_ms);
	return stmt_run(c, s);
}

err delivery_store_drop_draw(struct ctx *c, struct store *db, struct str id)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "DELETE FROM n_delivery_draw WHERE id = ?1", &s));
	stmt_text(s, 1, id);
	return stmt_run(c, s);
}

err delivery_store_draws(
	struct ctx *c, struct store *db, size_t max, struct delivery_draw *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	size_t n = 0;
	TRY(store_prepare(c, db,
		"SELECT w.id, w.tries, w.due FROM n_delivery_draw w JOIN delivery d ON d.id = w.id "
		"WHERE d.state = 1 ORDER BY w.due LIMIT ?1",
		&s));
	stmt_int(s, 1, (int64_t)max);
	TRY(stmt_step(c, s, &row));
	while (row && n < max) {
		TRY(arena_str(c, stmt_col(s, 0), &ret[n].id));
		ret[n].tries = (unsigned)stmt_col_int(s, 1);
		ret[n++].due_ms = stmt_col_int(s, 2);
		TRY(stmt_step(c, s, &row));
	}
	*ret_n = n;
	return OK;
}

err delivery_store_drawn(struct ctx *c, struct store *db, struct str id, bool *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "SELECT 1 FROM n_delivery_draw WHERE id = ?1", &s));
	stmt_text(s, 1, id);
	return stmt_step(c, s, ret);
}
