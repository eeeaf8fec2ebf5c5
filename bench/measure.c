#include "measure.h"

#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* Reads the digits at the start of `p` and says how many there were; 0 also when they overflow. */
static size_t digits(const char *p, uint64_t *ret_number)
{
	uint64_t value = 0;
	size_t n = 0;

	for (; p[n] >= '0' && p[n] <= '9'; n++) {
		const uint64_t digit = (uint64_t)(p[n] - '0');

		if (value > (UINT64_MAX - digit) / 10)
			return 0;
		value = value * 10 + digit;
	}
	if (n > 0)
		*ret_number = value;
	return n;
}

bool measure_number(const char *text, uint64_t max, uint64_t *ret_number)
{
	uint64_t value = 0;
	const size_t n = digits(text, &value);

	if (n == 0 || text[n] != '\0' || value > max)
		return false;
	*ret_number = value;
	return true;
}

uint64_t measure_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

uint64_t measure_unix_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Reads a small file below `dir` into `text`, which it ends with a NUL. */
static bool slurp(int dir, const char *path, char *text, size_t size)
{
	const int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	const ssize_t n = read(fd, text, size - 1);

	close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	return true;
}

bool measure_cpu_ns(uint64_t pid, uint64_t *ret_ns)
{
	char path[64];
	uint64_t sum = 0;
	bool any = false;

	snprintf(path, sizeof path, "/proc/%llu/task", (unsigned long long)pid);
	DIR *tasks = opendir(path);

	if (!tasks)
		return false;
	for (struct dirent *e = readdir(tasks); e; e = readdir(tasks)) {
		char name[sizeof e->d_name + 16];
		char text[128];
		uint64_t ns = 0;

		if (e->d_name[0] == '.')
			continue;
		snprintf(name, sizeof name, "%s/schedstat", e->d_name);
		/* A thread may end between the two calls; its share is lost, which the header says. */
		if (!slurp(dirfd(tasks), name, text, sizeof text) || digits(text, &ns) == 0)
			continue;
		sum += ns;
		any = true;
	}
	closedir(tasks);
	if (any)
		*ret_ns = sum;
	return any;
}

bool measure_status_kib(uint64_t pid, const char *name, uint64_t *ret_kib)
{
	char path[64];
	char text[4096];

	snprintf(path, sizeof path, "/proc/%llu/status", (unsigned long long)pid);
	if (!slurp(AT_FDCWD, path, text, sizeof text))
		return false;
	const char *p = strstr(text, name);

	if (!p)
		return false;
	p += strlen(name);
	p += strspn(p, " \t");
	return digits(p, ret_kib) > 0;
}

bool sample_open(struct sample *s)
{
	const size_t size = SAMPLE_MAX * sizeof(uint64_t);
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return false;
	*s = (struct sample){.ns = p};
	return true;
}

void sample_add(struct sample *s, uint64_t ns)
{
	if (s->n == SAMPLE_MAX) {
		s->lost++;
		return;
	}
	s->ns[s->n++] = ns;
}

static int by_size(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a;
	const uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

bool sample_sort(struct sample *s)
{
	if (s->n == 0 || s->lost > 0)
		return false;
	qsort(s->ns, s->n, sizeof s->ns[0], by_size);
	return true;
}

uint64_t sample_quantile(const struct sample *s, unsigned permille)
{
	assert(s->n > 0);
	assert(permille <= 1000);
	const size_t rank = (s->n * permille + 999) / 1000;

	return s->ns[rank == 0 ? 0 : rank - 1];
}

void sample_close(struct sample *s)
{
	munmap(s->ns, SAMPLE_MAX * sizeof(uint64_t));
	*s = (struct sample){0};
}
