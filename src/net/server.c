#include "net/server.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "net/conn.h"

#define SERVER_MEMORY (96u << 20)
#define ACCEPTS_A_TURN 64
#define WARM_MAX 512u
#define SWEEP_MS 250
#define ACCEPT_PAUSE_MS 100
#define CONN_EVENTS (EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET)

struct exchange *server_exchange_take(struct server *s, struct conn *c)
{
	struct exchange *x = s->free_exchanges;
	if (x != NULL) {
		s->free_exchanges = x->next;
	} else {
		x = arena_alloc(s->arena, sizeof *x);
		if (x == NULL)
			return NULL;
		x->all_next = s->all_exchanges;
		s->all_exchanges = x;
	}
	struct arena *arena = x->ctx.arena;
	struct exchange *all_next = x->all_next;
	memset(x, 0, offsetof(struct exchange, request.headers));
	x->all_next = all_next;
	x->ctx.arena = arena;
	x->server = s;
	x->conn = c;
	x->is_unix = c->is_unix;
	x->is_tls = c->tls != NULL;
	memcpy(x->peer, c->peer_text, sizeof x->peer);
	if (arena != NULL) {
		s->warm--;
		return x;
	}
	x->ctx.arena = arena_new(LIMIT_REQUEST_ARENA);
	if (x->ctx.arena != NULL)
		return x;
	x->next = s->free_exchanges;
	s->free_exchanges = x;
	return NULL;
}

void server_exchange_release(struct server *s, struct exchange *x)
{
	assert(!x->has_file && s->bodies >= x->body_cap);
	conn_sink_end(x, false);
	s->bodies -= x->body_cap;
	if (s->warm < WARM_MAX) {
		arena_reset(x->ctx.arena);
		s->warm++;
	} else {
		arena_freep(&x->ctx.arena);
	}
	x->next = s->free_exchanges;
	s->free_exchanges = x;
}

void server_exchange_release_later(struct server *s, struct exchange *x)
{
	x->next = s->done;
	s->done = x;
}

void server_touch(struct conn *c)
{
	if (c->dirty || c->dead)
		return;
	c->dirty = true;
	c->dirty_next = c->server->dirty;
	c->server->dirty = c;
}

void server_read_again(struct conn *c)
{
	struct server *s = c->server;
	if (!c->again && !c->dead) {
		c->again = true;
		c->again_next = s->again;
		s->again = c;
	}
	loop_defer(s->loop, &s->again_task);
}

void server_stream_add(struct conn *c)
{
	struct server *s = c->server;
	if (c->streaming)
		return;
	c->streaming = true;
	c->stream_next = NULL;
	c->stream_prev = s->streams_end;
	if (s->streams_end != NULL)
		s->streams_end->stream_next = c;
	else
		s->streams = c;
	s->streams_end = c;
}

void server_stream_del(struct conn *c)
{
	struct server *s = c->server;
	if (!c->streaming)
		return;
	c->streaming = false;
	if (c->stream_prev != NULL)
		c->stream_prev->stream_next = c->stream_next;
	else
		s->streams = c->stream_next;
	if (c->stream_next != NULL)
		c->stream_next->stream_prev = c->stream_prev;
	else
		s->streams_end = c->stream_prev;
}

/* One peer is an IPv4 address, or a /64 of IPv6, which one customer has as a whole. */
static struct conn **bucket_of(struct server *s, const struct in6_addr *peer)
{
	uint32_t hash = 2166136261u;
	for (size_t i = 0; i < sizeof peer->s6_addr; i++)
		hash = (hash ^ peer->s6_addr[i]) * 16777619u;
	return &s->buckets[(hash ^ hash >> 16) % SERVER_BUCKETS];
}

static bool peer_is_full(struct server *s, const struct in6_addr *peer)
{
	unsigned n = 0;
	for (const struct conn *c = *bucket_of(s, peer); c != NULL; c = c->same_peer)
		n += memcmp(&c->peer, peer, sizeof *peer) == 0;
	return n >= LIMIT_HTTP_CONNECTIONS_PEER;
}

static void link_conn(struct server *s, struct conn *c)
{
	c->next = s->conns;
	if (s->conns != NULL)
		s->conns->prev = c;
	else
		s->conns_end = c;
	s->conns = c;
	s->conns_n++;
	if (!c->is_unix) {
		struct conn **bucket = bucket_of(s, &c->peer);
		c->same_peer = *bucket;
		*bucket = c;
	}
}

void server_unlink(struct conn *c)
{
	struct server *s = c->server;
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		s->conns = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	else
		s->conns_end = c->prev;
	if (!c->is_unix) {
		struct conn **at = bucket_of(s, &c->peer);
		while (*at != c)
			at = &(*at)->same_peer;
		*at = c->same_peer;
	}
	s->conns_n--;
	c->next = s->dead;
	s->dead = c;
}

static void set_peer(struct conn *c, const struct sockaddr_storage *from)
{
	if (from->ss_family == AF_INET) {
		struct sockaddr_in v4;
		memcpy(&v4, from, sizeof v4);
		c->peer.s6_addr[10] = c->peer.s6_addr[11] = 0xff;
		memcpy(c->peer.s6_addr + 12, &v4.sin_addr, 4);
		(void)inet_ntop(AF_INET, &v4.sin_addr, c->peer_text, sizeof c->peer_text);
	} else if (from->ss_family == AF_INET6) {
		struct sockaddr_in6 v6;
		memcpy(&v6, from, sizeof v6);
		c->peer = v6.sin6_addr;
		(void)inet_ntop(AF_INET6, &v6.sin6_addr, c->peer_text, sizeof c->peer_text);
		if (!IN6_IS_ADDR_V4MAPPED(&c->peer))
			memset(c->peer.s6_addr + 8, 0, 8);
	}
}

/* When all places are taken, the oldest connection goes that neither waits for an answer nor brings a body: whoever fills
 * the node with idle ones keeps nobody out. False where there is none. */
static bool make_room(struct server *s)
{
	if (s->conns_n < LIMIT_HTTP_CONNECTIONS)
		return true;
	for (struct conn *c = s->conns_end; c != NULL; c = c->prev) {
		bool busy = c->is_unix || c->queued > 0 ||
			    (c->reading != NULL && c->reading->phase != EXCHANGE_HEAD);
		if (!busy) {
			conn_drop(c);
			return true;
		}
	}
	return false;
}

static bool may_stay(struct server *s, struct conn *c)
{
	struct ctx none = {0};
	if ((!c->is_unix && peer_is_full(s, &c->peer)) || !make_room(s))
		return false;
	if (s->tls != NULL && !c->is_unix) {
		c->tls = tls_open(s->tls, c->watch.fd);
		if (c->tls == NULL)
			return false;
	}
	return loop_fd_add(&none, s->loop, &c->watch, CONN_EVENTS) == OK;
}

static void admit(struct server *s, int fd, const struct sockaddr_storage *from, bool is_unix)
{
	struct conn *c = s->free_conns;
	if (c != NULL)
		s->free_conns = c->next;
	else
		c = arena_alloc(s->arena, sizeof *c);
	if (c == NULL) {
		fd_closep(&fd);
		return;
	}
	*c = (struct conn){.watch = {fd, conn_ready, c}, .server = s, .is_unix = is_unix};
	set_peer(c, from);
	if (!may_stay(s, c)) {
		tls_closep(&c->tls);
		fd_closep(&c->watch.fd);
		c->next = s->free_conns;
		s->free_conns = c;
		return;
	}
	link_conn(s, c);
	conn_open(c);
	if (!s->sweep.set)
		loop_timer_set(s->loop, &s->sweep, SWEEP_MS);
}

static void listen_events(struct server *s, uint32_t events)
{
	struct ctx none = {0};
	for (struct listener *l = s->listeners; l != NULL; l = l->next) {
		if (l->watch.fd >= 0 && loop_fd_mod(&none, s->loop, &l->watch, events) != OK)
			loop_timer_set(s->loop, &s->resume, ACCEPT_PAUSE_MS);
	}
}

static void resume_accepting(void *arg)
{
	listen_events(arg, EPOLLIN);
}

static void accept_ready(void *arg, uint32_t events)
{
	(void)events;
	struct listener *l = arg;
	struct server *s = l->server;
	for (int i = 0; i < ACCEPTS_A_TURN; i++) {
		struct sockaddr_storage from = {0};
		socklen_t n = sizeof from;
		int fd = accept4(
			l->watch.fd, (struct sockaddr *)&from, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			admit(s, fd, &from, l->is_unix);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
			/* The connection stays in the backlog; asking at once again would only burn time. */
			listen_events(s, 0);
			loop_timer_set(s->loop, &s->resume, ACCEPT_PAUSE_MS);
			return;
		}
		if (errno != EINTR && errno != ECONNABORTED)
			return;
	}
}

static void read_again(void *arg)
{
	struct server *s = arg;
	struct conn *c = s->again;
	s->again = NULL;
	while (c != NULL) {
		struct conn *next = c->again_next;
		c->again = false;
		if (!c->dead)
			conn_pump(c);
		c = next;
	}
}

static void sweep(void *arg)
{
	struct server *s = arg;
	int64_t now_us = loop_now_us(s->loop);
	for (struct conn *c = s->conns, *next; c != NULL; c = next) {
		next = c->next;
		conn_check_time(c, now_us);
	}
	if (s->conns_n > 0)
		loop_timer_set(s->loop, &s->sweep, SWEEP_MS);
}

static void flush_dirty(struct server *s)
{
	while (s->dirty != NULL) {
		struct conn *c = s->dirty;
		s->dirty = c->dirty_next;
		c->dirty = false;
		if (!c->dead)
			conn_flush(c);
	}
}

/* Each one that can take bytes gets a slice, while the bytes of this tick last; who was served goes to the end. */
static void stream(struct server *s)
{
	s->stream_left = LIMIT_TICK_STREAM;
	struct conn *last = s->streams_end;
	for (bool more = last != NULL; more && s->streams != NULL && s->stream_left > 0;) {
		struct conn *c = s->streams;
		more = c != last;
		conn_stream(c);
		if (c->streaming) {
			server_stream_del(c);
			server_stream_add(c);
		}
	}
	flush_dirty(s);
	if (s->streams != NULL)
		loop_defer(s->loop, &s->again_task);
}

static void reap(struct server *s)
{
	while (s->done != NULL) {
		struct exchange *x = s->done;
		s->done = x->next;
		server_exchange_release(s, x);
	}
	struct conn **at = &s->dead;
	while (*at != NULL) {
		struct conn *c = *at;
		if (c->again) {
			at = &c->next;
			continue;
		}
		*at = c->next;
		c->next = s->free_conns;
		s->free_conns = c;
	}
}

static void tick_end(void *arg)
{
	struct server *s = arg;
	if (s->handler.tick_end != NULL)
		s->handler.tick_end(s->arg);
	flush_dirty(s);
	stream(s);
	reap(s);
}

err server_new(struct ctx *c, struct loop *l, const struct env *e, const struct server_handler *h,
	void *arg, struct server **ret)
{
	assert(h->request != NULL);
	struct server *s;
	NEW(c, s);
	s->arena = arena_new(SERVER_MEMORY);
	ENSURE(s->arena != NULL, c, ERR_MEMORY, "no memory for connections");
	s->loop = l;
	s->env = e;
	s->handler = *h;
	s->arg = arg;
	s->again_task = (struct loop_task){.run = read_again, .arg = s};
	s->sweep = (struct loop_timer){.fire = sweep, .arg = s};
	s->resume = (struct loop_timer){.fire = resume_accepting, .arg = s};
	loop_tick_end(l, tick_end, s);
	*ret = s;
	return OK;
}

/* Takes fd over. */
static err start_listening(struct ctx *c, struct server *s, int fd, bool is_unix)
{
	cleanup(fd_closep) int own = fd;
	struct listener *l = arena_alloc(s->arena, sizeof *l);
	ENSURE(l != NULL, c, ERR_MEMORY, "no memory to listen");
	ENSURE(listen(own, 1024) == 0, c, ERR_IO, "listen: %s", strerror(errno));
	*l = (struct listener){{own, accept_ready, l}, s, s->listeners, is_unix};
	TRY(loop_fd_add(c, s->loop, &l->watch, EPOLLIN));
	s->listeners = l;
	own = -1;
	return OK;
}

static bool numeric_address(
	const char *host, uint16_t port, struct sockaddr_storage *ret, socklen_t *ret_n)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
	*ret = (struct sockaddr_storage){0};
	if (inet_pton(AF_INET, host, &v4.sin_addr) == 1) {
		memcpy(ret, &v4, sizeof v4);
		*ret_n = sizeof v4;
		return true;
	}
	memcpy(ret, &v6, sizeof v6);
	*ret_n = sizeof v6;
	if (inet_pton(AF_INET6, host, &v6.sin6_addr) != 1)
		return false;
	memcpy(ret, &v6, sizeof v6);
	return true;
}

err server_listen_tcp(
	struct ctx *c, struct server *s, const char *host, uint16_t port, uint16_t *ret_port)
{
	struct sockaddr_storage at;
	socklen_t n;
	ENSURE(numeric_address(host, port, &at, &n), c, ERR_BAD_VALUE,
		"%s is not a numeric address", host);
	cleanup(fd_closep) int fd =
		socket(at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	ENSURE(fd >= 0, c, ERR_IO, "socket: %s", strerror(errno));
	int on = 1;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	/* Connections inherit it: an answer is written whole and must not wait for more. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	ENSURE(bind(fd, (struct sockaddr *)&at, n) == 0, c, ERR_IO, "%s port %u: %s", host, port,
		strerror(errno));
	ENSURE(getsockname(fd, (struct sockaddr *)&at, &n) == 0, c, ERR_IO, "getsockname: %s",
		strerror(errno));
	/* sin_port and sin6_port lie at the same place. */
	struct sockaddr_in head;
	memcpy(&head, &at, sizeof head);
	uint16_t bound = ntohs(head.sin_port);
	int listening = fd;
	fd = -1;
	TRY(start_listening(c, s, listening, false));
	*ret_port = bound;
	return OK;
}

void server_use_tls(struct server *s, struct tls *t)
{
	s->tls = t;
}

err server_listen_unix(struct ctx *c, struct server *s, const char *path)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	ENSURE(strlen(path) < sizeof at.sun_path, c, ERR_BAD_VALUE,
		"the path of the socket is longer than %zu bytes", sizeof at.sun_path - 1);
	memcpy(at.sun_path, path, strlen(path) + 1);
	cleanup(fd_closep) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	ENSURE(fd >= 0, c, ERR_IO, "socket: %s", strerror(errno));
	struct stat st;
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		(void)unlink(path);
	mode_t before = umask(0177);
	int bound = bind(fd, (struct sockaddr *)&at, sizeof at);
	int why = errno;
	(void)umask(before);
	ENSURE(bound == 0, c, ERR_IO, "the socket cannot be made: %s", strerror(why));
	int listening = fd;
	fd = -1;
	return start_listening(c, s, listening, true);
}

struct loop *server_loop(const struct server *s)
{
	return s->loop;
}

unsigned server_connections(const struct server *s)
{
	return s->conns_n;
}

static void stop_listening(struct server *s)
{
	loop_timer_clear(s->loop, &s->resume);
	for (struct listener *l = s->listeners; l != NULL; l = l->next) {
		if (l->watch.fd < 0)
			continue;
		loop_fd_del(s->loop, &l->watch);
		fd_closep(&l->watch.fd);
	}
}

void server_drain(struct server *s)
{
	s->draining = true;
	stop_listening(s);
	for (struct conn *c = s->conns, *next; c != NULL; c = next) {
		next = c->next;
		if (c->queued == 0 && c->reading == NULL)
			conn_drop(c);
	}
}

void server_free(struct server *s)
{
	if (s == NULL)
		return;
	stop_listening(s);
	/* Parked exchanges are not told of it: they go with their server. */
	s->handler = (struct server_handler){0};
	while (s->conns != NULL)
		conn_drop(s->conns);
	loop_timer_clear(s->loop, &s->sweep);
	loop_defer_cancel(s->loop, &s->again_task);
	loop_tick_end(s->loop, NULL, NULL);
	for (struct exchange *x = s->all_exchanges; x != NULL; x = x->all_next)
		arena_free(x->ctx.arena);
	arena_free(s->arena);
}
