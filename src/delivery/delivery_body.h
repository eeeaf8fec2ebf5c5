/* The bodies of the acts delivery.*: which act has which members (docs/FORMATS.md, 12), as one table, read into one
 * plain struct. Texts and trees are borrowed from the body. ERR_UNKNOWN_MEMBER, ERR_MISSING_MEMBER or ERR_BAD_VALUE, each
 * naming the member. Pure. */
#pragma once

#include "delivery/delivery.h"

/* What a plain connector gave, as we found it. */
struct delivery_object {
	struct hash root, sha256;
	int64_t size, chunk;
};

struct delivery_body {
	struct str agreement, party, pid, peer_pid, address, origin, result, by, reason, state;
	const struct json *signatures, *ranges, *head, *place, *object;
	struct hash document, token, peer_entry;
	/* Read further from the members above. */
	struct hash signature;       /* the one there is: each document of a delivery has one */
	struct place from;           /* place */
	struct delivery_object blob; /* object */
	bool has_document;
};

/* ERR_BAD_VALUE where there is no act of that type here. */
must_use err delivery_body_read(
	struct ctx *c, struct str type, const struct json *body, struct delivery_body *ret);
/* document and signatures, for a body. side: "provider" or "consumer". */
void delivery_body_sign(struct ctx *c, struct json **body, const struct hash *document,
	const char *side, const struct hash *signature);
