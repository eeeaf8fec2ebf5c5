/* The tables agreement (one row a negotiation, loaded and saved whole) and agreement_policy. Written by apply alone. Slices live in the
 * context given. ERR_NOT_FOUND where there is none. */
#pragma once

#include "contract/agreement.h"

#define AGREEMENT_MIGRATIONS 5
extern const struct migration agreement_migrations[AGREEMENT_MIGRATIONS];

/* By negotiation or agreement id. */
must_use err agreement_store_find(
	struct ctx *c, struct store *db, struct str id, struct agreement_row *ret);
must_use err agreement_store_of_peer(struct ctx *c, struct store *db, enum agreement_role role,
	struct str peer, struct str peer_pid, struct agreement_row *ret);
must_use err agreement_store_current(struct ctx *c, struct store *db, enum agreement_role role,
	struct str peer, struct str product, struct agreement_row *ret);
must_use err agreement_store_list(struct ctx *c, struct store *db, uint64_t before, size_t max,
	struct agreement_row *ret, size_t *ret_n);
/* Where the next step is ours and has not been taken, oldest first. */
must_use err agreement_store_waiting(struct ctx *c, struct store *db, int64_t after, size_t max,
	struct agreement_row *ret, size_t *ret_n);
must_use err agreement_store_unsigned(struct ctx *c, struct store *db, int64_t now_ms, size_t max,
	struct agreement_row *ret, size_t *ret_n);
/* For the sweep: the objects of negotiations that began behind the entry after (-1: all), oldest first; ret_last is the entry
 * to go on behind. Fewer than max are the last. */
must_use err agreement_store_objects(struct ctx *c, struct store *db, int64_t after, size_t max,
	struct hash *ret, size_t *ret_n, int64_t *ret_last);
must_use err agreement_store_rules(struct ctx *c, struct store *db, struct agreement_rules *ret);
must_use err agreement_store_put_policy(
	struct ctx *c, struct store *db, const struct agreement_rules *r);
/* How many of a peer are neither final nor terminated, counted up to max. */
must_use err agreement_store_open(
	struct ctx *c, struct store *db, struct str peer, int64_t max, int64_t *ret);
/* How many have that link in place of a peer. */
must_use err agreement_store_linked(struct ctx *c, struct store *db, struct str link, int64_t *ret);
/* True where another negotiation than this has that agreement. */
must_use err agreement_store_taken(
	struct ctx *c, struct store *db, struct str agreement, struct str negotiation, bool *ret);

/* A new row with all that never changes, then its rest as agreement_store_save. */
must_use err agreement_store_put(struct ctx *c, struct store *db, const struct agreement_row *row);
must_use err agreement_store_save(struct ctx *c, struct store *db, const struct agreement_row *row);
