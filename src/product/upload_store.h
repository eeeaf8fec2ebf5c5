/* The node table n_upload: files that are being brought here, or were, to become objects (api/upload.h). Slices live in the
 * context given. */
#pragma once

#include "act/registry.h"
#include "codec/charset.h"

struct upload_row {
	struct str id; /* a UUID, 36 characters */
	struct str name;
	int64_t size, durable; /* bytes; so many of them are on the disk */
	int64_t changed_ms;
	struct str
		result; /* JSON {root, sha256, profile} once it is an object; else empty; not in lists */
	enum charset encoding; /* that a person has said, else CHARSET_UNKNOWN */
	bool ready;            /* there is a result */
};

/* A new row, or the new state of one. */
must_use err upload_store_put(struct ctx *c, struct store *db, const struct upload_row *row);
/* ERR_NOT_FOUND. */
must_use err upload_store_find(
	struct ctx *c, struct store *db, struct str id, struct upload_row *ret);
/* True where one that is ready has that object. */
must_use err upload_store_refers(
	struct ctx *c, struct store *db, const struct hash *root, bool *ret);
/* The oldest max of them, by id, behind one ("": all). */
must_use err upload_store_list(struct ctx *c, struct store *db, struct str after, size_t max,
	struct upload_row *ret, size_t *ret_n);
must_use err upload_store_drop(struct ctx *c, struct store *db, struct str id);
