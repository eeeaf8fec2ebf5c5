#include "api/api.h"

#include <assert.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "store/fault_test.h"
#include "party/token_store.h"
#include "tests/tap.h"

#include "act/acts_fixture_test.h"

#define CLIENTS 24u
#define TURNS 400

/* A node that keeps things: POST /things/{n} adds n to the thing "t", GET /things says how many acts there are. */
static err add(struct ctx *c, struct call *k)
{
	struct entry e;
	int64_t n = 0;
	struct json *body = json_object(c);
	ENSURE(str_i64(k->param[0], &n), c, ERR_BAD_VALUE, "no number");
	json_set_num(c, &body, "n", n);
	const struct act a = {STR("thing.add"), STR("node"), STR("t"), body, NULL};
	TRY(acts_do(c, k->acts, &a, &e));
	k->index = e.index;
	return OK;
}

static err say_index(struct ctx *c, struct call *k)
{
	k->answer.status = 201;
	return arena_fmt(c, &k->answer.body, "%llu", (unsigned long long)k->index);
}

static err say_size(struct ctx *c, struct call *k)
{
	k->answer.status = 200;
	return arena_fmt(
		c, &k->answer.body, "%llu", (unsigned long long)commit_size(acts_log(k->acts)));
}

static err forbid(struct ctx *c, struct call *k)
{
	(void)k;
	return fail(c, ERR_FORBIDDEN, "not today");
}

/* Every bearer is that of one connector. */
static err bearer_of(
	struct ctx *c, struct store *db, const struct hash *digest, struct str *ret_did)
{
	(void)db;
	(void)digest;
	return arena_str(c, STR("did:web:b.example"), ret_did);
}

static int looked; /* how often say_kept was asked */

static err say_kept(struct ctx *c, struct call *k)
{
	looked++;
	return call_json(c, k, 200, json_num(c, (int64_t)commit_size(acts_log(k->acts))));
}

static const struct route rows[] = {
	{.method = "GET", .path = "/kept", .steady = true, .act = say_kept},
	{.method = "POST", .path = "/forbidden/{n}", .scope = SCOPE_PEER, .act = forbid},
	{.method = "POST", .path = "/things/{n}", .act = add, .say = say_index},
	{.method = "GET", .path = "/things", .say = say_size},
};
static const struct routes routes = {rows, countof(rows)};
static const struct routes *const tables[] = {&routes};

struct bench {
	struct store *db;
	struct acts *acts;
	struct loop *loop;
	struct api *api;
	uint16_t port;
	int fd[CLIENTS];
	char answers[CLIENTS][32 * 1024];
	size_t n[CLIENTS];
};

static err open_node(struct ctx *c, struct bench *b)
{
	char path[80];
	const struct auth_source source = {.bearer_of = bearer_of};
	TRY(fixture_acts(c, &b->db, &b->acts));
	TRY(store_migrate(c, b->db, token_module.migrations, token_module.migrations_n));
	const struct api_setup setup = {
		.acts = b->acts, .routes = {tables, countof(tables)}, .source = source};
	TRY(loop_new(c, &env_system, &b->loop));
	TRY(api_new(c, b->loop, &env_system, &setup, &b->api));
	(void)snprintf(path, sizeof path, "%s.sock", fixture_path);
	TRY(server_listen_tcp(c, api_server(b->api), "127.0.0.1", 0, &b->port));
	return server_listen_unix(c, api_server(b->api), path);
}

static void close_node(struct bench *b)
{
	static const char *const tails[] = {".sock", ".kept", "-wal.kept"};
	for (size_t i = 0; i < CLIENTS; i++)
		fd_closep(&b->fd[i]);
	api_free(b->api);
	loop_free(b->loop);
	store_close(b->db);
	for (size_t i = 0; i < countof(tails); i++) {
		char path[80];
		(void)snprintf(path, sizeof path, "%s%s", fixture_path, tails[i]);
		(void)unlink(path);
	}
}

static int connect_client(void)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	(void)snprintf(a.sun_path, sizeof a.sun_path, "%s.sock", fixture_path);
	int code = connect(fd, (struct sockaddr *)&a, sizeof a);
	assert(fd >= 0 && code == 0);
	return fd;
}

static void ask(const struct bench *b, size_t client, const char *method, const char *path)
{
	char text[200];
	int n = snprintf(text, sizeof text,
		"%s %s HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", method, path);
	ssize_t sent = send(b->fd[client], text, (size_t)n, MSG_NOSIGNAL);
	assert(sent == n);
}

/* How often a text stands in what a client got. */
static unsigned got(const struct bench *b, size_t client, const char *text)
{
	unsigned n = 0;
	for (const char *at = b->answers[client]; (at = strstr(at, text)) != NULL; at++)
		n++;
	return n;
}

static unsigned got_in_all(const struct bench *b, const char *text)
{
	unsigned n = 0;
	for (size_t i = 0; i < CLIENTS; i++)
		n += got(b, i, text);
	return n;
}

static void read_clients(struct bench *b)
{
	for (size_t i = 0; i < CLIENTS; i++) {
		char *to = b->answers[i] + b->n[i];
		ssize_t n = b->fd[i] < 0 ? 0
					 : recv(b->fd[i], to, sizeof b->answers[i] - b->n[i] - 1,
						   MSG_DONTWAIT);
		if (n > 0)
			b->n[i] += (size_t)n;
	}
}

/* Turns until that many answers are there, or the api has met its fate. */
static void turn(struct ctx *c, struct bench *b, unsigned answers)
{
	for (int i = 0; i < TURNS && got_in_all(b, "HTTP/1.1 ") < answers; i++) {
		err e = loop_turn(c, b->loop, 10);
		assert(e == OK);
		read_clients(b);
		if (api_fate(b->api) != OK)
			return;
	}
}

static void forget(struct bench *b)
{
	memset(b->answers, 0, sizeof b->answers);
	memset(b->n, 0, sizeof b->n);
}

/* Everything that was asked before the turn is of one tick. */
static void test_tick(struct ctx *c, struct bench *b)
{
	ask(b, 0, "POST", "/things/1");
	ask(b, 0, "POST", "/things/-1");
	ask(b, 0, "POST", "/things/2");
	ask(b, 0, "GET", "/things");
	turn(c, b, 4);
	is_int(got(b, 0, "HTTP/1.1 201 "), 2, "two acts");
	is_int(got(b, 0, "HTTP/1.1 403 "), 1, "and a refusal between them");
	ok(strstr(b->answers[0], "n must not be negative") != NULL, "which says why");
	ok(strcmp(b->answers[0] + b->n[0] - 5, "\r\n\r\n2") == 0, "a read sees what is durable");
	is_int(fixture_total(c, b->db, "t"), 3, "what was refused left nothing");
	forget(b);
	ask(b, 0, "PUT", "/things");
	ask(b, 0, "HEAD", "/things");
	ask(b, 0, "GET", "/things/");
	turn(c, b, 3);
	ok(strstr(b->answers[0], "\r\nAllow: GET\r\n") != NULL,
		"another method is told the right one");
	is_int(got(b, 0, "HTTP/1.1 405 "), 1, "once");
	is_int(got(b, 0, "HTTP/1.1 200 "), 1, "HEAD goes where GET goes");
	is_int(got(b, 0, "HTTP/1.1 404 "), 1, "an empty segment is nothing");
	forget(b);
}

/* A steady route is asked anew after an act, by another address, and for a HEAD; not within a tick that writes. */
static void test_kept(struct ctx *c, struct bench *b)
{
	char size[40];
	looked = 0;
	for (unsigned i = 0; i < 3; i++) {
		ask(b, 0, "GET", "/kept");
		turn(c, b, i + 1);
	}
	is_int(looked, 1, "what nothing has changed is kept");
	ask(b, 0, "GET", "/kept?a=1");
	ask(b, 0, "HEAD", "/kept");
	turn(c, b, 5);
	is_int(looked, 3, "for its address alone, and GET");
	ask(b, 0, "POST", "/things/1");
	ask(b, 0, "GET", "/kept");
	turn(c, b, 7);
	is_int(looked, 4, "not beside an act that is not durable yet");
	forget(b);
	ask(b, 0, "GET", "/kept");
	turn(c, b, 1);
	(void)snprintf(size, sizeof size, "\r\n\r\n%llu",
		(unsigned long long)commit_size(acts_log(b->acts)));
	is_int(looked, 5, "an act ends it");
	ok(strstr(b->answers[0], size) != NULL, "and what is said then is new");
	ask(b, 0, "GET", "/kept");
	turn(c, b, 2);
	is_int(looked, 5, "and kept again");
	is_int(got(b, 0, size), 2, "the same");
	forget(b);
}

static void test_broken_tick(struct ctx *c, struct bench *b)
{
	uint64_t size = commit_size(acts_log(b->acts));
	ask(b, 0, "POST", "/things/1");
	ask(b, 1, "GET", "/things");
	ask(b, 0, "POST", "/things/99");
	turn(c, b, 3);
	is_int(got(b, 0, "HTTP/1.1 503 "), 2, "a fault takes the whole tick with it");
	is_int(got(b, 0, "Retry-After: 1"), 2, "for now");
	ok(strstr(b->answers[0], "a fault in a reaction") == NULL, "without detail");
	is_int(got(b, 1, "HTTP/1.1 200 "), 1, "but not who only reads");
	is_int(commit_size(acts_log(b->acts)), (int64_t)size, "nothing was logged");
	forget(b);
	ask(b, 0, "POST", "/things/4");
	turn(c, b, 1);
	is_int(got(b, 0, "HTTP/1.1 201 "), 1, "the next tick is a good one");
	is_int(fixture_total(c, b->db, "t"), 7, "with what it did alone");
	forget(b);
}

static int connect_peer(const struct bench *b)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
		.sin_port = htons(b->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int code = connect(fd, (struct sockaddr *)&a, sizeof a);
	assert(fd >= 0 && code == 0);
	return fd;
}

/* What a rule refuses to a party is an act once; whatever stands in the path makes no second one. */
static void test_refusal(struct ctx *c, struct bench *b)
{
	uint64_t size = commit_size(acts_log(b->acts));
	fd_closep(&b->fd[0]);
	b->fd[0] = connect_peer(b);
	for (int i = 0; i < 3; i++) {
		char text[200];
		int n = snprintf(text, sizeof text,
			"POST /forbidden/%d HTTP/1.1\r\nHost: a\r\nContent-Length: "
			"0\r\nAuthorization: Bearer 12345\r\n\r\n",
			i);
		ssize_t sent = send(b->fd[0], text, (size_t)n, MSG_NOSIGNAL);
		assert(sent == n);
	}
	turn(c, b, 3);
	is_int(got(b, 0, "HTTP/1.1 403 "), 3, "three refusals");
	is_int(commit_size(acts_log(b->acts)), (int64_t)size + 1, "are one act");
	forget(b);
	ask(b, 0, "POST", "/forbidden/4");
	turn(c, b, 1);
	is_int(got(b, 0, "HTTP/1.1 401 "), 1, "a stranger");
	is_int(commit_size(acts_log(b->acts)), (int64_t)size + 1, "makes none");
	forget(b);
	fd_closep(&b->fd[0]);
	b->fd[0] = connect_client();
}

static void ask_much(const struct bench *b)
{
	for (size_t i = 0; i < CLIENTS; i++) {
		for (unsigned j = 0; j < LIMIT_HTTP_PIPELINE; j++)
			ask(b, i, "POST", "/things/1");
	}
}

/* More than one tick takes, in one turn. */
static void test_many(struct ctx *c, struct bench *b)
{
	_Static_assert(CLIENTS * LIMIT_HTTP_PIPELINE > 2 * LIMIT_TICK_COMMANDS, "three ticks");
	ask_much(b);
	turn(c, b, CLIENTS * LIMIT_HTTP_PIPELINE);
	is_int(got_in_all(b, "HTTP/1.1 201 "), CLIENTS * LIMIT_HTTP_PIPELINE, "all are done");
	is_int(fixture_total(c, b->db, "t"), 7 + CLIENTS * LIMIT_HTTP_PIPELINE, "once each");
	forget(b);
}

/* COMMIT itself fails in the middle of a turn with more requests than one tick takes. */
static void test_unknown(struct ctx *c, struct bench *b)
{
	ask_much(b);
	fault = (struct fault){.kind = FAULT_SYNC, .after = 1, .for_good = true};
	turn(c, b, CLIENTS * LIMIT_HTTP_PIPELINE);
	ok(fault.hit, "the disk fails");
	is_int(api_fate(b->api), ERR_COMMIT_UNKNOWN, "what was committed is not known");
	is_int(got_in_all(b, "HTTP/1.1 "), 0, "nobody is answered");
	fault = (struct fault){0};
}

int main(void)
{
	static struct bench b;
	cleanup(arena_freep) struct arena *arena = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = arena};
	fixture_make();
	fault_install();
	is_int(open_node(&c, &b), OK, "a served node");
	for (size_t i = 0; i < CLIENTS; i++)
		b.fd[i] = connect_client();
	test_tick(&c, &b);
	test_broken_tick(&c, &b);
	test_refusal(&c, &b);
	test_many(&c, &b);
	test_kept(&c, &b);
	test_unknown(&c, &b);
	close_node(&b);
	fault_remove();
	fixture_remove();
	return done_testing();
}
