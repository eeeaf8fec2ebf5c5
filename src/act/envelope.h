/* The envelope of an act and its entry in the evidence log (docs/FORMATS.md, 2 and 3). Pure. */
#pragma once

#include "codec/json.h"
#include "crypto/hash.h"

#define ENTRY_TEXT 76u /* "shugu-act/1 " and 64 hex digits */
#define SALT_BYTES 32u

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
/* Reads canonical bytes strictly; ret_at_ms and ret_prev may be NULL; ret_prev is zero where the act has none. */
must_use err envelope_read(struct ctx *c, struct str bytes, struct act *ret, int64_t *ret_at_ms,
	struct hash *ret_prev);
/* The log entry of an act, ENTRY_TEXT bytes, not terminated. */
void envelope_entry(struct str bytes, const uint8_t salt[SALT_BYTES], char ret[ENTRY_TEXT]);
/* The leaf hash of that entry. */
struct hash envelope_leaf(struct str bytes, const uint8_t salt[SALT_BYTES]);
