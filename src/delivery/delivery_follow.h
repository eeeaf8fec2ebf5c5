/* What this node does by itself after an act of a delivery, in the same tick: an agreement that is final and was ordered
 * with delivery is drawn on (row 5), a request that the terms allow is started (row 6), and what the peer must be told
 * goes to the outbox. Beside it what a person or the receiving does.
 *
 * Kinds of outbox rows, all with the delivery as subject: delivery.ask, .start, .receive, .receipt (the same receipt where
 * the Dataspace Protocol has no message for it any more), .suspend, .resume, .terminate, .complete. */
#pragma once

#include "delivery/delivery.h"

must_use err follow_final(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_linked(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_reuse(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_ask(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_asked(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_start(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_receive(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_end(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_draw(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_step(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_ended(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_overdue(struct ctx *c, struct acts *n, const struct entry *e);

/* Row 6 again, byte for byte, for a consumer that asks again; no count is consumed. */
must_use err delivery_repeat_start(struct ctx *c, struct acts *n, const struct delivery_row *d);
/* Row 5 again: the provider is to repeat the start. */
must_use err delivery_repeat_ask(struct ctx *c, struct acts *n, const struct delivery_row *d);
/* The same receipt by the way that is always open. */
must_use err delivery_post_receipt(struct ctx *c, struct acts *n, const struct delivery_row *d);
/* Row 8: our receipt for what has been taken. bad: the first chunk that failed, or -1. */
must_use err delivery_give_receipt(struct ctx *c, struct acts *n, struct str id, int64_t bad);
/* delivery.suspend, .resume or .terminate by us. */
must_use err delivery_change(struct ctx *c, struct acts *n, const char *type, struct str actor,
	struct str id, struct str reason);
/* A transfer with a plain connector is complete, we say. ERR_EVIDENCE_MISSING with a joined party. */
must_use err delivery_complete(struct ctx *c, struct acts *n, struct str actor, struct str id);
