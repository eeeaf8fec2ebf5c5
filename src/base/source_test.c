#include "base/source.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/env.h"
#include "tests/tap.h"

static void reads(struct ctx *c, const struct source *s)
{
	char to[8] = {0};
	is_int(s->size, 6, "its size");
	is_int(source_read(c, s, 2, to, 4), OK, "up to the end");
	is_str(to, "cdef", "the bytes");
	is_int(source_read(c, s, 6, to, 0), OK, "nothing at the end");
	is_int(source_read(c, s, 2, to, 5), ERR_MALFORMED, "more than there is");
	is_int(source_read(c, s, UINT64_MAX, to, 2), ERR_MALFORMED, "from far behind");
}

int main(void)
{
	struct ctx c = {0};
	struct source s = source_of_text(STR("abcdef"));
	cleanup(fd_closep) int fd = memfd_create("source", MFD_CLOEXEC);
	ok(fd >= 0 && write(fd, "abcdef", 6) == 6, "a file");
	reads(&c, &s);
	is_int(source_of_file(&c, fd, &s), OK, "a file is a source");
	reads(&c, &s);
	char to[8];
	ok(ftruncate(fd, 3) == 0, "cut meanwhile");
	is_int(source_read(&c, &s, 0, to, 6), ERR_MALFORMED, "is told");
	is_int(source_of_file(&c, -1, &s), ERR_IO, "no file at all");
	cleanup(fd_closep) int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	is_int(source_of_file(&c, null, &s), ERR_IO, "no regular file");
	return done_testing();
}
