/* The life of a connection: framing, refusals, limits, slow and vanishing clients. */
#include "net/conn.h"

#include "net/bed.h"
#include "tests/tap.h"

#define HOST "Host: a\r\n"
#define GET "GET / HTTP/1.1\r\n" HOST "\r\n"

static unsigned requests;
static struct str last_body;
static char body_copy[64];

static void echo(void *arg, struct exchange *x)
{
	(void)arg;
	requests++;
	last_body = x->body;
	(void)snprintf(body_copy, sizeof body_copy, "%.*s", FMT(x->body));
	exchange_answer(x, 200, NULL, 0, x->body);
}

static void ten_malformed(void)
{
	static const struct str table[] = {
		STR("POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc"),
		STR("POST / HTTP/1.1\r\n" HOST
		    "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
		STR("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
		STR("POST / HTTP/1.1\r\n" HOST "Content-Length: +3\r\n\r\nabc"),
		STR("GET / HTTP/1.1\nHost: a\n\n"),
		STR("GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
		STR("GET / HTTP/1.1\r\n\r\n"),
		STR("GET / HTTP/1.1\r\n" HOST HOST "\r\n"),
		STR("GET / HTTP/1.1\r\n" HOST "X: a\r\n b\r\n\r\n"),
		STR("GET / HTTP/1.1\r\n" HOST "X: a\0b\r\n\r\n"),
	};
	requests = 0;
	for (size_t i = 0; i < countof(table); i++) {
		int fd = bed_connect();
		bed_send(fd, table[i]);
		bed_send(fd, STR(GET));
		struct str got = bed_read(fd);
		ok(str_starts(got, STR("HTTP/1.1 400 ")), "malformed request %zu is answered 400",
			i);
		ok(bed_count(got, "HTTP/1.1") == 1 && bed_has(got, "Connection: close\r\n"),
			"once, with a farewell");
		ok(bed.closed && !bed.reset, "and closed, not reset");
		close(fd);
	}
	bed_turns(4);
	is_int(requests, 0, "no handler saw any of it");
	is_int(server_connections(bed.server), 0, "no connection is left");
}

static void bodies(void)
{
	bed_ask(STR("POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello"));
	is_str(body_copy, "hello", "a body of known length");
	bed_ask(STR("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
		    "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"));
	is_str(body_copy, "hello", "a chunked body");
	/* Byte by byte, two requests behind each other. */
	struct str both = STR(
		"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
		"2\r\nhe\r\n0\r\n\r\n\r\nPOST / HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nyo");
	int fd = bed_connect();
	requests = 0;
	for (size_t i = 0; i < both.n; i++)
		bed_send(fd, str_sub(both, i, 1));
	is_int(bed_count(bed_read(fd), "HTTP/1.1 200 OK"), 2,
		"two answers to requests byte by byte");
	is_int(requests, 2, "two requests");
	is_str(body_copy, "yo", "the second body");
	close(fd);
	ok(bed_has(bed_ask(STR(
			   "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nx\r\n")),
		   "HTTP/1.1 400 "),
		"a bad chunk is 400");
}

static void body_limit(void)
{
	static char big[LIMIT_HTTP_BODY + 256];
	for (unsigned more = 0; more <= 1; more++) {
		size_t n = (size_t)snprintf(big, sizeof big,
			"POST / HTTP/1.1\r\n" HOST "Content-Length: %u\r\n\r\n",
			LIMIT_HTTP_BODY + more);
		memset(big + n, 'b', LIMIT_HTTP_BODY + more);
		struct str got = bed_ask((struct str){big, n + LIMIT_HTTP_BODY + more});
		ok(str_starts(got, more ? STR("HTTP/1.1 413 ") : STR("HTTP/1.1 200 ")),
			"a body of the limit and %u", more);
	}
	int fd = bed_connect();
	bed_send(
		fd, STR("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n200000\r\n"));
	memset(big, 'b', sizeof big);
	bed_send(fd, (struct str){big, LIMIT_HTTP_BODY});
	is_int(bed_read(fd).n, 0, "a chunk of the limit is awaited further");
	bed_send(fd, STR("b"));
	ok(str_starts(bed_read(fd), STR("HTTP/1.1 413 ")), "one byte more is 413");
	close(fd);
	bed_turns(4);
	is_int(bed.server->bodies, 0, "no body is charged any more");
}

/* Each client sends more than half a body of the limit, so that room for all of it is taken. */
static void bodies_limit(void)
{
	static char part[(LIMIT_HTTP_BODY / 2) + 1];
	static int fds[LIMIT_HTTP_BODIES / LIMIT_HTTP_BODY + 1];
	for (size_t i = 0; i < countof(fds); i++) {
		fds[i] = bed_connect();
		bed_send(fds[i], STR("POST / HTTP/1.1\r\n" HOST "Content-Length: 1048576\r\n\r\n"));
		bed_send(fds[i], (struct str){part, sizeof part});
		bed_turns(4);
	}
	is_int(bed.server->bodies, LIMIT_HTTP_BODIES, "all bodies together fill their limit");
	is_int(bed_read(fds[0]).n, 0, "the first waits for its rest");
	ok(str_starts(bed_read(fds[countof(fds) - 1]), STR("HTTP/1.1 503 ")), "one more is 503");
	for (size_t i = 0; i < countof(fds); i++)
		close(fds[i]);
	bed_turns(8);
	is_int(bed.server->bodies, 0, "and all is given back");
}

static void expects(void)
{
	int fd = bed_connect();
	bed_send(fd, STR("POST / HTTP/1.1\r\n" HOST
			 "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
	ok(str_is(bed_read(fd), "HTTP/1.1 100 Continue\r\n\r\n"), "the client is told to go on");
	bed_send(fd, STR("hi"));
	ok(str_starts(bed_read(fd), STR("HTTP/1.1 200 ")), "and is answered");
	bed_send(fd, STR("POST / HTTP/1.1\r\n" HOST "Content-Length: 9999999\r\n"
			 "Expect: 100-continue\r\n\r\n"));
	ok(str_starts(bed_read(fd), STR("HTTP/1.1 413 ")), "not for a body that is too large");
	close(fd);
	ok(!bed_has(bed_ask(STR("POST / HTTP/1.1\r\n" HOST "Content-Length: 2\r\n"
				"Expect: 100-continue\r\n\r\nhi")),
		   "100 Continue"),
		"nor where the body is there already");
}

static void slow_clients(void)
{
	int fd = bed_connect();
	bed_pass(LIMIT_HTTP_HEAD_MS - 500);
	is_int(server_connections(bed.server), 1, "a silent client has some time");
	bed_pass(1000);
	is_int(server_connections(bed.server), 0, "and no more");
	close(fd);
	fd = bed_connect();
	for (int i = 0; i < 12 && !bed.closed; i++) {
		bed_send(fd, str_sub(STR("GET / HTTP/1.1\r\n"), (size_t)i, 1));
		bed_pass(1000);
	}
	ok(str_starts(bed_read(fd), STR("HTTP/1.1 408 ")), "a head that drips in is 408");
	ok(bed.closed, "and closed");
	close(fd);
	fd = bed_connect();
	bed_send(fd, STR("POST / HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nx"));
	bed_pass(LIMIT_HTTP_BODY_MS + 1000);
	ok(str_starts(bed_read(fd), STR("HTTP/1.1 408 ")), "a body that does not come is 408");
	close(fd);
	fd = bed_connect();
	bed_send(fd, STR(GET));
	(void)bed_read(fd);
	bed_pass(LIMIT_HTTP_IDLE_MS - 1000);
	ok(!bed.closed && server_connections(bed.server) == 1, "an idle connection is kept");
	bed_pass(2000);
	(void)bed_read(fd);
	ok(bed.closed && bed.got_n == 0, "and closed without a word");
	close(fd);
}

static void closings(void)
{
	struct str got = bed_ask(STR("GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n" GET));
	is_int(bed_count(got, "HTTP/1.1 200"), 1, "nothing is read behind Connection: close");
	ok(bed.closed && bed_has(got, "Connection: close\r\n"), "and it is closed");
	bed_ask(STR("GET / HTTP/1.0\r\n\r\n"));
	ok(bed.closed, "1.0 closes");
	int fd = bed_connect();
	bed_send(fd, STR(GET GET));
	shutdown(fd, SHUT_WR);
	is_int(bed_count(bed_read(fd), "HTTP/1.1 200"), 2, "half a close still gets the answers");
	ok(bed.closed, "then all is closed");
	close(fd);
	ok(str_starts(bed_ask(STR("\x16\x03\x01")), STR("HTTP/1.1 400 ")), "TLS is told at once");
	ok(str_starts(bed_ask(STR("GET / HTTP/2.0\r\n" HOST "\r\n")), STR("HTTP/1.1 505 ")), "505");
}

static void peer_limit(void)
{
	static int fds[LIMIT_HTTP_CONNECTIONS_PEER + 1];
	for (size_t i = 0; i < countof(fds); i++)
		fds[i] = bed_connect();
	is_int(server_connections(bed.server), LIMIT_HTTP_CONNECTIONS_PEER, "a peer has so many");
	(void)bed_read(fds[countof(fds) - 1]);
	ok(bed.closed, "one more is closed");
	bed_send(fds[0], STR(GET));
	ok(str_starts(bed_read(fds[0]), STR("HTTP/1.1 200 ")), "the others work");
	for (size_t i = 0; i < countof(fds); i++)
		close(fds[i]);
	bed_turns(8);
	is_int(server_connections(bed.server), 0, "all are gone");
}

int main(void)
{
	struct server_handler h = {.request = echo};
	bed_open(&h);
	ten_malformed();
	bodies();
	body_limit();
	bodies_limit();
	expects();
	slow_clients();
	closings();
	peer_limit();
	bed_close();
	return done_testing();
}
