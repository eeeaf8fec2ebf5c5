#include "product/window.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/env.h"
#include "tests/tap.h"

static int file_of(struct str bytes)
{
	int fd = memfd_create("text", MFD_CLOEXEC);
	ok(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n, "a file");
	return fd;
}

/* What the window shows of the file, and its digest. */
static void shows(struct ctx *c, struct str bytes, enum charset given, const char *want)
{
	cleanup(fd_closep) int fd = file_of(bytes);
	struct window w = {.fd = fd, .given = given};
	struct hash got, whole = hash_of(bytes);
	uint64_t size = 0;
	is_int(hash_open(c, &w.digest), OK, "a digest");
	is_int(window_open(c, c, &w), OK, "a window");
	is_int(window_fill(c, &w, (struct str){w.bytes, 0}), OK, "filled");
	is_str(arena_z(c->arena, (struct str){w.bytes, w.n}), want, "the text");
	ok(w.last, "all of it");
	is_int(window_digest(c, &w, &got, &size), OK, "its digest");
	ok(hash_eq(&got, &whole), "is that of the bytes as they are, each once");
	is_int((long long)size, (long long)bytes.n, "and so is the size");
}

/* A file that is longer than the window: what is not shown is in the digest too. */
static void unread(struct ctx *c)
{
	size_t n = 3 * WINDOW_BYTES;
	char *bytes = arena_alloc(c->arena, n);
	for (size_t i = 0; i < n; i++)
		bytes[i] = (char)('a' + i % 23);
	cleanup(fd_closep) int fd = file_of((struct str){bytes, n});
	struct window w = {.fd = fd};
	struct hash got, whole = hash_of((struct str){bytes, n});
	uint64_t size = 0;
	is_int(hash_open(c, &w.digest), OK, "a digest");
	is_int(window_open(c, c, &w), OK, "a window");
	is_int(window_fill(c, &w, (struct str){w.bytes, 0}), OK, "filled");
	ok(w.n <= WINDOW_BYTES && !w.last, "a part of it is shown");
	size_t from = w.n - 5;
	is_int(window_fill(c, &w, (struct str){w.bytes + from, 5}), OK, "filled behind a rest");
	ok(memcmp(w.bytes, bytes + from, w.n) == 0, "the rest is first, and the file goes on");
	is_int(window_digest(c, &w, &got, &size), OK, "its digest");
	ok(hash_eq(&got, &whole) && size == n, "is that of the whole");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(32u << 20);
	struct ctx c = {.arena = a};
	shows(&c, STR("plain"), CHARSET_UNKNOWN, "plain");
	shows(&c, STR("\xef\xbb\xbfmarked"), CHARSET_UNKNOWN, "marked");
	shows(&c, STR("\xca\xfd\xb9\xc8"), CHARSET_GB18030, "\xe6\x95\xb0\xe8\xb0\xb7");
	shows(&c,
		STR("\xff\xfe"
		    "a\0b\0"),
		CHARSET_UNKNOWN, "ab");
	unread(&c);
	return done_testing();
}
