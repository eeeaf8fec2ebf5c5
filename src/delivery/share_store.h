/* The table share, and the node table n_share: what opens a link, and for whom it was made. ERR_NOT_FOUND where there is
 * none. Slices live in the context given. */
#pragma once

#include "delivery/share.h"

#define SHARE_MIGRATIONS 1
extern const struct migration share_migrations[SHARE_MIGRATIONS];

must_use err share_store_put(struct ctx *c, struct store *db, const struct share_row *r);
must_use err share_store_revoke(struct ctx *c, struct store *db, struct str id, struct str reason);
must_use err share_store_find(
	struct ctx *c, struct store *db, struct str id, struct share_row *ret);
must_use err share_store_by_token(
	struct ctx *c, struct store *db, const struct hash *token, struct share_row *ret);
must_use err share_store_list(struct ctx *c, struct store *db, uint64_t before, size_t max,
	struct share_row *ret, size_t *ret_n);
/* How many are neither revoked nor past at that time, counted up to max. */
must_use err share_store_open(
	struct ctx *c, struct store *db, int64_t now_ms, int64_t max, int64_t *ret);
must_use err share_store_keep(struct ctx *c, struct store *db, struct str id, struct str secret,
	const struct hash *salt, struct str recipient);
