/* What a command says where it fails, on standard error: one sentence, or with --json one line of a problem as the API
 * gives it (RFC 9457; docs/FORMATS.md, 9). Standard output has the answer alone. */
#pragma once

#include <stdbool.h>

#include "base/err.h"

/* Says it and gives the exit code: 1 no, 2 wrong usage (with where help is), 3 fault. command may be NULL. */
int complain(struct ctx *c, err e, const char *command, bool json);
