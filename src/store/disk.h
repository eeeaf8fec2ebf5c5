/* The disk thread: the one thread beside the loop, for work that would make the loop wait (DESIGN, Processes).
 *
 * A job is the caller's memory; it is lent from disk_submit until disk_drain gives it back, in the order of submitting.
 * The loop watches disk_fd for reading and then drains. At most LIMIT_DISK_QUEUE jobs are lent at a time, then ERR_BUSY.
 * All functions belong to the loop's thread; fn of a job runs in the disk thread and must touch nothing of the loop. */
#pragma once

#include "base/env.h"

struct disk;

enum disk_kind {
	DISK_CHECKPOINT, /* what can be moved out of the write-ahead log, on a connection of the thread's own */
	DISK_SYNC,   /* path: a file or a directory made durable */
	DISK_BACKUP, /* path: store_backup of the database into this new file */
	DISK_CALL,   /* fn(arg) */
};

struct disk_job {
	enum disk_kind kind;
	const char *path;
	int (*fn)(void *arg);
	void (*done)(void *arg); /* who drains calls it, in the loop; may be NULL */
	void *arg;               /* DISK_CALL: for fn; else the caller's */
	/* The outcome. */
	err code;               /* OK, or as trouble says; a call is always OK */
	int result;             /* of fn */
	struct trouble trouble; /* where code is not OK */
	struct disk_job *next;  /* the thread's */
};

/* Starts the thread. db is the path of a database that stays open elsewhere. Process-bound: ended by disk_free. */
must_use err disk_new(struct ctx *c, const struct env *e, const char *db, struct disk **ret);
/* Readable while a finished job waits. */
int disk_fd(const struct disk *d);
must_use err disk_submit(struct ctx *c, struct disk *d, struct disk_job *job);
/* The next finished job, or NULL where none is. */
struct disk_job *disk_drain(struct disk *d);
/* Finishes what was submitted, then ends the thread. What was not drained is the caller's again. */
void disk_free(struct disk *d);
void disk_freep(struct disk **d);
