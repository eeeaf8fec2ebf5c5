/* Who may do what in which state of a delivery: the one table, that of transfers in the Dataspace Protocol 2025-1. A
 * receipt stands beside it: it may come in any state after the manifest (PROTOCOL, Receipt). Pure. */
#pragma once

#include "delivery/delivery.h"

enum delivery_event {
	DELIVERY_START,
	DELIVERY_COMPLETE,
	DELIVERY_SUSPEND,
	DELIVERY_RESUME,
	DELIVERY_TERMINATE
};

/* The state after it. ERR_BAD_STATE where sender may not do this in that state. */
must_use err delivery_step(struct ctx *c, enum delivery_state state, enum delivery_event event,
	enum agreement_role sender, enum delivery_state *ret);
/* Where a final receipt leads from any state; what has ended stays as it ended. */
enum delivery_state delivery_receipted(enum delivery_state state, struct str result);
/* REQUESTED, STARTED, ... as they travel. */
const char *delivery_state_name(enum delivery_state state);
bool delivery_state_of(struct str name, enum delivery_state *ret);
/* Neither completed nor terminated. */
bool delivery_is_open(enum delivery_state state);
