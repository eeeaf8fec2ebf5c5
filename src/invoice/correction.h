/* Corrections: X (docs/FORMATS.md, 5.6) changes what an invoice says is due, voids it, or names the invoice that replaces
 * it. Proposed by either side, in force with both signatures. Each X names the one in force before it, so they are a
 * chain; one is open at a time, and one that was declined frees its place. The total stays between 0 and what I says.
 *
 * Who lowers his own claim needs nobody's word: what the provider proposes downwards is agreed to by the consumer's node
 * at once. Everything else waits for a person. */
#pragma once

#include "invoice/invoice_record.h"
#include "invoice/invoice_body.h"

struct correction_wish {
	int64_t net; /* what is due afterwards */
	bool voids;  /* net is 0 then */
	struct str reason;
	const struct hash *replacement; /* D(I2), or NULL */
};

/* A party that was withdrawn can neither be told of a correction nor answer one: ERR_GONE, before anything is signed. */
must_use err correction_party(struct ctx *c, struct acts *n, const struct invoice_record *r);
/* X, signed by us, as an act; the other side is told. ret may be NULL. ERR_BAD_STATE where one is open. */
must_use err correction_propose(struct ctx *c, struct acts *n, const struct invoice_record *r,
	struct str actor, const struct correction_wish *wish, struct entry *ret);
/* What the other side proposed: in force by our signature, or not. They are told where tell is set. */
must_use err correction_agree(struct ctx *c, struct acts *n, const struct correction_row *x,
	struct str actor, bool tell, struct entry *ret);
must_use err correction_decline(struct ctx *c, struct acts *n, const struct correction_row *x,
	struct str actor, struct str reason, struct entry *ret);
/* The consumer's node needs no person for this one. */
bool correction_is_gift(const struct invoice_record *r, const struct correction_row *x);

/* decide and apply of invoice.correct(ed), invoice.agree(d), invoice.decline(d). */
must_use err correction_decide_proposed(
	struct ctx *c, struct store *db, const struct act *a, int64_t at_ms);
must_use err correction_apply_proposed(struct ctx *c, struct store *db, const struct entry *e);
must_use err correction_decide_agreed(
	struct ctx *c, struct store *db, const struct act *a, int64_t at_ms);
must_use err correction_apply_agreed(struct ctx *c, struct store *db, const struct entry *e);
must_use err correction_decide_declined(
	struct ctx *c, struct store *db, const struct act *a, int64_t at_ms);
must_use err correction_apply_declined(struct ctx *c, struct store *db, const struct entry *e);
