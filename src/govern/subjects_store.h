/* The tables of counting subjects: sandbox_object (objects that were counted), sandbox_overlap (how many subjects occur in
 * exactly which of them), written by apply alone; and the node tables n_sandbox_salt and n_sandbox_key (the keyed hashes, and
 * the objects in which each occurs). Their schema is in sandbox_store. What contract/ and delivery/ know of a product is read
 * here by index. Slices live in the context given. */
#pragma once

#include "govern/sandbox.h"

must_use err sandbox_store_put_object(
	struct ctx *c, struct store *db, struct str id, const struct sandbox_object *o);
must_use err sandbox_store_objects(struct ctx *c, struct store *db, struct str id, size_t max,
	struct sandbox_object *ret, size_t *ret_n);
/* Replaces the overlaps of a case by [[mask, n], ...]. */
must_use err sandbox_store_put_overlap(
	struct ctx *c, struct store *db, struct str id, const struct json *overlap);
/* How many subjects occur in at least one object of mask. */
must_use err sandbox_store_union(
	struct ctx *c, struct store *db, struct str id, int64_t mask, int64_t *ret);

/* Node tables. The salt of a case, made by the caller where there is none. */
must_use err sandbox_store_salt(
	struct ctx *c, struct store *db, struct str id, bool *ret_found, struct hash *ret);
must_use err sandbox_store_put_salt(
	struct ctx *c, struct store *db, struct str id, const struct hash *salt);
must_use err sandbox_store_put_key(
	struct ctx *c, struct store *db, struct str id, struct str key, int64_t bit);
/* The overlaps as the keys say: [[mask, n], ...]; ERR_TOO_LARGE beyond max rows. */
must_use err sandbox_store_overlap_of_keys(
	struct ctx *c, struct store *db, struct str id, size_t max, struct json **ret);
/* SHA-256 over the keys of one object in their order, and how many there are. */
must_use err sandbox_store_digest_keys(struct ctx *c, struct store *db, struct str id, int64_t bit,
	struct hash *ret, int64_t *ret_n);

/* What of a product has gone out since a time: deliveries begun and not given back, each revision with its number; peers and
 * net value of its agreements that are neither open nor came to nothing. */
struct product_use {
	int64_t revision, deliveries;
};
must_use err sandbox_store_uses(struct ctx *c, struct store *db, struct str product,
	int64_t since_ms, size_t max, struct product_use *ret, size_t *ret_n);
/* without: a negotiation that is left out. */
must_use err sandbox_store_agreements(struct ctx *c, struct store *db, struct str product,
	int64_t since_ms, struct str without, struct str *ret, size_t max, size_t *ret_n);
/* Ids of deliveries of ours of that product in that state of the protocol. */
must_use err sandbox_store_deliveries(struct ctx *c, struct store *db, struct str product,
	int64_t state, size_t max, struct str *ret, size_t *ret_n);
