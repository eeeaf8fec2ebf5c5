/*
 * circulate PORT PARALLEL SECONDS TOKEN-FILE PARTY PRODUCT
 *
 * Complete circulations through the buyer's node on 127.0.0.1:PORT: an order that is negotiated anew (POST
 * /api/v1/orders), then asked about (GET /api/v1/orders/ID) until its invoice is recorded: after 2 ms, and again after
 * another 2 ms or a sixteenth of the time it has taken, whichever is more, so that asking is not what is measured; a time
 * is too long by that much at most. PARALLEL of them at a time, each on a connection of its own, for half a second of warming up and SECONDS that count. Prints one line for
 * bench/run:
 *
 *   done=N counted=N window_ns=N p50_ns=N p99_ns=N max_ns=N
 *
 * `done` are all that were recorded, `counted` those within the window; times are from the order being sent to the answer
 * that says recorded. Exit 1 on the first order that fails or is not done within 20 seconds.
 */
#include "answer.h"
#include "local.h"
#include "measure.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	CLIENTS_MAX = 256,
	ANSWER_BYTES = 64 * 1024,
	REQUEST_BYTES = 2048,
	TOKEN_BYTES = 256,
	ID_BYTES = 64,
	EVENTS_MAX = 256,
	ASK_PART = 16,
};

static const uint64_t WARM_NS = 500000000;
static const uint64_t ASK_NS = 2000000;
static const uint64_t PATIENCE_NS = 20000000000;

struct client {
	int fd;
	bool waiting;
	uint64_t begun_ns; /* the order; 0: none open */
	uint64_t ask_ns;   /* when to ask again */
	char id[ID_BYTES];
	size_t in_n;
	char in[ANSWER_BYTES];
};

struct load {
	int epoll;
	uint16_t port;
	size_t clients_n;
	uint64_t begin_ns, end_ns;
	uint64_t done;
	struct sample sample;
	const char *party, *product;
	char token[TOKEN_BYTES];
};

static struct client clients[CLIENTS_MAX]; /* too large for the stack */
static struct load load;

static bool send_request(
	struct load *l, struct client *c, const char *method, const char *path, const char *body)
{
	char request[REQUEST_BYTES];
	const int n = snprintf(request, sizeof request,
		"%s %s HTTP/1.1\r\nHost: localhost:%u\r\nAuthorization: Bearer %s\r\n%s"
		"Content-Length: %zu\r\n\r\n%s",
		method, path, l->port, l->token,
		body[0] != '\0' ? "Content-Type: application/json\r\n" : "", strlen(body), body);

	if (n <= 0 || n >= REQUEST_BYTES || local_write(c->fd, request, (size_t)n) != 0) {
		fprintf(stderr, "circulate: write: %s\n", strerror(errno));
		return false;
	}
	c->in_n = 0;
	c->waiting = true;
	return true;
}

static bool send_order(struct load *l, struct client *c)
{
	char body[REQUEST_BYTES / 2];

	snprintf(body, sizeof body,
		"{\"party\":\"%s\",\"product\":\"%s\",\"deliver\":true,\"anew\":true}", l->party,
		l->product);
	c->begun_ns = measure_now_ns();
	c->id[0] = '\0';
	return send_request(l, c, "POST", "/api/v1/orders", body);
}

static bool send_question(struct load *l, struct client *c)
{
	char path[ID_BYTES + 32];

	snprintf(path, sizeof path, "/api/v1/orders/%s", c->id);
	return send_request(l, c, "GET", path, "");
}

/* The text of a member of an answer; the first of that name. */
static bool member(const char *body, const char *name, char *to, size_t size)
{
	char key[64];

	snprintf(key, sizeof key, "\"%s\":\"", name);
	const char *at = strstr(body, key);

	if (at == NULL)
		return false;
	at += strlen(key);
	const size_t n = strcspn(at, "\"");

	if (n >= size)
		return false;
	memcpy(to, at, n);
	to[n] = '\0';
	return true;
}

static void ask_later(struct client *c, uint64_t now)
{
	const uint64_t part = (now - c->begun_ns) / ASK_PART;

	c->ask_ns = now + (part > ASK_NS ? part : ASK_NS);
}

static bool answered(struct load *l, struct client *c, unsigned status, const char *body)
{
	char state[64];
	const uint64_t now = measure_now_ns();

	c->waiting = false;
	if (c->id[0] == '\0') {
		if (status != 202 || !member(body, "order", c->id, sizeof c->id)) {
			fprintf(stderr, "circulate: no order: %u %.400s\n", status, body);
			return false;
		}
		ask_later(c, now);
		return true;
	}
	if (status != 200 || !member(body, "state", state, sizeof state) ||
		strcmp(state, "failed") == 0) {
		fprintf(stderr, "circulate: %s: %u %.400s\n", c->id, status, body);
		return false;
	}
	if (strcmp(state, "recorded") != 0) {
		ask_later(c, now);
		return true;
	}
	l->done++;
	if (now >= l->begin_ns && now <= l->end_ns)
		sample_add(&l->sample, now - c->begun_ns);
	c->begun_ns = 0;
	c->ask_ns = 0;
	return now >= l->end_ns || send_order(l, c);
}

static bool client_read(struct load *l, struct client *c)
{
	struct answer answer;
	const ssize_t n = recv(c->fd, c->in + c->in_n, sizeof c->in - 1 - c->in_n, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n <= 0) {
		fprintf(stderr, "circulate: %s\n",
			n < 0 ? strerror(errno) : "the server closed a connection");
		return false;
	}
	c->in_n += (size_t)n;
	c->in[c->in_n] = '\0';
	const enum answer_state state = answer_read(c->in, c->in_n, &answer);

	if (state == ANSWER_BROKEN || c->in_n == sizeof c->in - 1) {
		fprintf(stderr, "circulate: not an answer: %.400s\n", c->in);
		return false;
	}
	if (state == ANSWER_PARTIAL || c->in_n < answer.head_n + answer.body_n)
		return true;
	return answered(l, c, answer.status, c->in + answer.head_n);
}

/* Asks where it is time, and gives up on what takes too long. */
static bool tend(struct load *l, bool *ret_open)
{
	const uint64_t now = measure_now_ns();

	*ret_open = false;
	for (size_t i = 0; i < l->clients_n; i++) {
		struct client *c = &clients[i];

		if (c->begun_ns == 0)
			continue;
		*ret_open = true;
		if (now - c->begun_ns > PATIENCE_NS) {
			fprintf(stderr, "circulate: %s is not done after 20 s\n", c->id);
			return false;
		}
		if (!c->waiting && c->ask_ns <= now && !send_question(l, c))
			return false;
	}
	return true;
}

static bool run(struct load *l)
{
	struct epoll_event events[EVENTS_MAX];
	bool open = true;

	for (size_t i = 0; i < l->clients_n; i++)
		if (!send_order(l, &clients[i]))
			return false;
	while (open) {
		const int n = epoll_wait(l->epoll, events, EVENTS_MAX, 1);

		for (int i = 0; i < n; i++)
			if (!client_read(l, &clients[events[i].data.u32]))
				return false;
		if (!tend(l, &open))
			return false;
	}
	return true;
}

static bool prepare(struct load *l, const char *token_path, uint64_t seconds)
{
	const int fd = open(token_path, O_RDONLY | O_CLOEXEC);
	const ssize_t n = fd < 0 ? -1 : read(fd, l->token, TOKEN_BYTES - 1);

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return false;
	l->token[strcspn(l->token, "\r\n")] = '\0';
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	for (uint32_t i = 0; i < l->clients_n; i++) {
		struct epoll_event want = {.events = EPOLLIN, .data.u32 = i};

		clients[i].fd = local_connect(l->port);
		if (clients[i].fd < 0 ||
			epoll_ctl(l->epoll, EPOLL_CTL_ADD, clients[i].fd, &want) != 0)
			return false;
	}
	l->begin_ns = measure_now_ns() + WARM_NS;
	l->end_ns = l->begin_ns + seconds * 1000000000;
	return sample_open(&l->sample);
}

int main(int argc, char **argv)
{
	uint64_t port, parallel, seconds;

	if (argc != 7 || !measure_number(argv[1], 65535, &port) ||
		!measure_number(argv[2], CLIENTS_MAX, &parallel) || parallel == 0 ||
		!measure_number(argv[3], 60, &seconds) || seconds == 0) {
		fprintf(stderr,
			"usage: circulate PORT PARALLEL SECONDS TOKEN-FILE PARTY PRODUCT\n");
		return 2;
	}
	load = (struct load){.port = (uint16_t)port,
		.clients_n = parallel,
		.party = argv[5],
		.product = argv[6]};
	if (!prepare(&load, argv[4], seconds)) {
		fprintf(stderr, "circulate: cannot begin: %s\n", strerror(errno));
		return 1;
	}
	if (!run(&load) || !sample_sort(&load.sample))
		return 1;
	printf("done=%llu counted=%zu window_ns=%llu p50_ns=%llu p99_ns=%llu max_ns=%llu\n",
		(unsigned long long)load.done, load.sample.n,
		(unsigned long long)(seconds * 1000000000),
		(unsigned long long)sample_quantile(&load.sample, 500),
		(unsigned long long)sample_quantile(&load.sample, 990),
		(unsigned long long)sample_quantile(&load.sample, 1000));
	return 0;
}
