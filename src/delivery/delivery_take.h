/* What a peer sends about a delivery, judged and made an act: whose it is, whether it repeats what is known, whether its
 * evidence holds, whether it fits what came before. api/ has read the message; here is what it means.
 *
 * The sender is authenticated and approved. A joined party must bring evidence (ERR_EVIDENCE_MISSING); a delivery of
 * another party is ERR_NOT_FOUND. A repeat changes nothing and gives the row as it is now. */
#pragma once

#include "delivery/delivery.h"

struct delivery_message {
	struct str peer;      /* DID of the sender */
	struct str pid;       /* our process, of the address; empty in a request */
	struct str peer_pid;  /* theirs */
	struct str address;   /* of a request: where its callbacks lie */
	struct str agreement; /* of a request */
	struct str endpoint,
		token; /* of a start: where the data lies, and what opens it; may be empty */
	struct str reason;
	const struct json *shugu; /* document, signature, E, ... or NULL */
};

/* A delivery that the sender takes part in, by our pid. */
must_use err delivery_take_find(struct ctx *c, struct acts *n, struct str peer, struct str pid,
	enum agreement_role role, struct delivery_row *ret);

/* Of the consumer, to us as provider. A term that refuses refuses here, and nothing says that it was asked. A repeat
 * that waits for its start gets it again, byte for byte. */
must_use err delivery_take_request(
	struct ctx *c, struct acts *n, const struct delivery_message *in, struct delivery_row *ret);
/* A receipt by its own way, in any state after the manifest; pid is the delivery's id. */
must_use err delivery_take_receipt(
	struct ctx *c, struct acts *n, const struct delivery_message *in, struct delivery_row *ret);
/* Of either, in the role that we have. A start from the provider begins or resumes, one from the consumer resumes. */
must_use err delivery_take_start(struct ctx *c, struct acts *n, const struct delivery_message *in,
	enum agreement_role role, struct delivery_row *ret);
must_use err delivery_take_completion(struct ctx *c, struct acts *n,
	const struct delivery_message *in, enum agreement_role role, struct delivery_row *ret);
must_use err delivery_take_suspension(struct ctx *c, struct acts *n,
	const struct delivery_message *in, enum agreement_role role, struct delivery_row *ret);
must_use err delivery_take_termination(struct ctx *c, struct acts *n,
	const struct delivery_message *in, enum agreement_role role, struct delivery_row *ret);

/* An answer of the peer: its pid, and that it has taken what leads to state (empty: nothing waits). No act where
 * nothing is new. */
must_use err delivery_take_answer(
	struct ctx *c, struct acts *n, struct str id, struct str peer_pid, struct str state);
/* Row 8a: the provider shows that it has taken our receipt. */
must_use err delivery_take_end(
	struct ctx *c, struct acts *n, struct str id, const struct json *shugu);
/* A final no to what we sent: the delivery ends where it was open. */
must_use err delivery_take_refusal(struct ctx *c, struct acts *n, struct str id, struct str reason);
