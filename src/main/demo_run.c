#include "main/demo_run.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"

#define WORDS_MAX 32u
#define READY_MS 20000
#define END_MS 5000
#define LOOK_MS 10

static void pause_ms(long ms)
{
	const struct timespec t = {ms / 1000, ms % 1000 * 1000000};
	(void)nanosleep(&t, NULL);
}

/* Where /proc is not there, by the path it was called by. */
static err find_program(struct ctx *c, struct demo *d)
{
	ssize_t n = readlink("/proc/self/exe", d->program, sizeof d->program - 1);
	if (n > 0) {
		d->program[n] = '\0';
		return OK;
	}
	bool found = strchr(program_invocation_name, '/') != NULL &&
		     realpath(program_invocation_name, d->program) != NULL;
	ENSURE(found, c, ERR_IO, "the program does not find itself: call it by its path");
	return OK;
}

err demo_program(struct ctx *c, struct demo *d)
{
	return find_program(c, d);
}

err demo_begin(struct ctx *c, struct demo *d)
{
	const char *under = getenv("TMPDIR");
	struct str path;
	TRY(find_program(c, d));
	TRY(arena_fmt(c, &path, "%s/shugu-demo-XXXXXX", under != NULL ? under : "/tmp"));
	char *made = arena_z(c->arena, path);
	ENSURE(made != NULL && mkdtemp(made) != NULL, c, ERR_IO, "make a directory: %s",
		strerror(errno));
	d->directory = made;
	return OK;
}

void demo_step(struct demo *d, const char *name)
{
	int64_t now = env_mono_us(&env_system);
	if (d->step_us != 0)
		printf("   (%lld ms)\n", (long long)((now - d->step_us) / 1000));
	if (name != NULL)
		printf("\n== %s\n", name);
	d->step_us = name != NULL ? now : 0;
	(void)fflush(stdout);
}

/* As a person would type it: what has a space stands in quotes. */
static void print_words(const char *const *words, const char *tail)
{
	printf("$ shugu");
	for (size_t i = 0; words[i] != NULL; i++)
		printf(strchr(words[i], ' ') != NULL ? " '%s'" : " %s", words[i]);
	printf("%s\n", tail);
	(void)fflush(stdout);
}

/* In the child, which never returns. */
static void become(const struct demo *d, const char *const *words, int out, int err_fd)
{
	char *argv[WORDS_MAX + 2] = {NULL};
	const char *name = "shugu";
	memcpy(&argv[0], &name, sizeof name);
	for (size_t i = 0; i < WORDS_MAX && words[i] != NULL; i++)
		memcpy(&argv[i + 1], &words[i], sizeof words[i]);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	(void)signal(SIGINT, SIG_IGN); /* the parent ends its children itself */
	if (dup2(out, 1) < 0 || dup2(err_fd, 2) < 0)
		_exit(127);
	(void)execv(d->program, argv);
	_exit(127);
}

/* Waits for the end at most so long; the exit status, or -1 after a kill. */
static int await_end(pid_t pid, long patience_ms)
{
	int status = 0;
	for (long waited = 0; waited < patience_ms; waited += LOOK_MS) {
		pid_t got = waitpid(pid, &status, WNOHANG);
		if (got == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		pause_ms(LOOK_MS);
	}
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, &status, 0);
	return -1;
}

static err read_all(struct ctx *c, int fd, struct str *ret)
{
	struct buf b;
	char bytes[4096];
	buf_init(&b, c->arena, LIMIT_HTTP_BODY);
	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int ready = poll(&p, 1, DEMO_PATIENCE_MS);
		ssize_t n = ready > 0 ? read(fd, bytes, sizeof bytes) : -1;
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return buf_done(c, &b, ret);
		buf_add(&b, (struct str){bytes, (size_t)n});
	}
}

err demo_run(struct ctx *c, struct demo *d, const char *const *words, int expected, bool quiet,
	struct str *ret_out)
{
	int ends[2];
	struct str out;
	print_words(words, "");
	ENSURE(pipe2(ends, O_CLOEXEC) == 0, c, ERR_IO, "a pipe: %s", strerror(errno));
	cleanup(fd_closep) int from = ends[0], to = ends[1];
	pid_t pid = fork();
	ENSURE(pid >= 0, c, ERR_IO, "fork: %s", strerror(errno));
	if (pid == 0)
		become(d, words, to, 1);
	fd_closep(&to);
	err e = read_all(c, from, &out);
	int code = await_end(pid, END_MS);
	TRY(e);
	if (!quiet)
		printf("%.*s", FMT(out));
	if (expected != 0 && code == expected)
		printf("   refused, as it should be\n");
	(void)fflush(stdout);
	ENSURE(code == expected, c, ERR_BAD_STATE, "shugu %s ended with %d instead of %d", words[0],
		code, expected);
	if (ret_out != NULL)
		*ret_out = out;
	return OK;
}

void demo_print(const char *const *words)
{
	print_words(words, "");
}

static err read_back(struct ctx *c, int fd, struct str *ret)
{
	struct buf b;
	char bytes[4096];
	ssize_t n;
	buf_init(&b, c->arena, LIMIT_HTTP_BODY);
	for (off_t at = 0; (n = pread(fd, bytes, sizeof bytes, at)) > 0; at += n)
		buf_add(&b, (struct str){bytes, (size_t)n});
	return buf_done(c, &b, ret);
}

err demo_capture(struct ctx *c, struct demo *d, const char *const *words, const char *directory,
	int *ret_code, struct str *ret_out, struct str *ret_err)
{
	cleanup(fd_closep) int out = memfd_create("out", MFD_CLOEXEC);
	cleanup(fd_closep) int complaints = memfd_create("err", MFD_CLOEXEC);
	ENSURE(out >= 0 && complaints >= 0, c, ERR_IO, "no file in memory: %s", strerror(errno));
	pid_t pid = fork();
	ENSURE(pid >= 0, c, ERR_IO, "fork: %s", strerror(errno));
	if (pid == 0) {
		if (directory != NULL && chdir(directory) != 0)
			_exit(127);
		become(d, words, out, complaints);
	}
	*ret_code = await_end(pid, DEMO_PATIENCE_MS);
	TRY(read_back(c, out, ret_out));
	return read_back(c, complaints, ret_err);
}

static err open_beside(struct ctx *c, const char *data, const char *tail, int *ret)
{
	struct str path;
	TRY(arena_fmt(c, &path, "%s%s", data, tail));
	*ret = open(path.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ENSURE(*ret >= 0, c, ERR_IO, "open %s: %s", path.p, strerror(errno));
	return OK;
}

static err await_ready(struct ctx *c, const struct demo *d, size_t i, const char *data)
{
	struct str path;
	int status = 0;
	TRY(arena_fmt(c, &path, "%s.out", data));
	for (long waited = 0; waited < READY_MS; waited += LOOK_MS) {
		cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
		struct ctx one = {.arena = a};
		struct str text = {"", 0};
		ENSURE(a != NULL, c, ERR_MEMORY, "no memory");
		if (file_read(&one, path.p, LIMIT_ACT, &text) == OK &&
			str_find_str(text, STR("serving ")) < text.n)
			return OK;
		ENSURE(waitpid(d->served[i], &status, WNOHANG) == 0, c, ERR_BAD_STATE,
			"the node did not start; see %s.log", data);
		pause_ms(LOOK_MS);
	}
	return fail(c, ERR_TIMEOUT, "the node is not ready after %d s", READY_MS / 1000);
}

err demo_serve(
	struct ctx *c, struct demo *d, size_t i, const char *data, const char *listen, bool quiet)
{
	const char *const words[] = {"serve", "--data", data, "--listen", listen, NULL};
	cleanup(fd_closep) int out = -1;
	cleanup(fd_closep) int log = -1;
	TRY(open_beside(c, data, ".out", &out));
	TRY(open_beside(c, data, ".log", &log));
	if (!quiet)
		print_words(words, " &");
	d->served[i] = fork();
	if (d->served[i] == 0)
		become(d, words, out, log);
	ENSURE(d->served[i] > 0, c, ERR_IO, "fork: %s", strerror(errno));
	return await_ready(c, d, i, data);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

void demo_end(struct demo *d, bool keep)
{
	for (size_t i = 0; i < DEMO_NODES; i++) {
		if (d->served[i] > 0)
			(void)kill(d->served[i], SIGTERM);
	}
	for (size_t i = 0; i < DEMO_NODES; i++) {
		if (d->served[i] > 0)
			(void)await_end(d->served[i], END_MS);
		d->served[i] = 0;
	}
	if (!keep && d->directory != NULL)
		(void)nftw(d->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

err demo_port(struct ctx *c, uint16_t *ret)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof a;
	cleanup(fd_closep) int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ENSURE(fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof a) == 0 &&
			getsockname(fd, (struct sockaddr *)&a, &n) == 0,
		c, ERR_IO, "no port of the loopback is free: %s", strerror(errno));
	*ret = ntohs(a.sin_port);
	return OK;
}
