#include "main/complain.h"

#include <stdio.h>

#include "base/limits.h"
#include "codec/json.h"
#include "main/table.h"

/* A value that is not allowed is one that somebody typed. */
static int exit_code(err e)
{
	if (e == ERR_USAGE || e == ERR_BAD_VALUE)
		return 2;
	return err_is_fault(e) ? 3 : 1;
}

static err problem(struct ctx *c, err e, struct str detail, struct str help, struct str *ret)
{
	const struct err_row *row = err_row(e);
	struct json *o = json_object(c);
	struct str type;
	while (!str_is_utf8(detail)) /* cut inside a character, or what somebody typed */
		detail.n--;
	TRY(arena_fmt(c, &type, "urn:shugu:problem:%s", row->slug));
	json_set_str(c, &o, "type", type);
	json_set_str(c, &o, "title", str_z(row->title));
	json_set_num(c, &o, "status", row->status);
	json_set_str(c, &o, "detail", detail);
	json_set_num(c, &o, "exit", exit_code(e));
	if (help.n > 0)
		json_set_str(c, &o, "help", help);
	return json_write(c, o, false, LIMIT_HTTP_BODY, ret);
}

int complain(struct ctx *c, err e, const char *command, bool json)
{
	struct str said, text, help = {"", 0};
	(void)fflush(stdout);
	if ((json ? arena_str : table_shown)(c, str_z(c->trouble.detail), &said) != OK)
		said = (struct str){"", 0};
	if (exit_code(e) == 2 &&
		arena_fmt(c, &help, "shugu %s%s--help", command != NULL ? command : "",
			command != NULL ? " " : "") != OK)
		help = (struct str){"", 0};
	if (json && problem(c, e, said, help, &text) == OK)
		fprintf(stderr, "%.*s\n", FMT(text));
	else if (help.n > 0)
		fprintf(stderr, "shugu: %s: %.*s (%.*s)\n", err_row(e)->title, FMT(said),
			FMT(help));
	else
		fprintf(stderr, "shugu: %s: %.*s\n", err_row(e)->title, FMT(said));
	return exit_code(e);
}
