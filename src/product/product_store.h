/* The tables of product/: product(urn, name, newest, withdrawn), revision(product, revision, offer, body, at). Written by
 * apply alone. Slices live in the context given. */
#pragma once

#include "act/registry.h"

#define PRODUCT_MIGRATIONS 4
extern const struct migration product_migrations[PRODUCT_MIGRATIONS];

struct product_row {
	struct str urn, name;
	int64_t newest;
	bool withdrawn;
	int64_t place; /* in the order of their first publication, from 0 */
};

struct revision_row {
	struct str body; /* of the act that made it, canonical */
	int64_t at_ms;
	bool withdrawn;
};

must_use err product_store_by_urn(
	struct ctx *c, struct store *db, struct str urn, bool *ret_found, struct product_row *ret);
/* Among products that are not withdrawn. */
must_use err product_store_by_name(
	struct ctx *c, struct store *db, struct str name, bool *ret_found, struct product_row *ret);
/* ERR_NOT_FOUND. */
must_use err product_store_revision(struct ctx *c, struct store *db, struct str urn,
	int64_t revision, struct revision_row *ret);
must_use err product_store_by_offer(
	struct ctx *c, struct store *db, struct str offer, struct revision_row *ret);
must_use err product_store_list(struct ctx *c, struct store *db, int64_t after, size_t max,
	struct product_row *ret, size_t *ret_n);
must_use err product_store_refers(
	struct ctx *c, struct store *db, const struct hash *root, bool *ret);

/* The act that made each object's newest revision, in the order of roots after one in hex; ERR_NOT_FOUND at the end. */
must_use err product_store_next_object(struct ctx *c, struct store *db, struct str after,
	struct str *ret_root, struct str *ret_body);

/* For apply. */
must_use err product_store_put(
	struct ctx *c, struct store *db, struct str urn, struct str name, int64_t revision);
must_use err product_store_put_revision(struct ctx *c, struct store *db, const struct entry *e,
	int64_t revision, struct str offer, struct str root);
must_use err product_store_withdraw(struct ctx *c, struct store *db, struct str urn);
