/* The tables of the interlock: n_head, the heads of the parties' logs that this node holds and that link; n_seen, what it knows each of
 * them to hold of its own log; n_unlinked, pairs of signed heads that do not link. */
#pragma once

#include "chain/checkpoint.h"
#include "store/store.h"

extern const struct migration interlock_migrations[];
#define INTERLOCK_MIGRATIONS 1u

struct held_head {
	uint64_t size;
	struct hash root;
	struct str note; /* signed */
};

/* The head of that size, or of the largest with size 0; ret_found false where there is none of that log. */
must_use err interlock_store_head(struct ctx *c, struct store *db, struct str peer,
	struct str origin, uint64_t size, bool *ret_found, struct held_head *ret);
/* Keeps a head; one of that size stays as it is. */
must_use err interlock_store_keep(struct ctx *c, struct store *db, struct str peer,
	struct str origin, const struct held_head *head);
/* Forgets all but the newest most heads of a log. */
must_use err interlock_store_prune(
	struct ctx *c, struct store *db, struct str peer, struct str origin, unsigned most);
/* The size of our log that the party said it holds; 0: unknown. */
must_use err interlock_store_seen(struct ctx *c, struct store *db, struct str peer, uint64_t *ret);
must_use err interlock_store_put_seen(
	struct ctx *c, struct store *db, struct str peer, uint64_t size);
/* A pair that does not link; at most most of a party are kept. */
must_use err interlock_store_unlink(struct ctx *c, struct store *db, struct str peer,
	const struct held_head *held, const struct held_head *shown);
must_use err interlock_store_unlinked(
	struct ctx *c, struct store *db, struct str peer, int64_t *ret);
