#include "store/disk.h"

#include <poll.h>
#include <semaphore.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "store/store.h"

#include "tests/tap.h"

static char folder[] = "/var/tmp/disk_test.XXXXXX";
static char path[64], copy[64];

static bool readable(struct disk *d, int wait_ms)
{
	struct pollfd p = {.fd = disk_fd(d), .events = POLLIN};
	return poll(&p, 1, wait_ms) == 1;
}

/* Waits for one job as the loop does. */
static struct disk_job *next(struct disk *d)
{
	struct disk_job *job = NULL;
	for (int i = 0; i < 100 && job == NULL && readable(d, 100); i++)
		job = disk_drain(d);
	return job;
}

static err done(struct ctx *c, struct disk *d, struct disk_job job)
{
	TRY(disk_submit(c, d, &job));
	struct disk_job *back = next(d);
	ok(back == &job, "the job comes back");
	return job.code;
}

static int count_up(void *arg)
{
	return ++*(int *)arg;
}

static int waits(void *arg)
{
	return sem_wait(arg);
}

static err write_rows(struct ctx *c, struct store *db, int n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_begin(c, db));
	TRY(store_prepare(c, db, "INSERT INTO thing(size) VALUES (?1)", &s));
	for (int i = 0; i < n; i++) {
		stmt_int(s, 1, n);
		TRY(stmt_run(c, s));
		stmt_resetp(&s);
	}
	return store_commit(c, db);
}

static int64_t number(struct ctx *c, struct store *db, const char *text)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	if (store_prepare_once(c, db, text, &s) != OK || stmt_step(c, s, &row) != OK || !row)
		return -1;
	return stmt_col_int(s, 0);
}

static void calls(struct ctx *c, struct disk *d)
{
	int counter = 0;
	struct disk_job jobs[3];
	ok(!readable(d, 0) && disk_drain(d) == NULL, "nothing at first");
	for (size_t i = 0; i < countof(jobs); i++) {
		jobs[i] = (struct disk_job){.kind = DISK_CALL, .fn = count_up, .arg = &counter};
		is_int(disk_submit(c, d, &jobs[i]), OK, "a call");
	}
	for (size_t i = 0; i < countof(jobs); i++) {
		struct disk_job *job = next(d);
		ok(job == &jobs[i] && job->result == (int)i + 1, "in order");
	}
	ok(!readable(d, 0), "then nothing");
}

static void is_bounded(struct ctx *c, struct disk *d)
{
	static struct disk_job jobs[LIMIT_DISK_QUEUE + 1];
	int counter = 0;
	size_t taken = 0, back = 0;
	sem_t gate;
	(void)sem_init(&gate, 0, 0);
	jobs[0] = (struct disk_job){.kind = DISK_CALL, .fn = waits, .arg = &gate};
	for (size_t i = 1; i < countof(jobs); i++)
		jobs[i] = (struct disk_job){.kind = DISK_CALL, .fn = count_up, .arg = &counter};
	for (size_t i = 0; i < LIMIT_DISK_QUEUE; i++)
		taken += disk_submit(c, d, &jobs[i]) == OK;
	is_int(taken, LIMIT_DISK_QUEUE, "the queue takes its limit");
	is_int(disk_submit(c, d, &jobs[LIMIT_DISK_QUEUE]), ERR_BUSY, "and not one more");
	(void)sem_post(&gate);
	while (back < taken && next(d) != NULL)
		back++;
	is_int(back, taken, "all come back");
	is_int(done(c, d, jobs[LIMIT_DISK_QUEUE]), OK, "then there is room");
	is_int(counter, LIMIT_DISK_QUEUE, "each ran once");
	(void)sem_destroy(&gate);
}

static void syncs(struct ctx *c, struct disk *d)
{
	const struct disk_job file = {.kind = DISK_SYNC, .path = path};
	const struct disk_job directory = {.kind = DISK_SYNC, .path = folder};
	const struct disk_job none = {.kind = DISK_SYNC, .path = "/nowhere/at/all"};
	is_int(done(c, d, file), OK, "a file is made durable");
	is_int(done(c, d, directory), OK, "a directory too");
	is_int(done(c, d, none), ERR_NOT_FOUND, "what is not there is told");
}

static void moves_the_log(struct ctx *c, struct disk *d, struct store *db)
{
	const struct disk_job job = {.kind = DISK_CHECKPOINT};
	is_int(write_rows(c, db, 2000), OK, "rows");
	uint32_t before = store_wal_frames(db);
	ok(before >= 5, "are in the log: %u frames", before);
	is_int(done(c, d, job), OK, "the thread moves them");
	is_int(write_rows(c, db, 1), OK, "the next commit");
	ok(store_wal_frames(db) < before, "starts the log anew: %u frames", store_wal_frames(db));
}

/* A backup while rows are written: each commit adds n rows that say n, so a torn copy does not add up. */
static void backs_up(struct ctx *c, struct disk *d, struct store *db)
{
	struct disk_job job = {.kind = DISK_BACKUP, .path = copy};
	struct disk_job *back = NULL;
	int commits = 0;
	is_int(disk_submit(c, d, &job), OK, "a backup");
	for (; commits < 2000 && back == NULL; commits++) {
		if (write_rows(c, db, 50) != OK)
			break;
		back = disk_drain(d);
	}
	if (back == NULL)
		back = next(d);
	ok(back == &job && job.code == OK, "is made during %d commits", commits);
	cleanup(store_closep) struct store *other = NULL;
	is_int(store_open_readonly(c, copy, &other), OK, "it opens");
	is_int(number(c, other,
		       "SELECT count(*) FROM pragma_integrity_check WHERE "
		       "integrity_check = 'ok'"),
		1, "is sound");
	int64_t rows = number(c, other, "SELECT count(*) FROM thing");
	ok(rows >= 2001 && (rows - 2001) % 50 == 0, "holds whole commits: %lld", (long long)rows);
	const struct disk_job again = {.kind = DISK_BACKUP, .path = copy};
	is_int(done(c, d, again), ERR_CONFLICT, "never over a file");
}

static void ends(struct ctx *c)
{
	struct disk *d = NULL;
	int counter = 0;
	struct disk_job jobs[20];
	is_int(disk_new(c, &env_system, path, &d), OK, "another thread");
	for (size_t i = 0; i < countof(jobs); i++) {
		jobs[i] = (struct disk_job){.kind = DISK_CALL, .fn = count_up, .arg = &counter};
		if (disk_submit(c, d, &jobs[i]) != OK)
			break;
	}
	disk_freep(&d);
	ok(d == NULL && counter == 20, "finishes what it was given before it ends");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(4u << 20);
	struct ctx c = {.arena = a};
	const struct migration steps = {"thing", "CREATE TABLE thing(size INTEGER) STRICT"};
	ok(mkdtemp(folder) != NULL, "a directory");
	(void)snprintf(path, sizeof path, "%s/db", folder);
	(void)snprintf(copy, sizeof copy, "%s/copy", folder);
	{
		cleanup(store_closep) struct store *db = NULL;
		cleanup(disk_freep) struct disk *d = NULL;
		is_int(store_open(&c, path, &db), OK, "a database");
		is_int(store_migrate(&c, db, &steps, 1), OK, "with a table");
		is_int(disk_new(&c, &env_system, path, &d), OK, "a disk thread");
		calls(&c, d);
		is_bounded(&c, d);
		syncs(&c, d);
		moves_the_log(&c, d, db);
		backs_up(&c, d, db);
	}
	ends(&c);
	ok(unlink(path) == 0 && unlink(copy) == 0 && rmdir(folder) == 0, "nothing else was left");
	return done_testing();
}
