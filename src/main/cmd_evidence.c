/* shugu evidence FILE: anchors a file's digest. */
#include <fcntl.h>
#include <unistd.h>

#include "base/limits.h"
#include "main/command.h"
#include "main/control.h"

static const struct option_row options[] = {
	{"subject", OPTION_TEXT,
		"TEXT   what the thing is called in the log (default: a fresh id)"},
};

/* SHA-256 of a file of any size, in constant memory. */
static err digest_file(struct ctx *c, const char *path, struct hash *ret)
{
	struct hash_stream *s;
	char *bytes;
	ssize_t got;
	cleanup(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ENSURE(fd >= 0, c, ERR_NOT_FOUND, "%s cannot be read", path);
	TRY(hash_open(c, &s));
	NEW_N(c, bytes, LIMIT_CHUNK);
	while ((got = read(fd, bytes, LIMIT_CHUNK)) > 0)
		hash_update(s, bytes, (size_t)got);
	ENSURE(got == 0, c, ERR_IO, "%s could not be read to its end", path);
	*ret = hash_finish(s);
	return OK;
}

static err run(struct ctx *c, const struct options *o)
{
	struct control *k;
	struct hash h;
	struct buf b;
	struct json *body = json_object(c);
	const struct json *proof = NULL;
	ENSURE(o->n == 1, c, ERR_USAGE, "evidence needs one FILE");
	TRY(digest_file(c, o->arguments[0], &h));
	buf_init(&b, c->arena, 80);
	buf_z(&b, "sha256:");
	buf_hex(&b, h.b, HASH_BYTES);
	json_set_str(c, &body, "digest", buf_str(&b));
	if (option_set(o, "subject"))
		json_set_str(c, &body, "subject", str_z(option(o, "subject")));
	TRY(control_open(c, o->data, &k));
	TRY(control_call(c, k, "POST", STR("/api/v1/evidence"), body, &proof));
	return command_print(c, proof);
}

const struct command cmd_evidence = {"evidence", "FILE [--subject TEXT]",
	"Anchors a file's SHA-256 in the log and prints the proof (E) of it.", options,
	countof(options), run};
