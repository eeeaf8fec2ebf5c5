#include "net/conn.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"

#define READS_A_TURN 4
#define BODY_FIRST (16u << 10)

static int64_t after(const struct conn *c, int64_t ms)
{
	return loop_now_us(c->server->loop) + ms * 1000;
}

void conn_open(struct conn *c)
{
	c->readable = c->writable = true;
	c->read_deadline_us = after(c, LIMIT_HTTP_HEAD_MS);
}

void conn_sink_end(struct exchange *x, bool whole)
{
	if (!x->has_sink)
		return;
	x->has_sink = false;
	x->sink.end(x->sink.arg, whole);
}

static void drop_exchange(struct conn *c, struct exchange *x)
{
	struct server *s = c->server;
	if (x->phase == EXCHANGE_ANSWERED) {
		answer_end(x, false);
		server_exchange_release_later(s, x);
		return;
	}
	x->conn = NULL;
	x->gone = true;
	if (s->handler.gone != NULL)
		s->handler.gone(s->arg, x);
}

void conn_drop(struct conn *c)
{
	if (c->dead)
		return;
	c->dead = true;
	struct server *s = c->server;
	server_stream_del(c);
	loop_fd_del(s->loop, &c->watch);
	if (c->tls != NULL)
		tls_finish(c->tls);
	tls_closep(&c->tls);
	fd_closep(&c->watch.fd);
	server_unlink(c);
	if (c->reading != NULL)
		server_exchange_release_later(s, take(&c->reading));
	struct exchange *x = c->first;
	c->first = c->last = NULL;
	s->outstanding -= c->queued;
	c->queued = 0;
	while (x != NULL) {
		struct exchange *next = x->next;
		x->next = NULL;
		drop_exchange(c, x);
		x = next;
	}
}

static void enqueue(struct conn *c, struct exchange *x)
{
	c->reading = NULL;
	c->begun = false;
	c->read_deadline_us = 0;
	x->phase = EXCHANGE_PARKED;
	x->next = NULL;
	if (c->last != NULL)
		c->last->next = x;
	else
		c->first = x;
	c->last = x;
	c->queued++;
	c->server->outstanding++;
	if (x->close_after)
		c->closing = true;
}

/* The request cannot be read: it is answered in its turn, and nothing is read behind it. */
static void refuse(struct conn *c, struct exchange *x, err why)
{
	struct server *s = c->server;
	conn_sink_end(x, false);
	x->close_after = true;
	x->body = (struct str){0};
	enqueue(c, x);
	if (s->handler.refuse != NULL)
		s->handler.refuse(s->arg, x, why);
	if (x->phase == EXCHANGE_PARKED) {
		struct http_header type = {STR("Content-Type"), STR("text/plain")};
		exchange_answer(x, err_row(why)->status, &type, 1, str_z(err_row(why)->title));
	}
}

static void deliver(struct conn *c, struct exchange *x)
{
	struct server *s = c->server;
	x->close_after = !x->request.keep_alive || s->draining;
	x->half_gone = c->eof;
	conn_sink_end(x, true);
	enqueue(c, x);
	s->handler.request(s->arg, x);
}

static bool reading_paused(const struct conn *c)
{
	return c->queued >= LIMIT_HTTP_PIPELINE ||
	       (c->queued > 0 && c->server->outstanding >= LIMIT_HTTP_CONNECTIONS);
}

static struct exchange *reading(struct conn *c)
{
	if (c->reading == NULL)
		c->reading = server_exchange_take(c->server, c);
	return c->reading;
}

/* Room for n more bytes of body; ERR_BUSY when all bodies together are too many. */
static err body_room(struct exchange *x, size_t n)
{
	struct ctx *c = &x->ctx;
	struct server *s = x->server;
	ENSURE(x->body.n + n <= LIMIT_HTTP_BODY, c, ERR_TOO_LARGE,
		"the body is larger than %u bytes", LIMIT_HTTP_BODY);
	if (x->body.n + n <= x->body_cap)
		return OK;
	size_t cap = x->body_cap == 0 ? BODY_FIRST : x->body_cap * 2;
	if (x->request.has_length && cap > (size_t)x->request.content_length)
		cap = (size_t)x->request.content_length;
	while (cap < x->body.n + n)
		cap *= 2;
	ENSURE(s->bodies + cap - x->body_cap <= LIMIT_HTTP_BODIES, c, ERR_BUSY,
		"too many requests with bodies");
	char *p = arena_grow(x->ctx.arena, x->body_bytes, x->body_cap, cap);
	ENSURE(p != NULL, c, ERR_TOO_LARGE, "the request needs more memory than allowed");
	s->bodies += cap - x->body_cap;
	x->body_cap = cap;
	x->body.p = x->body_bytes = p;
	return OK;
}

/* A body that goes through a sink may be large: each LIMIT_HTTP_BODY of it has the time that a whole one has elsewhere. */
static err sink_add(struct exchange *x, struct str data)
{
	ENSURE(data.n <= x->sink.max - x->body_n, &x->ctx, ERR_TOO_LARGE,
		"the body is larger than %llu bytes", (unsigned long long)x->sink.max);
	TRY(x->sink.write(x->sink.arg, &x->ctx, data));
	if ((x->body_n + data.n) / LIMIT_HTTP_BODY > x->body_n / LIMIT_HTTP_BODY)
		x->conn->read_deadline_us = after(x->conn, LIMIT_HTTP_BODY_MS);
	x->body_n += data.n;
	return OK;
}

static err body_add(struct exchange *x, struct str data)
{
	if (data.n == 0)
		return OK;
	if (x->has_sink)
		return sink_add(x, data);
	TRY(body_room(x, data.n));
	memcpy(x->body_bytes + x->body.n, data.p, data.n);
	x->body.n += data.n;
	x->body_n = x->body.n;
	return OK;
}

static err read_chunks(struct exchange *x, struct str in, size_t *ret_used)
{
	size_t at = 0;
	while (at < in.n && !chunks_done(&x->chunks)) {
		size_t used;
		struct str data;
		TRY(chunks_feed(&x->ctx, &x->chunks, str_sub(in, at, in.n), &used, &data));
		at += used;
		TRY(body_add(x, data));
	}
	*ret_used = at;
	return OK;
}

/* Takes body bytes from in; *ret_whole when it ended. */
static err read_body(struct exchange *x, struct str in, size_t *ret_used, bool *ret_whole)
{
	if (x->request.chunked) {
		TRY(read_chunks(x, in, ret_used));
		*ret_whole = chunks_done(&x->chunks);
		return OK;
	}
	size_t left = (size_t)x->request.content_length - (size_t)x->body_n;
	struct str part = str_sub(in, 0, left);
	*ret_used = part.n;
	*ret_whole = part.n == left;
	return body_add(x, part);
}

static err begin_body(struct conn *c, struct exchange *x)
{
	const struct server_handler *h = &c->server->handler;
	if (h->head != NULL && (x->request.chunked || x->request.content_length > 0))
		TRY(h->head(c->server->arg, x));
	uint64_t max = x->has_sink ? x->sink.max : LIMIT_HTTP_BODY;
	ENSURE(x->request.content_length <= (int64_t)max, &x->ctx, ERR_TOO_LARGE,
		"the body is larger than %llu bytes", (unsigned long long)max);
	chunks_init(&x->chunks);
	x->phase = EXCHANGE_BODY;
	x->body = (struct str){0};
	c->read_deadline_us = after(c, LIMIT_HTTP_BODY_MS);
	return OK;
}

/* Reads a head at the start of in; *ret_used is 0 while it is not whole. */
static err read_head(struct conn *c, struct exchange *x, struct str in, size_t *ret_used)
{
	size_t end, skip = str_starts(in, STR("\r\n")) ? 2 : 0;
	*ret_used = 0;
	if (in.n == 1 && in.p[0] == '\r')
		return OK;
	struct str rest = str_sub(in, skip, in.n);
	TRY(http_head_end(&x->ctx, rest, &x->scanned, &end));
	if (end == 0)
		return OK;
	struct str head;
	TRY(arena_str(&x->ctx, str_sub(rest, 0, end), &head));
	TRY(http_head_parse(&x->ctx, head, &x->request));
	*ret_used = skip + end;
	return begin_body(c, x);
}

/* One step forward in what is read; 0 used means that more bytes are needed. */
static size_t step(struct conn *c, struct str in)
{
	struct exchange *x = reading(c);
	if (x == NULL) {
		conn_drop(c);
		return in.n;
	}
	size_t head = 0, used = 0;
	bool whole = false;
	err e = x->phase == EXCHANGE_HEAD ? read_head(c, x, in, &head) : OK;
	if (e == OK && x->phase == EXCHANGE_BODY)
		e = read_body(x, str_sub(in, head, in.n), &used, &whole);
	if (e != OK) {
		refuse(c, x, e);
		return in.n;
	}
	if (whole)
		deliver(c, x);
	else if (x->phase == EXCHANGE_BODY && x->request.expect_continue)
		server_touch(c);
	return head + used;
}

/* Keeps bytes that cannot be used yet; they lie in the lent buffer. */
static void hold(struct conn *c, struct str rest)
{
	if (rest.n == 0 && c->reading == NULL)
		return;
	struct exchange *x = reading(c);
	if (x != NULL && rest.n > x->in_cap) {
		size_t cap = rest.n < 1024 ? 1024 : rest.n * 2;
		x->in = arena_alloc(x->ctx.arena, cap);
		x->in_cap = x->in == NULL ? 0 : cap;
	}
	if (x == NULL || (rest.n > 0 && x->in == NULL)) {
		conn_drop(c);
		return;
	}
	if (rest.n > 0)
		memcpy(x->in, rest.p, rest.n);
	x->in_n = rest.n;
	if (x->phase == EXCHANGE_HEAD && rest.n > 0 && !c->begun && !reading_paused(c)) {
		c->begun = true;
		c->read_deadline_us = after(c, LIMIT_HTTP_HEAD_MS);
	}
}

static void parse(struct conn *c, size_t n)
{
	struct str rest = {c->server->lent, n};
	while (rest.n > 0 && !c->dead && !c->closing && !reading_paused(c)) {
		size_t used = step(c, rest);
		if (used == 0)
			break;
		rest = str_sub(rest, used, rest.n);
	}
	if (!c->dead && !c->closing)
		hold(c, rest);
}

/* How many held bytes were put in front of the lent buffer. */
static size_t unhold(struct conn *c)
{
	struct exchange *x = c->reading;
	if (x == NULL || x->in_n == 0)
		return 0;
	size_t n = x->in_n;
	memcpy(c->server->lent, x->in, n);
	x->in_n = 0;
	return n;
}

static void at_eof(struct conn *c)
{
	c->eof = true;
	c->readable = false;
	for (struct exchange *x = c->first; x != NULL; x = x->next)
		x->half_gone = true;
	c->closing = true;
	if (c->queued == 0)
		conn_drop(c);
}

/* Who speaks plainly where TLS is spoken is told so, plainly. */
static void refuse_plain(struct conn *c)
{
	tls_closep(&c->tls);
	struct exchange *x = reading(c);
	if (x == NULL) {
		conn_drop(c);
		return;
	}
	(void)fail(&x->ctx, ERR_MALFORMED, "this port speaks TLS: use https://");
	refuse(c, x, ERR_MALFORMED);
}

/* As recv(2). What comes after the last answer is thrown away as it is. */
static ssize_t take_bytes(struct conn *c, char *p, size_t n)
{
	char first;
	if (c->tls == NULL || c->lingering)
		return recv(c->watch.fd, p, n, 0);
	if (!c->greeted) {
		ssize_t got = recv(c->watch.fd, &first, 1, MSG_PEEK);
		if (got <= 0)
			return got;
		c->greeted = true;
		if (!tls_begins(first)) {
			refuse_plain(c);
			errno = EAGAIN;
			return -1;
		}
	}
	return tls_recv(c->tls, p, n);
}

/* Reads into p; what was read, or 0. */
static size_t receive(struct conn *c, char *p, size_t n)
{
	ssize_t got = take_bytes(c, p, n);
	if (got < 0) {
		c->readable = errno == EINTR;
		if (errno != EAGAIN && errno != EINTR)
			conn_drop(c);
		return 0;
	}
	if (got == 0) {
		at_eof(c);
		return 0;
	}
	/* A short read emptied the socket; the next byte makes an edge, and so did an end that came before. */
	if ((size_t)got < n && !c->eof && (c->tls == NULL || tls_is_empty(c->tls)))
		c->readable = false;
	return (size_t)got;
}

void conn_pump(struct conn *c)
{
	char *lent = c->server->lent;
	if (!c->dead && !c->closing && c->reading != NULL && c->reading->in_n > 0 &&
		!reading_paused(c))
		parse(c, unhold(c));
	for (int i = 0; i < READS_A_TURN && !c->dead && c->readable; i++) {
		if (c->lingering) {
			(void)receive(c, lent, SERVER_READ);
			continue;
		}
		if (c->closing || reading_paused(c))
			return;
		size_t held = unhold(c);
		size_t got = receive(c, lent + held, SERVER_READ);
		if (!c->dead)
			parse(c, held + got);
	}
	if (!c->dead && c->readable)
		server_read_again(c);
}

void conn_ready(void *arg, uint32_t events)
{
	struct conn *c = arg;
	if (c->dead)
		return;
	if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
		conn_drop(c);
		return;
	}
	if ((events & (EPOLLIN | EPOLLRDHUP)) != 0)
		c->readable = true;
	if ((events & EPOLLOUT) != 0 && !c->writable) {
		c->writable = true;
		server_touch(c);
	}
	/* A handshake may wait for room to write. */
	if ((events & EPOLLOUT) != 0 && c->tls != NULL)
		c->readable = true;
	conn_pump(c);
	/* The end that came with the last bytes makes no edge of its own. */
	if ((events & EPOLLRDHUP) != 0 && !c->dead && !c->eof) {
		c->readable = true;
		server_read_again(c);
	}
}

static void linger(struct conn *c)
{
	if (c->tls != NULL)
		tls_finish(c->tls);
	if (c->eof || shutdown(c->watch.fd, SHUT_WR) != 0) {
		conn_drop(c);
		return;
	}
	c->lingering = true;
	c->readable = true;
	c->write_deadline_us = 0;
	c->read_deadline_us = after(c, LIMIT_HTTP_LINGER_MS);
	server_read_again(c);
}

void conn_flushed(struct conn *c)
{
	if (c->dead || c->lingering)
		return;
	if (c->closing && c->queued == 0) {
		linger(c);
		return;
	}
	if (c->closing || reading_paused(c))
		return;
	if (c->reading == NULL && c->queued == 0)
		c->read_deadline_us = after(c, LIMIT_HTTP_IDLE_MS);
	if (c->readable || (c->reading != NULL && c->reading->phase == EXCHANGE_HEAD &&
				   c->reading->in_n > 0 && c->reading->scanned == 0))
		server_read_again(c);
}

void conn_check_time(struct conn *c, int64_t now_us)
{
	if (c->dead)
		return;
	if (c->write_deadline_us != 0 && now_us > c->write_deadline_us) {
		conn_drop(c);
		return;
	}
	if (c->read_deadline_us == 0 || now_us <= c->read_deadline_us || reading_paused(c))
		return;
	struct exchange *x = c->reading;
	if (c->lingering || x == NULL || (x->phase == EXCHANGE_HEAD && x->in_n == 0)) {
		conn_drop(c);
		return;
	}
	(void)fail(&x->ctx, ERR_TIMEOUT, "the request did not arrive in time");
	refuse(c, x, ERR_TIMEOUT);
}
