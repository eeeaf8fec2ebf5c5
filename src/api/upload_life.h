/* The uploads that are not ready: their places in memory, their files, the disk thread's work for them, the children that
 * make objects of them, and the sweep. api/upload.h says what an upload is; api/upload.c has its routes. Errors as
 * there. One thread: the loop's. */
#pragma once

#include "api/upload.h"
#include "base/limits.h"
#include "codec/uuid.h"
#include "delivery/receive_child.h"
#include "product/upload_store.h"

#define PATH_BYTES 512u
/* One that is not ready. id "" is a free place. */
struct upload {
	struct uploads *all;
	char id[UUID_TEXT + 1], name[LIMIT_NAME + 1], path[PATH_BYTES];
	int64_t size, received, durable, changed_ms;
	enum charset encoding; /* that was said with it */
	bool fresh;            /* its row is not committed yet */
	int fd;                /* while a body comes; else -1 */
	struct call *writer;   /* whose body comes */
	struct call *waiting;  /* whose body is whole and not durable yet */
	struct disk_job job;
	int64_t syncing; /* what the job makes durable */
	bool job_out, again, dropped;
	struct child child;
	bool hashing;
	int64_t hashed, retry_ms;
	unsigned tries; /* of its child, that failed */
	char trouble[200];
};

struct uploads {
	struct loop *loop;
	struct disk *disk;
	struct acts *acts;
	char directory[PATH_BYTES];
	struct loop_timer timer, again; /* the sweep; the next try of a child that failed */
	unsigned children;
	struct upload at[LIMIT_UPLOADS_OPEN];
};

/* What the call of a body remembers in its state. */
struct upload_patch {
	struct upload *up;
	bool synced;
};

/* The one with that id, or NULL. */
struct upload *upload_find(struct uploads *u, struct str id);
/* A place for a new one, and its path. ERR_QUOTA. */
must_use err upload_place(
	struct ctx *c, struct uploads *u, struct str id, struct str name, struct upload **ret);
/* Its place is free again, as soon as the disk thread has given back the job; its file goes. Nobody waits for it. */
void upload_forget(struct upload *up);
/* Its row, in the open tick. */
must_use err upload_put(struct ctx *c, struct upload *up, struct str result);
/* Makes durable what has come; then the one that waits is answered. */
void upload_sync(struct upload *up);
/* A child for each that is whole, a few at a time. */
void upload_start_children(struct uploads *u);
/* So many bytes are free beside the reserve. ERR_DISK_FULL. */
must_use err upload_check_disk(struct ctx *c, const struct uploads *u, uint64_t need);
/* How many bytes the open uploads still need. */
uint64_t upload_outstanding(const struct uploads *u);
