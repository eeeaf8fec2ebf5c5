/* What a peer sends about a negotiation, judged and made an act: whose it is, whether it repeats what is known, whether
 * its evidence holds, whether it is what was asked. api/ has read the message; here is what it means.
 *
 * The sender is authenticated and approved. A joined party must bring evidence (ERR_EVIDENCE_MISSING); a negotiation of
 * another party is ERR_NOT_FOUND. A repeat changes nothing and gives the row as it is now. */
#pragma once

#include "contract/agreement.h"
#include "party/organisation.h"

struct incoming {
	struct str peer;              /* DID of the sender */
	struct str negotiation;       /* our pid; empty in a request */
	struct str peer_pid;          /* theirs */
	struct str address;           /* of a request: where its callbacks lie */
	struct str offer, target;     /* of an offer; the id is kept verbatim */
	const struct json *terms;     /* the rules of an offer */
	const struct json *agreement; /* the whole policy of an agreement */
	struct str reason;
	const struct json *shugu; /* document, signature, E, ... or NULL */
	struct str message;       /* the message without what may change between two sendings */
};

/* A negotiation that the sender takes part in. */
must_use err take_find(struct ctx *c, struct acts *n, struct str peer, struct str negotiation,
	enum agreement_role role, struct agreement_row *ret);

/* Of the consumer, to us as provider. */
must_use err take_request(
	struct ctx *c, struct acts *n, const struct incoming *in, struct agreement_row *ret);
must_use err take_verification(
	struct ctx *c, struct acts *n, const struct incoming *in, struct agreement_row *ret);
/* To an offer of ours: yes to it, or a request once more. Other terms or another dataset end the negotiation. */
must_use err take_acceptance(
	struct ctx *c, struct acts *n, const struct incoming *in, struct agreement_row *ret);
must_use err take_counter(
	struct ctx *c, struct acts *n, const struct incoming *in, struct agreement_row *ret);
/* Of the provider, to us as consumer. */
must_use err take_offer(
	struct ctx *c, struct acts *n, const struct incoming *in, struct agreement_row *ret);
must_use err take_agreement(
	struct ctx *c, struct acts *n, const struct incoming *in, struct agreement_row *ret);
must_use err take_final(
	struct ctx *c, struct acts *n, const struct incoming *in, struct agreement_row *ret);
/* Of either, in the role that we have. */
must_use err take_termination(struct ctx *c, struct acts *n, const struct incoming *in,
	enum agreement_role role, struct agreement_row *ret);
/* Of what was final; the id is that of the agreement. */
must_use err take_revocation(
	struct ctx *c, struct acts *n, const struct incoming *in, struct agreement_row *ret);

/* An answer of the peer: its pid, and that it has taken what leads to state (empty: nothing waits). No act where
 * nothing is new. */
must_use err take_answer(struct ctx *c, struct acts *n, struct str negotiation, struct str peer_pid,
	struct str state);
/* A final no to what we sent: the negotiation ends where it was open. */
must_use err take_refusal(struct ctx *c, struct acts *n, struct str negotiation, struct str reason);
/* Row 4 was answered. */
must_use err take_finalized(struct ctx *c, struct acts *n, struct str negotiation);
