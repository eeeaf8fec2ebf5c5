/* Interlock: what rides beside messages between nodes, so that neither log can be rewritten alone (DESIGN, The chain;
 * docs/FORMATS.md, 11).
 *
 * A sender shows the proof of its act, a consistency path between the head in it and the head of its log that the other
 * was last known to hold, and the newest head it holds of the other's log. A receiver checks signature, inclusion and
 * consistency, keeps the head beside those it holds, and writes it into its own act. It keeps the
 * LIMIT_INTERLOCK_HEADS largest heads of a party, because messages overtake each other: a head links when a path joins it
 * with any of them. The first head of a log is taken as it is. One that does not link is kept with the head it should
 * have linked to (n_unlinked), flagged in the act, and the message stands: who is right cannot be told from two heads
 * alone. Two heads of one size and different roots are a proof against that log.
 *
 * All here are node tables (n_...): a replay needs none, since the head stands in the act. Results live in the context
 * given. */
#pragma once

#include "act/acts.h"
#include "party/organisation.h"
#include "proof/evidence.h"

/* {"E", "link"?, "seen"?} for an act that is durable, to a party that is known. The caller may add members of its own. */
must_use err interlock_show(
	struct ctx *c, struct acts *n, struct str peer, uint64_t index, struct json **ret);

/* Takes what a party showed. Other members of shown pass; shown may be NULL. Needs an open tick: the head is kept in it,
 * and a caller that refuses the message later undoes that too. ERR_EVIDENCE_MISSING without E; ERR_BAD_DIGEST where the
 * act is of another type; ERR_BAD_SIGNATURE, ERR_BAD_PROOF; ERR_CLOCK_SKEW for an act dated ahead; ERR_PROOF_REFUSED
 * where the party holds a head of our log that our log has not reached: it was set back, and nothing may be signed. */
must_use err interlock_take(struct ctx *c, struct acts *n, const struct organisation *peer,
	const struct json *shown, const char *type, struct evidence *ret);

/* Writes into the body of the receiver's act: "head" {origin, size, root, unlinked?} and "peerEntry". */
must_use err interlock_write(struct ctx *c, struct acts *n, const struct organisation *peer,
	const struct evidence *taken, struct json **body);

/* How many heads of that party did not link. */
must_use err interlock_unlinked(struct ctx *c, struct store *db, struct str peer, int64_t *ret);

/* Tables alone: no act types. */
extern const struct module recognise_module;
