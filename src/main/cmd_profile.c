/* shugu profile FILE: what is in a file that might be published; needs no node. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/env.h"
#include "main/command.h"
#include "main/profile_say.h"
#include "product/profile.h"

static const struct option_row options[] = {
	{"encoding", OPTION_TEXT, "NAME   utf-8, utf-16le, utf-16be or gb18030 (default: as told)"},
};

static int64_t number(const struct json *o, const char *name)
{
	int64_t v = 0;
	(void)json_int(json_get(o, name), &v);
	return v;
}

static bool is_true(const struct json *o, const char *name)
{
	const struct json *j = json_get(o, name);
	return j != NULL && j->type == JSON_TRUE;
}

static void say_doubts(const struct json *p)
{
	struct str encoding = json_text(json_get(p, "encoding")),
		   stopped = json_text(json_get(p, "stopped"));
	if (str_is(encoding, "unknown"))
		printf("  the encoding is not known: say it with --encoding\n");
	else if (is_true(p, "confirm"))
		printf("  the encoding was guessed: if it is not %.*s, say so with --encoding\n",
			FMT(encoding));
	if (number(p, "replaced") > 0)
		printf("  %lld places are no characters of it\n", (long long)number(p, "replaced"));
	if (number(p, "ragged") > 0)
		printf("  %lld rows have more or fewer fields than the header\n",
			(long long)number(p, "ragged"));
	if (number(p, "malformed") > 0)
		printf("  %lld lines are no objects\n", (long long)number(p, "malformed"));
	if (stopped.n > 0)
		printf("  the profile ends before the file: %.*s\n", FMT(stopped));
}

void profile_say_summary(const struct json *p)
{
	struct str format = json_text(json_get(p, "format"));
	struct str encoding = json_text(json_get(p, "encoding"));
	const struct json *columns = json_get(p, "columns");
	if (columns == NULL)
		return;
	printf("  %.*s%s%.*s%s, %lld rows, %zu columns\n", FMT(format), encoding.n > 0 ? ", " : "",
		FMT(encoding), is_true(p, "bom") ? " with a byte order mark" : "",
		(long long)number(p, "rows"), columns->n);
	say_doubts(p);
}

void profile_say_columns(const struct json *p)
{
	const struct json *columns = json_get(p, "columns");
	for (const struct json *x = columns == NULL ? NULL : columns->first; x != NULL;
		x = x->next) {
		struct str min = json_text(json_get(x, "min")), max = json_text(json_get(x, "max"));
		printf("  %-24.*s %-9.*s", FMT(json_text(json_get(x, "name"))),
			FMT(json_text(json_get(x, "type"))));
		if (json_get(x, "distinct") != NULL)
			printf(" %9lld null %9s%lld distinct", (long long)number(x, "nulls"),
				is_true(x, "exact") ? "" : "about ",
				(long long)number(x, "distinct"));
		if (min.n > 0)
			printf("  %.*s .. %.*s", FMT(min), FMT(max));
		printf("\n");
	}
}

err option_encoding(struct ctx *c, const struct options *o, enum charset *ret)
{
	const char *name = option(o, "encoding");
	*ret = name == NULL ? CHARSET_UNKNOWN : charset_named(str_z(name));
	ENSURE(name == NULL || *ret != CHARSET_UNKNOWN, c, ERR_USAGE,
		"--encoding is utf-8, utf-16le, utf-16be or gb18030");
	return OK;
}

static err run(struct ctx *c, const struct options *o)
{
	struct json *profile;
	enum charset given;
	ENSURE(o->n == 1, c, ERR_USAGE, "profile needs one FILE");
	TRY(option_encoding(c, o, &given));
	const char *path = o->arguments[0], *slash = strrchr(path, '/');
	cleanup(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ENSURE(fd >= 0, c, ERR_NOT_FOUND, "%s cannot be read", path);
	TRY(profile_file(c, fd, str_z(slash != NULL ? slash + 1 : path), given, &profile));
	if (o->json)
		return command_print(c, profile);
	if (json_get(profile, "columns") == NULL)
		printf("%s is no table that is read here\n", path);
	profile_say_summary(profile);
	profile_say_columns(profile);
	return OK;
}

const struct command cmd_profile = {"profile", "FILE [--encoding NAME]",
	"What is in a file: columns, types, values; no node is needed.", options, countof(options),
	run};
