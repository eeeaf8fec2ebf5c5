#include "base/env.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"

static int64_t system_now_ms(void *arg)
{
	(void)arg;
	struct timespec t;
	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t system_mono_us(void *arg)
{
	(void)arg;
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void system_random(void *arg, void *bytes, size_t n)
{
	(void)arg;
	unsigned char *at = bytes;
	while (n > 0) {
		ssize_t got = getrandom(at, n, 0);
		if (got < 0 && errno != EINTR)
			abort(); /* a node without randomness must not sign */
		if (got > 0) {
			at += got;
			n -= (size_t)got;
		}
	}
}

static int system_sync(void *arg, int fd)
{
	(void)arg;
	return fsync(fd) == 0 ? 0 : -errno;
}

const struct env env_system = {
	.now_ms = system_now_ms,
	.mono_us = system_mono_us,
	.random = system_random,
	.sync = system_sync,
};

static int64_t clock_now_ms(void *arg)
{
	const struct env_clock *k = arg;
	return k->base_ms + (system_mono_us(NULL) - k->since_us) / 1000;
}

static void clock_advance(void *arg, int64_t ms)
{
	struct env_clock *k = arg;
	if (ms > clock_now_ms(k))
		*k = (struct env_clock){ms, system_mono_us(NULL)};
}

struct env env_simulated(struct env_clock *k, int64_t ms)
{
	struct env e = env_system;
	*k = (struct env_clock){ms, system_mono_us(NULL)};
	e.arg = k;
	e.now_ms = clock_now_ms;
	e.advance = clock_advance;
	return e;
}

bool env_is_simulated(const struct env *e)
{
	return e->advance != NULL;
}

void env_advance(const struct env *e, int64_t ms)
{
	if (e->advance != NULL)
		e->advance(e->arg, ms);
}

int64_t env_now_ms(const struct env *e)
{
	return e->now_ms(e->arg);
}

int64_t env_mono_us(const struct env *e)
{
	return e->mono_us(e->arg);
}

void env_random(const struct env *e, void *bytes, size_t n)
{
	e->random(e->arg, bytes, n);
}

static err io_failed(struct ctx *c, const char *what, const char *path, int number)
{
	if (number == ENOSPC || number == EDQUOT)
		return fail(c, ERR_DISK_FULL, "%s %s: %s", what, path, strerror(number));
	if (number == ENOENT)
		return fail(c, ERR_NOT_FOUND, "%s %s: %s", what, path, strerror(number));
	return fail(c, ERR_IO, "%s %s: %s", what, path, strerror(number));
}

err env_sync(struct ctx *c, const struct env *e, int fd)
{
	int r = e->sync(e->arg, fd);
	return r == 0 ? OK : io_failed(c, "sync", "file", -r);
}

void fd_closep(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

void dir_closep(DIR **d)
{
	if (*d != NULL)
		(void)closedir(*d);
	*d = NULL;
}

err file_read(struct ctx *c, const char *path, size_t size_max, struct str *ret)
{
	cleanup(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return io_failed(c, "open", path, errno);
	struct stat st;
	if (fstat(fd, &st) != 0)
		return io_failed(c, "stat", path, errno);
	ENSURE(S_ISREG(st.st_mode), c, ERR_BAD_VALUE, "%s is not a regular file", path);
	ENSURE((uint64_t)st.st_size <= size_max, c, ERR_TOO_LARGE, "%s is larger than %zu bytes",
		path, size_max);
	size_t n = (size_t)st.st_size;
	char *p = arena_alloc(c->arena, n + 1);
	ENSURE(p != NULL, c, ERR_TOO_LARGE, "%s does not fit into memory", path);
	size_t have = 0;
	while (have < n) {
		ssize_t got = read(fd, p + have, n - have);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return io_failed(c, "read", path, errno);
		if (got == 0)
			break;
		have += (size_t)got;
	}
	*ret = (struct str){p, have};
	return OK;
}

static err write_all(struct ctx *c, int fd, struct str bytes, const char *path)
{
	while (bytes.n > 0) {
		ssize_t put = write(fd, bytes.p, bytes.n);
		if (put < 0 && errno != EINTR)
			return io_failed(c, "write", path, errno);
		if (put > 0)
			bytes = str_sub(bytes, (size_t)put, bytes.n);
	}
	return OK;
}

static err sync_directory(struct ctx *c, const struct env *e, const char *path)
{
	char *copy = arena_z(c->arena, str_z(path));
	ENSURE(copy != NULL, c, ERR_TOO_LARGE, "no memory for a path");
	cleanup(fd_closep) int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return io_failed(c, "open the directory of", path, errno);
	return env_sync(c, e, fd);
}

err file_write(
	struct ctx *c, const struct env *e, const char *path, struct str bytes, unsigned mode)
{
	struct str temporary;
	TRY(arena_fmt(c, &temporary, "%s.new", path));
	(void)unlink(temporary.p);
	{
		cleanup(fd_closep) int fd =
			open(temporary.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
		if (fd < 0)
			return io_failed(c, "create", path, errno);
		TRY(write_all(c, fd, bytes, path));
		TRY(env_sync(c, e, fd));
	}
	if (rename(temporary.p, path) != 0)
		return io_failed(c, "rename", path, errno);
	return sync_directory(c, e, path);
}
