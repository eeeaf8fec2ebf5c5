/* Exchanges: parked ones, their order, clients that vanish, the tick, the unix socket, draining. */
#include "net/bed.h"

#include "tests/tap.h"

#define R(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

static struct exchange *parked[LIMIT_HTTP_PIPELINE * 2];
static size_t parked_n;
static unsigned gone, ticks, refused;
static bool park, commit;
static char peer[64];
static bool was_unix;

static void answer_path(struct exchange *x)
{
	exchange_answer(x, 200, NULL, 0, x->request.path);
}

static void request(void *arg, struct exchange *x)
{
	(void)arg;
	(void)snprintf(peer, sizeof peer, "%s", x->peer);
	was_unix = x->is_unix;
	if (park || str_starts(x->request.path, STR("/park")))
		parked[parked_n++] = x;
	else
		answer_path(x);
}

static void tick(void *arg)
{
	(void)arg;
	ticks++;
	for (size_t i = 0; commit && i < parked_n; i++)
		answer_path(parked[i]);
	if (commit)
		parked_n = 0;
}

static void client_gone(void *arg, struct exchange *x)
{
	(void)arg;
	gone += x->gone;
}

static void refuse(void *arg, struct exchange *x, err why)
{
	(void)arg;
	refused++;
	struct http_header type = {STR("Content-Type"), STR("application/problem+json")};
	exchange_answer(x, err_row(why)->status, &type, 1, STR("{}"));
}

static void keeps_order(void)
{
	int fd = bed_connect();
	bed_send(fd, STR(R("/park1") R("/2") R("/park3")));
	is_int(bed_read(fd).n, 0, "what is behind a parked one waits");
	is_int(parked_n, 2, "two are parked");
	answer_path(parked[1]);
	is_int(bed_read(fd).n, 0, "still");
	answer_path(parked[0]);
	parked_n = 0;
	struct str got = bed_read(fd);
	size_t one = str_find_str(got, STR("/park1")), two = str_find_str(got, STR("/2"));
	ok(one < two && two < str_find_str(got, STR("/park3")) &&
			bed_count(got, "HTTP/1.1 200") == 3,
		"all leave in the order of the requests");
	is_str(peer, "127.0.0.1", "the peer");
	close(fd);
	bed_turns(4);
}

static void commits(void)
{
	park = commit = true;
	int fd = bed_connect();
	unsigned before = ticks;
	bed_send(fd, STR(R("/a") R("/b")));
	is_int(bed_count(bed_read(fd), "HTTP/1.1 200"), 2, "answered by the end of a tick");
	ok(ticks > before, "which is told");
	close(fd);
	bed_turns(4);
	park = commit = false;
}

static void pipeline_limit(void)
{
	struct ctx c = {.arena = bed.c.arena};
	struct str one = STR(R("/park")), all = {0};
	char *p = arena_alloc(c.arena, one.n * 50);
	for (size_t i = 0; i < 50; i++)
		memcpy(p + i * one.n, one.p, one.n);
	all = (struct str){p, one.n * 50};
	int fd = bed_connect();
	bed_send(fd, all);
	bed_turns(8);
	is_int(parked_n, LIMIT_HTTP_PIPELINE, "no more are read than may be in flight");
	bed_pass(LIMIT_HTTP_HEAD_MS * 3);
	size_t n = parked_n;
	parked_n = 0;
	for (size_t i = 0; i < n; i++)
		answer_path(parked[i]);
	is_int(bed_count(bed_read(fd), "HTTP/1.1 200"), LIMIT_HTTP_PIPELINE,
		"waiting for us costs the client nothing");
	is_int(parked_n, 50 - LIMIT_HTTP_PIPELINE, "then the rest is read");
	for (size_t i = 0; i < parked_n; i++)
		answer_path(parked[i]);
	is_int(bed_count(bed_read(fd), "HTTP/1.1 200"), 50 - LIMIT_HTTP_PIPELINE, "and answered");
	parked_n = 0;
	close(fd);
	bed_turns(4);
}

static void vanishes(void)
{
	struct linger now = {1, 0};
	int fd = bed_connect();
	bed_send(fd, STR(R("/park1") R("/park2") R("/3")));
	bed_turns(4);
	gone = 0;
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	close(fd);
	bed_turns(8);
	is_int(gone, 2, "both parked ones are told that their client is gone");
	is_int(server_connections(bed.server), 0, "the connection is closed");
	ok(parked[0]->gone && str_is(parked[0]->request.path, "/park1"), "they stay readable");
	fd = bed_connect();
	bed_send(fd, STR(R("/x")));
	ok(bed_has(bed_read(fd), "/x"), "others are served meanwhile");
	close(fd);
	answer_path(parked[0]);
	answer_path(parked[1]);
	parked_n = 0;
	bed_turns(4);
	fd = bed_connect();
	bed_send(fd, STR(R("/park")));
	bed_turns(4);
	shutdown(fd, SHUT_WR);
	bed_turns(4);
	ok(parked_n == 1 && parked[0]->half_gone && !parked[0]->gone,
		"half a close is told as such");
	answer_path(parked[0]);
	parked_n = 0;
	ok(bed_has(bed_read(fd), "/park") && bed.closed, "and answered");
	close(fd);
	bed_turns(4);
}

static void refuses(void)
{
	refused = 0;
	struct str got = bed_ask(STR("GET /../x HTTP/1.1\r\nHost: a\r\n\r\n"));
	ok(str_starts(got, STR("HTTP/1.1 400 ")) && bed_has(got, "problem+json"),
		"in the handler's words");
	got = bed_ask(STR(R("/ok") "NONSENSE\r\n\r\n"));
	ok(bed_has(got, "/ok") && bed_has(got, "HTTP/1.1 400 "), "after the answers before it");
	is_int(refused, 2, "each once");
	static char big[LIMIT_HTTP_HEAD + 64];
	memset(big, 'a', sizeof big);
	memcpy(big, "GET / HTTP/1.1\r\nHost: a\r\nX: ", 28);
	got = bed_ask((struct str){big, sizeof big});
	ok(str_starts(got, STR("HTTP/1.1 431 ")), "a head too large");
	memset(big, '/', sizeof big);
	memcpy(big, "GET ", 4);
	got = bed_ask((struct str){big, sizeof big});
	ok(str_starts(got, STR("HTTP/1.1 414 ")), "a target too long");
}

static void local_socket(void)
{
	char dir[] = "/tmp/shugu-server-XXXXXX", path[64];
	ok(mkdtemp(dir) != NULL, "a directory");
	(void)snprintf(path, sizeof path, "%s/s", dir);
	is_int(server_listen_unix(&bed.c, bed.server, path), OK, "a socket in it");
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	memcpy(at.sun_path, path, strlen(path) + 1);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	is_int(connect(fd, (struct sockaddr *)&at, sizeof at), 0, "connected");
	bed_send(fd, STR(R("/local")));
	ok(bed_has(bed_read(fd), "/local"), "it answers");
	ok(was_unix && peer[0] == '\0', "and is known as local");
	close(fd);
	bed_turns(4);
	is_int(unlink(path), 0, "the socket lay where it should");
	(void)rmdir(dir);
	char long_path[200];
	memset(long_path, 'x', sizeof long_path);
	long_path[199] = '\0';
	is_int(server_listen_unix(&bed.c, bed.server, long_path), ERR_BAD_VALUE, "a path too long");
	uint16_t port;
	is_int(server_listen_tcp(&bed.c, bed.server, "localhost", 0, &port), ERR_BAD_VALUE,
		"a name is no address");
	is_int(server_listen_tcp(&bed.c, bed.server, "127.0.0.1", bed.port, &port), ERR_IO,
		"a port that is taken");
}

static struct {
	uint64_t bytes;
	unsigned whole, broken;
	bool fails;
} sunk;

static err sink_write(void *arg, struct ctx *c, struct str data)
{
	(void)arg;
	ENSURE(!sunk.fails, c, ERR_CONFLICT, "not wanted");
	sunk.bytes += data.n;
	return OK;
}

static void sink_ended(void *arg, bool whole)
{
	(void)arg;
	if (whole)
		sunk.whole++;
	else
		sunk.broken++;
}

static err head(void *arg, struct exchange *x)
{
	(void)arg;
	if (str_is(x->request.path, "/forbidden"))
		return fail(&x->ctx, ERR_FORBIDDEN, "no");
	x->has_sink = str_is(x->request.path, "/sink");
	x->sink = (struct body_sink){2 * LIMIT_HTTP_BODY, sink_write, sink_ended, NULL};
	return OK;
}

static void sinks(void)
{
	static char much[2 * LIMIT_HTTP_BODY];
	int fd = bed_connect();
	bed_send(fd, STR("POST /sink HTTP/1.1\r\nHost: a\r\nContent-Length: 2097152\r\n\r\n"));
	bed_send(fd, (struct str){much, sizeof much});
	bed_send(fd, STR("POST /sink HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
			 "3\r\nabc\r\n0\r\n\r\n" R("/after")));
	struct str got = bed_read(fd);
	is_int(bed_count(got, "HTTP/1.1 200"), 3, "bodies that go through a sink are answered");
	ok(bed_has(got, "/after"), "and what comes behind them is read");
	is_int(sunk.bytes, sizeof much + 3, "each byte went through once");
	ok(sunk.whole == 2 && sunk.broken == 0, "and each end was told");
	/* Slowly, but each LIMIT_HTTP_BODY in its time. */
	bed_send(fd, STR("POST /sink HTTP/1.1\r\nHost: a\r\nContent-Length: 2097152\r\n\r\n"));
	bed_pass(LIMIT_HTTP_BODY_MS - 1000);
	bed_send(fd, (struct str){much, LIMIT_HTTP_BODY});
	bed_turns(16);
	bed_pass(LIMIT_HTTP_BODY_MS - 1000);
	bed_send(fd, (struct str){much, LIMIT_HTTP_BODY - 1});
	is_int(bed_read(fd).n, 0, "a slow one is waited for");
	bed_pass(2000);
	ok(str_starts(bed_read(fd), STR("HTTP/1.1 408 ")) && sunk.broken == 1, "but not for ever");
	close(fd);
	fd = bed_connect();
	bed_send(fd, STR("POST /sink HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc"));
	close(fd);
	bed_turns(8);
	is_int(sunk.broken, 2, "a client that vanishes ends the sink");
	ok(str_starts(bed_ask(STR(
			      "POST /sink HTTP/1.1\r\nHost: a\r\nContent-Length: 2097153\r\n\r\n")),
		   STR("HTTP/1.1 413 ")),
		"more than it takes is refused before a byte");
	sunk.fails = true;
	got = bed_ask(
		STR("POST /sink HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" R("/x")));
	ok(str_starts(got, STR("HTTP/1.1 409 ")) && bed_count(got, "HTTP/1.1") == 1,
		"a sink that fails refuses, and ends the connection");
	sunk.fails = false;
	got = bed_ask(STR("POST /forbidden HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n"
			  "Expect: 100-continue\r\n\r\n"));
	ok(str_starts(got, STR("HTTP/1.1 403 ")), "who may not send a body is told before it");
	ok(str_starts(
		   bed_ask(STR(
			   "POST /other HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n")),
		   STR("HTTP/1.1 413 ")),
		"without a sink a body is as small as ever");
}

static void drains(void)
{
	int idle = bed_connect(), busy = bed_connect();
	bed_send(busy, STR(R("/park")));
	bed_turns(4);
	server_drain(bed.server);
	(void)bed_read(idle);
	ok(bed.closed, "an idle connection is closed");
	is_int(server_connections(bed.server), 1, "the busy one is kept");
	answer_path(parked[0]);
	parked_n = 0;
	ok(bed_has(bed_read(busy), "Connection: close\r\n") && bed.closed, "until it is answered");
	close(idle);
	close(busy);
	bed_turns(4);
	is_int(server_connections(bed.server), 0, "then none is left");
}

int main(void)
{
	struct server_handler h = {.head = head,
		.request = request,
		.tick_end = tick,
		.gone = client_gone,
		.refuse = refuse};
	bed_open(&h);
	keeps_order();
	commits();
	pipeline_limit();
	vanishes();
	refuses();
	local_socket();
	sinks();
	drains();
	bed_close();
	return done_testing();
}
