#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "net/conn.h"

#define HEAD_MAX (64u << 10)
#define PARTS 64

static const char *reason(int status)
{
	static const struct {
		int status;
		const char *text;
	} table[] = {{200, "OK"}, {201, "Created"}, {202, "Accepted"}, {204, "No Content"},
		{206, "Partial Content"}, {301, "Moved Permanently"}, {302, "Found"},
		{303, "See Other"}, {304, "Not Modified"}, {307, "Temporary Redirect"},
		{308, "Permanent Redirect"}, {400, "Bad Request"}, {401, "Unauthorized"},
		{403, "Forbidden"}, {404, "Not Found"}, {405, "Method Not Allowed"},
		{406, "Not Acceptable"}, {408, "Request Timeout"}, {409, "Conflict"}, {410, "Gone"},
		{411, "Length Required"}, {412, "Precondition Failed"}, {413, "Content Too Large"},
		{414, "URI Too Long"}, {415, "Unsupported Media Type"},
		{416, "Range Not Satisfiable"}, {417, "Expectation Failed"},
		{422, "Unprocessable Content"}, {425, "Too Early"}, {429, "Too Many Requests"},
		{431, "Request Header Fields Too Large"}, {500, "Internal Server Error"},
		{501, "Not Implemented"}, {502, "Bad Gateway"}, {503, "Service Unavailable"},
		{504, "Gateway Timeout"}, {505, "HTTP Version Not Supported"},
		{507, "Insufficient Storage"}};
	for (size_t i = 0; i < countof(table); i++) {
		if (table[i].status == status)
			return table[i].text;
	}
	return "";
}

/* IMF-fixdate (RFC 9110, 5.6.7), made once a second. */
static struct str date_line(struct server *s)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int64_t now_s = env_now_ms(s->env) / 1000;
	if (now_s != s->date_s || s->date[0] == '\0') {
		struct tm t = {0};
		time_t at = (time_t)now_s;
		(void)gmtime_r(&at, &t);
		(void)snprintf(s->date, sizeof s->date,
			"Date: %.3s, %02d %.3s %04d %02d:%02d:%02d GMT\r\n",
			days + 3 * (t.tm_wday % 7), t.tm_mday, months + 3 * (t.tm_mon % 12),
			t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
		s->date_s = now_s;
	}
	return str_z(s->date);
}

/* No byte of a value may end the line that it stands on. */
static void add_clean(struct buf *b, struct str s)
{
	char *at = buf_reserve(b, s.n);
	for (size_t i = 0; at != NULL && i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];
		at[i] = (ch < ' ' && ch != '\t') || ch == 0x7f ? '?' : s.p[i];
	}
}

static bool has_body(int status)
{
	return status != 204 && status != 304;
}

static void set_head(struct exchange *x, int status, const struct http_header *headers, size_t n,
	uint64_t length)
{
	struct buf b;
	buf_init(&b, x->ctx.arena, HEAD_MAX);
	buf_add(&b, STR("HTTP/1.1 "));
	buf_u64(&b, (uint64_t)status);
	buf_char(&b, ' ');
	buf_z(&b, reason(status));
	buf_add(&b, STR("\r\n"));
	buf_add(&b, date_line(x->server));
	if (has_body(status)) {
		buf_add(&b, STR("Content-Length: "));
		buf_u64(&b, length);
		buf_add(&b, STR("\r\n"));
	}
	for (size_t i = 0; i < n; i++) {
		add_clean(&b, headers[i].name);
		buf_add(&b, STR(": "));
		add_clean(&b, headers[i].value);
		buf_add(&b, STR("\r\n"));
	}
	if (x->close_after)
		buf_add(&b, STR("Connection: close\r\n"));
	buf_add(&b, STR("\r\n"));
	x->out[0] = buf_str(&b);
	if (!b.failed)
		return;
	/* What is said must be whole; there is no memory for more than this. */
	x->out[0] = STR("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n"
			"Connection: close\r\n\r\n");
	x->out[1] = (struct str){0};
	answer_end(x, false);
	x->close_after = true;
	x->conn->closing = true;
}

void answer_end(struct exchange *x, bool complete)
{
	if (!x->has_file)
		return;
	x->has_file = false;
	fd_closep(&x->file.fd);
	if (x->file.end != NULL)
		x->file.end(x->file.arg, x->file_sent, complete);
}

/* True where the answer has somewhere to go. */
static bool begin_answer(struct exchange *x, int status)
{
	assert(x->phase == EXCHANGE_PARKED && status >= 200 && status <= 599);
	x->phase = EXCHANGE_ANSWERED;
	if (x->gone) {
		answer_end(x, false);
		server_exchange_release_later(x->server, x);
		return false;
	}
	if (x->server->draining && x->conn->last == x) {
		x->close_after = true;
		x->conn->closing = true;
	}
	server_touch(x->conn);
	return true;
}

void exchange_answer(struct exchange *x, int status, const struct http_header *headers,
	size_t headers_n, struct str body)
{
	if (!begin_answer(x, status))
		return;
	if (has_body(status) && !str_is(x->request.method, "HEAD"))
		x->out[1] = body;
	set_head(x, status, headers, headers_n, body.n);
}

void exchange_answer_file(struct exchange *x, int status, const struct http_header *headers,
	size_t headers_n, const struct file_answer *file)
{
	assert(file->fd >= 0 && file->offset <= INT64_MAX &&
		file->length <= INT64_MAX - file->offset);
	x->file = *file;
	x->has_file = true;
	if (!begin_answer(x, status))
		return;
	set_head(x, status, headers, headers_n, file->length);
	if (!has_body(status) || str_is(x->request.method, "HEAD"))
		answer_end(x, false);
}

static bool is_sent(const struct exchange *x)
{
	return x->out[0].n == 0 && x->out[1].n == 0 &&
	       (!x->has_file || x->file_sent == x->file.length);
}

/* Takes what is sent from the front of the queue. */
static void pop_sent(struct conn *c)
{
	while (c->first != NULL && c->first->phase == EXCHANGE_ANSWERED && is_sent(c->first)) {
		struct exchange *x = c->first;
		c->first = x->next;
		if (c->first == NULL)
			c->last = NULL;
		c->queued--;
		c->server->outstanding--;
		answer_end(x, true);
		server_exchange_release_later(c->server, x);
	}
}

struct parts {
	struct iovec at[PARTS];
	size_t n, bytes;
	bool more; /* a file follows */
};

/* What can leave now: up to and with the head of the first file. */
static void gather(const struct conn *c, struct parts *p)
{
	p->n = p->bytes = 0;
	p->more = false;
	for (const struct exchange *x = c->first; x != NULL && x->phase == EXCHANGE_ANSWERED;
		x = x->next) {
		for (size_t i = 0; i < countof(x->out) && p->n < PARTS; i++) {
			if (x->out[i].n == 0)
				continue;
			p->at[p->n++] = (struct iovec){(void *)(uintptr_t)x->out[i].p, x->out[i].n};
			p->bytes += x->out[i].n;
		}
		if (x->has_file)
			p->more = x->file_sent < x->file.length;
		if (x->has_file || p->n == PARTS)
			return;
	}
}

static void consume(struct conn *c, size_t n)
{
	for (struct exchange *x = c->first; n > 0; x = x->next) {
		for (size_t i = 0; i < countof(x->out); i++) {
			size_t part = x->out[i].n < n ? x->out[i].n : n;
			x->out[i] = str_sub(x->out[i], part, x->out[i].n);
			n -= part;
		}
	}
}

static void progress(struct conn *c)
{
	c->write_deadline_us = loop_now_us(c->server->loop) + LIMIT_HTTP_WRITE_IDLE_MS * 1000ll;
}

static ssize_t put(struct conn *c, struct parts *p)
{
	struct msghdr m = {.msg_iov = p->at, .msg_iovlen = p->n};
	if (c->tls != NULL)
		return tls_send(c->server->tls, c->tls, p->at, p->n);
	return sendmsg(c->watch.fd, &m, MSG_NOSIGNAL | (p->more ? MSG_MORE : 0));
}

/* One call; false when nothing more can be done now. */
static bool write_parts(struct conn *c)
{
	struct parts p;
	gather(c, &p);
	if (p.n == 0)
		return false;
	ssize_t n = put(c, &p);
	if (n < 0 && errno == EINTR)
		return true;
	if (n < 0 && errno != EAGAIN) {
		conn_drop(c);
		return false;
	}
	if (n > 0 || c->write_deadline_us == 0)
		progress(c);
	if (n > 0) {
		consume(c, (size_t)n);
		pop_sent(c);
	}
	c->writable = c->tls != NULL ? n > 0 : n == (ssize_t)p.bytes;
	return c->writable;
}

static void say_continue(struct conn *c)
{
	struct exchange *x = c->reading;
	if (c->queued > 0 || x == NULL || x->phase != EXCHANGE_BODY ||
		!x->request.expect_continue || x->continued || x->body_n > 0)
		return;
	static char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
	struct parts p = {.at = {{text, sizeof text - 1}}, .n = 1};
	x->continued = true;
	if (put(c, &p) != (ssize_t)sizeof text - 1)
		conn_drop(c);
}

static bool file_is_next(const struct conn *c)
{
	const struct exchange *x = c->first;
	return x != NULL && x->phase == EXCHANGE_ANSWERED && x->has_file && x->out[0].n == 0;
}

void conn_flush(struct conn *c)
{
	pop_sent(c);
	while (!c->dead && c->writable && !file_is_next(c) && write_parts(c))
		;
	if (c->dead)
		return;
	if (file_is_next(c)) {
		if (c->writable)
			server_stream_add(c);
		return;
	}
	if (c->first == NULL || c->first->phase != EXCHANGE_ANSWERED)
		c->write_deadline_us = 0;
	say_continue(c);
	conn_flushed(c);
}

/* Sends a slice; false where the connection is of no use any more. */
static bool send_slice(struct conn *c, struct exchange *x)
{
	struct server *s = c->server;
	uint64_t left = x->file.length - x->file_sent;
	uint64_t slice = left < LIMIT_STREAM_SLICE ? left : LIMIT_STREAM_SLICE;
	slice = slice < s->stream_left ? slice : s->stream_left;
	off_t offset = (off_t)(x->file.offset + x->file_sent);
	ssize_t n = c->tls != NULL ? tls_send_file(s->tls, c->tls, x->file.fd, offset, (size_t)left)
				   : sendfile(c->watch.fd, x->file.fd, &offset, (size_t)slice);
	if (n < 0) {
		/* A short slice would say nothing: the socket may be full or the file at its end. */
		c->writable = errno != EAGAIN;
		return errno == EAGAIN || errno == EINTR;
	}
	if (n == 0)
		return false; /* the file is shorter than was promised */
	x->file_sent += (uint64_t)n;
	s->stream_left -= (uint64_t)n < s->stream_left ? (uint64_t)n : s->stream_left;
	progress(c);
	return true;
}

void conn_stream(struct conn *c)
{
	struct exchange *x = c->first;
	if (!file_is_next(c)) {
		server_stream_del(c);
		server_touch(c);
		return;
	}
	bool go_on = x->file.more == NULL || x->file.more(x->file.arg, x->file_sent);
	if (!go_on || !send_slice(c, x)) {
		conn_drop(c);
		return;
	}
	bool done = x->file_sent == x->file.length;
	if (done || !c->writable)
		server_stream_del(c);
	if (done)
		server_touch(c);
}
