/* Links (row N): a product for a person who has no node. Who holds the link sees the terms, says yes by a name that is kept
 * as stated, and takes the bytes with a browser or curl; the invoice that follows is signed by us alone and stays claimed.
 *
 * A link has a count of takings, an end and a revocation; all three are asked before each taking and at each slice of its
 * bytes. What opens it is a token of 32 random bytes in base64url: the log holds its digest alone, the node the token, so
 * that the link can be shown again (n_share). For whom it was made is sealed: the act bears SHA-256(salt32 || text).
 * State is the fold of share.create and share.revoke (docs/FORMATS.md, 12). Slices live in the context given. */
#pragma once

#include "contract/agreement.h"
#include "product/product.h"

struct share_row {
	struct str id; /* urn:uuid, in place of the peer's DID in agreements */
	struct str product;
	struct hash token;
	int64_t count;    /* takings in all */
	int64_t until_ms; /* the last millisecond */
	bool revoked;
	struct str reason; /* of the revocation */
	int64_t at_ms;
	uint64_t index;
	int64_t taken;        /* by share_find and share_list */
	struct str secret;    /* the token; empty where it was forgotten */
	struct str recipient; /* for whom, as we noted it; empty where it was forgotten */
};

struct share_wish {
	const struct revision *product;
	struct str recipient; /* 1 to LIMIT_NAME bytes */
	int64_t count;        /* 1 to LIMIT_SHARE_COUNT */
	int64_t until_ms;
};

/* share.create; its subject is the id. ERR_BAD_VALUE, ERR_QUOTA. */
must_use err share_make(struct ctx *c, struct acts *n, struct str actor,
	const struct share_wish *wish, struct entry *ret);
/* share.revoke. ERR_GONE where it is revoked already. */
must_use err share_end(struct ctx *c, struct acts *n, struct str actor, struct str id,
	struct str reason, struct entry *ret);

must_use err share_find(struct ctx *c, struct store *db, struct str id, struct share_row *ret);
/* By the token. ERR_NOT_FOUND, also of what is no token. */
must_use err share_by_token(
	struct ctx *c, struct store *db, struct str token, struct share_row *ret);
/* Newest first, those made before that entry of the log (INT64_MAX: all). */
must_use err share_list(struct ctx *c, struct store *db, uint64_t before, size_t max,
	struct share_row *ret, size_t *ret_n);

/* May bytes that were taken by it go on? ERR_GONE says why not. */
must_use err share_allows(struct ctx *c, const struct share_row *s, int64_t now_ms);
/* May it be taken once more? Also ERR_TERM_REFUSES where the count is used up. */
must_use err share_gives(struct ctx *c, const struct share_row *s, int64_t now_ms);

extern const struct module share_module;
