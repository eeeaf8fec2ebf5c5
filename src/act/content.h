/* Contents: what acts name by digest and the node keeps beside the log in n_content: documents (G, Q, M, R, I, X, P) and
 * their signatures as text, raw messages of peers. Content-addressed: SHA-256 of the bytes. They can be forgotten
 * without breaking a proof; nothing that decide or apply needs is read from here. */
#pragma once

#include "codec/json.h"
#include "crypto/hash.h"
#include "store/store.h"

/* Needs an open tick. At most LIMIT_DOCUMENT bytes. Putting again is nothing. */
must_use err content_put(
	struct ctx *c, struct store *db, struct str bytes, struct hash *ret_digest);
/* The canonical bytes of a document, under D(x). */
must_use err content_put_json(
	struct ctx *c, struct store *db, const struct json *j, struct hash *ret_digest);
/* ERR_NOT_FOUND. */
must_use err content_get(
	struct ctx *c, struct store *db, const struct hash *digest, struct str *ret);
must_use err content_get_json(
	struct ctx *c, struct store *db, const struct hash *digest, const struct json **ret);
