/* Building what an invoice is made of: the document I from the agreement and the delivery, P, X and Z, and the invoice file
 * (docs/FORMATS.md, 5.5, 5.6 and 6). What is built from the same rows is the same byte for byte, so both sides hold one
 * core.
 *
 * Trees live in the context given. ERR_NOT_FOUND where a document was forgotten. */
#pragma once

#include "delivery/delivery.h"
#include "invoice/invoice_record.h"
#include "proof/documents.h"

struct invoice_sources {
	const struct self *self;
	const struct agreement_row *agreement;
	const struct delivery_row *delivery;
	const struct agreement *g;
	const struct receipt *r; /* NULL: none came */
	struct str id, serial;
	int64_t issued_ms;
};

must_use err invoice_build(
	struct ctx *c, const struct invoice_sources *s, struct json **ret, struct amounts *ret_due);

/* What in I comes from its provider alone, and not from G, M and R, must be what a node there says by itself, at that url:
 * mode, security, assessment, registration, address of the status, a start after the agreement. "", or what is otherwise. */
const char *invoice_beyond(const struct invoice *i, struct str url, const struct agreement_row *a);

/* {v, kind, id} with a fresh id. */
must_use err invoice_document(struct ctx *c, struct acts *n, const char *kind, struct json **ret);
/* Signs a document by the party key and keeps both as contents; needs an open tick. */
must_use err invoice_sign(struct ctx *c, struct acts *n, const struct json *document,
	struct hash *ret_document, struct hash *ret_signature);

/* What of a core is not on the agreement and the delivery. accept NULL and i_consumer empty: not accepted. */
struct core_parts {
	const struct json *i, *issue, *accept;
	struct str i_provider, i_consumer;
};

must_use err invoice_core(struct ctx *c, struct store *db, const struct agreement_row *a,
	const struct delivery_row *d, const struct core_parts *p, struct json **ret);
/* The bytes of a file. */
must_use err invoice_file_text(
	struct ctx *c, struct json *core, struct json *later, struct str *ret);

/* The file of an invoice as it stands: core, and later its corrections and disputes. The tick of its acts has ended. */
must_use err invoice_export(
	struct ctx *c, struct acts *n, const struct invoice_record *r, struct str *ret);
/* {"document": Z, "signature"} now, under the newest head. */
must_use err invoice_status(
	struct ctx *c, struct acts *n, const struct invoice_record *r, struct json **ret);
