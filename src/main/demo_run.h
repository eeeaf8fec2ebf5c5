/* The children of `shugu demo` and `shugu run`: this same program, run with words that are printed as a person would type them. Two of
 * them serve; they end with this process, whatever happens to it (PR_SET_PDEATHSIG), and by demo_end().
 *
 * Every wait has an end: a child that has not ended after DEMO_PATIENCE_MS is killed. ERR_IO where a child cannot be had,
 * ERR_BAD_STATE where it ends otherwise than expected. */
#pragma once

#include <limits.h>
#include <sys/types.h>

#include "base/env.h"
#include "base/str.h"

#define DEMO_NODES 8u
#define DEMO_PATIENCE_MS 120000

struct demo {
	char program[PATH_MAX];
	const char *directory;
	pid_t served[DEMO_NODES];
	int64_t step_us; /* when the step began; 0: none runs */
};

/* Finds the program and makes a directory of its own under $TMPDIR, else /tmp. */
must_use err demo_begin(struct ctx *c, struct demo *d);
/* Ends the step that runs with its time, and names the next one; NULL: there is none. */
void demo_step(struct demo *d, const char *name);
/* Runs one command to its end, NULL-terminated words without the program's name. ret_out (or NULL): its standard output,
 * in c's arena; printed unless quiet. */
must_use err demo_run(struct ctx *c, struct demo *d, const char *const *words, int expected,
	bool quiet, struct str *ret_out);
/* Finds the program, for who brings a directory of his own. */
must_use err demo_program(struct ctx *c, struct demo *d);
/* One command in a working directory (NULL: here), whatever its end: exit status (-1: killed), standard output and standard
 * error. Nothing is printed. */
must_use err demo_capture(struct ctx *c, struct demo *d, const char *const *words,
	const char *directory, int *ret_code, struct str *ret_out, struct str *ret_err);
/* As a person would type it, on a line of its own. */
void demo_print(const char *const *words);
/* Starts `serve` for the i-th node and waits until it is ready. What it prints goes to NAME.out and NAME.log beside the
 * node's directory. */
must_use err demo_serve(
	struct ctx *c, struct demo *d, size_t i, const char *data, const char *listen, bool quiet);
/* Ends the nodes and removes the directory where keep is false. */
void demo_end(struct demo *d, bool keep);
/* A port of the loopback that nobody listens on now. */
must_use err demo_port(struct ctx *c, uint16_t *ret);
