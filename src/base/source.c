#include "base/source.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct source source_of_text(struct str text)
{
	return (struct source){.size = text.n, .fd = -1, .text = text};
}

err source_of_file(struct ctx *c, int fd, struct source *ret)
{
	struct stat st;
	ENSURE(fstat(fd, &st) == 0, c, ERR_IO, "stat the file: %s", strerror(errno));
	ENSURE(S_ISREG(st.st_mode), c, ERR_IO, "this is no regular file");
	*ret = (struct source){.size = (uint64_t)st.st_size, .fd = fd};
	return OK;
}

err source_read(struct ctx *c, const struct source *s, uint64_t at, void *to, size_t n)
{
	ENSURE(at <= s->size && n <= s->size - at, c, ERR_MALFORMED, "the file is cut off");
	if (n == 0)
		return OK;
	if (s->fd < 0) {
		memcpy(to, s->text.p + at, n);
		return OK;
	}
	for (size_t done = 0; done < n;) {
		ssize_t got = pread(s->fd, (char *)to + done, n - done, (off_t)(at + done));
		if (got < 0 && errno == EINTR)
			continue;
		ENSURE(got >= 0, c, ERR_IO, "read the file: %s", strerror(errno));
		ENSURE(got > 0, c, ERR_MALFORMED, "the file became shorter");
		done += (size_t)got;
	}
	return OK;
}
