#include "delivery/receive_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/spawn.h"
#include "codec/json.h"

err child_line(struct ctx *c, const struct child_task *t, struct str *ret)
{
	struct json *o = json_object(c);
	struct str text;
	json_set_str(c, &o, "url", t->url);
	json_set_str(c, &o, "token", t->token);
	json_set_str(c, &o, "blobs", t->blobs);
	if (t->authorities.n > 0)
		json_set_str(c, &o, "authorities", t->authorities);
	json_set_hex(c, &o, "root", t->root.b, HASH_BYTES);
	json_set_hex(c, &o, "sha256", t->sha256.b, HASH_BYTES);
	json_set_num(c, &o, "size", t->size);
	json_set(&o, "loopback", json_bool(c, t->loopback));
	TRY(json_canonical(c, o, LIMIT_ACT, &text));
	return arena_fmt(c, ret, "%.*s\n", FMT(text));
}

bool child_word(struct str line, struct child_word *ret)
{
	static const struct {
		const char *word;
		enum child_says what;
		bool number, text;
	} rows[] = {{"at", CHILD_AT, true, false}, {"done", CHILD_DONE, false, false},
		{"kept", CHILD_KEPT, false, true}, {"bad", CHILD_BAD, true, false},
		{"no", CHILD_NO, true, true}, {"later", CHILD_LATER, false, true}};
	struct str word = line, rest = {"", 0}, number;
	(void)str_cut(line, ' ', &word, &rest);
	for (size_t i = 0; i < countof(rows); i++) {
		struct child_word w = {.what = rows[i].what};
		if (!str_is(word, rows[i].word))
			continue;
		number = rest;
		if (rows[i].number && rows[i].text)
			(void)str_cut(rest, ' ', &number, &rest);
		if (rows[i].number && (!str_i64(number, &w.number) || w.number < 0))
			return false;
		if (rows[i].text)
			w.text = rest;
		*ret = w;
		return rows[i].number || rows[i].text || rest.n == 0;
	}
	return false;
}

static void close_pair(int pair[2])
{
	fd_closep(&pair[0]);
	fd_closep(&pair[1]);
}

static int spawn(const char *program, const char *command, int in, int out, pid_t *ret)
{
	char name[] = "shugu", word[16];
	(void)snprintf(word, sizeof word, "%s", command);
	char *const arguments[] = {name, word, NULL};
	return spawn_child(program, arguments, environ, in, out, ret);
}

/* The line is shorter than a pipe holds (64 KiB), so writing it never waits. */
static err write_line(struct ctx *c, int fd, struct str line)
{
	ENSURE(line.n <= CHILD_TASK && write(fd, line.p, line.n) == (ssize_t)line.n, c, ERR_IO,
		"a child takes no task");
	return OK;
}

void child_stop(struct child *k)
{
	if (k->pid == 0)
		return;
	loop_fd_del(k->loop, &k->watch);
	fd_closep(&k->watch.fd);
	(void)kill(k->pid, SIGKILL);
	while (waitpid(k->pid, NULL, 0) < 0 && errno == EINTR)
		;
	k->pid = 0;
}

/* The last word is told when the child is gone, and then what holds it may go too: false, and k is not touched again. */
static bool tell(struct child *k, const struct child_word *w)
{
	bool more = w->what == CHILD_AT;
	if (!more)
		child_stop(k);
	k->says(k->arg, w);
	return more;
}

/* Gives out whole lines; a line that is no word is passed over. */
static bool take_lines(struct child *k)
{
	char *end;
	while ((end = memchr(k->line, '\n', k->n)) != NULL) {
		size_t n = (size_t)(end - k->line);
		struct child_word w;
		char copy[CHILD_LINE];
		memcpy(copy, k->line, n);
		k->n -= n + 1;
		memmove(k->line, end + 1, k->n);
		if (child_word((struct str){copy, n}, &w) && !tell(k, &w))
			return false;
	}
	return true;
}

static void readable(void *arg, uint32_t events)
{
	struct child *k = arg;
	(void)events;
	ssize_t got = read(k->watch.fd, k->line + k->n, sizeof k->line - k->n);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got > 0) {
		k->n += (size_t)got;
		if (!take_lines(k) || k->n < sizeof k->line)
			return;
	}
	const struct child_word w = {.what = CHILD_LATER, .text = STR("the child ended")};
	(void)tell(k, &w);
}

err child_start(struct ctx *c, struct loop *l, const char *program, const struct child_task *t,
	struct child *ret)
{
	struct str line;
	TRY(child_line(c, t, &line));
	return child_run(c, l, program, "fetch", line, ret);
}

err child_run(struct ctx *c, struct loop *l, const char *program, const char *command,
	struct str line, struct child *ret)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1};
	bool piped = pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0;
	int e = piped ? spawn(program, command, in[0], out[1], &ret->pid) : errno;
	err result = OK;
	if (e != 0)
		result = fail(c, ERR_IO, "start a child: %s", strerror(e));
	else
		result = write_line(c, in[1], line);
	if (e == 0) {
		ret->loop = l;
		ret->n = 0;
		ret->watch = (struct loop_fd){.fd = out[0], .ready = readable, .arg = ret};
		(void)fcntl(out[0], F_SETFL, O_NONBLOCK);
		out[0] = -1;
		if (result == OK)
			result = loop_fd_add(c, l, &ret->watch, EPOLLIN);
		if (result != OK)
			child_stop(ret);
	} else {
		ret->pid = 0;
	}
	close_pair(in);
	close_pair(out);
	return result;
}
