/* The command line: options that every command shares, and what is left. */
#pragma once

#include "base/err.h"

struct options {
	const char *data, *name, *uscc, *url;
	bool allow_loopback, help;
	int n;            /* arguments behind the command */
	char **arguments; /* borrowed from main */
};

/* Reads argv behind the command's name. --data defaults to $SHUGU_DATA, else ./node. ERR_USAGE. */
must_use err options_read(struct ctx *c, int argc, char **argv, struct options *ret);
