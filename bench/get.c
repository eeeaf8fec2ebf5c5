/*
 * get PORT PATH PID [HEADER...]
 *
 * Takes http://127.0.0.1:PORT/PATH once, with the HEADERs ("Name: value") given, and throws the
 * body away, so that what is measured is the server. Prints one line for bench/run:
 *
 *   bytes=N ns=N cpu_ns=N reader_cpu_ns=N rss_kib=N
 *
 * `ns` is the wall time from sending to the last byte, `cpu_ns` the CPU time of process PID in
 * between, `reader_cpu_ns` our own, `rss_kib` the peak resident size (VmHWM). Exit 1 unless the
 * answer is 200 or 206 and complete.
 */
#include "answer.h"
#include "local.h"
#include "measure.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	HEAD_BYTES = 16 * 1024,
	READ_BYTES = 256 * 1024,
};

/* Appends a formatted header line to the request; false when it does not fit. */
static bool add_line(char *request, size_t *n, const char *line)
{
	const int added = snprintf(request + *n, HEAD_BYTES - *n, "%s\r\n", line);

	if (added < 0 || (size_t)added >= HEAD_BYTES - *n)
		return false;
	*n += (size_t)added;
	return true;
}

static bool send_request(int fd, uint64_t port, const char *path, char **headers)
{
	char request[HEAD_BYTES];
	size_t n = (size_t)snprintf(request, sizeof request,
		"GET %.8000s HTTP/1.1\r\nHost: localhost:%llu\r\n", path, (unsigned long long)port);

	for (; *headers; headers++)
		if (!add_line(request, &n, *headers))
			return false;
	return add_line(request, &n, "") && local_write(fd, request, n) == 0;
}

/* Reads up to the end of the head; bytes of the body that came with it are `ret_extra`. */
static bool take_head(int fd, struct answer *ret_answer, uint64_t *ret_extra)
{
	char head[HEAD_BYTES];
	size_t n = 0;

	while (n < sizeof head) {
		const ssize_t got = recv(fd, head + n, sizeof head - n, 0);

		if (got <= 0)
			break;
		n += (size_t)got;
		const enum answer_state state = answer_read(head, n, ret_answer);

		if (state == ANSWER_PARTIAL)
			continue;
		*ret_extra = n - ret_answer->head_n;
		if (state == ANSWER_WHOLE &&
			(ret_answer->status == 200 || ret_answer->status == 206))
			return true;
		break;
	}
	fprintf(stderr, "get: not a 200 or 206: %.*s\n", (int)(n < 600 ? n : 600), head);
	return false;
}

static bool take_body(int fd, uint64_t left)
{
	static char sink[READ_BYTES];

	while (left > 0) {
		const ssize_t got = recv(fd, sink, sizeof sink, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0 || (uint64_t)got > left) {
			fprintf(stderr, "get: %llu bytes of the body did not come\n",
				(unsigned long long)left);
			return false;
		}
		left -= (uint64_t)got;
	}
	return true;
}

static int run(uint64_t port, const char *path, uint64_t pid, char **headers)
{
	struct answer answer = {0};
	uint64_t extra = 0;
	uint64_t cpu[2];
	uint64_t own[2];
	const uint64_t self = (uint64_t)getpid();
	uint64_t rss;
	const int fd = local_connect((uint16_t)port);

	if (fd < 0 || !measure_cpu_ns(pid, &cpu[0]) || !measure_cpu_ns(self, &own[0])) {
		fprintf(stderr, "get: %s\n", strerror(errno));
		return 1;
	}
	const uint64_t start = measure_now_ns();

	if (!send_request(fd, port, path, headers) || !take_head(fd, &answer, &extra) ||
		extra > answer.body_n || !take_body(fd, answer.body_n - extra))
		return 1;
	const uint64_t end = measure_now_ns();

	if (!measure_cpu_ns(pid, &cpu[1]) || !measure_cpu_ns(self, &own[1]) ||
		!measure_status_kib(pid, "VmHWM:", &rss)) {
		fprintf(stderr, "get: the server is gone\n");
		return 1;
	}
	close(fd);
	printf("bytes=%llu ns=%llu cpu_ns=%llu reader_cpu_ns=%llu rss_kib=%llu\n",
		(unsigned long long)answer.body_n, (unsigned long long)(end - start),
		(unsigned long long)(cpu[1] - cpu[0]), (unsigned long long)(own[1] - own[0]),
		(unsigned long long)rss);
	return 0;
}

int main(int argc, char **argv)
{
	uint64_t port;
	uint64_t pid;

	if (argc < 4 || !measure_number(argv[1], 65535, &port) ||
		!measure_number(argv[3], INT32_MAX, &pid)) {
		fprintf(stderr, "usage: get PORT PATH PID [HEADER...]\n");
		return 2;
	}
	return run(port, argv[2], pid, argv + 4);
}
