#include "base/heap.h"

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include "base/env.h"
#include "base/str.h"

bool heap_keep(size_t bytes)
{
	return mallopt(M_TRIM_THRESHOLD, (int)bytes) != 0 &&
	       mallopt(M_TOP_PAD, (int)(bytes / 16)) != 0 &&
	       mallopt(M_MMAP_THRESHOLD, (int)bytes) != 0;
}

/* The second number of /proc/self/statm, in pages (proc(5)). */
size_t heap_resident(void)
{
	char text[128];
	uint64_t pages = 0;
	struct str total, rest, resident;
	cleanup(fd_closep) int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text);
	struct str line = {text, n > 0 ? (size_t)n : 0};
	bool said = str_cut(line, ' ', &total, &rest) && str_cut(rest, ' ', &resident, &rest) &&
		    str_u64(resident, &pages);
	return said ? (size_t)pages * (size_t)sysconf(_SC_PAGESIZE) : 0;
}
