/* Objects: immutable flat files under DIR/blobs, each named by the root of its tree.
 *
 * The tree is RFC 6962 over chunks of LIMIT_CHUNK bytes (docs/FORMATS.md, 8): a leaf is SHA-256(0x00 || chunk), the
 * empty object has the root SHA-256(""). Beside the object lie its leaf hashes, 32 bytes each, in <root>.tiles, so that
 * tile N of level 0 is a slice of that file; what stands above is computed when it is asked for.
 * An object is there, whole and durable, from the rename of its file on; the leaves were renamed before. What takes
 * an object (also one that is there already) sets its time of change by env, from which blob_sweep counts; a lock on
 * the directory keeps the two apart. Memory is constant at any size up to LIMIT_OBJECT.
 * Several processes may work in one directory. Errors: ERR_IO, ERR_DISK_FULL, ERR_TOO_LARGE, and those named below.
 * Receiving is store/blob_write.h. */
#pragma once

#include "base/env.h"
#include "base/limits.h"
#include "chain/tiles.h"
#include "chain/tree.h"

#define BLOB_NAME 128u

struct blob {
	struct hash root, sha256;
	uint64_t size;
};

/* Told how many bytes have been read, after each chunk. */
typedef void blob_progress_fn(void *arg, uint64_t done);

/* Keeps what fd gives up to its end: a reflink where the file system can make one of a whole regular file, else a
 * copy; never a hard link. One pass: what is hashed is what is kept, whatever is written to fd meanwhile.
 * The directory blobs_dir and those in it are made where they are missing. progress may be NULL. */
must_use err blob_take(struct ctx *c, const struct env *e, const char *blobs_dir, int fd,
	blob_progress_fn *progress, void *arg, struct blob *ret);

/* As blob_take, for a file that becomes the object itself: name is seen from blobs_dir, on the same file system, and
 * nobody writes to it any more. told hears of the digests before the file leaves its place, so that whoever is killed
 * there can know afterwards what became of it; a failure up to there leaves the file. */
must_use err blob_adopt(struct ctx *c, const struct env *e, const char *blobs_dir, const char *name,
	blob_progress_fn *progress, err (*told)(void *arg, struct ctx *c, const struct blob *b),
	void *arg, struct blob *ret);

/* How many chunks an object of size bytes has. */
uint64_t blob_chunks(uint64_t size);
/* Opens the object for reading; the caller closes. ERR_NOT_FOUND. */
must_use err blob_open(struct ctx *c, const char *blobs_dir, const struct hash *root, int *ret_fd,
	uint64_t *ret_size);
/* The hashes of chunks from..from+n. ERR_NOT_FOUND; ERR_RANGE beyond the last chunk; ERR_CORRUPT where the leaves
 * are not those of an object of that size. */
must_use err blob_leaves(struct ctx *c, const char *blobs_dir, const struct hash *root,
	uint64_t from, uint64_t n, struct hash *ret);
/* The t->width hashes of a tile of the object's tree, t->level 0 to 7. Above level 0 it hashes every leaf below the
 * tile. ERR_RANGE where the tree has no such tile. */
must_use err blob_tile(struct ctx *c, const char *blobs_dir, const struct hash *root,
	const struct tile *t, struct hash *ret);
/* Inclusion of chunk index, and the number of chunks. It hashes all leaves once: 1 ms for 2 GB. */
must_use err blob_prove(struct ctx *c, const char *blobs_dir, const struct hash *root,
	uint64_t index, struct tree_proof *ret, uint64_t *ret_chunks);

/* As blob_open, and the object is young for the sweep from now on: for who is about to refer to what lies there. */
must_use err blob_claim(struct ctx *c, const struct env *e, const char *blobs_dir,
	const struct hash *root, int *ret_fd, uint64_t *ret_size);

/* Answers whether the object is referenced. */
typedef err blob_keep_fn(void *arg, struct ctx *c, const struct hash *root, bool *ret);

struct blob_swept {
	uint64_t objects, temporaries, bytes; /* temporaries: also leaves without an object */
};

/* Counts objects that nothing keeps and whose time of change lies LIMIT_UNREFERENCED_MS back, leaves without an object,
 * and temporaries that nobody has written to for as long and no writer holds; with remove they go. An error of keep ends
 * it; what was removed stays so. Whoever is killed in it can sweep again. */
must_use err blob_sweep(struct ctx *c, const struct env *e, const char *blobs_dir,
	blob_keep_fn *keep, void *arg, bool remove, struct blob_swept *ret);

/* For store/blob_write: the directory itself, made with its tmp where missing; the caller closes. */
must_use err blob_dir_open(struct ctx *c, const char *blobs_dir, int *ret_dir);
/* "xx/<root>" and the suffix, NUL-terminated. */
void blob_name(const struct hash *root, const char *suffix, char ret[BLOB_NAME]);
/* Moves two written temporaries (names in the directory) to where they belong, durably; keeps what is there. */
must_use err blob_install(struct ctx *c, const struct env *e, int dir, const struct hash *root,
	const char *const temporaries[2]);
/* All n bytes at an offset. */
must_use err blob_put_at(struct ctx *c, int fd, const void *bytes, size_t n, uint64_t at);
/* n bytes at an offset, or fewer where the file ends. */
must_use err blob_get_at(struct ctx *c, int fd, void *bytes, size_t n, uint64_t at, size_t *ret_n);
/* The failure of a system call, by errno. */
err blob_io(struct ctx *c, const char *what, int number);
