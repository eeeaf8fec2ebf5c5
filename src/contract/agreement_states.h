/* Who may do what in which state of a negotiation: the one table, that of the Dataspace Protocol 2025-1 and one row of our
 * own (REVOKE: an agreement that is final is ended by an act of ours; that protocol has no step for it). Pure. */
#pragma once

#include "contract/agreement.h"

enum agreement_event {
	AGREEMENT_COUNTER, /* the consumer asks anew */
	AGREEMENT_OFFER,
	AGREEMENT_ACCEPT,
	AGREEMENT_AGREE,
	AGREEMENT_VERIFY,
	AGREEMENT_FINALIZE,
	AGREEMENT_TERMINATE,
	AGREEMENT_REVOKE
};

/* The state after it. ERR_BAD_STATE where sender may not do this in that state. */
must_use err agreement_step(struct ctx *c, enum agreement_state state, enum agreement_event event,
	enum agreement_role sender, enum agreement_state *ret);
/* REQUESTED, OFFERED, ... as they travel. */
const char *agreement_state_name(enum agreement_state state);
bool agreement_state_of(struct str name, enum agreement_state *ret);
/* Neither final nor terminated. */
bool agreement_is_open(enum agreement_state state);
