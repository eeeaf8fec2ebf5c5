/* Commands of the operator and of people under an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header; act/once.h
 * keeps them): a repeat makes no act, and say() runs again from the index and the subject that the first one left, so it
 * is answered with that thing as it stands now, and with Idempotency-Replayed: true. Within the tick of the command: what
 * is remembered stands or falls with the act.
 *
 * A refusal is not remembered: the same again is tried again. Routes that take a body in pieces (PATCH of an upload) say
 * themselves where they go on; parties repeat by the evidence that their messages bear. */
#pragma once

#include "api/route.h"

/* act() of the route, or nothing where it is a repeat; its savepoint is open. ERR_BAD_VALUE for a key that is not 1 to
 * LIMIT_ONCE_KEY visible characters, ERR_KEY_REUSED, ERR_TOLD_ONCE for the repeat of what only the first answer says
 * (links to sign in, invitations); else those of act(). */
must_use err repeat_act(struct ctx *c, struct call *k);
