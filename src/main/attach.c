#include "main/attach.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "main/command.h"
#include "store/blobs.h"

static err yes_or_no(struct ctx *c, const struct options *o, const char *name, const char *member,
	struct json **body)
{
	struct str word;
	if (!option_set(o, name))
		return OK;
	word = str_z(option(o, name));
	ENSURE(str_is(word, "yes") || str_is(word, "no"), c, ERR_USAGE, "--%s is yes or no", name);
	json_set(body, member, json_bool(c, str_is(word, "yes")));
	return OK;
}

err binding_options(struct ctx *c, const struct options *o, struct json **body)
{
	TRY(yes_or_no(c, o, "two-people", "twoPeople", body));
	return yes_or_no(c, o, "stamped", "stamped", body);
}

static bool is_set(const struct json *answer, const char *member)
{
	const struct json *j = json_get(answer, member);
	return j != NULL && j->type == JSON_TRUE;
}

void binding_print(const struct json *answer, const char *what)
{
	bool two = is_set(answer, "twoPeople"), stamped = is_set(answer, "stamped");
	if (two || stamped)
		printf("%s takes %s%s%s\n", what, two ? "two different people" : "",
			two && stamped ? " and " : "", stamped ? "a stamped contract" : "");
	const struct json *waiting = json_get(answer, "waiting");
	if (waiting != NULL)
		printf("a change waits for another person: shugu approve %.*s\n",
			FMT(json_text(json_get(waiting, "id"))));
}

err attach_file(struct ctx *c, const struct options *o, struct control *k, struct str target,
	const char *path)
{
	cleanup(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct blob blob;
	const char *blobs;
	struct json *body = json_object(c);
	const struct json *answer = NULL;
	ENSURE(fd >= 0, c, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
	TRY(node_path(c, o->data, "blobs", &blobs));
	TRY(blob_take(c, &env_system, blobs, fd, NULL, NULL, &blob));
	ENSURE(blob.size <= LIMIT_ATTACHMENT, c, ERR_TOO_LARGE,
		"%s: a stamped contract has at most %u bytes", path, LIMIT_ATTACHMENT);
	json_set_hex(c, &body, "root", blob.root.b, HASH_BYTES);
	json_set_hex(c, &body, "sha256", blob.sha256.b, HASH_BYTES);
	json_set_num(c, &body, "size", (int64_t)blob.size);
	TRY(control_call(c, k, "POST", target, body, &answer));
	if (o->json)
		return command_print(c, answer);
	printf("attached %s: sha256 %.*s\n", path, FMT(json_text(json_get(answer, "sha256"))));
	return OK;
}

err waits_text(struct ctx *c, const struct json *row, struct str *text)
{
	const struct json *waits = json_get(row, "waitsFor");
	bool first = true;
	if (waits == NULL)
		return OK;
	for (const struct json *w = waits->first; w != NULL; w = w->next) {
		TRY(arena_fmt(c, text, "%.*s%s%.*s", FMT(*text), first ? ", waits for " : ", ",
			FMT(w->text)));
		first = false;
	}
	return OK;
}
