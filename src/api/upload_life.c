#include "api/upload_life.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "api/api.h"
#include "api/problem.h"
#include "base/log.h"

#define CHILDREN 2u
#define SWEEP_MS 60000
#define RETRY_FIRST_MS 500
#define PROGRAM "/proc/self/exe"

static int64_t now_of(const struct uploads *u)
{
	return env_now_ms(acts_env(u->acts));
}

static void log_fault(const struct uploads *u, const struct ctx *c)
{
	log_event(LOG_ERROR, now_of(u), "fault uploads detail=\"%s\"", c->trouble.detail);
}

struct upload *upload_find(struct uploads *u, struct str id)
{
	for (size_t i = 0; i < countof(u->at); i++) {
		struct upload *up = &u->at[i];
		if (up->id[0] != '\0' && !up->dropped && str_is(id, up->id))
			return up;
	}
	return NULL;
}

/* Its place is free again, as soon as the disk thread has given back the job. */
static void forget(struct upload *up)
{
	assert(up->waiting == NULL);
	child_stop(&up->child);
	if (up->hashing)
		up->all->children--;
	up->hashing = false;
	up->writer = NULL;
	fd_closep(&up->fd);
	up->dropped = up->job_out;
	if (!up->job_out)
		up->id[0] = '\0';
}

void upload_forget(struct upload *up)
{
	(void)unlink(up->path);
	forget(up);
}

err upload_place(
	struct ctx *c, struct uploads *u, struct str id, struct str name, struct upload **ret)
{
	struct upload *up = NULL;
	for (size_t i = 0; i < countof(u->at) && up == NULL; i++)
		up = u->at[i].id[0] == '\0' ? &u->at[i] : NULL;
	ENSURE(up != NULL, c, ERR_QUOTA, "at most %u uploads are open: finish or delete one",
		LIMIT_UPLOADS_OPEN);
	assert(id.n == UUID_TEXT && name.n <= LIMIT_NAME);
	*up = (struct upload){.all = u, .fd = -1, .changed_ms = now_of(u)};
	memcpy(up->id, id.p, id.n);
	memcpy(up->name, name.p, name.n);
	int n = snprintf(up->path, sizeof up->path, "%s/%s", u->directory, up->id);
	assert(n > 0 && (size_t)n < sizeof up->path);
	*ret = up;
	return OK;
}

err upload_put(struct ctx *c, struct upload *up, struct str result)
{
	struct acts *n = up->all->acts;
	const struct upload_row row = {.id = str_z(up->id),
		.name = str_z(up->name),
		.size = up->size,
		.durable = up->durable,
		.changed_ms = up->changed_ms,
		.result = result,
		.encoding = up->encoding};
	TRY(acts_tick(c, n));
	return upload_store_put(c, acts_db(n), &row);
}

/* The same outside of a request. */
static void note(struct upload *up, struct str result)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	if (a != NULL && upload_put(&c, up, result) != OK)
		log_fault(up->all, &c);
}

/* A child failed. Soon after a start that is no more than the child of the life before, which still had the file in its
 * hands: so the first waits are short. */
static void later(struct upload *up)
{
	unsigned doubled = up->tries < 7 ? up->tries : 7;
	int64_t wait = (int64_t)RETRY_FIRST_MS << doubled;
	up->tries++;
	up->retry_ms = now_of(up->all) + (wait < SWEEP_MS ? wait : SWEEP_MS);
}

static err read_result(struct ctx *c, struct upload *up, struct str *ret)
{
	struct str path;
	TRY(arena_fmt(c, &path, "%s.json", up->path));
	return file_read(c, path.p, LIMIT_HTTP_BODY, ret);
}

static void child_said(void *arg, const struct child_word *w)
{
	struct upload *up = arg;
	struct uploads *u = up->all;
	cleanup(arena_freep) struct arena *a = arena_new(2 * LIMIT_HTTP_BODY);
	struct ctx c = {.arena = a};
	struct str result;
	if (w->what == CHILD_AT) {
		up->hashed = w->number;
		return;
	}
	if (a != NULL && w->what == CHILD_DONE && read_result(&c, up, &result) == OK) {
		up->changed_ms = now_of(u);
		note(up, result);
		forget(up);
	} else {
		(void)snprintf(
			up->trouble, sizeof up->trouble, "%.*s", FMT(str_sub(w->text, 0, 190)));
		log_event(LOG_ERROR, now_of(u), "fault keep upload=%s detail=\"%s\"", up->id,
			up->trouble);
		up->hashing = false;
		later(up);
		u->children--;
	}
	upload_start_children(u);
}

static err start_child(struct ctx *c, struct upload *up)
{
	struct uploads *u = up->all;
	struct json *o = json_object(c);
	struct str text, line;
	json_set_str(c, &o, "directory", str_z(acts_self(u->acts)->directory));
	json_set_str(c, &o, "id", str_z(up->id));
	json_set_str(c, &o, "name", str_z(up->name));
	if (up->encoding != CHARSET_UNKNOWN)
		json_set_str(c, &o, "encoding", str_z(charset_name(up->encoding)));
	TRY(json_canonical(c, o, LIMIT_ACT, &text));
	TRY(arena_fmt(c, &line, "%.*s\n", FMT(text)));
	up->child = (struct child){.says = child_said, .arg = up};
	return child_run(c, u->loop, PROGRAM, "keep", line, &up->child);
}

static bool is_whole(const struct upload *up)
{
	return up->id[0] != '\0' && !up->dropped && !up->fresh && !up->job_out &&
	       up->durable == up->size;
}

void upload_start_children(struct uploads *u)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_HTTP_BODY);
	struct ctx c = {.arena = a};
	int64_t now = now_of(u), wait = SWEEP_MS;
	for (size_t i = 0; a != NULL && i < countof(u->at) && u->children < CHILDREN; i++) {
		struct upload *up = &u->at[i];
		if (!is_whole(up) || up->hashing)
			continue;
		if (now >= up->retry_ms && start_child(&c, up) == OK) {
			up->hashing = true;
			up->hashed = 0;
			u->children++;
			continue;
		}
		if (now >= up->retry_ms) {
			later(up);
			log_fault(u, &c);
		}
		wait = up->retry_ms - now < wait ? up->retry_ms - now : wait;
	}
	if (wait < SWEEP_MS)
		loop_timer_set(u->loop, &u->again, wait);
}

static void try_again(void *arg)
{
	upload_start_children(arg);
}

/* How many bytes the open uploads still need. */
uint64_t upload_outstanding(const struct uploads *u)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < countof(u->at); i++) {
		const struct upload *up = &u->at[i];
		if (up->id[0] != '\0' && !up->dropped)
			sum += (uint64_t)(up->size - up->received);
	}
	return sum;
}

err upload_check_disk(struct ctx *c, const struct uploads *u, uint64_t need)
{
	struct statvfs s;
	ENSURE(statvfs(u->directory, &s) == 0, c, ERR_IO, "statvfs: %s", strerror(errno));
	uint64_t left = (uint64_t)s.f_bavail * s.f_frsize;
	ENSURE(left >= LIMIT_DISK_RESERVE && left - LIMIT_DISK_RESERVE >= need, c, ERR_DISK_FULL,
		"uploads need %llu bytes, %llu are free", (unsigned long long)need,
		(unsigned long long)left);
	return OK;
}

/* The parked request is answered, as a failure unless code is OK. */
static void answer_waiting(struct upload *up, err code)
{
	struct call *k = take(&up->waiting);
	struct upload_patch *p = k->state;
	p->synced = code == OK;
	if (code != OK)
		problem_fill(k->c, k, code);
	api_resume(k);
}

static void synced(void *arg);

void upload_sync(struct upload *up)
{
	struct ctx c = {0};
	if (up->job_out) {
		up->again = true;
		return;
	}
	up->job = (struct disk_job){.kind = DISK_SYNC, .path = up->path, .done = synced, .arg = up};
	up->syncing = up->received;
	err e = disk_submit(&c, up->all->disk, &up->job);
	up->job_out = e == OK;
	if (e == OK || up->waiting == NULL)
		return;
	up->waiting->c->trouble = c.trouble;
	answer_waiting(up, e);
}

static void synced(void *arg)
{
	struct upload *up = arg;
	const struct disk_job *job = &up->job;
	up->job_out = false;
	if (up->dropped) {
		up->dropped = false;
		up->id[0] = '\0';
		return;
	}
	if (take(&up->again)) {
		upload_sync(up);
		return;
	}
	if (job->code == OK) {
		up->durable = up->syncing;
		up->changed_ms = now_of(up->all);
	} else if (up->waiting != NULL) {
		up->waiting->c->trouble = job->trouble;
	}
	if (up->waiting != NULL)
		answer_waiting(up, job->code);
	else if (job->code == OK)
		note(up, (struct str){"", 0});
	upload_start_children(up->all);
}

/* What a row says is open, as the file stands. Where neither file nor result is left there is nothing to go on with. */
static err load(struct ctx *c, struct uploads *u, const struct upload_row *row)
{
	struct upload *up;
	struct stat st;
	struct str result;
	TRY(upload_place(c, u, row->id, row->name, &up));
	up->size = row->size;
	up->durable = row->durable;
	up->changed_ms = row->changed_ms;
	up->encoding = row->encoding;
	bool file = stat(up->path, &st) == 0;
	if (file && st.st_size < up->durable)
		up->durable = st.st_size;
	up->received = up->durable;
	if (file || read_result(c, up, &result) == OK)
		return OK;
	forget(up);
	TRY(acts_tick(c, u->acts));
	return upload_store_drop(c, acts_db(u->acts), row->id);
}

static bool is_busy(const struct upload *up)
{
	return up->writer != NULL || up->waiting != NULL || up->job_out || up->hashing;
}

/* Rows that nobody has touched for a day, and those that lost their place in memory. */
static err sweep_rows(struct ctx *c, struct uploads *u)
{
	struct upload_row *rows;
	size_t n = 0;
	NEW_N(c, rows, LIMIT_UPLOADS);
	TRY(upload_store_list(c, acts_db(u->acts), STR(""), LIMIT_UPLOADS, rows, &n));
	for (size_t i = 0; i < n; i++) {
		struct upload *up = upload_find(u, rows[i].id);
		bool old = now_of(u) - rows[i].changed_ms >= LIMIT_UNREFERENCED_MS;
		if (!old && up == NULL && !rows[i].ready)
			TRY(load(c, u, &rows[i]));
		if (!old || (up != NULL && is_busy(up)))
			continue;
		TRY(acts_tick(c, u->acts));
		TRY(upload_store_drop(c, acts_db(u->acts), rows[i].id));
		if (up != NULL)
			upload_forget(up);
	}
	return OK;
}

/* Files whose upload is not open: what is left of those that are ready, deleted, or were never recorded. */
static err sweep_files(struct ctx *c, struct uploads *u)
{
	cleanup(dir_closep) DIR *d = opendir(u->directory);
	ENSURE(d != NULL, c, ERR_IO, "read the directory of uploads: %s", strerror(errno));
	for (const struct dirent *e; (e = readdir(d)) != NULL;) {
		struct str name = str_z(e->d_name);
		struct upload_row row;
		if (name.n < UUID_TEXT || upload_find(u, str_sub(name, 0, UUID_TEXT)) != NULL)
			continue;
		err found =
			upload_store_find(c, acts_db(u->acts), str_sub(name, 0, UUID_TEXT), &row);
		if (found == ERR_NOT_FOUND || (found == OK && row.ready))
			(void)unlinkat(dirfd(d), e->d_name, 0);
	}
	return OK;
}

static void sweep(void *arg)
{
	struct uploads *u = arg;
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	for (size_t i = 0; i < countof(u->at); i++) {
		struct upload *up = &u->at[i];
		bool lost =
			up->id[0] != '\0' && up->fresh && now_of(u) - up->changed_ms >= SWEEP_MS;
		if (lost)
			upload_forget(up);
	}
	if (a != NULL && (sweep_rows(&c, u) != OK || sweep_files(&c, u) != OK))
		log_fault(u, &c);
	upload_start_children(u);
	loop_timer_set(u->loop, &u->timer, SWEEP_MS);
}

err uploads_new(
	struct ctx *c, struct loop *l, struct disk *disk, struct acts *n, struct uploads **ret)
{
	struct uploads *u;
	NEW(c, u);
	u->loop = l;
	u->disk = disk;
	u->acts = n;
	int made =
		snprintf(u->directory, sizeof u->directory, "%s/uploads", acts_self(n)->directory);
	ENSURE(made > 0 && (size_t)made + UUID_TEXT + 8 < sizeof u->directory, c, ERR_BAD_VALUE,
		"the path of the node's directory is too long");
	ENSURE(mkdir(u->directory, 0700) == 0 || errno == EEXIST, c, ERR_IO,
		"make the directory of uploads: %s", strerror(errno));
	u->timer = (struct loop_timer){.fire = sweep, .arg = u};
	u->again = (struct loop_timer){.fire = try_again, .arg = u};
	/* At once, within the loop: what was open goes on. */
	TRY(sweep_rows(c, u));
	loop_timer_set(l, &u->timer, 1);
	*ret = u;
	return OK;
}

void uploads_free(struct uploads *u)
{
	for (size_t i = 0; u != NULL && i < countof(u->at); i++) {
		child_stop(&u->at[i].child);
		fd_closep(&u->at[i].fd);
	}
}
