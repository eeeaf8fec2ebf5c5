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
	struct str result;         /* of R: partial, complete, refused; empty without R */
	int64_t start_ms, end_ms;  /* of delivery.start; of the end */
	const struct json *ranges; /* of R */
	struct place ask, start, receive, end; /* entries of I */
	struct str reason;
	int64_t deadline_ms; /* provider: when receiptWithin is over, 0 while not counting */
};

/* By the delivery's id or our pid. ERR_NOT_FOUND. */
must_use err delivery_find(
	struct ctx *c, struct store *db, struct str id, struct delivery_row *ret);
must_use err delivery_list(struct ctx *c, struct store *db, size_t offset, size_t max,
	struct delivery_row *ret, size_t *ret_n);
/* How many starts an agreement has had that were not given back. */
must_use err delivery_count(struct ctx *c, struct store *db, struct str agreement, int64_t *ret);

extern const struct module delivery_module;
