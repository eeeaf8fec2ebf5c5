/* Receiving an object: verified while it streams, resumable, constant memory at any size.
 *
 * What is known before is the signed root and size. First the leaf hashes are taken, in order, and must give that
 * root; then the bytes, in order, each chunk checked against its leaf before it is written. Both lie in
 * tmp/<root>.leaves and tmp/<root>.part until blob_write_finish moves them to their place. After a break or a restart
 * blob_write_open checks again what lies there, at hashing speed, and goes on behind the last good chunk.
 * One writer at a time (ERR_LOCKED). A writer belongs to the arena it was opened in and is closed with it at the
 * latest; it is not for two threads. Errors: ERR_BAD_DIGEST, ERR_TOO_LARGE, ERR_BAD_STATE, ERR_IO, ERR_DISK_FULL. */
#pragma once

#include "store/blobs.h"

struct blob_write;

/* expected->sha256 of zeros only says that it is not known. ERR_TOO_LARGE beyond LIMIT_OBJECT. */
must_use err blob_write_open(struct ctx *c, const struct env *e, const char *blobs_dir,
	const struct blob *expected, struct blob_write **ret);
void blob_write_close(struct blob_write *w);

/* How many leaves are there; all of them when it equals blob_chunks(size): then they give the root. */
uint64_t blob_write_leaves_have(const struct blob_write *w);
/* The next n leaves. ERR_TOO_LARGE beyond the last; ERR_BAD_DIGEST where all are there and do not give the root: they
 * are dropped, and none is there. */
must_use err blob_write_leaves(
	struct ctx *c, struct blob_write *w, const struct hash *leaves, uint64_t n);

/* The next n bytes of the object; before all leaves are there ERR_BAD_STATE, beyond the end ERR_TOO_LARGE.
 * ERR_BAD_DIGEST names the chunk; its bytes are dropped and blob_write_position is where to go on. */
must_use err blob_write_bytes(struct ctx *c, struct blob_write *w, struct str bytes);
/* How many bytes are verified and written: a whole number of chunks, or the size. Here a resume begins, as long as
 * nothing was given since; bytes of a chunk that is not full yet are kept in memory alone. */
uint64_t blob_write_position(const struct blob_write *w);
/* Forgets the bytes of the chunk that is not full, because the stream broke. */
void blob_write_restart(struct blob_write *w);

/* Makes the object durable under its name; expected once more, with the SHA-256 that was found. ERR_BAD_STATE before the
 * last byte; ERR_BAD_DIGEST where the whole is not the expected SHA-256: then nothing stays. */
must_use err blob_write_finish(struct ctx *c, struct blob_write *w, struct blob *ret);

/* An object of one chunk at most, kept at once. ERR_BAD_DIGEST where bytes are not it. */
must_use err blob_keep_small(struct ctx *c, const struct env *e, const char *blobs_dir,
	const struct blob *expected, struct str bytes);
/* Whether the object is there already. */
bool blob_is_there(struct ctx *c, const char *blobs_dir, const struct blob *expected);
