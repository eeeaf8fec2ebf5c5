/* What this node does with invoices, by itself or for a person: it issues one when a delivery has ended (row 9), and
 * answers one that came (row 10): accepts what is copied from G, M and R, disputes what is not, or leaves it to a person.
 * ret may be NULL: the act that was made.
 *
 * Kinds of outbox rows, all with the invoice as subject: invoice.issue, invoice.accept, invoice.dispute, invoice.correct,
 * invoice.agree, invoice.decline. */
#pragma once

#include "invoice/invoice_record.h"
#include "party/inbox.h"

/* What waits for a person: invoices that came, and corrections that the other side proposed. */
extern const struct inbox_kind invoicing_inbox, invoicing_correction_inbox;

/* Reactions. */
must_use err invoicing_delivered(struct ctx *c, struct acts *n, const struct entry *e);
must_use err invoicing_received(struct ctx *c, struct acts *n, const struct entry *e);
must_use err invoicing_corrected(struct ctx *c, struct acts *n, const struct entry *e);
must_use err invoicing_agreed(struct ctx *c, struct acts *n, const struct entry *e);

/* Our signature on an invoice that came; the provider is told where tell is set (else it hears it as the answer). */
must_use err invoicing_accept(struct ctx *c, struct acts *n, const struct invoice_record *r,
	struct str actor, bool tell, struct entry *ret);
/* P, by either side; a receipt of ours that the invoice leaves out is named in it. */
must_use err invoicing_dispute(struct ctx *c, struct acts *n, const struct invoice_record *r,
	struct str actor, struct str reason, bool tell, struct entry *ret);
/* Whether a person decides: "automatic" or "person". */
must_use err invoicing_policy(
	struct ctx *c, struct acts *n, struct str actor, const struct json *rules);
