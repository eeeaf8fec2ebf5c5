/* Private keys of a node: files in DIR/keys (mode 0600), one raw 32-byte seed each in base64 with LF. All signing goes
 * through here, so that it can move into a child process. A key never leaves this file. */
#pragma once

#include "base/env.h"
#include "crypto/jws.h"
#include "crypto/sign.h"

struct key; /* process-bound */

/* Makes a new key file; ERR_CONFLICT where it exists. */
must_use err key_create(struct ctx *c, const struct env *e, const char *path);
/* Loads one; ERR_FORBIDDEN where others may read the file. Freed by key_free. */
must_use err key_open(struct ctx *c, const char *path, struct key **ret);
/* From a seed, for tests and simulations. */
must_use err key_from_seed(struct ctx *c, const uint8_t seed[SEED_BYTES], struct key **ret);
void key_free(struct key *k);
const uint8_t *key_public(const struct key *k);
void key_sign(const struct key *k, struct str message, uint8_t ret[SIGNATURE_BYTES]);
/* Detached JWS of a document's canonical bytes. */
must_use err key_sign_jws(struct ctx *c, const struct key *k, struct str kind, struct str kid,
	struct str payload, struct str *ret);
/* Compact JWT over claims. */
must_use err key_sign_jwt(struct ctx *c, const struct key *k, struct str kid,
	const struct json *claims, struct str *ret);
