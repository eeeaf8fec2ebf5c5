/* JWS (RFC 7515) as this project uses it.
 *
 * Documents: detached "header..signature" (RFC 7515 appendix F) over ASCII b64u(header).b64u(JCS(x)); the header is
 * exactly {"alg":"EdDSA","kid":KID,"typ":"shugu-KIND+jws"}, rebuilt from kind and kid and compared, never parsed.
 * Tokens: compact JWT, header exactly {"alg":"EdDSA","kid":KID,"typ":"JWT"}, claims of RFC 7519. */
#pragma once

#include "codec/json.h"
#include "crypto/hash.h"
#include "crypto/verify.h"

/* D(x): SHA-256 of the canonical bytes. */
must_use err jws_digest(struct ctx *c, const struct json *x, struct hash *ret);
/* b64u of the one header there is for this kid and typ. */
must_use err jws_header(struct ctx *c, struct str kid, struct str typ, struct str *ret);
/* The signing input of a document: b64u(header).b64u(payload). */
must_use err jws_input(
	struct ctx *c, struct str kind, struct str kid, struct str payload, struct str *ret);
/* ERR_BAD_SIGNATURE unless sig is the detached JWS of payload (canonical bytes) by key under kind and kid. */
must_use err jws_verify(struct ctx *c, struct str kind, struct str kid,
	const uint8_t key[KEY_BYTES], struct str payload, struct str sig);
/* Takes a compact JWT apart without trusting it: its kid and claims. ERR_MALFORMED. */
must_use err jwt_peek(
	struct ctx *c, struct str token, struct str *ret_kid, const struct json **ret_claims);
/* ERR_BAD_SIGNATURE unless the token's header is ours with this kid and the signature is by key. */
must_use err jwt_verify(
	struct ctx *c, struct str token, struct str kid, const uint8_t key[KEY_BYTES]);
