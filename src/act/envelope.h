/* Writing the envelope of an act (docs/FORMATS.md, 2). Its entry and leaf hash are proof/evidence's, which also reads
 * it. Pure. */
#pragma once

#include "codec/json.h"
#include "crypto/hash.h"

/* What a command fixes of an act; at and prev are added when it is appended. Borrowed. */
struct act {
	struct str type; /* noun.verb */
	struct str actor;
	struct str subject;
	const struct json *body;   /* an object */
	const struct json *sealed; /* an object of digests, or NULL */
};

/* Canonical bytes of at most LIMIT_ACT; prev NULL for a subject's first. ERR_BAD_VALUE, ERR_TOO_LARGE. */
must_use err envelope_write(struct ctx *c, const struct act *a, int64_t at_ms,
	const struct hash *prev, struct str *ret);
