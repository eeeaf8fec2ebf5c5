/* shugu draw: the child of a running node that takes what a plain connector gives (delivery/draw.h). Told by one line of JSON,
 * {url, token, blobs, authorities?, most, loopback}; says `at N`, and last one of `kept ROOT SHA256 SIZE`, `no STATUS WHY`,
 * `later WHY` (delivery/receive_child.h). It has network and the objects' directory, but opens neither keys nor database.
 * Nothing says what should come, so what breaks off is thrown away. Memory is constant at any size. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "codec/json.h"
#include "delivery/receive_child.h"
#include "main/command.h"
#include "main/pull.h"
#include "store/blobs.h"

#define SAY_BYTES (1u << 20)
#define LOOK_BYTES (16u << 20) /* between two looks at the room on the disk */

struct task {
	struct str url, token, blobs, authorities;
	int64_t most;
	bool loopback;
};

static const struct json_field fields[] = {
	{"url", JSON_K_TEXT, false, offsetof(struct task, url), LIMIT_URL, NULL},
	{"token", JSON_K_TEXT, false, offsetof(struct task, token), CHILD_TASK, NULL},
	{"blobs", JSON_K_TEXT, false, offsetof(struct task, blobs), LIMIT_TEXT, NULL},
	{"authorities", JSON_K_TEXT, true, offsetof(struct task, authorities), LIMIT_TEXT, NULL},
	{"most", JSON_K_INT, false, offsetof(struct task, most), 0, NULL},
	{"loopback", JSON_K_BOOL, false, offsetof(struct task, loopback), 0, NULL},
};

struct draw {
	struct task task;
	struct pull pull;
	int dir, fd;
	char name[BLOB_NAME]; /* of the temporary, from the directory of objects */
	uint64_t bytes, said, looked;
	long status;
	const char *final, *wait; /* why it stopped; NULL: it did not */
};

static bool has_room(struct draw *d)
{
	struct statvfs v;
	if (d->looked > 0 && d->bytes - d->looked < LOOK_BYTES)
		return true;
	d->looked = d->bytes + 1;
	return fstatvfs(d->fd, &v) != 0 || (uint64_t)v.f_bavail * v.f_frsize > LIMIT_DISK_RESERVE;
}

static size_t stop(const char **why, const char *text)
{
	*why = text;
	return 0;
}

static bool put(struct draw *d, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(d->fd, p, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		p += done;
		n -= (size_t)done;
	}
	return true;
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
	struct draw *d = arg;
	n *= size;
	if (d->status == 0)
		(void)curl_easy_getinfo(d->pull.easy, CURLINFO_RESPONSE_CODE, &d->status);
	if (d->status != 200)
		return n;
	if (d->bytes + n > (uint64_t)d->task.most)
		return stop(&d->final, "it is larger than this node takes without a proof");
	if (!has_room(d))
		return stop(&d->wait, "the disk has no room for it");
	if (!put(d, p, n))
		return stop(&d->wait, "it cannot be written");
	d->bytes += n;
	if (d->bytes - d->said >= SAY_BYTES) {
		d->said = d->bytes;
		printf("at %llu\n", (unsigned long long)d->bytes);
		(void)fflush(stdout);
	}
	return n;
}

static err open_temporary(struct ctx *c, struct draw *d)
{
	uint64_t random[2];
	env_random(&env_system, random, sizeof random);
	(void)snprintf(d->name, sizeof d->name, "tmp/%016llx%016llx", (unsigned long long)random[0],
		(unsigned long long)random[1]);
	TRY(blob_dir_open(c, arena_z(c->arena, d->task.blobs), &d->dir));
	d->fd = openat(d->dir, d->name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return d->fd >= 0 ? OK : blob_io(c, "open a temporary", errno);
}

static err nothing_told(void *arg, struct ctx *c, const struct blob *b)
{
	(void)arg;
	(void)c;
	(void)b;
	return OK;
}

/* 4xx is a no for good, but what only says not now; so is a redirect, which nobody follows. */
static bool is_no(long status)
{
	return status != 200 && status < 500 && status != 408 && status != 425 && status != 429;
}

static err perform(struct ctx *c, struct draw *d)
{
	const char *url = arena_z(c->arena, d->task.url);
	if (url == NULL || curl_easy_setopt(d->pull.easy, CURLOPT_URL, url) != CURLE_OK)
		return fail(c, ERR_MEMORY, "no memory for a request");
	CURLcode code = curl_easy_perform(d->pull.easy);
	(void)curl_easy_getinfo(d->pull.easy, CURLINFO_RESPONSE_CODE, &d->status);
	if (d->final != NULL)
		return fail(c, ERR_TOO_LARGE, "%s", d->final);
	ENSURE(d->wait == NULL, c, ERR_DISK_FULL, "%s", d->wait);
	ENSURE(code == CURLE_OK || !d->pull.forbidden, c, ERR_FORBIDDEN_ADDRESS,
		"the data lies at an address that may not be called");
	ENSURE(code == CURLE_OK, c, ERR_PEER_UNREACHABLE, "%s",
		d->pull.detail[0] != '\0' ? d->pull.detail : curl_easy_strerror(code));
	ENSURE(!is_no(d->status), c, ERR_PEER_REFUSED, "the other side says no");
	ENSURE(d->status == 200, c, ERR_PEER_UNREACHABLE, "the other side answers %ld", d->status);
	return OK;
}

static err draw(struct ctx *c, struct draw *d)
{
	const struct pull_task task = {
		d->task.url, d->task.token, d->task.authorities, d->task.loopback};
	struct blob kept;
	struct buf word;
	TRY(pull_open(c, &d->pull, &task, on_body, d));
	TRY(open_temporary(c, d));
	err e = perform(c, d);
	if (e == OK)
		e = blob_adopt(c, &env_system, arena_z(c->arena, d->task.blobs), d->name, NULL,
			nothing_told, NULL, &kept);
	if (e != OK) {
		(void)unlinkat(d->dir, d->name, 0);
		return e;
	}
	buf_init(&word, c->arena, CHILD_LINE);
	buf_hex(&word, kept.root.b, HASH_BYTES);
	buf_add(&word, STR(" "));
	buf_hex(&word, kept.sha256.b, HASH_BYTES);
	printf("kept %.*s %llu\n", FMT(buf_str(&word)), (unsigned long long)kept.size);
	return OK;
}

static err read_task(struct ctx *c, struct task *ret)
{
	char *line = arena_alloc(c->arena, CHILD_TASK);
	const struct json *j;
	ENSURE(line != NULL && fgets(line, (int)CHILD_TASK, stdin) != NULL, c, ERR_USAGE,
		"draw is told by serve what to do");
	TRY(json_parse(c, str_sub(str_z(line), 0, str_find(str_z(line), '\n')), &j));
	TRY(json_read(c, j, fields, countof(fields), false, ret));
	ENSURE(ret->most >= 0, c, ERR_BAD_VALUE, "most is negative");
	return OK;
}

/* Its last word, on one line. */
static void say_end(const struct draw *d, err e, const char *why)
{
	bool final = e == ERR_PEER_REFUSED || e == ERR_TOO_LARGE || e == ERR_FORBIDDEN_ADDRESS ||
		     e == ERR_BAD_VALUE;
	if (final)
		printf("no %ld ", d->status > 0 ? d->status : 0);
	else
		printf("later ");
	for (const char *p = why; *p != '\0'; p++)
		(void)putchar((unsigned char)*p < ' ' ? ' ' : *p);
	(void)putchar('\n');
}

static err run(struct ctx *c, const struct options *o)
{
	struct draw *d;
	(void)o;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* it does nothing for itself */
	(void)signal(SIGPIPE, SIG_IGN);
	NEW(c, d);
	d->dir = d->fd = -1;
	TRY(read_task(c, &d->task));
	err e = draw(c, d);
	if (e != OK)
		say_end(d, e, c->trouble.detail);
	pull_close(&d->pull);
	fd_closep(&d->fd);
	fd_closep(&d->dir);
	return e;
}

const struct command cmd_draw = {"draw", "",
	"Takes what a plain connector gives for a running node, which starts it.", NULL, 0, run};
