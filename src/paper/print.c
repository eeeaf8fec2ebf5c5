#include "paper/print.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/spawn.h"

/* A buffer grows by doubling: both halves of its last step, and the sheet. */
#define ARENA (4ull * LIMIT_PRINT_PDF + LIMIT_SHEET)

struct print {
	struct arena *arena;
	struct ctx c;
	struct loop *loop;
	struct loop_fd in, out;
	struct loop_timer patience;
	pid_t pid; /* 0: none runs */
	struct str sheet;
	struct buf pdf;
	print_done done;
	void *arg;
};

static unsigned running;

static void close_in(struct print *p)
{
	if (p->in.fd < 0)
		return;
	loop_fd_del(p->loop, &p->in);
	fd_closep(&p->in.fd);
}

static void stop(struct print *p)
{
	if (p->pid == 0)
		return;
	close_in(p);
	loop_fd_del(p->loop, &p->out);
	fd_closep(&p->out.fd);
	loop_timer_clear(p->loop, &p->patience);
	(void)kill(p->pid, SIGKILL);
	while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
		;
	p->pid = 0;
	running--;
}

static void finish(struct print *p, err e, struct str pdf)
{
	stop(p);
	p->done(p->arg, &p->c, e, pdf);
}

static void writable(void *arg, uint32_t events)
{
	struct print *p = arg;
	(void)events;
	ssize_t n = write(p->in.fd, p->sheet.p, p->sheet.n);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	p->sheet = str_sub(p->sheet, n < 0 ? p->sheet.n : (size_t)n, p->sheet.n);
	if (p->sheet.n == 0)
		close_in(p);
}

/* What a printer says is taken for whole only when it ends as a PDF does. */
static void readable(void *arg, uint32_t events)
{
	struct print *p = arg;
	char bytes[65536];
	struct str pdf = {0};
	(void)events;
	ssize_t n = read(p->out.fd, bytes, sizeof bytes);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		buf_add(&p->pdf, (struct str){bytes, (size_t)n});
		if (p->pdf.failed)
			finish(p,
				fail(&p->c, ERR_TOO_LARGE,
					"the document is larger than %u bytes as PDF",
					LIMIT_PRINT_PDF),
				pdf);
		return;
	}
	pdf = buf_str(&p->pdf);
	bool whole = str_starts(pdf, STR("%PDF-")) && str_ends(pdf, STR("%%EOF\n"));
	err e = whole ? OK : fail(&p->c, ERR_IO, "the printer ended before the document did");
	finish(p, e, pdf);
}

static void late(void *arg)
{
	struct print *p = arg;
	finish(p, fail(&p->c, ERR_TOO_LARGE, "printing this document takes too long"),
		(struct str){0});
}

static int spawn(const char *program, int in, int out, pid_t *ret)
{
	char name[] = "shugu-render";
	char *const arguments[] = {name, NULL}, *const environment[] = {NULL};
	return spawn_child(program, arguments, environment, in, out, ret);
}

/* DIR/shugu-render, where this program is DIR/something. */
static err beside(struct ctx *c, const char **ret)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path);
	ENSURE(n > 0 && (size_t)n < sizeof path, c, ERR_IO, "where this program lies is not known");
	while (n > 0 && path[n - 1] != '/')
		n--;
	struct str text;
	TRY(arena_fmt(c, &text, "%.*sshugu-render", (int)n, path));
	*ret = text.p;
	return OK;
}

static err watch(struct print *p, int *in, int *out)
{
	p->in = (struct loop_fd){.fd = -1, .ready = writable, .arg = p};
	p->out = (struct loop_fd){.fd = *out, .ready = readable, .arg = p};
	p->patience = (struct loop_timer){.fire = late, .arg = p};
	*out = -1;
	running++;
	ENSURE(fcntl(*in, F_SETFL, O_NONBLOCK) == 0 && fcntl(p->out.fd, F_SETFL, O_NONBLOCK) == 0,
		&p->c, ERR_IO, "a pipe: %s", strerror(errno));
	TRY(loop_fd_add(&p->c, p->loop, &p->out, EPOLLIN));
	p->in.fd = *in;
	*in = -1;
	return loop_fd_add(&p->c, p->loop, &p->in, EPOLLOUT);
}

static err run(struct print *p, const char *program)
{
	cleanup(fd_closep) int in_child = -1, in = -1, out = -1, out_child = -1;
	int pair[2];
	if (program == NULL)
		TRY(beside(&p->c, &program));
	ENSURE(pipe2(pair, O_CLOEXEC) == 0, &p->c, ERR_IO, "a pipe: %s", strerror(errno));
	in_child = pair[0];
	in = pair[1];
	ENSURE(pipe2(pair, O_CLOEXEC) == 0, &p->c, ERR_IO, "a pipe: %s", strerror(errno));
	out = pair[0];
	out_child = pair[1];
	int e = spawn(program, in_child, out_child, &p->pid);
	if (e != 0)
		p->pid = 0;
	ENSURE(e == 0, &p->c, ERR_IO, "start the printer shugu-render: %s", strerror(e));
	return watch(p, &in, &out);
}

err print_start(struct ctx *c, struct loop *l, const char *program, struct str sheet,
	int64_t patience_ms, print_done done, void *arg, struct print **ret)
{
	ENSURE(running < LIMIT_PRINTERS, c, ERR_BUSY, "%u documents are being printed", running);
	struct arena *a = arena_new(ARENA);
	struct print *p = a == NULL ? NULL : arena_alloc(a, sizeof *p);
	if (p == NULL)
		arena_free(a);
	ENSURE(p != NULL, c, ERR_MEMORY, "no memory for printing");
	*p = (struct print){.arena = a, .c = {.arena = a}, .loop = l, .done = done, .arg = arg};
	buf_init(&p->pdf, a, LIMIT_PRINT_PDF);
	err e = arena_str(&p->c, sheet, &p->sheet);
	if (e == OK)
		e = run(p, program);
	if (e != OK) {
		c->trouble = p->c.trouble;
		print_free(p);
		return e;
	}
	loop_timer_set(l, &p->patience, patience_ms);
	*ret = p;
	return OK;
}

void print_free(struct print *p)
{
	if (p == NULL)
		return;
	stop(p);
	arena_free(p->arena);
}

struct alone {
	struct ctx *c;
	struct loop *loop;
	err e;
	struct str pdf;
};

static void alone_done(void *arg, struct ctx *c, err e, struct str pdf)
{
	struct alone *w = arg;
	w->e = e;
	if (e == OK)
		w->e = arena_str(w->c, pdf, &w->pdf);
	else
		w->c->trouble = c->trouble;
	loop_stop(w->loop);
}

err print_alone(struct ctx *c, const char *program, struct str sheet, int64_t patience_ms,
	struct str *ret_pdf)
{
	struct alone w = {.c = c, .e = ERR_IO};
	struct print *p = NULL;
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
	TRY(loop_new(c, &env_system, &w.loop));
	(void)sigaction(SIGPIPE, &ignore, &before);
	err e = print_start(c, w.loop, program, sheet, patience_ms, alone_done, &w, &p);
	if (e == OK)
		e = loop_run(c, w.loop);
	print_free(p);
	loop_free(w.loop);
	(void)sigaction(SIGPIPE, &before, NULL);
	TRY(e);
	TRY(w.e);
	*ret_pdf = w.pdf;
	return OK;
}
