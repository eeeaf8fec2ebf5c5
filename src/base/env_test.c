#include "base/env.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "tests/tap.h"

static int failing_sync(void *arg, int fd)
{
	(void)fd;
	return *(int *)arg;
}

static void files(struct ctx *c, const char *path)
{
	struct str s = {0};
	is_int(file_write(c, &env_system, path, STR("one"), 0600), OK, "a file is written");
	is_int(file_write(c, &env_system, path, STR("two!"), 0600), OK, "and replaced");
	is_int(file_read(c, path, 4, &s), OK, "n bytes are read");
	ok(str_is(s, "two!"), "as they were written");
	is_int(file_read(c, path, 3, &s), ERR_TOO_LARGE, "n + 1 are refused");
	struct stat st = {0};
	is_int(stat(path, &st), 0, "it exists");
	is_int(st.st_mode & 0777, 0600, "with its mode");
	is_int(file_read(c, "/nonexistent/file", 3, &s), ERR_NOT_FOUND,
		"a missing file is named so");
	is_int(file_read(c, "/", 3, &s), ERR_BAD_VALUE, "a directory is no file");
}

static void clock_of_people(void)
{
	struct env_clock k;
	struct env e = env_simulated(&k, 1000);
	ok(env_is_simulated(&e) && !env_is_simulated(&env_system),
		"a clock that is set is none of the world");
	int64_t now = env_now_ms(&e);
	ok(now >= 1000 && now < 1000 + 60000, "it starts where it is told");
	env_advance(&e, 500);
	ok(env_now_ms(&e) >= now, "it does not go back");
	env_advance(&e, 86400000);
	ok(env_now_ms(&e) >= 86400000 && env_now_ms(&e) < 86400000 + 60000,
		"and goes on from what it hears");
	now = env_now_ms(&env_system);
	env_advance(&env_system, now + 86400000);
	ok(env_now_ms(&env_system) < now + 86400000, "a real one hears nothing");
}

static void failing_disk(struct ctx *c, const char *path)
{
	int number = -5;
	struct env bad = env_system;
	bad.arg = &number;
	bad.sync = failing_sync;
	struct str s = {0};
	is_int(file_write(c, &bad, path, STR("three"), 0600), ERR_IO, "a failing sync fails");
	number = -28;
	is_int(file_write(c, &bad, path, STR("three"), 0600), ERR_DISK_FULL, "a full disk is told");
	is_int(file_read(c, path, 100, &s), OK, "the old file is there");
	ok(str_is(s, "two!"), "and unchanged");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	char directory[] = "/var/tmp/env_test.XXXXXX";
	struct str path = {0};
	ok(mkdtemp(directory) != NULL, "a directory to write in");
	is_int(arena_fmt(&c, &path, "%s/file", directory), OK, "and a path in it");
	clock_of_people();
	files(&c, path.p);
	failing_disk(&c, path.p);
	uint8_t one[16] = {0}, two[16] = {0};
	env_random(&env_system, one, sizeof one);
	env_random(&env_system, two, sizeof two);
	ok(memcmp(one, two, sizeof one) != 0, "random bytes differ");
	ok(env_now_ms(&env_system) > 1700000000000, "the clock counts milliseconds since 1970");
	int64_t before = env_mono_us(&env_system);
	ok(env_mono_us(&env_system) >= before, "the monotonic clock does not go back");
	(void)unlink(path.p);
	struct str left = {0};
	is_int(arena_fmt(&c, &left, "%s.new", path.p), OK, "what a failed write left");
	(void)unlink(left.p);
	is_int(rmdir(directory), 0, "nothing else is left behind");
	return done_testing();
}
