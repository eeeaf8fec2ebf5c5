/* What the commands contract and invoice share: what binds, as options and as words, and a stamped contract as a file, which
 * becomes an object in this process before the node is told. */
#pragma once

#include "main/control.h"
#include "main/options.h"

/* --two-people and --stamped into body. ERR_USAGE unless yes or no. */
must_use err binding_options(struct ctx *c, const struct options *o, struct json **body);
/* A line for what a policy's answer demands of that; nothing where it demands nothing. */
void binding_print(const struct json *answer, const char *what);
/* Keeps the file as an object and tells target of it; says what was done. */
must_use err attach_file(struct ctx *c, const struct options *o, struct control *k,
	struct str target, const char *path);
/* Adds what a row waits for to a text. */
must_use err waits_text(struct ctx *c, const struct json *row, struct str *text);
