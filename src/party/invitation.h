/* An invitation: one line that a person hands to another, good once and for LIMIT_INVITATION_MS: the inviter's card and a
 * secret (docs/FORMATS.md, 11). Pure. */
#pragma once

#include "party/card.h"

#define INVITATION_SECRET 32u
#define INVITATION_TEXT 4096u

struct invitation {
	struct card card;
	uint8_t secret[INVITATION_SECRET];
	struct hash digest; /* of the secret: so much stands in the log */
};

/* "shugu-invite:" and b64u of the canonical bytes. */
must_use err invitation_write(struct ctx *c, const struct invitation *in, struct str *ret);
/* White space around it passes. ERR_MALFORMED, or what card_read says. */
must_use err invitation_read(struct ctx *c, struct str text, struct invitation *ret);
/* The digest of a secret as it travels, in base64url. ERR_BAD_VALUE. */
must_use err invitation_digest(struct ctx *c, struct str secret, struct hash *ret);
