/* The meter: whether the terms of an agreement still allow a delivery, asked when one is begun and again at each slice that
 * leaves, and when the receipt for what has left is overdue. Counts are those of the deliveries begun under the agreement
 * and not given back.
 *
 * meter_ask and meter_count are pure: they read the store alone. ERR_TERM_REFUSES names the constraint; ERR_GONE where
 * the agreement or the delivery has ended; ERR_BAD_STATE while it is suspended or not begun. */
#pragma once

#include "delivery/delivery.h"

/* One more delivery under that agreement may begin at that time. */
must_use err meter_ask(
	struct ctx *c, struct store *db, const struct agreement_row *a, int64_t now_ms);
/* A begun delivery may go on: its state, its agreement, its terms. ret_a may be NULL. */
must_use err meter_slice(struct ctx *c, struct store *db, struct str delivery, int64_t now_ms,
	struct delivery_row *ret, struct agreement_row *ret_a);

/* So many bytes leave now; negative: did not leave after all. whole: with them the object has left, and a receipt is due
 * within the time of the agreement. Needs an open tick. */
must_use err meter_left(
	struct ctx *c, struct acts *n, const struct delivery_row *d, int64_t length, bool whole);
/* The time for the receipt begins anew (after a suspension), where it had begun; or ends for good. */
must_use err meter_again(struct ctx *c, struct acts *n, const struct delivery_row *d);
must_use err meter_stop(struct ctx *c, struct acts *n, struct str delivery);
