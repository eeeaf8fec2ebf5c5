/* Products: what this node offers. A product (urn:uuid) has a dossier and revisions; a revision is one immutable object
 * (store/blobs), its terms, price and offer. State is the fold of product.publish, product.revise and product.withdraw;
 * new versions are revisions, never overwrites. Slices live in the context given. */
#pragma once

#include "act/acts.h"

struct revision {
	struct str product;       /* urn:uuid:... */
	struct str offer;         /* urn:uuid:..., the @id of its offer */
	struct str name;          /* of the product */
	int64_t revision;         /* from 1 */
	struct hash root, sha256; /* of the object */
	int64_t size, chunk;      /* bytes */
	int64_t net, rate;        /* fen, basis points */
	struct str media_type;    /* text/csv, ... */
	const struct json
		*terms; /* the policy without @id, target, assigner, assignee (FORMATS 10) */
	const struct json *scenario; /* as in G (FORMATS 5.1) */
	const struct json *
		dossier; /* description, source, industry, region, period, frequency, rights, restrictions */
	int64_t receipt_within;         /* seconds */
	const struct json *object_json; /* as in G */
	const struct json *price_json;
	struct str profile; /* hex digest, or empty */
	bool withdrawn;
	int64_t at_ms;
	int64_t place; /* of the product among all; of product_list alone */
};

/* The newest revision of a product, by urn or by name (names are unique among products that are not withdrawn).
 * ERR_NOT_FOUND. */
must_use err product_find(
	struct ctx *c, struct store *db, struct str urn_or_name, struct revision *ret);
must_use err product_revision(
	struct ctx *c, struct store *db, struct str urn, int64_t revision, struct revision *ret);
must_use err product_by_offer(
	struct ctx *c, struct store *db, struct str offer, struct revision *ret);
/* The newest revisions of all that is not withdrawn, oldest product first, behind a place (-1: all). */
must_use err product_list(struct ctx *c, struct store *db, int64_t after, size_t max,
	struct revision *ret, size_t *ret_n);
/* The profile, a content. ERR_NOT_FOUND where there is none. */
must_use err product_profile(
	struct ctx *c, struct store *db, const struct revision *r, const struct json **ret);

/* True where a revision names this object: so it is kept. */
must_use err product_refers(struct ctx *c, struct store *db, const struct hash *root, bool *ret);

extern const struct module product_module;
