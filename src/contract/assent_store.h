/* The tables assent (about, step: who said yes first) and attachment, written by apply alone. Slices live in the context
 * given. ERR_NOT_FOUND where there is none. */
#pragma once

#include "contract/assent.h"
#include "contract/easing.h"

must_use err assent_store_find(
	struct ctx *c, struct store *db, struct str about, struct str step, struct assent *ret);
must_use err assent_store_put(struct ctx *c, struct store *db, const struct assent *a);
/* How many are attached, counted up to max. */
must_use err attachment_store_count(
	struct ctx *c, struct store *db, struct str about, int64_t max, int64_t *ret);
must_use err attachment_store_list(struct ctx *c, struct store *db, struct str subject,
	int64_t after, size_t max, struct attachment *ret, size_t *ret_n);
must_use err attachment_store_find(struct ctx *c, struct store *db, struct str subject,
	const struct hash *sha256, struct attachment *ret);
must_use err attachment_store_refers(
	struct ctx *c, struct store *db, const struct hash *root, bool *ret);
must_use err attachment_store_put(
	struct ctx *c, struct store *db, const struct attachment *a, uint64_t index);

/* The table policy_wish: a policy that waits for another person, one of each kind. */
must_use err easing_store_find(
	struct ctx *c, struct store *db, struct str policy, struct easing *ret);
must_use err easing_store_put(struct ctx *c, struct store *db, const struct easing *x);
must_use err easing_store_drop(struct ctx *c, struct store *db, struct str policy);
