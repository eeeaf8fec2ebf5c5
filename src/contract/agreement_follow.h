/* What this node does by itself after an act of a negotiation, in the same tick: a request that may be accepted is (row 1
 * to 2), an agreement that is the one asked for is signed (2 to 3), and what the peer must be told goes to the outbox.
 *
 * Kinds of outbox rows, all with the negotiation as subject: agreement.request, .accept, .offer, .conclude, .concluded,
 * .terminate, and agreement.revoke for what has no message in the Dataspace Protocol. */
#pragma once

#include "contract/agreement.h"

/* A plain connector learns our process id from the answer: what follows waits until it has read that. */
#define FOLLOW_PLAIN_MS 60
#define AGREEMENT_REVOKED "revoked" /* the code of a termination of what was final */

must_use err follow_request(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_requested(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_offered(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_accept(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_offer(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_seen(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_conclude(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_concluded(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_terminate(struct ctx *c, struct acts *n, const struct entry *e);

/* Row 2 for a request that waits: by follow_requested, or by a person. */
must_use err agreement_propose(struct ctx *c, struct acts *n, struct str negotiation,
	struct str actor, struct entry *ret_entry);
/* Ends a negotiation or an agreement; reason for the peer and for the log. ret_entry may be NULL. */
must_use err agreement_end(struct ctx *c, struct acts *n, const struct agreement_row *row,
	struct str actor, struct str reason, struct entry *ret_entry);
