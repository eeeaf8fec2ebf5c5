/*
 * spawn exit COUNT PROGRAM [ARGUMENT...]
 * spawn ready COUNT PORT IDLE-MS PROGRAM [ARGUMENT...]
 *
 * Starts a program COUNT times, one after the other, and prints one line for bench/run:
 *
 *   runs=N p50_ns=N p99_ns=N [rss_kib=N]
 *
 * `exit` measures from posix_spawn to the exit, which must be 0. `ready` measures until
 * GET /healthz on 127.0.0.1:PORT answers 200, then lets the server idle for IDLE-MS, reads its
 * resident size (the largest of all runs is printed), and ends it with SIGTERM. Standard output of
 * the program is thrown away.
 */
#include "answer.h"
#include "local.h"
#include "measure.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static const uint64_t READY_MAX_NS = 10000000000;

static void sleep_us(uint64_t us)
{
	const struct timespec t = {
		.tv_sec = (time_t)(us / 1000000), .tv_nsec = (long)(us % 1000000) * 1000};

	nanosleep(&t, NULL);
}

static bool start(char **command, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	const int failed = posix_spawnp(ret_pid, command[0], &actions, NULL, command, environ);

	posix_spawn_file_actions_destroy(&actions);
	if (failed)
		fprintf(stderr, "spawn: %s: %s\n", command[0], strerror(failed));
	return failed == 0;
}

/* `by_signal` is the signal we sent, if any: a server may end by it or exit with 0. */
static bool finish(pid_t pid, const char *name, int by_signal)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (by_signal != 0 && WIFSIGNALED(status) && WTERMSIG(status) == by_signal)
		return true;
	fprintf(stderr, "spawn: %s ended with status %d\n", name, status);
	return false;
}

/* One question; false while nobody listens or the answer is not 200. */
static bool healthy(uint16_t port)
{
	static const char question[] = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
				       "Connection: close\r\n\r\n";
	struct answer answer = {0};
	char head[4096];
	size_t n = 0;
	const int fd = local_connect(port);

	if (fd < 0)
		return false;
	enum answer_state state = ANSWER_PARTIAL;

	if (local_write(fd, question, sizeof question - 1) != 0)
		state = ANSWER_BROKEN;
	while (state == ANSWER_PARTIAL && n < sizeof head) {
		const ssize_t got = recv(fd, head + n, sizeof head - n, 0);

		if (got <= 0)
			break;
		n += (size_t)got;
		state = answer_read(head, n, &answer);
	}
	close(fd);
	return state == ANSWER_WHOLE && answer.status == 200;
}

static bool run_to_exit(char **command, struct sample *sample)
{
	pid_t pid;
	const uint64_t begin = measure_now_ns();

	if (!start(command, &pid) || !finish(pid, command[0], 0))
		return false;
	sample_add(sample, measure_now_ns() - begin);
	return true;
}

static bool run_to_ready(
	char **command, uint16_t port, uint64_t idle_ms, struct sample *sample, uint64_t *rss_kib)
{
	pid_t pid;
	uint64_t rss = 0;
	bool ready = false;
	const uint64_t begin = measure_now_ns();
	uint64_t now = begin;

	if (!start(command, &pid))
		return false;
	while (!ready && now - begin < READY_MAX_NS) {
		ready = healthy(port);
		now = measure_now_ns();
		if (!ready)
			sleep_us(200);
	}
	if (ready) {
		sample_add(sample, now - begin);
		sleep_us(idle_ms * 1000);
		ready = measure_status_kib((uint64_t)pid, "VmRSS:", &rss);
	} else {
		fprintf(stderr, "spawn: %s did not become ready\n", command[0]);
	}
	kill(pid, SIGTERM);
	if (rss > *rss_kib)
		*rss_kib = rss;
	return finish(pid, command[0], SIGTERM) && ready;
}

static int usage(void)
{
	fprintf(stderr, "usage: spawn exit COUNT PROGRAM [ARGUMENT...]\n"
			"       spawn ready COUNT PORT IDLE-MS PROGRAM [ARGUMENT...]\n");
	return 2;
}

static int report(struct sample *sample, bool to_ready, uint64_t rss_kib)
{
	if (!sample_sort(sample))
		return 1;
	printf("runs=%zu p50_ns=%llu p99_ns=%llu", sample->n,
		(unsigned long long)sample_quantile(sample, 500),
		(unsigned long long)sample_quantile(sample, 990));
	if (to_ready)
		printf(" rss_kib=%llu", (unsigned long long)rss_kib);
	printf("\n");
	return 0;
}

int main(int argc, char **argv)
{
	const bool to_ready = argc > 1 && strcmp(argv[1], "ready") == 0;
	uint64_t count;
	uint64_t port = 0;
	uint64_t idle_ms = 0;
	uint64_t rss_kib = 0;
	struct sample sample;

	if (argc < 4 || (!to_ready && strcmp(argv[1], "exit") != 0) ||
		!measure_number(argv[2], 10000, &count) || count == 0)
		return usage();
	if (to_ready && (argc < 6 || !measure_number(argv[3], 65535, &port) ||
				!measure_number(argv[4], 60000, &idle_ms)))
		return usage();
	if (!sample_open(&sample))
		return 1;
	for (uint64_t i = 0; i < count; i++) {
		const bool ok = to_ready ? run_to_ready(argv + 5, (uint16_t)port, idle_ms, &sample,
						   &rss_kib)
					 : run_to_exit(argv + 3, &sample);

		if (!ok)
			return 1;
	}
	return report(&sample, to_ready, rss_kib);
}
