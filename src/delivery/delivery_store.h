/* The table of deliveries: one row each, loaded and saved whole, written by apply alone. Beside it two node tables:
 * n_delivery_token, where the data of a delivery lies and what opens it, while it is needed; n_delivery_progress, what
 * has moved. Slices live in the context given. ERR_NOT_FOUND where there is none. */
#pragma once

#include "delivery/delivery.h"

extern const struct migration delivery_migrations[];
extern const size_t delivery_migrations_n;

/* By id or by our pid. */
must_use err delivery_store_find(
	struct ctx *c, struct store *db, struct str id, struct delivery_row *ret);
must_use err delivery_store_of_peer(struct ctx *c, struct store *db, enum agreement_role role,
	struct str peer, struct str peer_pid, struct delivery_row *ret);
must_use err delivery_store_list(struct ctx *c, struct store *db, uint64_t before, size_t max,
	struct delivery_row *ret, size_t *ret_n);
must_use err delivery_store_count(
	struct ctx *c, struct store *db, struct str agreement, int64_t *ret);
/* The begun deliveries of ours as consumer. */
must_use err delivery_store_taken(
	struct ctx *c, struct store *db, struct str agreement, int64_t *ret);
/* How many a party has asked of us that have not ended, counted up to max. */
must_use err delivery_store_open(
	struct ctx *c, struct store *db, struct str peer, int64_t max, int64_t *ret);
must_use err delivery_store_put(struct ctx *c, struct store *db, const struct delivery_row *row);
must_use err delivery_store_save(struct ctx *c, struct store *db, const struct delivery_row *row);

/* Ids of those we wait for the bytes of: consumer of a joined party, STARTED, without receipt. Oldest first. */
must_use err delivery_store_wanted(
	struct ctx *c, struct store *db, size_t max, struct str *ret, size_t *ret_n);
/* Ids of those whose bytes we owe: provider of a joined party, STARTED, without receipt. Oldest first. */
must_use err delivery_store_owed(
	struct ctx *c, struct store *db, size_t max, struct str *ret, size_t *ret_n);
/* Ids of those whose receipt was due by that time, of us as provider, and that are not overdue yet. */
must_use err delivery_store_unreceipted(struct ctx *c, struct store *db, int64_t now_ms, size_t max,
	struct str *ret, size_t *ret_n);

struct delivery_token {
	struct str endpoint, token;
};
must_use err delivery_store_put_token(
	struct ctx *c, struct store *db, struct str id, const struct delivery_token *token);
must_use err delivery_store_token(
	struct ctx *c, struct store *db, struct str id, struct delivery_token *ret);
must_use err delivery_store_drop_token(struct ctx *c, struct store *db, struct str id);

must_use err delivery_store_progress(
	struct ctx *c, struct store *db, struct str id, struct delivery_progress *ret);
must_use err delivery_store_put_progress(
	struct ctx *c, struct store *db, struct str id, const struct delivery_progress *p);

/* What a plain connector gave is fetched because somebody asked: the deliveries, when they are tried again, how often they
 * were. Only those that are STARTED; the first due first. */
struct delivery_draw {
	struct str id;
	unsigned tries;
	int64_t due_ms;
};
must_use err delivery_store_put_draw(
	struct ctx *c, struct store *db, struct str id, unsigned tries, int64_t due_ms);
must_use err delivery_store_drop_draw(struct ctx *c, struct store *db, struct str id);
must_use err delivery_store_draws(
	struct ctx *c, struct store *db, size_t max, struct delivery_draw *ret, size_t *ret_n);
must_use err delivery_store_drawn(struct ctx *c, struct store *db, struct str id, bool *ret);
