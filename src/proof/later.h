/* What may come after an invoice, and where it leaves it: corrections X, disputes P, statuses Z (docs/FORMATS.md, 5.6, 6
 * and 7).
 *
 * Pure. The readers check what can be checked in the document alone; later_check the rest, strictly: each is signed by a
 * party of G under its key there, names I, and X follow each other as a chain. Borrowed from the tree given. */
#pragma once

#include "base/limits.h"
#include "proof/documents.h"
#include "proof/evidence.h"

struct correction {
	struct document doc;
	struct hash corrects, prev, replacement;
	bool voids, has_prev, has_replacement;
	int64_t net, rate, tax; /* what changes */
	struct str reason;
};

struct dispute {
	struct document doc;
	struct hash invoice, prev, receipt;
	bool has_prev, has_receipt;
	struct str reason;
};

struct status {
	struct document doc;
	struct hash invoice;
	struct str state, head, at;
	const struct json *entry;
};

/* Where the invoice stands after all that the file shows. */
struct standing {
	bool corrected, voids; /* by an X that both have signed */
	bool disputed; /* a P, or an X of the consumer alone, that no X in force has closed */
	bool withdrawn,
		contested; /* an X of the provider alone: I not signed by the consumer, or signed */
	bool simulated;    /* by the names of its parties: they mean nothing */
	bool has_replacement;
	struct hash replacement;                /* of the X in force last */
	struct hash force[LIMIT_INVOICE_LATER]; /* the X in force, in order */
	size_t n;
	int64_t net, tax;             /* as they leave it */
	struct str reason;            /* of what counts last */
	struct str state, at, origin; /* of the newest Z; empty without */
};

must_use err correction_read(struct ctx *c, const struct json *j, struct correction *ret);
must_use err dispute_read(struct ctx *c, const struct json *j, struct dispute *ret);
must_use err status_read(struct ctx *c, const struct json *j, struct status *ret);

struct invoice_file;

/* What the core says must have been checked. */
must_use err later_check(struct ctx *c, const struct invoice_file *f, const struct json *later,
	struct standing *ret);
