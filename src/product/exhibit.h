/* Items of evidence of a product: a contract, an authorisation, a record, a certificate, each a file that is kept as an object, its
 * kind, and what it claims (product/exhibit_claims.h). State is the fold of product.evidence and product.evidence-end, whose
 * subject is the product (docs/FORMATS.md, 12); an item that has ended stays known. Slices live in the context given. */
#pragma once

#include "act/acts.h"

struct exhibit {
	struct str id;      /* urn:uuid:... */
	struct str product; /* urn:uuid:... */
	struct str kind;    /* of the rule catalogue */
	struct str title, file, media_type, actor;
	struct hash root, sha256;
	int64_t size, at_ms;
	bool read, damaged;        /* of its file */
	const struct json *claims; /* {claim: value} */
	const struct json *stated; /* names of those that a person states */
	const struct json *contradicted;
	uint64_t index;    /* of the act; of what is read alone */
	struct str reason; /* why it ended; empty while it counts */
	int64_t ended_ms;
};

/* Attaches: the body is made of the item. ERR_NOT_FOUND, ERR_GONE, ERR_QUOTA, ERR_BAD_VALUE. */
must_use err exhibit_attach(struct ctx *c, struct acts *n, const struct exhibit *x,
	struct str actor, struct entry *ret);
/* ERR_NOT_FOUND; ERR_GONE where it has ended. */
must_use err exhibit_end(struct ctx *c, struct acts *n, struct str id, struct str reason,
	struct str actor, struct entry *ret);

/* ERR_NOT_FOUND. */
must_use err exhibit_find(struct ctx *c, struct store *db, struct str id, struct exhibit *ret);
/* Of a product, the oldest first, behind an entry of the log (-1: all); all: also what has ended. */
must_use err exhibit_list(struct ctx *c, struct store *db, struct str product, bool all,
	int64_t after, size_t max, struct exhibit *ret, size_t *ret_n);
/* True where an item names this object: so it is kept. */
must_use err exhibit_refers(struct ctx *c, struct store *db, const struct hash *root, bool *ret);

extern const struct module exhibit_module;
