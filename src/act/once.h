/* Doing a thing once: n_once remembers under (scope, key) the digest of what was asked and the act that answered it.
 * scope is the caller (a DID, or "operator"), key its Idempotency-Key, or origin and leaf of the sender's entry. So a
 * repeated command or message gets the stored outcome. */
#pragma once

#include "crypto/hash.h"
#include "store/store.h"

/* ERR_CONFLICT where the key is known with another digest. */
must_use err once_find(struct ctx *c, struct store *db, struct str scope, struct str key,
	const struct hash *digest, bool *ret_found, uint64_t *ret_index);
must_use err once_keep(struct ctx *c, struct store *db, struct str scope, struct str key,
	const struct hash *digest, uint64_t index);
