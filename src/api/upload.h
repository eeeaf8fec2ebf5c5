/* Uploads: files of any size that come over HTTP in pieces, resume where they broke, and become objects.
 *
 * POST /api/v1/uploads {name, size} makes one; PATCH with Upload-Offset brings bytes, which go through to the file
 * DIR/uploads/ID and are answered when they are durable; HEAD and GET tell the offset; when all is there, the child
 * `shugu keep` profiles and hashes it into blobs/, and it is ready to be published. A newer PATCH takes over from one
 * whose connection died unseen. What a broken request brought is kept. State: table n_upload, and in memory of those that
 * are not ready. Untouched for LIMIT_UNREFERENCED_MS, an upload is swept.
 *
 * Errors: ERR_QUOTA (how many), ERR_DISK_FULL (what all of them need, and LIMIT_DISK_RESERVE, is not free),
 * ERR_CONFLICT (another offset), ERR_TOO_LARGE, ERR_BAD_STATE. One thread: the loop's. */
#pragma once

#include "api/routes.h"
#include "store/disk.h"

struct uploads;

/* An upload that has become an object. */
struct upload_object {
	struct hash root, sha256;
	int64_t size;
	const struct json *profile;
};

/* Loads what is open and goes on with it. Bound to c's arena; disk must outlive it. */
must_use err uploads_new(
	struct ctx *c, struct loop *l, struct disk *disk, struct acts *n, struct uploads **ret);
/* Ends the children; accepts NULL. */
void uploads_free(struct uploads *u);

/* ERR_NOT_FOUND; ERR_BAD_STATE while it is not ready. */
must_use err upload_object(struct ctx *c, struct call *k, struct str id, struct upload_object *ret);

extern const struct routes upload_routes;
