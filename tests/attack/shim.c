/* Put before a node's libraries (LD_PRELOAD) it moves the clock and answers for the resolver: the test writes what is so into a
 * file, and it counts from the next call on. CLOCK_FILE: two numbers, milliseconds by which the clock of the day and the monotonic one are
 * off. NAMES_FILE: lines of a name and a numeric address. What is in no file is as it was. */
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

static void shift(clockid_t id, struct timespec *t)
{
	const char *path = getenv("CLOCK_FILE");
	FILE *f = path == NULL ? NULL : fopen(path, "re");
	long long day = 0, mono = 0;
	if (f == NULL)
		return;
	if (fscanf(f, "%lld %lld", &day, &mono) < 1)
		day = 0;
	(void)fclose(f);
	long long ms = id == CLOCK_REALTIME ? day : id == CLOCK_MONOTONIC ? mono : 0;
	long long ns = t->tv_nsec + ms % 1000 * 1000000;
	t->tv_sec += ms / 1000 + (ns < 0 ? -1 : ns >= 1000000000 ? 1 : 0);
	t->tv_nsec = ns < 0 ? ns + 1000000000 : ns % 1000000000;
}

__attribute__((visibility("default"))) int clock_gettime(clockid_t id, struct timespec *t)
{
	static int (*real)(clockid_t, struct timespec *);
	int number = errno;
	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
	int r = real(id, t);
	if (r == 0) {
		shift(id, t);
		errno = number;
	}
	return r;
}

__attribute__((visibility("default"))) int gettimeofday(
	struct timeval *restrict tv, void *restrict zone)
{
	struct timespec t;
	(void)zone;
	int r = clock_gettime(CLOCK_REALTIME, &t);
	tv->tv_sec = t.tv_sec;
	tv->tv_usec = t.tv_nsec / 1000;
	return r;
}

__attribute__((visibility("default"))) time_t time(time_t *ret)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_REALTIME, &t);
	if (ret != NULL)
		*ret = t.tv_sec;
	return t.tv_sec;
}

__attribute__((visibility("default"))) int getaddrinfo(const char *restrict node,
	const char *restrict service, const struct addrinfo *restrict hints,
	struct addrinfo **restrict ret)
{
	static int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
	const char *path = getenv("NAMES_FILE");
	FILE *f = path == NULL ? NULL : fopen(path, "re");
	struct addrinfo numeric = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
	char name[256], address[64];
	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
	while (f != NULL && fscanf(f, "%255s %63s", name, address) == 2) {
		if (node == NULL || strcmp(node, name) != 0)
			continue;
		(void)fclose(f);
		return real(address, service, &numeric, ret);
	}
	if (f != NULL)
		(void)fclose(f);
	return real(node, service, hints, ret);
}
