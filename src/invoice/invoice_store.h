/* The tables of invoice/: invoice, invoice_serial(year, last), invoice_policy, invoice_dispute, invoice_correction, written
 * by apply alone; and n_invoice_shown(document, type, evidence): what the other side showed of its log, E as text. Slices
 * live in the context given. */
#pragma once

#include "invoice/wish.h"

#define INVOICE_MIGRATIONS 4
extern const struct migration invoice_migrations[INVOICE_MIGRATIONS];

/* By id or serial; ERR_NOT_FOUND. */
must_use err invoice_store_find(
	struct ctx *c, struct store *db, struct str id, struct invoice_record *ret);
must_use err invoice_store_of_delivery(struct ctx *c, struct store *db, enum agreement_role role,
	struct str delivery, struct invoice_record *ret);
must_use err invoice_store_of_document(
	struct ctx *c, struct store *db, const struct hash *document, struct invoice_record *ret);
must_use err invoice_store_list(struct ctx *c, struct store *db, int64_t before_ms,
	struct str before, size_t max, struct invoice_record *ret, size_t *ret_n);
/* Oldest first, behind a time and id: what a consumer has neither accepted nor disputed. */
must_use err invoice_store_waiting(struct ctx *c, struct store *db, int64_t after_ms,
	struct str after, size_t max, struct invoice_record *ret, size_t *ret_n);
must_use err invoice_store_serial(struct ctx *c, struct store *db, int64_t year, int64_t *ret_last);
must_use err invoice_store_by_person(struct ctx *c, struct store *db, bool *ret);
must_use err invoice_store_binding(struct ctx *c, struct store *db, struct binding *ret);
/* Of an invoice; ERR_NOT_FOUND. */
must_use err invoice_store_wish(
	struct ctx *c, struct store *db, struct str invoice, struct wish_row *ret);
/* By its own id; ERR_NOT_FOUND. */
must_use err invoice_store_wish_named(
	struct ctx *c, struct store *db, struct str id, struct wish_row *ret);
/* In the order of ids, behind one. */
must_use err invoice_store_wishes(struct ctx *c, struct store *db, struct str after, size_t max,
	struct wish_row *ret, size_t *ret_n);
must_use err invoice_store_disputes(struct ctx *c, struct store *db, struct str invoice, size_t max,
	struct dispute_row *ret, size_t *ret_n);
must_use err invoice_store_corrections(struct ctx *c, struct store *db, struct str invoice,
	size_t max, struct correction_row *ret, size_t *ret_n);
/* By id of X; ERR_NOT_FOUND. */
must_use err invoice_store_correction(
	struct ctx *c, struct store *db, struct str id, struct correction_row *ret);
/* Those that wait for a word of ours, where the role is that of their proposer's partner: by the entry that brought
 * them, behind one. */
must_use err invoice_store_proposed(struct ctx *c, struct store *db, int64_t after, size_t max,
	struct correction_row *ret, size_t *ret_n);

/* For apply. put is for a row that is new, save for one that is there. */
must_use err invoice_store_put(struct ctx *c, struct store *db, const struct invoice_record *r);
must_use err invoice_store_save(struct ctx *c, struct store *db, const struct invoice_record *r);
must_use err invoice_store_put_serial(struct ctx *c, struct store *db, int64_t year, int64_t last);
must_use err invoice_store_put_policy(
	struct ctx *c, struct store *db, bool by_person, const struct binding *b);
must_use err invoice_store_put_wish(struct ctx *c, struct store *db, const struct wish_row *w);
/* Nothing where there is none. */
must_use err invoice_store_drop_wish(struct ctx *c, struct store *db, struct str invoice);
must_use err invoice_store_put_dispute(
	struct ctx *c, struct store *db, struct str invoice, const struct dispute_row *d);
must_use err invoice_store_put_correction(
	struct ctx *c, struct store *db, const struct correction_row *x);

/* The node table. shown gives ERR_NOT_FOUND. */
must_use err invoice_store_keep_shown(struct ctx *c, struct store *db, const struct hash *document,
	struct str type, const struct json *evidence);
must_use err invoice_store_shown(struct ctx *c, struct store *db, const struct hash *document,
	struct str type, const struct json **ret);
