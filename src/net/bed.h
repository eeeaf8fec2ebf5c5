/* For the tests of this folder only: a server and its clients in one thread, with a clock that stands still.
 * bed_turns() lets the loop run until nothing moves; then bed_read() takes what a client has got. */
#pragma once

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "net/server.h"

static struct {
	struct ctx c;
	struct loop *loop;
	struct server *server;
	uint16_t port;
	int64_t now_us, at_ms;
	char got[1u << 20];
	size_t got_n;
	bool closed, reset;
} bed;

static inline int64_t bed_now_ms(void *arg)
{
	(void)arg;
	return 784111777000 + bed.now_us / 1000;
}

static inline int64_t bed_mono_us(void *arg)
{
	(void)arg;
	return bed.now_us;
}

static const struct env bed_env = {.now_ms = bed_now_ms, .mono_us = bed_mono_us};

static inline void bed_open(const struct server_handler *h)
{
	bed.c.arena = arena_new(1u << 20);
	bed.now_us = 1000000;
	if (loop_new(&bed.c, &bed_env, &bed.loop) != OK ||
		server_new(&bed.c, bed.loop, &bed_env, h, NULL, &bed.server) != OK ||
		server_listen_tcp(&bed.c, bed.server, "127.0.0.1", 0, &bed.port) != OK) {
		printf("Bail out! %s\n", bed.c.trouble.detail);
		abort();
	}
}

static inline void bed_close(void)
{
	server_free(bed.server);
	loop_free(bed.loop);
	arena_free(bed.c.arena);
}

static inline void bed_turns(int n)
{
	for (int i = 0; i < n; i++) {
		if (loop_turn(&bed.c, bed.loop, i % 4 == 3 ? 1 : 0) != OK)
			abort();
	}
}

/* The clock moves, and what is due happens. */
static inline void bed_pass(int64_t ms)
{
	bed.now_us += ms * 1000;
	bed_turns(8);
}

static inline int bed_connect(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(bed.port)};
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (connect(fd, (struct sockaddr *)&at, sizeof at) != 0)
		abort();
	/* Else a byte waits for the delayed acknowledgement of the one before it. */
	int on = 1;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	bed_turns(2);
	return fd;
}

/* Everything goes out, turning the loop while the socket is full. */
static inline void bed_send(int fd, struct str s)
{
	while (s.n > 0) {
		ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN)
			return;
		if (n > 0)
			s = str_sub(s, (size_t)n, s.n);
		bed_turns(2);
	}
}

/* All that arrives until nothing comes any more. */
static inline struct str bed_read(int fd)
{
	bed.got_n = 0;
	bed.closed = bed.reset = false;
	for (int quiet = 0; quiet < 6 && !bed.closed && bed.got_n < sizeof bed.got - 1;) {
		bed_turns(2);
		ssize_t n =
			recv(fd, bed.got + bed.got_n, sizeof bed.got - 1 - bed.got_n, MSG_DONTWAIT);
		bed.reset = n < 0 && errno == ECONNRESET;
		bed.closed = n == 0 || bed.reset;
		quiet = n > 0 ? 0 : quiet + 1;
		bed.got_n += n > 0 ? (size_t)n : 0;
	}
	bed.got[bed.got_n] = '\0';
	return (struct str){bed.got, bed.got_n};
}

/* Connects, sends, reads, closes. */
static inline struct str bed_ask(struct str request)
{
	int fd = bed_connect();
	bed_send(fd, request);
	struct str got = bed_read(fd);
	close(fd);
	bed_turns(4);
	return got;
}

static inline bool bed_has(struct str got, const char *text)
{
	return str_find_str(got, str_z(text)) < got.n;
}

/* How often the text occurs. */
static inline unsigned bed_count(struct str got, const char *text)
{
	unsigned n = 0;
	struct str rest = got;
	for (size_t at; (at = str_find_str(rest, str_z(text))) < rest.n; n++)
		rest = str_sub(rest, at + strlen(text), rest.n);
	return n;
}
