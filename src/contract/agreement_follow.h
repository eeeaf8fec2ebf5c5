/* What this node does by itself after an act of a negotiation, in the same tick: a request that may be accepted is (row 1
 * to 2), an agreement that is the one asked for is signed (2 to 3), and what the peer must be told goes to the outbox.
 *
 * Where a person decides (agreement.policy) each of these steps waits in the inbox instead.
 *
 * Kinds of outbox rows, all with the negotiation as subject: agreement.request, .accept, .bid, .counter, .offer, .conclude,
 * .concluded, .terminate, and agreement.revoke for what has no message in the Dataspace Protocol. */
#pragma once

#include "contract/agreement.h"
#include "product/product.h"

/* A plain connector learns our process id from the answer: what follows waits until it has read that. */
#define FOLLOW_PLAIN_MS 100
#define AGREEMENT_REVOKED "revoked" /* the code of a termination of what was final */

must_use err follow_request(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_requested(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_offered(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_accept(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_bid(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_accepted(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_counter(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_countered(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_offer(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_seen(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_conclude(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_concluded(struct ctx *c, struct acts *n, const struct entry *e);
must_use err follow_terminate(struct ctx *c, struct acts *n, const struct entry *e);

/* Something was attached: what waited for it alone is done. */
must_use err follow_attach(struct ctx *c, struct acts *n, const struct entry *e);

/* The step of ours that comes next, or NULL. binds: concluding the agreement, so that agreement_rules' binding holds. */
struct agreement_next {
	const char *type;
	bool binds;
	err (*step)(struct ctx *c, struct acts *n, struct str negotiation, struct str actor,
		struct entry *ret_entry);
};
const struct agreement_next *agreement_next(const struct agreement_row *r);
/* agreement.policy: who decides, what concluding needs ({decides?, twoPeople?, stamped?}). */
must_use err agreement_policy(
	struct ctx *c, struct acts *n, struct str actor, const struct json *rules);
/* Row 2 for a request that waits: by what follows, or by a person. ret_entry may be NULL, also below. */
must_use err agreement_propose(struct ctx *c, struct acts *n, struct str negotiation,
	struct str actor, struct entry *ret_entry);
/* Row N: a person takes a product by a link. */
struct link_taking {
	struct str link;     /* its urn */
	struct str name;     /* as the person states it */
	struct str delivery; /* urn: the id of the delivery that follows */
	const struct revision *product;
};
/* agreement.linked: G with the stated name, signed by us alone. Needs an open tick. */
must_use err agreement_link(
	struct ctx *c, struct acts *n, const struct link_taking *w, struct entry *ret);
/* A plain connector's request is answered by the offer, which it is to accept before the agreement is made. */
must_use err agreement_bid(struct ctx *c, struct acts *n, struct str negotiation, struct str actor);
/* A plain connector's offer is answered by what was asked for, once more. */
must_use err agreement_counter(
	struct ctx *c, struct acts *n, struct str negotiation, struct str actor);
/* Its offer is accepted. */
must_use err agreement_accept(struct ctx *c, struct acts *n, struct str negotiation,
	struct str actor, struct entry *ret_entry);
/* Row 3: the agreement that was seen is signed, or verified towards a plain connector. */
must_use err agreement_conclude(struct ctx *c, struct acts *n, struct str negotiation,
	struct str actor, struct entry *ret_entry);
/* Ends a negotiation or an agreement; reason for the peer and for the log. */
must_use err agreement_end(struct ctx *c, struct acts *n, const struct agreement_row *row,
	struct str actor, struct str reason, struct entry *ret_entry);
