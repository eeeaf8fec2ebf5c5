/* Corrections where they take two people, or a stamped contract (invoice.policy twoPeople, stamped): what one person wishes of an invoice (correct it, void
 * it, agree to the other side's correction) waits in the inbox as invoice.assent for another, whose yes makes the act that
 * binds. One wish of ours an invoice. A correction that the protocol itself asks for (a receipt came after the invoice, so
 * another takes its place) waits for nobody. */
#pragma once

#include "invoice/correction.h"
#include "party/inbox.h"

struct wish_row {
	struct str id, invoice, reason;
	int64_t net;
	bool voids;
};

/* What correcting an invoice takes. */
must_use err wish_rules(struct ctx *c, struct store *db, struct binding *ret);
/* invoice.correct, or invoice.assent where another person must confirm it, or a contract be attached first. */
must_use err wish_propose(struct ctx *c, struct acts *n, const struct invoice_record *r,
	struct str actor, const struct correction_wish *wish, struct entry *ret);
/* The first yes to a correction of the other side, where another must follow; ret_first says so. Else nothing. */
must_use err wish_assent(struct ctx *c, struct acts *n, const struct correction_row *x,
	struct str actor, struct entry *ret, bool *ret_first);

/* invoice.attach: the stamped contract of what waits: a wish of ours, else the other side's correction. id: an invoice's id
 * or serial, or that of a correction. ERR_BAD_STATE where nothing waits. */
must_use err wish_attach(struct ctx *c, struct acts *n, struct str id, struct str actor,
	const struct attachment *file, struct entry *ret);
/* The invoice by its id or serial, or by the id of what waits to correct it. */
must_use err wish_invoice(
	struct ctx *c, struct store *db, struct str id, struct invoice_record *ret);
/* Where a correction of the invoice waits for our people: "correction" (its id) and what assent_say says. */
must_use err wish_waits(
	struct ctx *c, struct store *db, const struct invoice_record *r, struct json **o);

extern const struct inbox_kind wish_inbox;
extern const struct module wish_module;
