/* The command line: the options of a command, and what is left. Each command names those it takes. */
#pragma once

#include "base/err.h"
#include "base/str.h"

/* LINES may stand more than once: its values, parted by line ends. */
enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_LINES };

struct option_row {
	const char *name; /* without -- */
	enum option_kind kind;
	const char *help;
};

#define OPTIONS_MAX 48u

struct options {
	const struct option_row *rows; /* of the command */
	size_t rows_n;
	const char *values[OPTIONS_MAX]; /* "" for a flag that is set, NULL where absent */
	const char *data;                /* --data, which every command takes */
	const char *at; /* --at: what time it is, for a simulated node; NULL: not said */
	bool json, help;
	int n;            /* arguments */
	char **arguments; /* borrowed from main */
};

/* Reads argv behind the command's name. Options may stand anywhere; -- ends them; a value follows as "--name V" or
 * "--name=V". --data defaults to $SHUGU_DATA, else ./node. ERR_USAGE. */
must_use err options_read(struct ctx *c, int argc, char **argv, const struct option_row *rows,
	size_t rows_n, struct options *ret);
/* Is --json among the words, whatever else is wrong with them? */
bool options_json(int argc, char **argv);
/* The value of an option, or NULL. The name must be one of the rows. */
const char *option(const struct options *o, const char *name);
bool option_set(const struct options *o, const char *name);
/* An option that must be a whole number of at most max; otherwise gives what stands for it. ERR_USAGE. */
must_use err option_number(
	struct ctx *c, const struct options *o, const char *name, int64_t max, int64_t *ret);
