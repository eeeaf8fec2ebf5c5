/* The bodies of the acts agreement.*: which act has which members (docs/FORMATS.md, 12), as one table, read into one
 * plain struct. Texts and trees are borrowed from the body. ERR_UNKNOWN_MEMBER, ERR_MISSING_MEMBER or ERR_BAD_VALUE, each
 * naming the member. Pure. */
#pragma once

#include "contract/agreement.h"

struct agreement_body {
	struct str party, peer_pid, address, offer, product, order, deliver, purpose, agreement,
		open_until, agreed, origin, state, code, reason, decides;
	int64_t revision, receipt_within, open_for;
	bool two_people, stamped;
	const struct json *object, *price, *scenario, *terms, *signatures, *head, *place;
	struct hash message, policy, document, peer_entry;
	/* Read further from the members above. */
	struct hash provider_signature, consumer_signature;
	int64_t open_until_ms, agreed_ms;
	struct place from; /* place */
	bool has_document;
};

/* ERR_BAD_VALUE where there is no act of that type here. */
must_use err agreement_body_read(
	struct ctx *c, struct str type, const struct json *body, struct agreement_body *ret);
/* {origin, index, leaf}. */
struct json *place_json(struct ctx *c, const struct place *p);
must_use err place_read(struct ctx *c, const struct json *j, struct place *ret);
