/* The table of product/exhibit: exhibit(id, idx, product, root, body, actor, at, reason, ended). Written by apply alone. */
#pragma once

#include "act/registry.h"

#define EXHIBIT_MIGRATIONS 1
extern const struct migration exhibit_migrations[EXHIBIT_MIGRATIONS];

struct exhibit_row {
	struct str id, product, body, actor, reason;
	int64_t index, at_ms, ended_ms;
};

must_use err exhibit_store_find(
	struct ctx *c, struct store *db, struct str id, bool *ret_found, struct exhibit_row *ret);
must_use err exhibit_store_list(struct ctx *c, struct store *db, struct str product, bool all,
	int64_t after, size_t max, struct exhibit_row *ret, size_t *ret_n);
/* Of those that have not ended, up to max. */
must_use err exhibit_store_count(
	struct ctx *c, struct store *db, struct str product, int64_t max, int64_t *ret);
must_use err exhibit_store_refers(
	struct ctx *c, struct store *db, const struct hash *root, bool *ret);

/* For apply. */
must_use err exhibit_store_put(struct ctx *c, struct store *db, const struct entry *e,
	struct str id, const struct hash *root);
must_use err exhibit_store_end(
	struct ctx *c, struct store *db, const struct entry *e, struct str id, struct str reason);
