/* UUIDs (RFC 9562) as text and bytes. Ids the node makes are version 7: 48 bits of milliseconds, then random. */
#pragma once

#include "base/env.h"

#define UUID_BYTES 16u
#define UUID_TEXT 36u
#define UUID_URN (9u + UUID_TEXT) /* urn:uuid:... */

/* Random and time come from e; bits of version and variant are set. */
void uuid_v7(const struct env *e, uint8_t ret[UUID_BYTES]);
/* "urn:uuid:" and lower-case text, NUL-terminated. */
void uuid_urn(const uint8_t id[UUID_BYTES], char ret[UUID_URN + 1]);
/* Accepts urn:uuid: or the bare 36 characters, lower case only; false otherwise. */
bool uuid_parse(struct str text, uint8_t ret[UUID_BYTES]);
/* A fresh urn in the arena. */
must_use err uuid_new_urn(struct ctx *c, const struct env *e, struct str *ret);
