#include "contract/agreement_store.h"

#include <string.h>

#include "base/limits.h"
#include "contract/agreement_body.h"

const struct migration agreement_migrations[AGREEMENT_MIGRATIONS] = {
	{"agreement-1",
		"CREATE TABLE agreement(negotiation TEXT PRIMARY KEY, peer TEXT NOT NULL, role "
		"INTEGER NOT NULL, product TEXT NOT NULL, revision INTEGER NOT NULL, asked TEXT "
		"NOT NULL, receipt_within INTEGER NOT NULL, joined INTEGER NOT NULL, order_id TEXT "
		"NOT NULL, deliver TEXT NOT NULL, address TEXT NOT NULL, at INTEGER NOT NULL, idx "
		"INTEGER NOT NULL, peer_pid TEXT NOT NULL, state INTEGER NOT NULL, waiting INTEGER "
		"NOT NULL, agreement TEXT NOT NULL, offer TEXT NOT NULL, policy BLOB NOT NULL, "
		"document BLOB NOT NULL, provider_signature BLOB NOT NULL, consumer_signature BLOB "
		"NOT NULL, open_until INTEGER NOT NULL, agreed INTEGER NOT NULL, places TEXT NOT "
		"NULL, reason TEXT NOT NULL) STRICT;"
		"CREATE UNIQUE INDEX agreement_id ON agreement(agreement) WHERE agreement <> '';"
		"CREATE UNIQUE INDEX agreement_peer ON agreement(role, peer, peer_pid) "
		"WHERE peer_pid <> '';"
		"CREATE INDEX agreement_open ON agreement(peer) WHERE state < 5;"
		"CREATE INDEX agreement_final ON agreement(role, peer, product, idx) WHERE state = "
		"5;"
		"CREATE INDEX agreement_asked ON agreement(idx) WHERE state = 0 AND role = 0;"
		"CREATE INDEX agreement_idx ON agreement(idx);"},
	{"agreement-2", "CREATE TABLE agreement_policy(one INTEGER PRIMARY KEY, by_person INTEGER "
			"NOT NULL) STRICT;"
			"DROP INDEX agreement_asked;"
			"CREATE INDEX agreement_waiting ON agreement(idx) WHERE state < 5 AND "
			"waiting < 0;"},
	{"agreement-3", "CREATE INDEX agreement_linked ON agreement(peer) WHERE role = 0 AND "
			"peer_pid = '';"},
	{"agreement-4",
		"ALTER TABLE agreement_policy ADD COLUMN two_people INTEGER NOT NULL DEFAULT 0;"
		"ALTER TABLE agreement_policy ADD COLUMN stamped INTEGER NOT NULL DEFAULT 0;"},
	{"agreement-5",
		"ALTER TABLE agreement_policy ADD COLUMN open_for INTEGER NOT NULL DEFAULT 0;"},
};

#define COLUMNS \
	"negotiation, peer, role, product, revision, asked, receipt_within, joined, order_id, " \
	"deliver, address, at, idx, peer_pid, state, waiting, agreement, offer, policy, " \
	"document, provider_signature, consumer_signature, open_until, agreed, places, reason"

/* What a negotiation asks for is one JSON column; these are its parts. */
static const char *const asked_names[] = {"object", "price", "scenario", "terms"};

struct numbers {
	struct hash root, sha256;
	int64_t size, chunk;
};

static const struct json **asked_part(struct agreement_row *r, size_t i)
{
	const struct json **parts[] = {&r->object, &r->price, &r->scenario, &r->terms};
	return parts[i];
}

static void bind_asked_into(struct ctx *c, struct json **o, const struct agreement_row *row)
{
	struct agreement_row r = *row;
	for (size_t i = 0; i < countof(asked_names); i++) {
		if (*asked_part(&r, i) != NULL)
			json_set(o, asked_names[i], json_copy(c, *asked_part(&r, i)));
	}
}

static void read_object(struct agreement_row *r)
{
	(void)hash_parse(json_text(json_get(r->object, "root")), &r->root);
	(void)hash_parse(json_text(json_get(r->object, "sha256")), &r->sha256);
	(void)json_int(json_get(r->object, "size"), &r->size);
	(void)json_int(json_get(r->object, "chunk"), &r->chunk);
	(void)json_int(json_get(r->price, "net"), &r->net);
	(void)json_int(json_get(r->price, "rate"), &r->rate);
	r->purpose = json_text(json_get(r->scenario, "purpose"));
}

static err read_asked(struct ctx *c, struct str column, struct agreement_row *r)
{
	const struct json *j;
	struct str text;
	TRY(arena_str(c, column, &text));
	TRY(json_parse(c, text, &j));
	for (size_t i = 0; i < countof(asked_names); i++)
		*asked_part(r, i) = json_get(j, asked_names[i]);
	read_object(r);
	return OK;
}

static err read_places(struct ctx *c, struct str column, struct agreement_row *r)
{
	const struct json *j;
	struct str text;
	struct place *const places[] = {&r->offered, &r->conclude, &r->concluded};
	static const char *const names[] = {"offer", "conclude", "concluded"};
	TRY(arena_str(c, column, &text));
	TRY(json_parse(c, text, &j));
	for (size_t i = 0; i < countof(names); i++) {
		if (json_get(j, names[i]) != NULL)
			TRY(place_read(c, json_get(j, names[i]), places[i]));
	}
	return OK;
}

static bool read_hash(struct str bytes, struct hash *ret)
{
	if (bytes.n != HASH_BYTES)
		return false;
	memcpy(ret->b, bytes.p, HASH_BYTES);
	return true;
}

static err read_texts(struct ctx *c, struct stmt *s, struct agreement_row *r)
{
	struct {
		int at;
		struct str *to;
	} const texts[] = {{0, &r->negotiation}, {1, &r->peer}, {3, &r->product}, {8, &r->order},
		{9, &r->deliver}, {10, &r->address}, {13, &r->peer_pid}, {16, &r->agreement},
		{17, &r->offer}, {25, &r->reason}};
	for (size_t i = 0; i < countof(texts); i++)
		TRY(arena_str(c, stmt_col(s, texts[i].at), texts[i].to));
	return OK;
}

static err read_row(struct ctx *c, struct stmt *s, struct agreement_row *ret)
{
	struct agreement_row r = {.role = (enum agreement_role)stmt_col_int(s, 2),
		.revision = stmt_col_int(s, 4),
		.receipt_within = stmt_col_int(s, 6),
		.joined = stmt_col_int(s, 7) != 0,
		.at_ms = stmt_col_int(s, 11),
		.index = (uint64_t)stmt_col_int(s, 12),
		.state = (enum agreement_state)stmt_col_int(s, 14),
		.waits = stmt_col_int(s, 15) >= 0,
		.open_until_ms = stmt_col_int(s, 22),
		.agreed_ms = stmt_col_int(s, 23)};
	if (r.waits)
		r.waiting = (enum agreement_state)stmt_col_int(s, 15);
	TRY(read_texts(c, s, &r));
	TRY(read_asked(c, stmt_col(s, 5), &r));
	TRY(read_places(c, stmt_col(s, 24), &r));
	(void)read_hash(stmt_col(s, 18), &r.policy);
	r.has_document = read_hash(stmt_col(s, 19), &r.document);
	(void)read_hash(stmt_col(s, 20), &r.provider_signature);
	(void)read_hash(stmt_col(s, 21), &r.consumer_signature);
	*ret = r;
	return OK;
}

static err read_one(struct ctx *c, struct stmt *s, struct str what, struct agreement_row *ret)
{
	bool row = false;
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "there is no negotiation or agreement %.*s",
		FMT(str_sub(what, 0, 100)));
	return read_row(c, s, ret);
}

err agreement_store_find(struct ctx *c, struct store *db, struct str id, struct agreement_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	ENSURE(id.n > 0, c, ERR_NOT_FOUND, "there is no negotiation without an id");
	TRY(store_prepare(c, db,
		"SELECT " COLUMNS " FROM agreement WHERE negotiation = ?1 UNION ALL "
		"SELECT " COLUMNS
		" FROM agreement WHERE agreement = ?1 AND agreement <> '' LIMIT 1",
		&s));
	stmt_text(s, 1, id);
	return read_one(c, s, id, ret);
}

err agreement_store_of_peer(struct ctx *c, struct store *db, enum agreement_role role,
	struct str peer, struct str peer_pid, struct agreement_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT " COLUMNS " FROM agreement WHERE role = ?1 AND peer = ?2 AND peer_pid = ?3 "
		"AND peer_pid <> ''",
		&s));
	stmt_int(s, 1, role);
	stmt_text(s, 2, peer);
	stmt_text(s, 3, peer_pid);
	return read_one(c, s, peer_pid, ret);
}

err agreement_store_current(struct ctx *c, struct store *db, enum agreement_role role,
	struct str peer, struct str product, struct agreement_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT " COLUMNS " FROM agreement WHERE state = 5 AND role = ?1 AND peer = ?2 AND "
		"product = ?3 ORDER BY idx DESC LIMIT 1",
		&s));
	stmt_int(s, 1, role);
	stmt_text(s, 2, peer);
	stmt_text(s, 3, product);
	return read_one(c, s, product, ret);
}

static err read_all(struct ctx *c, struct stmt *s, struct agreement_row *ret, size_t *ret_n)
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

err agreement_store_list(struct ctx *c, struct store *db, uint64_t before, size_t max,
	struct agreement_row *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT " COLUMNS " FROM agreement WHERE idx < ?2 ORDER BY idx DESC LIMIT ?1", &s));
	stmt_int(s, 1, (int64_t)max);
	stmt_int(s, 2, (int64_t)before);
	return read_all(c, s, ret, ret_n);
}

err agreement_store_waiting(struct ctx *c, struct store *db, int64_t after, size_t max,
	struct agreement_row *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT " COLUMNS
		" FROM agreement WHERE state < 5 AND waiting < 0 AND idx > ?2 AND ((role = 0 AND "
		"state IN (0, 2) AND document = x'') OR (role = 1 AND state IN (1, 3))) "
		"ORDER BY idx LIMIT ?1",
		&s));
	stmt_int(s, 1, (int64_t)max);
	stmt_int(s, 2, after);
	return read_all(c, s, ret, ret_n);
}

err agreement_store_unsigned(struct ctx *c, struct store *db, int64_t now_ms, size_t max,
	struct agreement_row *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT " COLUMNS
		" FROM agreement WHERE state < 5 AND waiting < 0 AND role = 1 AND state = 3 AND "
		"open_until > 0 AND open_until < ?1 ORDER BY idx LIMIT ?2",
		&s));
	stmt_int(s, 1, now_ms);
	stmt_int(s, 2, (int64_t)max);
	return read_all(c, s, ret, ret_n);
}

err agreement_store_objects(struct ctx *c, struct store *db, int64_t after, size_t max,
	struct hash *ret, size_t *ret_n, int64_t *ret_last)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	size_t n = 0;
	int64_t last = after;
	TRY(store_prepare(c, db,
		"SELECT idx, asked FROM agreement WHERE idx > ?1 ORDER BY idx LIMIT ?2", &s));
	stmt_int(s, 1, after);
	stmt_int(s, 2, (int64_t)max);
	TRY(stmt_step(c, s, &row));
	while (row) {
		struct agreement_row r = {.index = 0};
		last = stmt_col_int(s, 0);
		TRY(read_asked(c, stmt_col(s, 1), &r));
		ret[n++] = r.root;
		TRY(stmt_step(c, s, &row));
	}
	*ret_n = n;
	*ret_last = last;
	return OK;
}

err agreement_store_rules(struct ctx *c, struct store *db, struct agreement_rules *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db,
		"SELECT by_person, two_people, stamped, open_for FROM agreement_policy WHERE one = "
		"1",
		&s));
	TRY(stmt_step(c, s, &row));
	*ret = (struct agreement_rules){row && stmt_col_int(s, 0) != 0,
		{row && stmt_col_int(s, 1) != 0, row && stmt_col_int(s, 2) != 0},
		row ? stmt_col_int(s, 3) : 0};
	return OK;
}

err agreement_store_put_policy(struct ctx *c, struct store *db, const struct agreement_rules *r)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO agreement_policy(one, by_person, two_people, stamped, open_for) "
		"VALUES "
		"(1, ?1, ?2, ?3, ?4) ON CONFLICT(one) DO UPDATE SET by_person = ?1, two_people = "
		"?2, stamped = ?3, open_for = ?4",
		&s));
	stmt_int(s, 1, r->by_person);
	stmt_int(s, 2, r->binding.two_people);
	stmt_int(s, 3, r->binding.stamped);
	stmt_int(s, 4, r->open_for_s);
	return stmt_run(c, s);
}

err agreement_store_open(
	struct ctx *c, struct store *db, struct str peer, int64_t max, int64_t *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db,
		"SELECT count(*) FROM (SELECT 1 FROM agreement WHERE state < 5 AND peer = ?1 LIMIT "
		"?2)",
		&s));
	stmt_text(s, 1, peer);
	stmt_int(s, 2, max);
	TRY(stmt_step(c, s, &row));
	*ret = stmt_col_int(s, 0);
	return OK;
}

err agreement_store_linked(struct ctx *c, struct store *db, struct str link, int64_t *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db,
		"SELECT count(*) FROM agreement WHERE role = 0 AND peer_pid = '' AND peer = ?1",
		&s));
	stmt_text(s, 1, link);
	TRY(stmt_step(c, s, &row));
	*ret = stmt_col_int(s, 0);
	return OK;
}

err agreement_store_taken(
	struct ctx *c, struct store *db, struct str agreement, struct str negotiation, bool *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT 1 FROM agreement WHERE agreement = ?1 AND agreement <> '' AND negotiation "
		"<> ?2",
		&s));
	stmt_text(s, 1, agreement);
	stmt_text(s, 2, negotiation);
	return stmt_step(c, s, ret);
}

err agreement_store_put(struct ctx *c, struct store *db, const struct agreement_row *row)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct json *asked = json_object(c);
	struct str text;
	bind_asked_into(c, &asked, row);
	TRY(json_canonical(c, asked, LIMIT_ACT, &text));
	TRY(store_prepare(c, db,
		"INSERT INTO agreement(" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
		"?10, ?11, ?12, ?13, '', 0, -1, '', '', x'', x'', x'', x'', 0, 0, '{}', '')",
		&s));
	stmt_text(s, 1, row->negotiation);
	stmt_text(s, 2, row->peer);
	stmt_int(s, 3, row->role);
	stmt_text(s, 4, row->product);
	stmt_int(s, 5, row->revision);
	stmt_text(s, 6, text);
	stmt_int(s, 7, row->receipt_within);
	stmt_int(s, 8, row->joined);
	stmt_text(s, 9, row->order);
	stmt_text(s, 10, row->deliver);
	stmt_text(s, 11, row->address);
	stmt_int(s, 12, row->at_ms);
	stmt_int(s, 13, (int64_t)row->index);
	TRY(stmt_run(c, s));
	return agreement_store_save(c, db, row);
}

static err places_text(struct ctx *c, const struct agreement_row *r, struct str *ret)
{
	struct json *o = json_object(c);
	if (r->offered.known)
		json_set(&o, "offer", place_json(c, &r->offered));
	if (r->conclude.known)
		json_set(&o, "conclude", place_json(c, &r->conclude));
	if (r->concluded.known)
		json_set(&o, "concluded", place_json(c, &r->concluded));
	return json_canonical(c, o, LIMIT_ACT, ret);
}

static struct str document_bytes(const struct agreement_row *r, const struct hash *h)
{
	return r->has_document ? hash_str(h) : (struct str){"", 0};
}

err agreement_store_save(struct ctx *c, struct store *db, const struct agreement_row *r)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct str places;
	TRY(places_text(c, r, &places));
	TRY(store_prepare(c, db,
		"UPDATE agreement SET peer_pid = ?2, state = ?3, waiting = ?4, agreement = ?5, "
		"offer = ?6, policy = ?7, document = ?8, provider_signature = ?9, "
		"consumer_signature = ?10, open_until = ?11, agreed = ?12, places = ?13, reason = "
		"?14 WHERE negotiation = ?1",
		&s));
	stmt_text(s, 1, r->negotiation);
	stmt_text(s, 2, r->peer_pid);
	stmt_int(s, 3, r->state);
	stmt_int(s, 4, r->waits ? (int64_t)r->waiting : -1);
	stmt_text(s, 5, r->agreement);
	stmt_text(s, 6, r->offer);
	stmt_bytes(s, 7, hash_str(&r->policy));
	stmt_bytes(s, 8, document_bytes(r, &r->document));
	stmt_bytes(s, 9, document_bytes(r, &r->provider_signature));
	stmt_bytes(s, 10, document_bytes(r, &r->consumer_signature));
	stmt_int(s, 11, r->open_until_ms);
	stmt_int(s, 12, r->agreed_ms);
	stmt_text(s, 13, places);
	stmt_text(s, 14, r->reason);
	return stmt_run(c, s);
}
