/* The tables of party/session: n_link and n_session, each one row a token, by its digest. They are the node's. */
#pragma once

#include "party/session.h"

extern const struct migration session_migrations[];
#define SESSION_MIGRATIONS 1u

struct session_row {
	struct str person; /* id; empty in the first owner's link */
	int64_t opened_ms, seen_ms;
};

/* Ends what is over at now_ms, and all links of that person; then keeps a new one. */
must_use err session_store_link(struct ctx *c, struct store *db, const struct hash *digest,
	struct str person, int64_t now_ms, int64_t expires_ms);
/* Takes a link out. ERR_NOT_FOUND: unknown, or over. */
must_use err session_store_take_link(struct ctx *c, struct store *db, const struct hash *digest,
	int64_t now_ms, struct str *ret_person);
/* Keeps a session; of those of the person the newest max stay. */
must_use err session_store_open(struct ctx *c, struct store *db, const struct hash *digest,
	struct str person, int64_t now_ms, unsigned max);
/* ERR_NOT_FOUND. */
must_use err session_store_find(
	struct ctx *c, struct store *db, const struct hash *digest, struct session_row *ret);
must_use err session_store_seen(
	struct ctx *c, struct store *db, const struct hash *digest, int64_t now_ms);
must_use err session_store_end(struct ctx *c, struct store *db, const struct hash *digest);
/* Ends all links and sessions of a person. */
must_use err session_store_end_all(struct ctx *c, struct store *db, struct str person);
