/* Doing a command once: n_once remembers, in the tick of the command, under whom (a person's actor, or "operator") and his
 * Idempotency-Key what was asked (a digest) and what came of it, for LIMIT_ONCE_MS and of the newest LIMIT_ONCE commands.
 * So a command that is repeated, also after a kill -9, makes nothing and is answered from what the first one made. */
#pragma once

#include "crypto/hash.h"
#include "store/store.h"

struct once {
	uint64_t index;     /* the act to be shown; 0 where the command makes none */
	struct str subject; /* what it was about, or empty */
	bool told_once;     /* its answer held what is told once: it cannot be said again */
};

/* ERR_KEY_REUSED where the key is known with another digest. */
must_use err once_find(struct ctx *c, struct store *db, struct str scope, struct str key,
	const struct hash *digest, int64_t now_ms, bool *ret_found, struct once *ret);
/* Also forgets what is old. The key is not kept already. */
must_use err once_keep(struct ctx *c, struct store *db, struct str scope, struct str key,
	const struct hash *digest, int64_t now_ms, const struct once *what);
