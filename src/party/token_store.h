/* The table of self-issued tokens that were taken (api/auth): n_token, the node's. A row is a place of the memory that auth
 * keeps of them, so there are never more than LIMIT_SESSIONS, and a start of the process finds what the one before it took. */
#pragma once

#include "act/registry.h"
#include "crypto/hash.h"

extern const struct module token_module;

struct token_row {
	unsigned place;
	struct hash digest; /* of issuer and jti */
	struct str did;     /* in the arena of c */
	int64_t until_ms;
};

/* Keeps a token at its place, instead of the one that lay there. Within a tick. */
must_use err token_store_put(struct ctx *c, struct store *db, const struct token_row *row);
/* Each row to ->row(arg, row), in no order; a row that lasts no longer than now_ms is left out. */
must_use err token_store_each(struct ctx *c, struct store *db, int64_t now_ms,
	void (*row)(void *arg, const struct token_row *row), void *arg);
