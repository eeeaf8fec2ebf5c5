/* Copying an object out of the node to where a person wants it: shared blocks where the file system can, else by the kernel;
 * the file appears under its name when it is whole. Blocking; for commands alone. */
#pragma once

#include "base/err.h"

/* ERR_NOT_FOUND, ERR_IO. Replaces a file that is there. */
must_use err copy_object(struct ctx *c, const char *from, const char *to);
