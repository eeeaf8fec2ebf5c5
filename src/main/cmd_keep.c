/* shugu keep: the child of a running node that makes an upload an object (api/upload.h). One line of JSON on its standard
 * input says what: {"directory", "id", "name", "encoding"?}. It profiles and hashes DIR/uploads/ID, writes what it found into
 * DIR/uploads/ID.json, and then moves the file into DIR/blobs. It opens neither keys nor database nor network, and says
 * `at N` as it goes, at the end `done` or `no 0 WHY` (delivery/receive_child.h). */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/limits.h"
#include "main/command.h"
#include "product/profile.h"
#include "store/blobs.h"

#define LINE_MAX_BYTES 4096u
#define SAY_US 200000

struct task {
	struct str directory, id, name, encoding;
};

static const struct json_field fields[] = {
	{"directory", JSON_K_TEXT, false, offsetof(struct task, directory), 0, NULL},
	{"id", JSON_K_TEXT, false, offsetof(struct task, id), LIMIT_NAME, NULL},
	{"name", JSON_K_TEXT, false, offsetof(struct task, name), LIMIT_NAME, NULL},
	{"encoding", JSON_K_TEXT, true, offsetof(struct task, encoding), LIMIT_NAME, NULL},
};

struct keeping {
	const char *result; /* path */
	struct json *profile;
	int64_t said_us;
};

static void say_progress(void *arg, uint64_t done)
{
	struct keeping *k = arg;
	int64_t now = env_mono_us(&env_system);
	if (now - k->said_us < SAY_US)
		return;
	k->said_us = now;
	printf("at %llu\n", (unsigned long long)done);
	(void)fflush(stdout);
}

static err write_result(void *arg, struct ctx *c, const struct blob *b)
{
	struct keeping *k = arg;
	struct json *o = json_object(c);
	struct str text;
	json_set_hex(c, &o, "root", b->root.b, HASH_BYTES);
	json_set_hex(c, &o, "sha256", b->sha256.b, HASH_BYTES);
	json_set(&o, "profile", k->profile);
	TRY(json_canonical(c, o, LIMIT_HTTP_BODY, &text));
	return file_write(c, &env_system, k->result, text, 0600);
}

/* A child before this one may have been killed behind its last step: then the object is there. */
static bool is_done(struct ctx *c, const char *blobs, const char *result)
{
	cleanup(fd_closep) int fd = -1;
	struct str text;
	const struct json *j;
	struct {
		struct hash root;
	} found;
	static const struct json_field root[] = {{"root", JSON_K_HEX32, false, 0, 0, NULL}};
	uint64_t size;
	return file_read(c, result, LIMIT_HTTP_BODY, &text) == OK &&
	       json_parse(c, text, &j) == OK &&
	       json_read(c, j, root, countof(root), true, &found) == OK &&
	       blob_open(c, blobs, &found.root, &fd, &size) == OK;
}

static err keep(struct ctx *c, const struct task *t)
{
	struct keeping k = {0};
	struct blob made;
	struct str path, result, blobs, name;
	TRY(arena_fmt(c, &path, "%.*s/uploads/%.*s", FMT(t->directory), FMT(t->id)));
	TRY(arena_fmt(c, &result, "%.*s.json", FMT(path)));
	TRY(arena_fmt(c, &blobs, "%.*s/blobs", FMT(t->directory)));
	TRY(arena_fmt(c, &name, "../uploads/%.*s", FMT(t->id)));
	k.result = result.p;
	cleanup(fd_closep) int fd = open(path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && is_done(c, blobs.p, result.p))
		return OK;
	ENSURE(fd >= 0, c, ERR_NOT_FOUND, "the uploaded file is gone");
	TRY(profile_file(c, fd, t->name, charset_named(t->encoding), &k.profile));
	return blob_adopt(c, &env_system, blobs.p, name.p, say_progress, write_result, &k, &made);
}

static err read_task(struct ctx *c, struct task *ret)
{
	char line[LINE_MAX_BYTES];
	const struct json *j;
	ENSURE(fgets(line, sizeof line, stdin) != NULL, c, ERR_USAGE,
		"keep is started by a running node, which tells it what to keep");
	TRY(json_parse(c, str_trim(str_z(line)), &j));
	return json_read(c, j, fields, countof(fields), false, ret);
}

static err run(struct ctx *c, const struct options *o)
{
	struct task t;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	ENSURE(o->n == 0, c, ERR_USAGE, "keep takes no argument");
	TRY(read_task(c, &t));
	err e = keep(c, &t);
	if (e == OK)
		printf("done\n");
	else
		printf("no 0 %s\n", c->trouble.detail);
	return OK;
}

const struct command cmd_keep = {
	"keep", "", "Makes an upload an object; started by shugu serve.", NULL, 0, run};
