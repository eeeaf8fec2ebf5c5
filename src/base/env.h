/* The outside world as one table: clock, randomness, durable disk. Nothing else in the program reads a clock, draws
 * random bytes or syncs a file, so that a test can replay a day from a seed. Peers are reached by
 * net/client alone. */
#pragma once

#include <dirent.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct env {
	void *arg;
	/* Milliseconds since 1970-01-01T00:00Z; may step. */
	int64_t (*now_ms)(void *arg);
	/* Monotonic microseconds, for intervals and time-outs only. */
	int64_t (*mono_us)(void *arg);
	/* Fills n bytes from the system's generator; never fails (aborts where the system has none). */
	void (*random)(void *arg, void *bytes, size_t n);
	/* Makes the written bytes of fd durable; 0 or -errno. */
	int (*sync)(void *arg, int fd);
	/* Moves the clock to a time that has been heard of; NULL where no one but time itself moves it. */
	void (*advance)(void *arg, int64_t ms);
};

/* The real world. */
extern const struct env env_system;

/* A clock that people set, for trying and testing: it runs on from the time last set and never goes back. */
struct env_clock {
	int64_t base_ms, since_us;
};

/* The real world with that clock, which starts at ms. k outlives it. */
struct env env_simulated(struct env_clock *k, int64_t ms);
bool env_is_simulated(const struct env *e);
/* Nothing where the clock is real, or later already. */
void env_advance(const struct env *e, int64_t ms);

int64_t env_now_ms(const struct env *e);
int64_t env_mono_us(const struct env *e);
void env_random(const struct env *e, void *bytes, size_t n);
/* fsync through the table; ERR_IO or ERR_DISK_FULL. */
must_use err env_sync(struct ctx *c, const struct env *e, int fd);

/* Scope-bound file descriptor: cleanup(fd_closep) int fd = -1; */
void fd_closep(int *fd);
/* The same of a directory; NULL is nothing. */
void dir_closep(DIR **d);
/* Reads a whole file of at most size_max bytes into the arena. ERR_NOT_FOUND, ERR_TOO_LARGE, ERR_IO. */
must_use err file_read(struct ctx *c, const char *path, size_t size_max, struct str *ret);
/* Writes path through a temporary file, fsync, rename, fsync of the directory. mode as open(2). */
must_use err file_write(
	struct ctx *c, const struct env *e, const char *path, struct str bytes, unsigned mode);
