/* A printer at work: the child `shugu-render` that lies beside this program, fed with a sheet and read to its end without
 * ever waiting, in the loop; killed after LIMIT_PRINT_MS, and when it writes more than LIMIT_PRINT_PDF. Its environment is
 * empty and it has three descriptors. At most LIMIT_PRINTERS at a time in a process: ERR_BUSY.
 *
 * A job is memory of its own, freed by print_free; the PDF lives in it. */
#pragma once

#include <sys/types.h>

#include "base/arena.h"
#include "net/loop.h"

struct print;

/* Told once, never from within print_start: OK and the PDF, or why there is none (detail in c). */
typedef void (*print_done)(void *arg, struct ctx *c, err e, struct str pdf);

/* program: NULL for shugu-render beside this one; sheet is copied. ERR_BUSY, ERR_IO, ERR_MEMORY. */
must_use err print_start(struct ctx *c, struct loop *l, const char *program, struct str sheet,
	int64_t patience_ms, print_done done, void *arg, struct print **ret);
/* Kills what still runs; accepts NULL. */
void print_free(struct print *p);
/* For a command: starts, waits, answers; ret_pdf lives in c's arena. */
must_use err print_alone(struct ctx *c, const char *program, struct str sheet, int64_t patience_ms,
	struct str *ret_pdf);
