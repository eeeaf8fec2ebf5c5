/* A printer is a stranger: here shells that print, linger, flood, die and read nothing. */
#include "paper/print.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "tests/tap.h"

static char program[64];

static err by(
	struct ctx *c, const char *body, struct str sheet, int64_t patience_ms, struct str *ret)
{
	struct str text;
	TRY(arena_fmt(c, &text, "#!/bin/sh\n%s\n", body));
	TRY(file_write(c, &env_system, program, text, 0755));
	return print_alone(c, program, sheet, patience_ms, ret);
}

static void ignore_done(void *arg, struct ctx *c, err e, struct str pdf)
{
	(void)arg;
	(void)c;
	(void)e;
	(void)pdf;
}

static void crowd(struct ctx *c)
{
	struct loop *l;
	struct print *jobs[LIMIT_PRINTERS], *more;
	struct str text = STR("#!/bin/sh\nexec sleep 60\n");
	if (!ok(file_write(c, &env_system, program, text, 0755) == OK &&
			    loop_new(c, &env_system, &l) == OK,
		    "a loop"))
		return;
	for (size_t i = 0; i < LIMIT_PRINTERS; i++)
		is_int(print_start(c, l, program, STR("x"), 60000, ignore_done, NULL, &jobs[i]), OK,
			"printer %zu works", i + 1);
	is_int(print_start(c, l, program, STR("x"), 60000, ignore_done, NULL, &more), ERR_BUSY,
		"one more has to wait");
	for (size_t i = 0; i < LIMIT_PRINTERS; i++)
		print_free(jobs[i]);
	is_int(print_start(c, l, program, STR("x"), 60000, ignore_done, NULL, &more), OK,
		"and works when the others are gone");
	print_free(more);
	loop_free(l);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(128u << 20);
	struct ctx c = {.arena = a};
	struct str pdf = {0}, sheet = {arena_alloc(a, 1u << 20), 1u << 20};
	char dir[] = "/tmp/print-test-XXXXXX";
	if (!ok(mkdtemp(dir) != NULL, "a directory"))
		return done_testing();
	snprintf(program, sizeof program, "%s/printer", dir);
	is_int(by(&c, "n=$(wc -c); echo \"%PDF-$n $HOME\"; echo '%%EOF'", sheet, 10000, &pdf), OK,
		"a document is printed: %s", c.trouble.detail);
	ok(str_starts(pdf, STR("%PDF-1048576 \n")), "the whole sheet came, and no environment");
	is_int(by(&c, "echo %PDF-1; exec cat", STR("%%EOF\n"), 10000, &pdf), OK, "as it is read");
	is_int(by(&c, "cat >/dev/null; echo %PDF-1; exit 0", sheet, 10000, &pdf), ERR_IO,
		"half a document is none");
	is_int(by(&c, "exit 1", sheet, 10000, &pdf), ERR_IO, "one that reads nothing and dies");
	is_int(by(&c, "exec sleep 60", sheet, 200, &pdf), ERR_TOO_LARGE,
		"one that lingers is killed");
	is_int(by(&c, "exec 1>&-; exec sleep 60", sheet, 5000, &pdf), ERR_IO,
		"one that closes its output is ended");
	is_int(by(&c, "exec cat /dev/zero", sheet, 10000, &pdf), ERR_TOO_LARGE,
		"a flood is cut off");
	is_int(print_alone(&c, "/none/printer", sheet, 1000, &pdf), ERR_IO, "no such printer");
	crowd(&c);
	ok(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "no child is left");
	(void)unlink(program);
	(void)rmdir(dir);
	return done_testing();
}
