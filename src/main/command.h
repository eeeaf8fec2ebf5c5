/* A command: one file cmd_<name>.c each, one row in shugu.c. */
#pragma once

#include "main/node.h"
#include "main/options.h"

struct command {
	const char *name;
	const char *usage; /* what follows the name */
	const char *does;  /* one sentence */
	const struct option_row *options;
	size_t options_n;
	/* Prints what it has to say; ERR_VERDICT ends with 1 without a further word. */
	err (*run)(struct ctx *c, const struct options *o);
};

extern const struct command cmd_init, cmd_serve, cmd_evidence, cmd_log, cmd_replay, cmd_backup,
	cmd_restore;

/* One line of JSON to standard output. */
must_use err command_print(struct ctx *c, const struct json *j);
