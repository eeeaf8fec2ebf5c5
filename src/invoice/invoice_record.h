/* Data invoices as this node keeps them: rows 9, 10, C and P of the protocol, both roles. State is the fold of the acts of
 * invoice_module (docs/FORMATS.md, 12); who may do what in which state is the table in invoice_states.c. The documents
 * themselves, I, P and X, and their signatures lie in act/content under the digests that stand here; what the other side
 * showed of its log lies in a node table.
 *
 * Slices live in the context given. */
#pragma once

#include "contract/agreement.h"

enum invoice_state {
	INVOICE_ISSUED,
	INVOICE_ACCEPTED,
	INVOICE_DISPUTED,
	INVOICE_CORRECTED, /* a correction is in force */
	INVOICE_VOID       /* by a correction in force; final */
};

/* Fen and basis points. */
struct amounts {
	int64_t net, rate, tax;
};

struct invoice_record {
	struct str id;     /* of I, urn:uuid */
	struct str serial; /* the provider's */
	struct str peer;   /* DID */
	struct str delivery, agreement;
	enum agreement_role role; /* ours */
	enum invoice_state state;
	struct hash document; /* D(I) */
	struct hash provider_signature, consumer_signature;
	bool accepted;              /* consumer_signature is there */
	struct amounts issued, now; /* as I says; as the corrections in force leave it */
	struct str replaces; /* id of the invoice whose correction names this one, or empty */
	struct str fault;    /* consumer: what is not copied from G, M and R, or empty */
	struct str reason;   /* of the newest dispute, or empty */
	bool has_receipt;    /* I names R */
	bool has_correction;
	struct hash correction; /* D of the X in force last */
	bool has_own;
	uint64_t own;  /* index of our invoice.issue (provider) or invoice.accept (consumer) */
	uint64_t last; /* index of the newest act about it in our log, and its leaf */
	struct hash last_leaf;
	int64_t at_ms, last_ms;
};

/* P: said by one side, after which the invoice is contested until a correction is in force. */
struct dispute_row {
	struct hash document, signature;
	enum agreement_role by;
	struct str reason;
	bool ours;
	uint64_t index; /* in our log */
};

enum correction_state { CORRECTION_PROPOSED, CORRECTION_IN_FORCE, CORRECTION_DECLINED };

/* X: amounts are what changes. */
struct correction_row {
	struct str id, invoice;
	struct hash document, prev, replacement;
	bool has_prev, has_replacement, voids;
	struct amounts change;
	struct str reason;
	enum agreement_role by;
	enum correction_state state;
	struct hash provider_signature, consumer_signature; /* zero where absent */
	uint64_t last;                                      /* index of our newest act about it */
	uint64_t index;                                     /* of the one that brought it */
};

/* By id or serial. ERR_NOT_FOUND. */
must_use err invoice_record_find(
	struct ctx *c, struct store *db, struct str id, struct invoice_record *ret);
/* The invoice of a delivery that replaces none, in a role of ours. ERR_NOT_FOUND. */
must_use err invoice_record_of_delivery(struct ctx *c, struct store *db, enum agreement_role role,
	struct str delivery, struct invoice_record *ret);
/* Newest first, those before a time, and of that time those before an id (INT64_MAX and "": all). */
must_use err invoice_record_list(struct ctx *c, struct store *db, int64_t before_ms,
	struct str before, size_t max, struct invoice_record *ret, size_t *ret_n);
/* Whether a person decides about the invoices that come in. */
must_use err invoice_record_by_person(struct ctx *c, struct store *db, bool *ret);
/* Number of the next invoice of that year, from 1. */
must_use err invoice_record_next(struct ctx *c, struct store *db, int64_t year, int64_t *ret);

/* Disputes and corrections of an invoice, oldest first. */
must_use err invoice_record_disputes(struct ctx *c, struct store *db, struct str invoice,
	size_t max, struct dispute_row *ret, size_t *ret_n);
must_use err invoice_record_corrections(struct ctx *c, struct store *db, struct str invoice,
	size_t max, struct correction_row *ret, size_t *ret_n);
/* By id of X. ERR_NOT_FOUND. */
must_use err invoice_record_correction(
	struct ctx *c, struct store *db, struct str id, struct correction_row *ret);

/* issued, accepted, disputed, corrected, void. */
const char *invoice_state_name(enum invoice_state state);

extern const struct module invoice_module;
