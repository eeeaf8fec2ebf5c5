/* The documents of a delivery: request Q, manifest M and receipt R (docs/FORMATS.md, 5), built and signed by us, or checked
 * as the other party's: against the agreement, against what came before, and under the key that G names.
 *
 * What is signed or checked lies in act/content afterwards. Needs an open tick. Refusals name the part that differs:
 * ERR_BAD_VALUE, ERR_BAD_DIGEST, ERR_BAD_SIGNATURE, ERR_EVIDENCE_MISSING. */
#pragma once

#include "delivery/delivery.h"
#include "proof/documents.h"

struct delivery_paper {
	struct hash document, signature;
};

must_use err delivery_paper_request(struct ctx *c, struct acts *n, const struct agreement_row *g,
	struct str delivery, struct delivery_paper *ret);
must_use err delivery_paper_manifest(struct ctx *c, struct acts *n, const struct agreement_row *g,
	const struct delivery_row *d, const struct hash *token, struct delivery_paper *ret);
/* bad: number of the first chunk that failed, or -1: the object is complete. */
must_use err delivery_paper_receipt(struct ctx *c, struct acts *n, const struct agreement_row *g,
	const struct delivery_row *d, int64_t bad, struct delivery_paper *ret);

/* The same of the other party: document and signature as they came. */
must_use err delivery_paper_take_request(struct ctx *c, struct acts *n,
	const struct agreement_row *g, struct str delivery, const struct json *shown,
	struct delivery_paper *ret);
must_use err delivery_paper_take_manifest(struct ctx *c, struct acts *n,
	const struct agreement_row *g, const struct delivery_row *d, const struct json *shown,
	struct str token, struct delivery_paper *ret);
must_use err delivery_paper_take_receipt(struct ctx *c, struct acts *n,
	const struct agreement_row *g, const struct delivery_row *d, const struct json *shown,
	struct receipt *ret_receipt, struct delivery_paper *ret);
