/* Deliveries: rows 5-8a of the protocol, both roles. One delivery is one delivery.start at the seller, which consumes one
 * count; all its ranges and resumes belong to it. State is the fold of the acts of delivery_module (docs/FORMATS.md, 12);
 * progress is a node row. Slices live in the context given. */
#pragma once

#include "contract/agreement.h"

/* The transfer states of the Dataspace Protocol 2025-1. */
enum delivery_state {
	DELIVERY_REQUESTED,
	DELIVERY_STARTED,
	DELIVERY_SUSPENDED,
	DELIVERY_COMPLETED,
	DELIVERY_TERMINATED
};

struct delivery_row {
	struct str id;            /* chosen by the buyer, urn:uuid; at the buyer also its pid */
	struct str pid, peer_pid; /* ours, theirs (empty until known) */
	struct str agreement;     /* @id */
	struct str peer;          /* DID */
	enum agreement_role role;
	enum delivery_state state;
	struct hash request, manifest, receipt; /* D(Q), D(M), D(R) in act/content */
	struct hash request_signature, manifest_signature, receipt_signature;
	bool has_request, has_manifest, has_receipt;
	struct hash token; /* SHA-256 of what opens the data; with has_manifest at the provider */
	struct str result; /* of R: partial, complete, refused; empty without R */
	int64_t start_ms, end_ms;  /* of delivery.start; of the end */
	const struct json *ranges; /* of R */
	const struct json *
		took; /* consumer of a plain connector: the object that came, {chunk, root, sha256, size}, or NULL */
	struct place ask, start, receive, end; /* entries of I */
	struct str reason;
	int64_t deadline_ms; /* provider: when receiptWithin is over, 0 while not counting */
	struct str
		address; /* where the peer's paths lie, as it or a person has said; may be empty */
	bool joined;     /* the peer has a log: it brings evidence, and documents are signed */
	/* Towards a plain connector a state of ours is entered when the peer has answered: the one that waits for it. */
	bool waits;
	enum delivery_state waiting;
	enum agreement_role suspended_by; /* while SUSPENDED: who alone resumes */
	bool given_back, overdue;
	int64_t at_ms;
	uint64_t index; /* of the entry that began it */
};

/* What has moved, as far as is known; a node row, no state. */
struct delivery_progress {
	int64_t bytes;   /* provider: have left, over all requests; consumer: are verified */
	int64_t last_ms; /* when that was noted */
	int64_t due_ms; /* provider: until when a receipt is due; 0 before the last byte has left, and after the end */
	struct str trouble; /* consumer: why it does not move, or empty */
};

/* By the delivery's id or our pid. ERR_NOT_FOUND. */
must_use err delivery_find(
	struct ctx *c, struct store *db, struct str id, struct delivery_row *ret);
/* By the peer's pid, in a role of ours. ERR_NOT_FOUND. */
must_use err delivery_of_peer(struct ctx *c, struct store *db, enum agreement_role role,
	struct str peer, struct str peer_pid, struct delivery_row *ret);
/* Newest first, those begun before that entry of the log (INT64_MAX: all). */
must_use err delivery_list(struct ctx *c, struct store *db, uint64_t before, size_t max,
	struct delivery_row *ret, size_t *ret_n);
/* How many starts an agreement has had that were not given back. */
must_use err delivery_count(struct ctx *c, struct store *db, struct str agreement, int64_t *ret);
/* The same as the consumer knows it: of its own, those that were begun. */
must_use err delivery_taken(struct ctx *c, struct store *db, struct str agreement, int64_t *ret);
/* Zeros where nothing has moved. */
must_use err delivery_progress(
	struct ctx *c, struct store *db, struct str id, struct delivery_progress *ret);
/* Asks for the delivery under an agreement in which we are the consumer: delivery.ask. address may be empty: where the
 * provider's Dataspace Protocol begins, if not where it is pinned. ERR_BAD_STATE where the agreement is not final. */
must_use err delivery_request(struct ctx *c, struct acts *n, struct str actor, struct str id,
	const struct agreement_row *with, struct str address);
/* The act delivery.overdue for each delivery of ours whose last byte left receiptWithin ago and that has no receipt. Asked
 * once a second; invoices follow by a reaction. ret_n: how many. */
must_use err delivery_overdue(struct ctx *c, struct acts *n, int64_t now_ms, size_t *ret_n);

extern const struct module delivery_module;
