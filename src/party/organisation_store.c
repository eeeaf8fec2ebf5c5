#include "party/organisation_store.h"

#include <string.h>

#include "base/limits.h"

/* Status 4 is ORGANISATION_WITHDRAWN. */
_Static_assert(ORGANISATION_WITHDRAWN == 4, "the indexes below name it");
const struct migration organisation_migrations[ORGANISATION_MIGRATIONS] = {
	{"party-1",
		"CREATE TABLE organisation(did TEXT PRIMARY KEY, place INTEGER NOT NULL, "
		"name TEXT NOT NULL, uscc TEXT NOT NULL, kid TEXT NOT NULL, key BLOB NOT NULL, "
		"origin TEXT NOT NULL, vkey TEXT NOT NULL, url TEXT NOT NULL, dsp TEXT NOT NULL, "
		"assurance TEXT NOT NULL, status INTEGER NOT NULL, joined INTEGER NOT NULL, "
		"request TEXT NOT NULL, secret BLOB NOT NULL, idx INTEGER NOT NULL, "
		"approved INTEGER NOT NULL, since INTEGER NOT NULL, reason TEXT NOT NULL, "
		"bearer TEXT NOT NULL) STRICT;"
		"CREATE UNIQUE INDEX organisation_place ON organisation(place);"
		"CREATE UNIQUE INDEX organisation_key ON organisation(key) "
		"WHERE joined = 1 AND status <> 4;"
		"CREATE UNIQUE INDEX organisation_origin ON organisation(origin) "
		"WHERE joined = 1 AND status <> 4;"
		"CREATE INDEX organisation_request ON organisation(request);"
		"CREATE INDEX organisation_name ON organisation(name);"
		"CREATE INDEX organisation_bearer ON organisation(bearer);"
		"CREATE TABLE invitation(secret TEXT PRIMARY KEY, id TEXT NOT NULL, "
		"expires INTEGER NOT NULL, used_by TEXT NOT NULL) STRICT, WITHOUT ROWID;"},
	{"party-2", "ALTER TABLE organisation ADD COLUMN outbound INTEGER NOT NULL DEFAULT 0;"},
	{"party-3", "CREATE INDEX organisation_asked ON organisation(place) WHERE status = 2;"},
};

#define COLUMNS \
	"SELECT did, name, uscc, kid, key, origin, vkey, url, dsp, assurance, status, joined, " \
	"request, secret, idx, approved, since, reason, outbound, place FROM organisation "

static err read_bytes(struct ctx *c, struct str bytes, uint8_t ret[32])
{
	ENSURE(bytes.n == 32, c, ERR_CORRUPT, "a stored key or digest is not 32 bytes");
	memcpy(ret, bytes.p, 32);
	return OK;
}

static err read_row(struct ctx *c, struct stmt *s, struct organisation *ret)
{
	struct organisation o = {.status = (enum organisation_status)stmt_col_int(s, 10)};
	struct str *const texts[] = {&o.did, &o.name, &o.uscc, &o.kid, NULL, &o.origin, &o.vkey,
		&o.url, &o.dsp, &o.assurance, NULL, NULL, &o.request};
	for (size_t i = 0; i < countof(texts); i++) {
		if (texts[i] != NULL)
			TRY(arena_str(c, stmt_col(s, (int)i), texts[i]));
	}
	TRY(read_bytes(c, stmt_col(s, 4), o.key));
	o.joined = stmt_col_int(s, 11) != 0;
	TRY(read_bytes(c, stmt_col(s, 13), o.secret.b));
	o.index = (uint64_t)stmt_col_int(s, 14);
	o.approved = (uint64_t)stmt_col_int(s, 15);
	o.since_ms = stmt_col_int(s, 16);
	TRY(arena_str(c, stmt_col(s, 17), &o.reason));
	o.outbound = stmt_col_int(s, 18) != 0;
	o.place = stmt_col_int(s, 19);
	*ret = o;
	return OK;
}

err organisation_store_by(struct ctx *c, struct store *db, enum organisation_by by, struct str text,
	unsigned *ret_n, struct organisation *ret)
{
	static const char *const queries[] = {
		[BY_DID] = COLUMNS "WHERE did = ?1",
		[BY_REQUEST] = COLUMNS "WHERE request = ?1 AND request <> ''",
		[BY_BEARER] = COLUMNS "WHERE bearer = ?1 AND bearer <> ''",
		[BY_NAME] = COLUMNS "WHERE name = ?1 AND status <> 4 ORDER BY place LIMIT 2",
		[BY_ORIGIN] = COLUMNS "WHERE origin = ?1 AND joined = 1 AND status <> 4",
	};
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	*ret_n = 0;
	TRY(store_prepare(c, db, queries[by], &s));
	stmt_text(s, 1, text);
	TRY(stmt_step(c, s, &row));
	if (!row)
		return OK;
	TRY(read_row(c, s, ret));
	TRY(stmt_step(c, s, &row));
	*ret_n = row ? 2 : 1;
	return OK;
}

err organisation_store_by_key(struct ctx *c, struct store *db, const uint8_t key[KEY_BYTES],
	bool *ret_found, struct organisation *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, COLUMNS "WHERE key = ?1 AND joined = 1 AND status <> 4", &s));
	stmt_bytes(s, 1, (struct str){(const char *)key, KEY_BYTES});
	TRY(stmt_step(c, s, ret_found));
	return *ret_found ? read_row(c, s, ret) : OK;
}

static err read_behind(struct ctx *c, struct stmt *s, int64_t after, size_t max,
	struct organisation *ret, size_t *ret_n)
{
	bool row = false;
	*ret_n = 0;
	stmt_int(s, 1, (int64_t)max);
	stmt_int(s, 2, after);
	TRY(stmt_step(c, s, &row));
	while (row) {
		TRY(read_row(c, s, &ret[*ret_n]));
		++*ret_n;
		TRY(stmt_step(c, s, &row));
	}
	return OK;
}

err organisation_store_list(struct ctx *c, struct store *db, int64_t after, size_t max,
	struct organisation *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, COLUMNS "WHERE place > ?2 ORDER BY place LIMIT ?1", &s));
	return read_behind(c, s, after, max, ret, ret_n);
}

_Static_assert(ORGANISATION_ASKED == 2, "the query and its index name it");
err organisation_store_asked(struct ctx *c, struct store *db, int64_t after, size_t max,
	struct organisation *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(
		c, db, COLUMNS "WHERE status = 2 AND place > ?2 ORDER BY place LIMIT ?1", &s));
	return read_behind(c, s, after, max, ret, ret_n);
}

/* Statuses 1 and 3 are ORGANISATION_JOINING and ORGANISATION_APPROVED. */
_Static_assert(ORGANISATION_JOINING == 1 && ORGANISATION_APPROVED == 3, "the query names them");
err organisation_store_callable(
	struct ctx *c, struct store *db, size_t max, struct str *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	*ret_n = 0;
	TRY(store_prepare(c, db,
		"SELECT did FROM organisation WHERE joined = 1 AND outbound = 0 AND status IN (1, "
		"3) ORDER BY place LIMIT ?1",
		&s));
	stmt_int(s, 1, (int64_t)max);
	TRY(stmt_step(c, s, &row));
	while (row) {
		TRY(arena_str(c, stmt_col(s, 0), &ret[(*ret_n)++]));
		TRY(stmt_step(c, s, &row));
	}
	return OK;
}

err organisation_store_count(struct ctx *c, struct store *db, int64_t *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db, "SELECT count(*) FROM organisation", &s));
	TRY(stmt_step(c, s, &row));
	*ret = stmt_col_int(s, 0);
	return OK;
}

static void bind(struct stmt *s, const struct organisation *o, struct str bearer)
{
	const struct str texts[] = {o->did, o->name, o->uscc, o->kid, {0}, o->origin, o->vkey,
		o->url, o->dsp, o->assurance, {0}, {0}, o->request};
	for (size_t i = 0; i < countof(texts); i++)
		stmt_text(s, (int)i + 1, texts[i].p != NULL ? texts[i] : STR(""));
	stmt_bytes(s, 5, (struct str){(const char *)o->key, KEY_BYTES});
	stmt_int(s, 11, o->status);
	stmt_int(s, 12, o->joined);
	stmt_bytes(s, 14, hash_str(&o->secret));
	stmt_int(s, 15, (int64_t)o->index);
	stmt_int(s, 16, (int64_t)o->approved);
	stmt_int(s, 17, o->since_ms);
	stmt_text(s, 18, o->reason.p != NULL ? o->reason : STR(""));
	stmt_int(s, 20, o->outbound);
	stmt_text(s, 19, bearer.p != NULL ? bearer : STR(""));
}

err organisation_store_put(
	struct ctx *c, struct store *db, const struct organisation *o, struct str bearer)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO organisation(did, name, uscc, kid, key, origin, vkey, url, dsp, "
		"assurance, status, joined, request, secret, idx, approved, since, reason, bearer, "
		"outbound, place) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
		"?14, ?15, "
		"?16, ?17, ?18, ?19, ?20, (SELECT ifnull(max(place) + 1, 0) FROM organisation)) "
		"ON CONFLICT(did) DO UPDATE SET name = ?2, uscc = ?3, kid = ?4, key = ?5, "
		"origin = ?6, vkey = ?7, url = ?8, dsp = ?9, assurance = ?10, status = ?11, "
		"joined = ?12, request = ?13, secret = ?14, idx = ?15, approved = ?16, "
		"since = ?17, reason = ?18, bearer = ?19, outbound = ?20",
		&s));
	bind(s, o, bearer);
	return stmt_run(c, s);
}

err organisation_store_step(struct ctx *c, struct store *db, struct str did,
	enum organisation_status status, int64_t at_ms, struct str reason)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"UPDATE organisation SET status = ?2, since = ?3, reason = ?4 WHERE did = ?1", &s));
	stmt_text(s, 1, did);
	stmt_int(s, 2, status);
	stmt_int(s, 3, at_ms);
	stmt_text(s, 4, reason.p != NULL ? reason : STR(""));
	return stmt_run(c, s);
}

err organisation_store_confirm(
	struct ctx *c, struct store *db, struct str did, struct str assurance, uint64_t index)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(
		c, db, "UPDATE organisation SET assurance = ?2, approved = ?3 WHERE did = ?1", &s));
	stmt_text(s, 1, did);
	stmt_text(s, 2, assurance);
	stmt_int(s, 3, (int64_t)index);
	return stmt_run(c, s);
}

err organisation_store_invite(
	struct ctx *c, struct store *db, struct str secret, struct str id, int64_t expires_ms)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO invitation(secret, id, expires, used_by) VALUES (?1, ?2, ?3, '')",
		&s));
	stmt_text(s, 1, secret);
	stmt_text(s, 2, id);
	stmt_int(s, 3, expires_ms);
	return stmt_run(c, s);
}

err organisation_store_use(struct ctx *c, struct store *db, struct str secret, struct str did)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "UPDATE invitation SET used_by = ?2 WHERE secret = ?1", &s));
	stmt_text(s, 1, secret);
	stmt_text(s, 2, did);
	return stmt_run(c, s);
}

err organisation_store_invitation(struct ctx *c, struct store *db, struct str secret,
	bool *ret_found, struct invitation_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(
		c, db, "SELECT id, expires, used_by FROM invitation WHERE secret = ?1", &s));
	stmt_text(s, 1, secret);
	TRY(stmt_step(c, s, ret_found));
	if (!*ret_found)
		return OK;
	TRY(arena_str(c, stmt_col(s, 0), &ret->id));
	ret->expires_ms = stmt_col_int(s, 1);
	return arena_str(c, stmt_col(s, 2), &ret->used_by);
}
