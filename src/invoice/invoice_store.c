#include "invoice/invoice_store.h"

#include <string.h>

#include "base/limits.h"
#include "codec/json.h"

const struct migration invoice_migrations[INVOICE_MIGRATIONS] = {
	{"invoice-1",
		"CREATE TABLE invoice(id TEXT PRIMARY KEY, serial TEXT NOT NULL, peer TEXT NOT "
		"NULL, delivery TEXT NOT NULL, agreement TEXT NOT NULL, role INTEGER NOT NULL, "
		"document BLOB NOT NULL UNIQUE, provider_signature BLOB NOT NULL, net INTEGER NOT "
		"NULL, rate INTEGER NOT NULL, tax INTEGER NOT NULL, replaces TEXT NOT NULL, fault "
		"TEXT NOT NULL, has_receipt INTEGER NOT NULL, at INTEGER NOT NULL, state INTEGER "
		"NOT NULL, consumer_signature BLOB NOT NULL, net_now INTEGER NOT NULL, tax_now "
		"INTEGER NOT NULL, reason TEXT NOT NULL, correction BLOB NOT NULL, own INTEGER NOT "
		"NULL, last INTEGER NOT NULL, last_leaf BLOB NOT NULL, last_at INTEGER NOT NULL) "
		"STRICT;"
		"CREATE UNIQUE INDEX invoice_serial_of ON invoice(serial, role);"
		"CREATE UNIQUE INDEX invoice_delivery ON invoice(delivery, role) WHERE replaces = "
		"'';"
		"CREATE INDEX invoice_at ON invoice(at);"
		"CREATE INDEX invoice_waiting ON invoice(at) WHERE role = 1 AND state = 0;"
		"CREATE TABLE invoice_serial(year INTEGER PRIMARY KEY, last INTEGER NOT NULL) "
		"STRICT;"
		"CREATE TABLE invoice_policy(one INTEGER PRIMARY KEY, by_person INTEGER NOT NULL) "
		"STRICT;"
		"CREATE TABLE invoice_dispute(document BLOB PRIMARY KEY, invoice TEXT NOT NULL, "
		"signature BLOB NOT NULL, by INTEGER NOT NULL, ours INTEGER NOT NULL, reason TEXT "
		"NOT NULL, idx INTEGER NOT NULL) STRICT;"
		"CREATE INDEX invoice_dispute_of ON invoice_dispute(invoice, idx);"
		"CREATE TABLE invoice_correction(id TEXT PRIMARY KEY, invoice TEXT NOT NULL, "
		"document BLOB NOT NULL UNIQUE, prev BLOB NOT NULL, replacement BLOB NOT NULL, "
		"voids INTEGER NOT NULL, net INTEGER NOT NULL, rate INTEGER NOT NULL, tax INTEGER "
		"NOT NULL, reason TEXT NOT NULL, by INTEGER NOT NULL, state INTEGER NOT NULL, "
		"provider_signature BLOB NOT NULL, consumer_signature BLOB NOT NULL, idx INTEGER "
		"NOT NULL, last INTEGER NOT NULL) STRICT;"
		"CREATE INDEX invoice_correction_of ON invoice_correction(invoice, idx);"
		"CREATE INDEX invoice_correction_open ON invoice_correction(idx) WHERE state = 0;"
		"CREATE TABLE n_invoice_shown(document BLOB NOT NULL, type TEXT NOT NULL, evidence "
		"TEXT NOT NULL, PRIMARY KEY(document, type)) STRICT, WITHOUT ROWID;"},
	{"invoice-2",
		"ALTER TABLE invoice_policy ADD COLUMN two_people INTEGER NOT NULL DEFAULT 0;"
		"CREATE TABLE invoice_wish(invoice TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, net "
		"INTEGER NOT NULL, voids INTEGER NOT NULL, reason TEXT NOT NULL) STRICT;"},
	{"invoice-3", "ALTER TABLE invoice_policy ADD COLUMN stamped INTEGER NOT NULL DEFAULT 0;"},
	{"invoice-4",
		"DROP INDEX invoice_at; DROP INDEX invoice_waiting;"
		"CREATE INDEX invoice_at ON invoice(at, id);"
		"CREATE INDEX invoice_waiting ON invoice(at, id) WHERE role = 1 AND state = 0;"},
};

#define COLUMNS \
	"id, serial, peer, delivery, agreement, role, document, provider_signature, net, rate, " \
	"tax, replaces, fault, has_receipt, at, state, consumer_signature, net_now, tax_now, " \
	"reason, correction, own, last, last_leaf, last_at"

static bool hash_col(struct stmt *s, int at, struct hash *ret)
{
	struct str bytes = stmt_col(s, at);
	if (bytes.n != HASH_BYTES)
		return false;
	memcpy(ret->b, bytes.p, HASH_BYTES);
	return true;
}

static err read_row(struct ctx *c, struct stmt *s, struct invoice_record *ret)
{
	struct invoice_record r = {.role = (enum agreement_role)stmt_col_int(s, 5),
		.issued = {stmt_col_int(s, 8), stmt_col_int(s, 9), stmt_col_int(s, 10)},
		.has_receipt = stmt_col_int(s, 13) != 0,
		.at_ms = stmt_col_int(s, 14),
		.state = (enum invoice_state)stmt_col_int(s, 15),
		.now = {stmt_col_int(s, 17), stmt_col_int(s, 9), stmt_col_int(s, 18)},
		.has_own = stmt_col_int(s, 21) >= 0,
		.own = (uint64_t)stmt_col_int(s, 21),
		.last = (uint64_t)stmt_col_int(s, 22),
		.last_ms = stmt_col_int(s, 24)};
	struct {
		int at;
		struct str *to;
	} const texts[] = {{0, &r.id}, {1, &r.serial}, {2, &r.peer}, {3, &r.delivery},
		{4, &r.agreement}, {11, &r.replaces}, {12, &r.fault}, {19, &r.reason}};
	for (size_t i = 0; i < countof(texts); i++)
		TRY(arena_str(c, stmt_col(s, texts[i].at), texts[i].to));
	(void)hash_col(s, 6, &r.document);
	(void)hash_col(s, 7, &r.provider_signature);
	r.accepted = hash_col(s, 16, &r.consumer_signature);
	r.has_correction = hash_col(s, 20, &r.correction);
	(void)hash_col(s, 23, &r.last_leaf);
	*ret = r;
	return OK;
}

static err read_one(struct ctx *c, struct stmt *s, struct invoice_record *ret)
{
	bool row = false;
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "there is no such invoice");
	return read_row(c, s, ret);
}

static err read_all(struct ctx *c, struct stmt *s, struct invoice_record *ret, size_t *ret_n)
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

err invoice_store_find(struct ctx *c, struct store *db, struct str id, struct invoice_record *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT " COLUMNS " FROM invoice WHERE id = ?1 UNION ALL SELECT " COLUMNS
		" FROM invoice WHERE serial = ?1 LIMIT 1",
		&s));
	stmt_text(s, 1, id);
	return read_one(c, s, ret);
}

err invoice_store_of_delivery(struct ctx *c, struct store *db, enum agreement_role role,
	struct str delivery, struct invoice_record *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT " COLUMNS
		" FROM invoice WHERE delivery = ?1 AND role = ?2 AND replaces = ''",
		&s));
	stmt_text(s, 1, delivery);
	stmt_int(s, 2, role);
	return read_one(c, s, ret);
}

err invoice_store_of_document(
	struct ctx *c, struct store *db, const struct hash *document, struct invoice_record *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "SELECT " COLUMNS " FROM invoice WHERE document = ?1", &s));
	stmt_bytes(s, 1, hash_str(document));
	return read_one(c, s, ret);
}

err invoice_store_list(struct ctx *c, struct store *db, int64_t before_ms, struct str before,
	size_t max, struct invoice_record *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT " COLUMNS
		" FROM invoice WHERE (at, id) < (?2, ?3) ORDER BY at DESC, id DESC LIMIT ?1",
		&s));
	stmt_int(s, 1, (int64_t)max);
	stmt_int(s, 2, before_ms);
	stmt_text(s, 3, before);
	return read_all(c, s, ret, ret_n);
}

err invoice_store_waiting(struct ctx *c, struct store *db, int64_t after_ms, struct str after,
	size_t max, struct invoice_record *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"SELECT " COLUMNS
		" FROM invoice WHERE role = 1 AND state = 0 AND (at, id) > (?2, ?3) ORDER BY at, "
		"id LIMIT ?1",
		&s));
	stmt_int(s, 1, (int64_t)max);
	stmt_int(s, 2, after_ms);
	stmt_text(s, 3, after);
	return read_all(c, s, ret, ret_n);
}

err invoice_store_serial(struct ctx *c, struct store *db, int64_t year, int64_t *ret_last)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db, "SELECT last FROM invoice_serial WHERE year = ?1", &s));
	stmt_int(s, 1, year);
	TRY(stmt_step(c, s, &row));
	*ret_last = row ? stmt_col_int(s, 0) : 0;
	return OK;
}

err invoice_store_by_person(struct ctx *c, struct store *db, bool *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db, "SELECT by_person FROM invoice_policy WHERE one = 1", &s));
	TRY(stmt_step(c, s, &row));
	*ret = row && stmt_col_int(s, 0) != 0;
	return OK;
}

err invoice_store_put(struct ctx *c, struct store *db, const struct invoice_record *r)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO invoice(" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
		"?10, ?11, ?12, ?13, ?14, ?15, 0, x'', 0, 0, '', x'', -1, 0, x'', 0)",
		&s));
	stmt_text(s, 1, r->id);
	stmt_text(s, 2, r->serial);
	stmt_text(s, 3, r->peer);
	stmt_text(s, 4, r->delivery);
	stmt_text(s, 5, r->agreement);
	stmt_int(s, 6, r->role);
	stmt_bytes(s, 7, hash_str(&r->document));
	stmt_bytes(s, 8, hash_str(&r->provider_signature));
	stmt_int(s, 9, r->issued.net);
	stmt_int(s, 10, r->issued.rate);
	stmt_int(s, 11, r->issued.tax);
	stmt_text(s, 12, r->replaces);
	stmt_text(s, 13, r->fault);
	stmt_int(s, 14, r->has_receipt);
	stmt_int(s, 15, r->at_ms);
	TRY(stmt_run(c, s));
	return invoice_store_save(c, db, r);
}

static struct str bytes_if(bool there, const struct hash *h)
{
	return there ? hash_str(h) : (struct str){"", 0};
}

err invoice_store_save(struct ctx *c, struct store *db, const struct invoice_record *r)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"UPDATE invoice SET state = ?2, consumer_signature = ?3, net_now = ?4, tax_now = "
		"?5, reason = ?6, correction = ?7, own = ?8, last = ?9, last_leaf = ?10, last_at = "
		"?11 WHERE id = ?1",
		&s));
	stmt_text(s, 1, r->id);
	stmt_int(s, 2, r->state);
	stmt_bytes(s, 3, bytes_if(r->accepted, &r->consumer_signature));
	stmt_int(s, 4, r->now.net);
	stmt_int(s, 5, r->now.tax);
	stmt_text(s, 6, r->reason);
	stmt_bytes(s, 7, bytes_if(r->has_correction, &r->correction));
	stmt_int(s, 8, r->has_own ? (int64_t)r->own : -1);
	stmt_int(s, 9, (int64_t)r->last);
	stmt_bytes(s, 10, hash_str(&r->last_leaf));
	stmt_int(s, 11, r->last_ms);
	return stmt_run(c, s);
}

err invoice_store_put_serial(struct ctx *c, struct store *db, int64_t year, int64_t last)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO invoice_serial(year, last) VALUES (?1, ?2) ON CONFLICT(year) DO "
		"UPDATE SET last = ?2",
		&s));
	stmt_int(s, 1, year);
	stmt_int(s, 2, last);
	return stmt_run(c, s);
}

err invoice_store_put_policy(
	struct ctx *c, struct store *db, bool by_person, const struct binding *b)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO invoice_policy(one, by_person, two_people, stamped) VALUES (1, ?1, "
		"?2, ?3) ON CONFLICT(one) DO UPDATE SET by_person = ?1, two_people = ?2, stamped = "
		"?3",
		&s));
	stmt_int(s, 1, by_person);
	stmt_int(s, 2, b->two_people);
	stmt_int(s, 3, b->stamped);
	return stmt_run(c, s);
}

err invoice_store_binding(struct ctx *c, struct store *db, struct binding *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(
		c, db, "SELECT two_people, stamped FROM invoice_policy WHERE one = 1", &s));
	TRY(stmt_step(c, s, &row));
	*ret = (struct binding){.two_people = row && stmt_col_int(s, 0) != 0,
		.stamped = row && stmt_col_int(s, 1) != 0};
	return OK;
}

static err read_wish(struct ctx *c, struct stmt *s, struct wish_row *ret)
{
	struct wish_row w = {.net = stmt_col_int(s, 2), .voids = stmt_col_int(s, 3) != 0};
	TRY(arena_str(c, stmt_col(s, 0), &w.invoice));
	TRY(arena_str(c, stmt_col(s, 1), &w.id));
	TRY(arena_str(c, stmt_col(s, 4), &w.reason));
	*ret = w;
	return OK;
}

#define WISH "SELECT invoice, id, net, voids, reason FROM invoice_wish "

err invoice_store_wish(struct ctx *c, struct store *db, struct str invoice, struct wish_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db, WISH "WHERE invoice = ?1", &s));
	stmt_text(s, 1, invoice);
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "no correction of this invoice waits");
	return read_wish(c, s, ret);
}

err invoice_store_wish_named(struct ctx *c, struct store *db, struct str id, struct wish_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db, WISH "WHERE id = ?1", &s));
	stmt_text(s, 1, id);
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "no correction waits under that id");
	return read_wish(c, s, ret);
}

err invoice_store_wishes(struct ctx *c, struct store *db, struct str after, size_t max,
	struct wish_row *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	*ret_n = 0;
	TRY(store_prepare(c, db, WISH "WHERE id > ?2 ORDER BY id LIMIT ?1", &s));
	stmt_int(s, 1, (int64_t)max);
	stmt_text(s, 2, after);
	TRY(stmt_step(c, s, &row));
	while (row) {
		TRY(read_wish(c, s, &ret[(*ret_n)++]));
		TRY(stmt_step(c, s, &row));
	}
	return OK;
}

err invoice_store_put_wish(struct ctx *c, struct store *db, const struct wish_row *w)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO invoice_wish(invoice, id, net, voids, reason) VALUES (?1, ?2, ?3, ?4, "
		"?5)",
		&s));
	stmt_text(s, 1, w->invoice);
	stmt_text(s, 2, w->id);
	stmt_int(s, 3, w->net);
	stmt_int(s, 4, w->voids);
	stmt_text(s, 5, w->reason);
	return stmt_run(c, s);
}

err invoice_store_drop_wish(struct ctx *c, struct store *db, struct str invoice)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "DELETE FROM invoice_wish WHERE invoice = ?1", &s));
	stmt_text(s, 1, invoice);
	return stmt_run(c, s);
}

err invoice_store_put_dispute(
	struct ctx *c, struct store *db, struct str invoice, const struct dispute_row *d)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO invoice_dispute(document, invoice, signature, by, ours, reason, idx) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		&s));
	stmt_bytes(s, 1, hash_str(&d->document));
	stmt_text(s, 2, invoice);
	stmt_bytes(s, 3, hash_str(&d->signature));
	stmt_int(s, 4, d->by);
	stmt_int(s, 5, d->ours);
	stmt_text(s, 6, d->reason);
	stmt_int(s, 7, (int64_t)d->index);
	return stmt_run(c, s);
}

err invoice_store_disputes(struct ctx *c, struct store *db, struct str invoice, size_t max,
	struct dispute_row *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	*ret_n = 0;
	TRY(store_prepare(c, db,
		"SELECT document, signature, by, ours, reason, idx FROM invoice_dispute WHERE "
		"invoice = ?1 ORDER BY idx LIMIT ?2",
		&s));
	stmt_text(s, 1, invoice);
	stmt_int(s, 2, (int64_t)max);
	TRY(stmt_step(c, s, &row));
	while (row) {
		struct dispute_row d = {.by = (enum agreement_role)stmt_col_int(s, 2),
			.ours = stmt_col_int(s, 3) != 0,
			.index = (uint64_t)stmt_col_int(s, 5)};
		(void)hash_col(s, 0, &d.document);
		(void)hash_col(s, 1, &d.signature);
		TRY(arena_str(c, stmt_col(s, 4), &d.reason));
		ret[(*ret_n)++] = d;
		TRY(stmt_step(c, s, &row));
	}
	return OK;
}

err invoice_store_put_correction(struct ctx *c, struct store *db, const struct correction_row *x)
{
	static const struct hash none;
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO invoice_correction(id, invoice, document, prev, replacement, voids, "
		"net, rate, tax, reason, by, state, provider_signature, consumer_signature, idx, "
		"last) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
		"?15) ON CONFLICT(id) DO UPDATE SET state = ?12, provider_signature = ?13, "
		"consumer_signature = ?14, last = ?15",
		&s));
	stmt_text(s, 1, x->id);
	stmt_text(s, 2, x->invoice);
	stmt_bytes(s, 3, hash_str(&x->document));
	stmt_bytes(s, 4, bytes_if(x->has_prev, &x->prev));
	stmt_bytes(s, 5, bytes_if(x->has_replacement, &x->replacement));
	stmt_int(s, 6, x->voids);
	stmt_int(s, 7, x->change.net);
	stmt_int(s, 8, x->change.rate);
	stmt_int(s, 9, x->change.tax);
	stmt_text(s, 10, x->reason);
	stmt_int(s, 11, x->by);
	stmt_int(s, 12, x->state);
	stmt_bytes(
		s, 13, bytes_if(!hash_eq(&x->provider_signature, &none), &x->provider_signature));
	stmt_bytes(
		s, 14, bytes_if(!hash_eq(&x->consumer_signature, &none), &x->consumer_signature));
	stmt_int(s, 15, (int64_t)x->last);
	return stmt_run(c, s);
}

#define CORRECTION \
	"SELECT id, invoice, document, prev, replacement, voids, net, rate, tax, reason, by, " \
	"state, provider_signature, consumer_signature, last, idx FROM invoice_correction "

static err read_correction(struct ctx *c, struct stmt *s, struct correction_row *ret)
{
	struct correction_row x = {.voids = stmt_col_int(s, 5) != 0,
		.change = {stmt_col_int(s, 6), stmt_col_int(s, 7), stmt_col_int(s, 8)},
		.by = (enum agreement_role)stmt_col_int(s, 10),
		.state = (enum correction_state)stmt_col_int(s, 11),
		.last = (uint64_t)stmt_col_int(s, 14),
		.index = (uint64_t)stmt_col_int(s, 15)};
	TRY(arena_str(c, stmt_col(s, 0), &x.id));
	TRY(arena_str(c, stmt_col(s, 1), &x.invoice));
	TRY(arena_str(c, stmt_col(s, 9), &x.reason));
	(void)hash_col(s, 2, &x.document);
	x.has_prev = hash_col(s, 3, &x.prev);
	x.has_replacement = hash_col(s, 4, &x.replacement);
	(void)hash_col(s, 12, &x.provider_signature);
	(void)hash_col(s, 13, &x.consumer_signature);
	*ret = x;
	return OK;
}

static err read_corrections(
	struct ctx *c, struct stmt *s, struct correction_row *ret, size_t *ret_n)
{
	bool row = false;
	*ret_n = 0;
	TRY(stmt_step(c, s, &row));
	while (row) {
		TRY(read_correction(c, s, &ret[(*ret_n)++]));
		TRY(stmt_step(c, s, &row));
	}
	return OK;
}

err invoice_store_corrections(struct ctx *c, struct store *db, struct str invoice, size_t max,
	struct correction_row *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, CORRECTION "WHERE invoice = ?1 ORDER BY idx LIMIT ?2", &s));
	stmt_text(s, 1, invoice);
	stmt_int(s, 2, (int64_t)max);
	return read_corrections(c, s, ret, ret_n);
}

err invoice_store_correction(
	struct ctx *c, struct store *db, struct str id, struct correction_row *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db, CORRECTION "WHERE id = ?1", &s));
	stmt_text(s, 1, id);
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "there is no such correction");
	return read_correction(c, s, ret);
}

err invoice_store_proposed(struct ctx *c, struct store *db, int64_t after, size_t max,
	struct correction_row *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		CORRECTION
		"x WHERE state = 0 AND idx > ?2 AND EXISTS (SELECT 1 FROM invoice i WHERE i.id = "
		"x.invoice AND i.role <> x.by) ORDER BY idx LIMIT ?1",
		&s));
	stmt_int(s, 1, (int64_t)max);
	stmt_int(s, 2, after);
	return read_corrections(c, s, ret, ret_n);
}

err invoice_store_keep_shown(struct ctx *c, struct store *db, const struct hash *document,
	struct str type, const struct json *evidence)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct str text;
	TRY(json_canonical(c, evidence, LIMIT_DOCUMENT, &text));
	TRY(store_prepare(c, db,
		"INSERT OR IGNORE INTO n_invoice_shown(document, type, evidence) VALUES (?1, ?2, "
		"?3)",
		&s));
	stmt_bytes(s, 1, hash_str(document));
	stmt_text(s, 2, type);
	stmt_text(s, 3, text);
	return stmt_run(c, s);
}

err invoice_store_shown(struct ctx *c, struct store *db, const struct hash *document,
	struct str type, const struct json **ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	struct str text;
	TRY(store_prepare(c, db,
		"SELECT evidence FROM n_invoice_shown WHERE document = ?1 AND type = ?2", &s));
	stmt_bytes(s, 1, hash_str(document));
	stmt_text(s, 2, type);
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "the other side's proof is not kept here");
	TRY(arena_str(c, stmt_col(s, 0), &text));
	return json_parse(c, text, ret);
}
