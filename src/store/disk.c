#include "store/disk.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "store/store.h"

/* The thread's memory for one job: paths and messages. */
#define JOB_ARENA (256u << 10)

struct queue {
	struct disk_job *first, *last;
};

struct disk {
	struct arena *arena;
	const struct env *env;
	const char *path;
	int fd;
	size_t lent; /* the loop's */
	pthread_t thread;
	pthread_mutex_t lock; /* over what follows */
	pthread_cond_t work;
	struct queue todo, done;
	bool stop;
};

/* What the thread alone touches. */
struct worker {
	struct ctx c;
	struct store *db;
};

static void put(struct queue *q, struct disk_job *job)
{
	job->next = NULL;
	if (q->first == NULL)
		q->first = job;
	else
		q->last->next = job;
	q->last = job;
}

static struct disk_job *get(struct queue *q)
{
	struct disk_job *job = q->first;
	if (job != NULL)
		q->first = take(&job->next);
	return job;
}

static err sync_path(struct ctx *c, const struct env *e, const char *path)
{
	cleanup(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ENSURE(fd >= 0, c, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "open %s: %s", path,
		strerror(errno));
	return env_sync(c, e, fd);
}

/* The connection is made when it is first needed, so that a thread without database jobs has none. */
static err with_database(struct worker *w, const char *path)
{
	return w->db != NULL ? OK : store_open(&w->c, path, &w->db);
}

static err work(struct disk *d, struct worker *w, struct disk_job *job)
{
	ENSURE(w->c.arena != NULL, &w->c, ERR_MEMORY, "no memory for the disk thread");
	switch (job->kind) {
	case DISK_CHECKPOINT:
		TRY(with_database(w, d->path));
		return store_checkpoint(&w->c, w->db);
	case DISK_SYNC:
		return sync_path(&w->c, d->env, job->path);
	case DISK_BACKUP:
		TRY(with_database(w, d->path));
		return store_backup(&w->c, w->db, job->path);
	case DISK_CALL:
		job->result = job->fn(job->arg);
		return OK;
	}
	__builtin_unreachable();
}

/* The next job; NULL when the thread is to end and nothing is left. */
static struct disk_job *await(struct disk *d)
{
	(void)pthread_mutex_lock(&d->lock);
	while (d->todo.first == NULL && !d->stop)
		(void)pthread_cond_wait(&d->work, &d->lock);
	struct disk_job *job = get(&d->todo);
	(void)pthread_mutex_unlock(&d->lock);
	return job;
}

static void finish(struct disk *d, struct disk_job *job)
{
	const uint64_t one = 1;
	(void)pthread_mutex_lock(&d->lock);
	put(&d->done, job);
	ssize_t n = write(d->fd, &one, sizeof one);
	assert(n == sizeof one);
	(void)pthread_mutex_unlock(&d->lock);
}

static void *run(void *arg)
{
	struct disk *d = arg;
	struct worker w = {.c = {.arena = arena_new(JOB_ARENA)}};
	for (struct disk_job *job = await(d); job != NULL; job = await(d)) {
		job->code = work(d, &w, job);
		if (job->code != OK)
			job->trouble = w.c.trouble;
		if (w.c.arena != NULL)
			arena_reset(w.c.arena);
		finish(d, job);
	}
	store_close(w.db);
	arena_free(w.c.arena);
	return NULL;
}

/* Signals are the loop's: the thread starts with all of them blocked. */
static int start(struct disk *d)
{
	sigset_t all, before;
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	int failed = pthread_create(&d->thread, NULL, run, d);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed;
}

static void discard(struct disk *d)
{
	fd_closep(&d->fd);
	(void)pthread_mutex_destroy(&d->lock);
	(void)pthread_cond_destroy(&d->work);
	arena_free(d->arena);
}

err disk_new(struct ctx *c, const struct env *e, const char *db, struct disk **ret)
{
	struct arena *own = arena_new(64u << 10);
	struct disk *d = own == NULL ? NULL : arena_alloc(own, sizeof *d);
	const char *path = d == NULL ? NULL : arena_z(own, str_z(db));
	if (path == NULL) {
		arena_free(own);
		return fail(c, ERR_MEMORY, "no memory for the disk thread");
	}
	d->arena = own;
	d->env = e;
	d->path = path;
	d->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	(void)pthread_mutex_init(&d->lock, NULL);
	(void)pthread_cond_init(&d->work, NULL);
	int failed = d->fd < 0 ? errno : start(d);
	if (failed != 0) {
		discard(d);
		return fail(c, ERR_IO, "start the disk thread: %s", strerror(failed));
	}
	*ret = d;
	return OK;
}

int disk_fd(const struct disk *d)
{
	return d->fd;
}

err disk_submit(struct ctx *c, struct disk *d, struct disk_job *job)
{
	assert(job->kind == DISK_CALL ? job->fn != NULL
				      : job->kind == DISK_CHECKPOINT || job->path != NULL);
	ENSURE(d->lent < LIMIT_DISK_QUEUE, c, ERR_BUSY, "the disk is busy");
	d->lent++;
	(void)pthread_mutex_lock(&d->lock);
	put(&d->todo, job);
	(void)pthread_cond_signal(&d->work);
	(void)pthread_mutex_unlock(&d->lock);
	return OK;
}

struct disk_job *disk_drain(struct disk *d)
{
	uint64_t count;
	(void)pthread_mutex_lock(&d->lock);
	struct disk_job *job = get(&d->done);
	/* Under the lock, so that no wake-up is lost between the look and the clearing. */
	if (d->done.first == NULL && read(d->fd, &count, sizeof count) < 0)
		assert(errno == EAGAIN);
	(void)pthread_mutex_unlock(&d->lock);
	if (job != NULL)
		d->lent--;
	return job;
}

void disk_free(struct disk *d)
{
	if (d == NULL)
		return;
	(void)pthread_mutex_lock(&d->lock);
	d->stop = true;
	(void)pthread_cond_signal(&d->work);
	(void)pthread_mutex_unlock(&d->lock);
	(void)pthread_join(d->thread, NULL);
	discard(d);
}

void disk_freep(struct disk **d)
{
	disk_free(*d);
	*d = NULL;
}
