/*
 * acts PORT CONNECTIONS SECONDS TOKEN-FILE PID
 *
 * Anchors random digests through POST /api/v1/evidence on 127.0.0.1:PORT for half a second of
 * warming up and SECONDS that count, one request at a time on each of CONNECTIONS kept alive. Each
 * request has a fresh UUIDv7 subject, a random digest and an Idempotency-Key of its own; each
 * answer must be 201. Prints one line for bench/run:
 *
 *   acked=N counted=N window_ns=N p50_ns=N p99_ns=N max_ns=N cpu_ns=N
 *
 * `acked` are all answers with 201 (so the log must have grown by as many), `counted` those within
 * the window, `cpu_ns` the CPU time of process PID within the window. Exit 1 on the first answer
 * that is anything else, said on stderr.
 */
#include "answer.h"
#include "local.h"
#include "measure.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	CLIENTS_MAX = 1024,
	ANSWER_BYTES = 16 * 1024, /* a head must fit; the rest of a body is only counted */
	REQUEST_BYTES = 1024,
	TOKEN_BYTES = 256,
	POOL_BYTES = 4096,
	UUID_TEXT = 36,
	DIGEST_BYTES = 32,
	EVENTS_MAX = 256,
};

static const uint64_t WARM_NS = 500000000;
static const uint64_t DRAIN_NS = 10000000000; /* an answer this late means that the server hangs */

struct client {
	int fd;
	bool waiting;
	uint64_t sent_ns;
	uint64_t left; /* bytes of the body still to come, once the head is read */
	size_t in_n;
	char in[ANSWER_BYTES];
};

struct load {
	int epoll;
	uint16_t port;
	size_t clients_n;
	size_t waiting_n;
	uint64_t pid;
	uint64_t begin_ns;
	uint64_t end_ns;
	uint64_t begin_cpu_ns;
	uint64_t end_cpu_ns;
	uint64_t window_begin_ns; /* when the CPU was read, not when it should have been */
	uint64_t window_end_ns;
	uint64_t acked;
	size_t pool_at;
	struct sample sample;
	char token[TOKEN_BYTES];
	unsigned char pool[POOL_BYTES];
};

static struct client clients[CLIENTS_MAX]; /* too large for the stack */
static struct load load;                   /* likewise */

static const unsigned char *random_bytes(struct load *l, size_t n)
{
	assert(n <= POOL_BYTES);
	if (l->pool_at + n > POOL_BYTES || l->pool_at == 0) {
		/* Up to 256 bytes never come short (getrandom(2)); larger reads may, so ask in parts. */
		for (size_t at = 0; at < POOL_BYTES; at += 256) {
			const ssize_t got = getrandom(l->pool + at, 256, 0);

			assert(got == 256);
		}
		l->pool_at = 0;
	}
	const unsigned char *p = l->pool + l->pool_at;

	l->pool_at += n;
	return p;
}

static void put_hex(char *to, const unsigned char *p, size_t n)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		to[2 * i] = hex[p[i] >> 4];
		to[2 * i + 1] = hex[p[i] & 15];
	}
}

/* RFC 9562, 5.7: 48 bits of milliseconds, version, 12 random bits, variant, 62 random bits. */
static void put_uuid(struct load *l, char *to)
{
	unsigned char id[16];
	const uint64_t ms = measure_unix_ms();
	char text[2 * sizeof id];

	memcpy(id, random_bytes(l, sizeof id), sizeof id);
	for (unsigned i = 0; i < 6; i++)
		id[i] = (unsigned char)(ms >> (40 - 8 * i));
	id[6] = (unsigned char)(0x70 | (id[6] & 0x0f));
	id[8] = (unsigned char)(0x80 | (id[8] & 0x3f));
	put_hex(text, id, sizeof id);
	snprintf(to, UUID_TEXT + 1, "%.8s-%.4s-%.4s-%.4s-%.12s", text, text + 8, text + 12,
		text + 16, text + 20);
}

static bool client_send(struct load *l, struct client *c)
{
	char subject[UUID_TEXT + 1];
	char key[UUID_TEXT + 1];
	char digest[2 * DIGEST_BYTES + 1];
	char body[256];
	char request[REQUEST_BYTES];

	put_uuid(l, subject);
	put_uuid(l, key);
	put_hex(digest, random_bytes(l, DIGEST_BYTES), DIGEST_BYTES);
	digest[2 * DIGEST_BYTES] = '\0';
	const int body_n = snprintf(body, sizeof body,
		"{\"subject\":\"urn:uuid:%s\",\"digest\":\"sha256:%s\"}", subject, digest);
	const int n = snprintf(request, sizeof request,
		"POST /api/v1/evidence HTTP/1.1\r\n"
		"Host: localhost:%u\r\n"
		"Authorization: Bearer %s\r\n"
		"Idempotency-Key: %s\r\n"
		"Content-Type: application/json\r\n"
		"Content-Length: %d\r\n\r\n%s",
		l->port, l->token, key, body_n, body);

	assert(n > 0 && n < REQUEST_BYTES);
	c->in_n = 0;
	c->left = 0;
	c->sent_ns = measure_now_ns();
	if (local_write(c->fd, request, (size_t)n) != 0) {
		fprintf(stderr, "acts: write: %s\n", strerror(errno));
		return false;
	}
	c->waiting = true;
	l->waiting_n++;
	return true;
}

/* Counts an answer that is complete and sends the next request while the window is open. */
static bool client_done(struct load *l, struct client *c)
{
	const uint64_t now = measure_now_ns();

	c->waiting = false;
	l->waiting_n--;
	l->acked++;
	if (l->window_begin_ns != 0 && l->window_end_ns == 0)
		sample_add(&l->sample, now - c->sent_ns);
	return now >= l->end_ns || client_send(l, c);
}

/* Reads a head; the answer must be 201 with a body, for the body is the evidence. */
static bool client_head(struct load *l, struct client *c)
{
	struct answer answer;
	const enum answer_state state = answer_read(c->in, c->in_n, &answer);

	if (state == ANSWER_PARTIAL && c->in_n < sizeof c->in)
		return true;
	if (state != ANSWER_WHOLE || answer.status != 201 || answer.body_n == 0) {
		fprintf(stderr, "acts: not a 201 with a body: %.*s\n",
			(int)(c->in_n < 600 ? c->in_n : 600), c->in);
		return false;
	}
	const uint64_t got = c->in_n - answer.head_n;

	if (got > answer.body_n) {
		fprintf(stderr, "acts: more bytes than Content-Length says\n");
		return false;
	}
	c->left = answer.body_n - got;
	return c->left > 0 || client_done(l, c);
}

static bool client_read(struct load *l, struct client *c)
{
	static char rest[ANSWER_BYTES];
	const bool in_body = c->left > 0;
	char *to = in_body ? rest : c->in + c->in_n;
	const ssize_t n =
		recv(c->fd, to, in_body ? sizeof rest : sizeof c->in - c->in_n, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n <= 0 || !c->waiting) {
		fprintf(stderr, "acts: %s\n",
			n < 0    ? strerror(errno)
			: n == 0 ? "the server closed a connection"
				 : "an answer nobody asked for");
		return false;
	}
	if (!in_body) {
		c->in_n += (size_t)n;
		return client_head(l, c);
	}
	if ((uint64_t)n > c->left) {
		fprintf(stderr, "acts: more bytes than Content-Length says\n");
		return false;
	}
	c->left -= (uint64_t)n;
	return c->left > 0 || client_done(l, c);
}

/* Reads the server's CPU when the window opens and when it closes. */
static bool load_mark(struct load *l)
{
	const uint64_t now = measure_now_ns();

	if (l->window_begin_ns == 0 && now >= l->begin_ns) {
		l->window_begin_ns = now;
		return measure_cpu_ns(l->pid, &l->begin_cpu_ns);
	}
	if (l->window_end_ns == 0 && now >= l->end_ns) {
		l->window_end_ns = now;
		return measure_cpu_ns(l->pid, &l->end_cpu_ns);
	}
	return true;
}

static bool load_run(struct load *l)
{
	struct epoll_event events[EVENTS_MAX];

	for (size_t i = 0; i < l->clients_n; i++)
		if (!client_send(l, &clients[i]))
			return false;
	while (l->window_end_ns == 0 || l->waiting_n > 0) {
		const int n = epoll_wait(l->epoll, events, EVENTS_MAX, 10);

		if (!load_mark(l)) {
			fprintf(stderr, "acts: the server's CPU time cannot be read\n");
			return false;
		}
		for (int i = 0; i < n; i++)
			if (!client_read(l, &clients[events[i].data.u32]))
				return false;
		if (measure_now_ns() > l->end_ns + DRAIN_NS) {
			fprintf(stderr, "acts: %zu answers never came\n", l->waiting_n);
			return false;
		}
	}
	return true;
}

static bool load_connect(struct load *l)
{
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll < 0)
		return false;
	for (uint32_t i = 0; i < l->clients_n; i++) {
		struct epoll_event want = {.events = EPOLLIN, .data.u32 = i};

		clients[i].fd = local_connect(l->port);
		if (clients[i].fd < 0 ||
			epoll_ctl(l->epoll, EPOLL_CTL_ADD, clients[i].fd, &want) != 0)
			return false;
	}
	l->begin_ns = measure_now_ns() + WARM_NS;
	return true;
}

/* The token is the first line of the file that `shugu init` wrote. */
static bool read_token(const char *path, char *token)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	const ssize_t n = read(fd, token, TOKEN_BYTES - 1);

	close(fd);
	if (n <= 0)
		return false;
	token[n] = '\0';
	token[strcspn(token, "\r\n")] = '\0';
	return token[0] != '\0';
}

static int load_report(struct load *l)
{
	if (!sample_sort(&l->sample)) {
		fprintf(stderr, "acts: nothing was answered within the window\n");
		return 1;
	}
	printf("acked=%llu counted=%zu window_ns=%llu p50_ns=%llu p99_ns=%llu max_ns=%llu "
	       "cpu_ns=%llu\n",
		(unsigned long long)l->acked, l->sample.n,
		(unsigned long long)(l->window_end_ns - l->window_begin_ns),
		(unsigned long long)sample_quantile(&l->sample, 500),
		(unsigned long long)sample_quantile(&l->sample, 990),
		(unsigned long long)sample_quantile(&l->sample, 1000),
		(unsigned long long)(l->end_cpu_ns - l->begin_cpu_ns));
	return 0;
}

int main(int argc, char **argv)
{
	uint64_t port;
	uint64_t connections;
	uint64_t seconds;

	if (argc != 6 || !measure_number(argv[1], 65535, &port) ||
		!measure_number(argv[2], CLIENTS_MAX, &connections) || connections == 0 ||
		!measure_number(argv[3], 60, &seconds) || seconds == 0 ||
		!measure_number(argv[5], INT32_MAX, &load.pid)) {
		fprintf(stderr, "usage: acts PORT CONNECTIONS SECONDS TOKEN-FILE PID\n");
		return 2;
	}
	if (!read_token(argv[4], load.token)) {
		fprintf(stderr, "acts: %s: no token\n", argv[4]);
		return 1;
	}
	load.port = (uint16_t)port;
	load.clients_n = connections;
	if (!sample_open(&load.sample) || !load_connect(&load)) {
		fprintf(stderr, "acts: %s\n", strerror(errno));
		return 1;
	}
	load.end_ns = load.begin_ns + seconds * 1000000000;
	return load_run(&load) ? load_report(&load) : 1;
}
