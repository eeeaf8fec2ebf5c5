/* The client against the server of this folder and against raw sockets, in one loop. */
#include "net/client.h"

#include <signal.h>

#include "net/bed.h"

#include "tests/tap.h"

static struct client *client;
static bool sending, inside;

/* What a request got; kept apart, for the answer is only lent. */
struct got {
	unsigned times;
	err code;
	int status;
	char body[256], session[64], next[64], detail[300];
	size_t body_n;
};

static void copy(char *to, size_t cap, struct str s)
{
	(void)snprintf(to, cap, "%.*s", FMT(s));
}

static void done(void *arg, const struct client_answer *a)
{
	struct got *g = arg;
	inside |= sending;
	g->times++;
	g->code = a->code;
	g->status = a->status;
	g->body_n = a->body.n;
	copy(g->body, sizeof g->body, a->body);
	copy(g->session, sizeof g->session, a->session);
	copy(g->next, sizeof g->next, a->next);
	copy(g->detail, sizeof g->detail, a->detail);
}

/* The server: /echo gives back what it got, the others are named for what they do. */
static struct exchange *parked;
static char seen[1024];

static void note_request(const struct exchange *x)
{
	size_t n = 0;
	for (size_t i = 0; i < x->request.n; i++)
		n += (size_t)snprintf(seen + n, sizeof seen - n, "%.*s: %.*s\n",
			FMT(x->request.headers[i].name), FMT(x->request.headers[i].value));
}

static void request(void *arg, struct exchange *x)
{
	(void)arg;
	struct str path = x->request.path;
	note_request(x);
	if (str_is(path, "/echo")) {
		struct http_header h[] = {{STR("Content-Type"), STR("application/json")},
			{STR("Shugu-Session"), STR("s-1")},
			{STR("Link"), STR("</page0>; rel=previous")},
			{STR("Link"), STR("</page2>; rel=\"next\"")}};
		exchange_answer(x, 200, h, countof(h), x->body.n > 0 ? x->body : STR("nothing"));
	} else if (str_is(path, "/big")) {
		static char big[100001];
		exchange_answer(x, 200, NULL, 0, (struct str){big, sizeof big});
	} else if (str_is(path, "/park")) {
		parked = x;
	} else if (str_is(path, "/moved")) {
		struct http_header to = {STR("Location"), STR("/echo")};
		exchange_answer(x, 302, &to, 1, STR("there"));
	} else if (str_is(path, "/many")) {
		struct http_header h[LIMIT_HTTP_HEADERS + 2];
		for (size_t i = 0; i < countof(h); i++)
			h[i] = (struct http_header){STR("X"), STR("y")};
		exchange_answer(x, 200, h, countof(h), STR("many"));
	} else {
		exchange_answer(x, 404, NULL, 0, STR("no"));
	}
}

static err send_it(const struct client_request *r, struct got *g)
{
	*g = (struct got){0};
	sending = true;
	err e = client_send(&bed.c, client, r, done, g);
	sending = false;
	return e;
}

/* Turns until all that is open has ended, or a second. */
static void await(void)
{
	for (int i = 0; i < 1000 && client_open(client) > 0; i++)
		bed_turns(4);
}

static struct client_request get(const char *url)
{
	return (struct client_request){
		.method = "GET", .url = str_z(url), .timeout_ms = 5000, .answer_max = 100000};
}

static const char *local(const char *path)
{
	static char url[100];
	(void)snprintf(url, sizeof url, "http://127.0.0.1:%u%s", bed.port, path);
	return url;
}

static struct got ask(const char *method, const char *url, const char *body)
{
	struct got g;
	struct client_request r = get(url);
	r.method = method;
	r.body = str_z(body);
	is_int(send_it(&r, &g), OK, "%s %s is taken", method, url);
	await();
	is_int(g.times, 1, "and done once");
	return g;
}

static void answers(void)
{
	struct got g = ask("GET", local("/echo"), "");
	is_int(g.code, OK, "an answer came (%s)", g.detail);
	is_int(g.status, 200, "its status");
	is_str(g.body, "nothing", "its body");
	is_str(g.session, "s-1", "its session");
	is_str(g.next, "/page2", "and its next page, which the second of two Link fields names");
	ok(strstr(seen, "ontent-") == NULL, "a GET says nothing of a content");
	g = ask("POST", local("/echo"), "{\"a\":1}");
	is_str(g.body, "{\"a\":1}", "a body goes out and comes back");
	ok(strstr(seen, "ontent-Type") == NULL, "no type is made up");
	ok(strstr(seen, "xpect") == NULL && strstr(seen, "ookie") == NULL, "nor anything else");
	g = ask("POST", local("/echo"), "");
	ok(strstr(seen, "ontent-Length: 0\n") != NULL, "an empty body has a length");
	g = ask("GET", local("/none"), "");
	is_int(g.status, 404, "no such thing is an answer");
	is_int(g.code, OK, "like another");
	is_str(g.session, "", "without the session of the one before");
	is_str(g.body, "no", "with its body");
	g = ask("HEAD", local("/big"), "");
	ok(g.code == OK && g.status == 200 && g.body_n == 0, "a HEAD has no body");
	g = ask("DELETE", local("/echo"), "");
	is_str(g.body, "nothing", "a DELETE after it");
	g = ask("PUT", local("/echo"), "put");
	is_str(g.body, "put", "a PUT");
	g = ask("GET", local("/moved"), "");
	ok(g.status == 302 && strcmp(g.body, "there") == 0, "a redirect is not followed");
	is_int(server_connections(bed.server), 1, "all of it on one connection");
}

static void sends_headers(void)
{
	struct got g;
	struct str lines[] = {
		STR("Authorization: Bearer t"), STR("content-type: application/json")};
	struct client_request r = get(local("/echo"));
	r.method = "POST";
	r.body = STR("{}");
	r.headers = lines;
	r.headers_n = 2;
	is_int(send_it(&r, &g), OK, "headers");
	await();
	ok(strstr(seen, "uthorization: Bearer t\n") && strstr(seen, "ype: application/json\n"),
		"arrive");
	lines[0] = STR("A: b\r\nC: d");
	is_int(send_it(&r, &g), ERR_BAD_VALUE, "a line in a line is refused");
	bed_turns(4);
	is_int(g.times, 0, "and never done");
	static char body[300000];
	memset(body, 'x', sizeof body);
	r = get(local("/echo"));
	r.method = "POST";
	r.body = (struct str){body, sizeof body};
	r.answer_max = sizeof body;
	is_int(send_it(&r, &g), OK, "a large body");
	memset(body, 'y', sizeof body);
	await();
	ok(g.body_n == sizeof body && g.body[0] == 'x', "was copied, goes out and comes back");
}

static void too_large(void)
{
	struct got g = ask("GET", local("/big"), "");
	is_int(g.code, ERR_TOO_LARGE, "a byte too many (%s)", g.detail);
	is_int(g.body_n, 0, "nothing is given");
	struct client_request r = get(local("/big"));
	r.answer_max = 100001;
	is_int(send_it(&r, &g), OK, "with room for it");
	await();
	ok(g.code == OK && g.body_n == 100001, "it comes");
	g = ask("GET", local("/many"), "");
	is_int(g.code, ERR_TOO_LARGE, "too many header lines (%s)", g.detail);
}

static void times_out(void)
{
	struct got g, other;
	struct client_request r = get(local("/park"));
	is_int(send_it(&r, &g), OK, "what is never answered");
	r = get(local("/none"));
	r.timeout_ms = 60000;
	bed_pass(4999);
	is_int(g.times, 0, "waits");
	is_int(send_it(&r, &other), OK, "another");
	bed_pass(1);
	is_int(g.times, 1, "until its time is over");
	is_int(g.code, ERR_TIMEOUT, "%s", g.detail);
	await();
	is_int(other.code, OK, "which is its own");
	bed_turns(8);
	ok(parked->gone || parked->half_gone, "the connection is closed");
	exchange_answer(parked, 200, NULL, 0, STR("late"));
	bed_turns(4);
	is_int(g.times, 1, "nothing follows");
}

/* A listener that answers by hand. */
static int listener(int listening, uint16_t *ret_port)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t n = sizeof at;
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)&at, sizeof at) != 0 ||
		getsockname(fd, (struct sockaddr *)&at, &n) != 0 ||
		(listening && listen(fd, 8) != 0))
		abort();
	*ret_port = ntohs(at.sin_port);
	return fd;
}

static char raw_head[4096];

static struct got ask_raw_with(const char *answer, struct client_request r)
{
	uint16_t port;
	struct got g;
	int fd = listener(true, &port), peer = -1;
	char url[60];
	(void)snprintf(url, sizeof url, "http://127.0.0.1:%u/", port);
	r.url = str_z(url);
	is_int(send_it(&r, &g), OK, "a peer that says '%.30s'", answer);
	for (int i = 0; i < 1000 && peer < 0; i++) {
		bed_turns(4);
		peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
	}
	memset(raw_head, 0, sizeof raw_head);
	for (int i = 0; i < 1000 && raw_head[0] == '\0'; i++) {
		bed_turns(4);
		(void)!recv(peer, raw_head, sizeof raw_head - 1, MSG_DONTWAIT);
	}
	bed_send(peer, str_z(answer));
	shutdown(peer, SHUT_WR);
	await();
	close(peer);
	close(fd);
	is_int(g.times, 1, "is done once: %s", g.detail);
	return g;
}

static struct got ask_raw(const char *answer)
{
	return ask_raw_with(answer, get(""));
}

static void does_not_wait(void)
{
	static char body[(1u << 20) + 1];
	struct client_request r = get("");
	memset(body, 'x', sizeof body);
	r.method = "POST";
	r.body = (struct str){body, sizeof body};
	(void)ask_raw_with("HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n", r);
	ok(strstr(raw_head, "ontent-Length: 1048577\r\n") && !strstr(raw_head, "xpect"),
		"the largest body does not wait to be asked for");
}

static void breaks(void)
{
	struct got g = ask_raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
	is_int(g.code, ERR_PEER_UNREACHABLE, "closed in the middle of the body");
	is_int(g.body_n + (size_t)g.status, 0, "half an answer is none");
	g = ask_raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal");
	is_int(g.code, ERR_PEER_UNREACHABLE, "closed in the middle of a chunk");
	g = ask_raw("HTTP/1.1 200 OK\r\nContent-");
	is_int(g.code, ERR_PEER_UNREACHABLE, "closed in the head");
	is_int(ask_raw("").code, ERR_PEER_UNREACHABLE, "closed without a word");
	is_int(ask_raw("SSH-2.0-x\r\n").code, ERR_PEER_UNREACHABLE, "not HTTP");
	g = ask_raw("HTTP/1.1 100 Continue\r\nShugu-Session: a\r\n\r\n"
		    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n"
		    "2\r\nok\r\n0\r\nShugu-Session: b\r\n\r\n");
	is_str(g.body, "ok", "an interim answer and a trailer pass");
	is_str(g.session, "", "and are not the head");
	static char head[LIMIT_HTTP_HEAD + 100];
	int n = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nX: ");
	memset(head + n, 'x', sizeof head - (size_t)n - 1);
	memcpy(head + sizeof head - 5, "\r\n\r\n", 4);
	is_int(ask_raw(head).code, ERR_TOO_LARGE, "a head too large");
	uint16_t port;
	int fd = listener(false, &port);
	char url[60];
	(void)snprintf(url, sizeof url, "http://127.0.0.1:%u/", port);
	is_int(ask("GET", url, "").code, ERR_PEER_UNREACHABLE, "nobody listens");
	close(fd);
	(void)snprintf(url, sizeof url, "https://127.0.0.1:%u/", bed.port);
	is_int(ask("GET", url, "").code, ERR_PEER_UNREACHABLE, "no TLS on the other side");
	is_int(ask("GET", "https://127.0.0.1:99999/", "").code, ERR_FORBIDDEN_ADDRESS, "no port");
}

/* The peer answers, keeps the connection, and closes it when the next request is there. */
static void again(void)
{
	struct got g = ask("GET", local("/echo"), "");
	server_free(bed.server);
	static const struct server_handler h = {.request = request};
	bed.server = NULL;
	if (server_new(&bed.c, bed.loop, &bed_env, &h, NULL, &bed.server) != OK ||
		server_listen_tcp(&bed.c, bed.server, "127.0.0.1", bed.port, &bed.port) != OK)
		abort();
	g = ask("POST", local("/echo"), "x");
	is_int(g.code, OK, "a kept connection that is gone is replaced (%s)", g.detail);
}

static void forbidden(bool loopback)
{
	const char *urls[] = {"https://10.0.0.1/", "https://[::ffff:127.0.0.1]/",
		"https://0.0.0.0/", "https://169.254.169.254/latest", "https://192.168.1.1:8443/",
		"https://[fe80::1]/", "https://[fd00::1]/", "https://100.64.0.1/", "https://[::]/",
		"https://224.0.0.1/", "https://[64:ff9b::a00:1]/", "https://167772161/",
		"https://0xa000001/", "https://012.1/", "http://10.0.0.1/", "http://example.org/",
		"ftp://127.0.0.1/", "file:///etc/passwd", "https://a@127.0.0.1/",
		"https://localhost/", "https://127.1/", "https://[::1]/", "https://127.0.0.1/",
		"http://localhost/", "http://127.0.0.1/"};
	for (size_t i = 0; i < countof(urls) - (loopback ? 6 : 0); i++) {
		struct got g = ask("GET", urls[i], "");
		is_int(g.code, ERR_FORBIDDEN_ADDRESS, "refused: %s", g.detail);
	}
}

/* Refused means before a packet: nobody has knocked. */
static void unseen(void)
{
	uint16_t port;
	int fd = listener(true, &port);
	char url[60];
	(void)snprintf(url, sizeof url, "https://localhost:%u/", port);
	is_int(ask("GET", url, "").code, ERR_FORBIDDEN_ADDRESS, "loopback is refused");
	ok(accept4(fd, NULL, NULL, SOCK_CLOEXEC) < 0 && errno == EAGAIN, "without a packet");
	close(fd);
}

static void parallel(void)
{
	static struct got got[200];
	struct client_request r = get(local("/echo"));
	char body[12];
	unsigned most = 0, right = 0;
	for (size_t round = 0; round < 2; round++) {
		for (unsigned i = 0; i < countof(got); i++) {
			(void)snprintf(body, sizeof body, "%u", i);
			r.method = "POST";
			r.body = str_z(body);
			if (send_it(&r, &got[i]) != OK)
				abort();
		}
		is_int(client_open(client), countof(got), "all are open");
		for (int i = 0; i < 4000 && client_open(client) > 0; i++) {
			bed_turns(1);
			unsigned n = server_connections(bed.server);
			most = n > most ? n : most;
		}
		for (unsigned i = 0; i < countof(got); i++) {
			(void)snprintf(body, sizeof body, "%u", i);
			right += got[i].times == 1 && strcmp(got[i].body, body) == 0;
		}
	}
	is_int(right, 2 * countof(got), "each has its own answer");
	is_int(most, LIMIT_CLIENT_CONNECTIONS_HOST, "over no more connections than allowed");
	is_int(server_connections(bed.server), most, "which are kept");
}

static unsigned chained;

static void chain(void *arg, const struct client_answer *a)
{
	inside |= sending;
	chained += a->code == OK;
	struct client_request r = get(local("/echo"));
	sending = true;
	if (chained < 50 && client_send(&bed.c, client, &r, chain, arg) != OK)
		abort();
	sending = false;
}

static void sends_from_done(void)
{
	struct client_request r = get(local("/echo"));
	is_int(client_send(&bed.c, client, &r, chain, NULL), OK, "one");
	await();
	is_int(chained, 50, "that sends the next when it is done");
}

static void too_many(void)
{
	static struct got g;
	struct client_request r = get("https://10.0.0.1/");
	for (unsigned i = 0; i < LIMIT_CLIENT_OPEN; i++) {
		if (client_send(&bed.c, client, &r, done, &g) != OK)
			abort();
	}
	is_int(client_send(&bed.c, client, &r, done, &g), ERR_BUSY, "one more than may be open");
	await();
	is_int(g.times, LIMIT_CLIENT_OPEN, "the others are done");
	is_int(ask("GET", local("/echo"), "").code, OK, "and there is room again");
}

/* Every allocation fails once: the request is refused or comes to its end. */
static void without_memory(void)
{
	struct client_request r = get(local("/echo"));
	unsigned refused = 0, whole = 0;
	for (long n = 1; n < 40; n++) {
		struct got g;
		arena_fail_after(n);
		err e = send_it(&r, &g);
		arena_fail_after(0);
		await();
		refused += e != OK && g.times == 0;
		whole += e == OK && g.times == 1;
	}
	is_int(refused + whole, 39, "without memory, or with it");
	ok(refused > 3 && whole > 3, "both happened");
}

int main(void)
{
	static const struct server_handler h = {.request = request};
	(void)signal(SIGPIPE, SIG_IGN);
	(void)setenv("http_proxy", "http://127.0.0.1:1", 1);
	(void)setenv("https_proxy", "http://127.0.0.1:1", 1);
	(void)setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	bed_open(&h);
	if (client_new(&bed.c, bed.loop, &bed_env, true, NULL, &client) != OK)
		abort();
	answers();
	sends_headers();
	too_large();
	times_out();
	breaks();
	does_not_wait();
	forbidden(true);
	parallel();
	sends_from_done();
	again();
	too_many();
	without_memory();
	struct got left;
	struct client_request r = get(local("/park"));
	is_int(send_it(&r, &left), OK, "a request that is open");
	bed_turns(8);
	client_free(client);
	bed_turns(8);
	is_int(left.times, 0, "when the client goes is given up");
	exchange_answer(parked, 200, NULL, 0, STR(""));
	if (client_new(&bed.c, bed.loop, &bed_env, false, NULL, &client) != OK)
		abort();
	forbidden(false);
	unseen();
	client_free(client);
	ok(!inside, "nothing was ever done from within client_send");
	bed_close();
	return done_testing();
}
