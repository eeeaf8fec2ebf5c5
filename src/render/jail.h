/* The jail of the printer: what it reads was written by others, and cairo, pango and the fonts' code are much code.
 *
 * jail_enter comes first, before any thread: no environment, limits (CPU, memory, files, no core), and where the system
 * allows it name spaces of its own: user, network (no interface is up), mounts. Fonts are opened then. jail_close comes
 * before the first byte of the document is read: a seccomp filter over all threads under which only reading standard input,
 * writing standard output and error, memory, locks and the end are left; any other system call kills the process. */
#pragma once

#include "base/arena.h"

/* ret_spaces: false where the system allows no name spaces (a container); limits and filter hold all the same. ERR_IO. */
must_use err jail_enter(struct ctx *c, bool *ret_spaces);
/* ERR_IO where the filter cannot be set: then nothing may be read. */
must_use err jail_close(struct ctx *c);
