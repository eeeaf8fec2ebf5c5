#include "main/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/env.h"

#define SLICE (64u << 20)

/* Across file systems, or where copy_file_range is not there, by sendfile. */
static ssize_t move_slice(int to, int from, size_t n)
{
	ssize_t done = copy_file_range(from, NULL, to, NULL, n, 0);
	bool cannot = done < 0 &&
		      (errno == EXDEV || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP);
	return cannot ? sendfile(to, from, NULL, n) : done;
}

static err fill(struct ctx *c, int to, int from, off_t size)
{
	if (ioctl(to, FICLONE, from) == 0)
		return OK;
	for (off_t left = size; left > 0;) {
		ssize_t n = move_slice(to, from, left < SLICE ? (size_t)left : SLICE);
		if (n < 0 && errno == EINTR)
			continue;
		ENSURE(n > 0, c, ERR_IO, "copy the object: %s",
			n < 0 ? strerror(errno) : "it is shorter than it was");
		left -= n;
	}
	return OK;
}

err copy_object(struct ctx *c, const char *from, const char *to)
{
	cleanup(fd_closep) int in = open(from, O_RDONLY | O_CLOEXEC);
	cleanup(fd_closep) int out = -1;
	struct stat st;
	struct str part;
	ENSURE(in >= 0 && fstat(in, &st) == 0, c, ERR_NOT_FOUND, "open %s: %s", from,
		strerror(errno));
	TRY(arena_fmt(c, &part, "%s.part", to));
	out = open(part.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	ENSURE(out >= 0, c, ERR_IO, "open %s: %s", part.p, strerror(errno));
	err e = fill(c, out, in, st.st_size);
	if (e == OK && rename(part.p, to) != 0)
		e = fail(c, ERR_IO, "write %s: %s", to, strerror(errno));
	if (e != OK)
		(void)unlink(part.p);
	return e;
}
