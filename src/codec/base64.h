/* Base64 (RFC 4648): standard with padding, and URL-safe without. Decoding is strict: no white space, padding exactly
 * as due, spare bits zero (AB== is refused although it decodes like AA==). */
#pragma once

#include "base/buf.h"

void base64_add(struct buf *b, const void *bytes, size_t n);
void base64url_add(struct buf *b, const void *bytes, size_t n);
must_use err base64_encode(struct ctx *c, struct str bytes, struct str *ret);
must_use err base64url_encode(struct ctx *c, struct str bytes, struct str *ret);
/* ERR_MALFORMED where the text is not the one encoding of its bytes. */
must_use err base64_decode(struct ctx *c, struct str text, struct str *ret);
must_use err base64url_decode(struct ctx *c, struct str text, struct str *ret);
/* Exactly n bytes into ret, without an arena. */
bool base64_fixed(struct str text, uint8_t *ret, size_t n);
bool base64url_fixed(struct str text, uint8_t *ret, size_t n);
