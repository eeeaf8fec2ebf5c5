/* A backup: one file that holds the database and the objects of a node (docs/FORMATS.md, 8).
 *
 * It is the snapshot of the database, in which two more tables hold the objects in chunks and some files by name, and a
 * last line with the SHA-256 of everything before it. So every change is seen, and SQLite opens it as it is.
 * The snapshot is taken first; objects are immutable, so what it references is there afterwards as well.
 * The file is written as PATH.part and renamed when it is whole and durable. Memory is constant at any size. SQLite holds
 * at most 16 TiB in one file; beyond that ERR_DISK_FULL.
 * Each handle is bound to c's arena: one that was not finished takes its unfinished file with it.
 * Errors: those of store/store.h and store/blobs.h, and those named below. */
#pragma once

#include "store/blobs.h"
#include "store/store.h"

struct backup;

/* A column of the database that names objects by their roots in hex. Where the table is missing, nothing is named. */
struct backup_reference {
	const char *table, *column;
};

struct backup_references {
	const struct backup_reference *rows;
	size_t n;
};

struct backup_count {
	uint64_t objects, bytes;
};

/* Takes the snapshot of a database that may be in use. ERR_CONFLICT where PATH or PATH.part is there, ERR_NOT_FOUND where
 * there is no database. */
must_use err backup_begin(
	struct ctx *c, const char *database, const char *path, struct backup **ret);
/* The snapshot: it may be read. Of a backup that is written. */
struct store *backup_store(struct backup *b);
must_use err backup_put_file(struct ctx *c, struct backup *b, struct str name, struct str bytes);
/* All whole objects of the directory, each hashed on the way: ERR_CORRUPT names one that is not what its name says,
 * ERR_NOT_FOUND one that the snapshot references and that is missing. progress may be NULL. */
must_use err backup_put_objects(struct ctx *c, struct backup *b, const char *blobs_dir,
	const struct backup_references *refs, blob_progress_fn *progress, void *arg,
	struct backup_count *ret);
/* Seals, syncs, renames. Nothing may be put in afterwards. */
must_use err backup_finish(
	struct ctx *c, const struct env *e, struct backup *b, uint64_t *ret_size);

/* Opens one for reading and hashes all of it. ERR_NOT_FOUND; ERR_CORRUPT where it is not a whole, unchanged backup. */
must_use err backup_open(struct ctx *c, const char *path, blob_progress_fn *progress, void *arg,
	struct backup **ret);
/* ERR_NOT_FOUND. */
must_use err backup_get_file(struct ctx *c, struct backup *b, struct str name, struct str *ret);
/* Writes the database alone into a new file, durably, and has SQLite check it. ERR_CORRUPT. */
must_use err backup_get_database(
	struct ctx *c, const struct env *e, struct backup *b, const char *path);
/* Writes the objects with their leaves made anew; each must have its root. What the database references must be among
 * them. ERR_CORRUPT names an object. progress may be NULL. */
must_use err backup_get_objects(struct ctx *c, const struct env *e, struct backup *b,
	const char *blobs_dir, blob_progress_fn *progress, void *arg, struct backup_count *ret);
/* ERR_NOT_FOUND names an object that the database references and that the backup does not hold. */
must_use err backup_check(struct ctx *c, struct backup *b, const struct backup_references *refs);
