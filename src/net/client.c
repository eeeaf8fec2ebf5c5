#include "net/client.h"

#include <assert.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "net/address.h"
#include "net/link.h"
#include "net/outgoing.h"
#include "net/trust.h"

/* One request and the handle that carries it; used again and again. A spare one has neither handle nor arena. */
struct call {
	struct client *client;
	CURL *easy;
	struct arena *arena;
	struct call *prev, *next;
	client_done_fn done;
	void *arg;
	int64_t timeout_ms, deadline_us;
	bool added, plain; /* libcurl has it; http:// */
	bool head_whole;   /* of the final answer */
	bool too_large;
	err refused; /* before anything was tried */
	unsigned sockets, forbidden;
	size_t head_bytes, head_lines;
	struct buf body;
	struct str session, next_page;
	char why[128];                /* our own word */
	char detail[CURL_ERROR_SIZE]; /* libcurl's */
};

/* A descriptor of libcurl in the loop. */
struct watch {
	struct loop_fd fd;
	struct client *client;
	struct watch *next;
};

struct client {
	const struct env *env;
	struct loop *loop;
	struct ctx ctx; /* memory that lives as long as the client */
	CURLM *multi;
	bool allow_loopback, telling;
	struct trust *trust; /* NULL: the system's authorities alone */
	struct call *open, *kept, *spare;
	unsigned open_n, kept_n;
	struct watch *watches;
	struct loop_timer curl_timer, deadline;
	struct loop_task start;
};

static void call_reset(struct call *call)
{
	*call = (struct call){.client = call->client, .easy = call->easy, .arena = call->arena};
}

/* Keeps what the next request can use, but only so much. */
static void call_release(struct call *call)
{
	struct client *k = call->client;
	call_reset(call);
	if (call->easy != NULL && call->arena != NULL && k->kept_n < LIMIT_CLIENT_KEPT) {
		arena_reset(call->arena);
		call->next = k->kept;
		k->kept = call;
		k->kept_n++;
		return;
	}
	curl_easy_cleanup(call->easy);
	arena_freep(&call->arena);
	call->easy = NULL;
	call->next = k->spare;
	k->spare = call;
}

static void call_unlink(struct call *call)
{
	struct client *k = call->client;
	if (call->prev != NULL)
		call->prev->next = call->next;
	else
		k->open = call->next;
	if (call->next != NULL)
		call->next->prev = call->prev;
	call->prev = call->next = NULL;
	k->open_n--;
	if (call->added)
		(void)curl_multi_remove_handle(k->multi, call->easy);
	call->added = false;
}

static void finish(struct call *call, err code, const char *detail)
{
	struct client *k = call->client;
	struct client_answer a = {.code = code, .detail = str_z(detail)};
	if (code == OK) {
		long status = 0;
		(void)curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
		a.status = (int)status;
		a.body = buf_str(&call->body);
		a.session = call->session;
		a.next = call->next_page;
	}
	call_unlink(call);
	assert(!k->telling);
	k->telling = true;
	call->done(call->arg, &a);
	k->telling = false;
	call_release(call);
}

static err code_of(const struct call *call, CURLcode result)
{
	if (call->too_large)
		return ERR_TOO_LARGE;
	if (call->forbidden > 0 && (call->sockets == 0 || result == CURLE_ABORTED_BY_CALLBACK))
		return ERR_FORBIDDEN_ADDRESS;
	if (result == CURLE_URL_MALFORMAT)
		return ERR_FORBIDDEN_ADDRESS;
	if (result == CURLE_OUT_OF_MEMORY)
		return ERR_MEMORY;
	return result == CURLE_OPERATION_TIMEDOUT ? ERR_TIMEOUT : ERR_PEER_UNREACHABLE;
}

static void finish_by(struct call *call, CURLcode result)
{
	if (result == CURLE_OK && call->head_whole) {
		finish(call, OK, "");
		return;
	}
	err code = code_of(call, result);
	const char *detail = call->detail[0] != '\0' ? call->detail : curl_easy_strerror(result);
	if (result == CURLE_OK) /* it is content with a head that lacks its end */
		detail = "the answer breaks off in its head";
	if ((code == ERR_TOO_LARGE || code == ERR_FORBIDDEN_ADDRESS) && call->why[0] != '\0')
		detail = call->why;
	finish(call, code, detail);
}

/* Lets libcurl work, then tells what has ended meanwhile. */
static void act(struct client *k, curl_socket_t fd, int events)
{
	int running, left;
	(void)curl_multi_socket_action(k->multi, fd, events, &running);
	for (CURLMsg *m; (m = curl_multi_info_read(k->multi, &left)) != NULL;) {
		struct call *call = NULL;
		(void)curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&call);
		if (m->msg == CURLMSG_DONE)
			finish_by(call, m->data.result);
	}
}

static void watch_ready(void *arg, uint32_t events)
{
	const struct watch *w = arg;
	int what = (events & EPOLLIN ? CURL_CSELECT_IN : 0) |
		   (events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
		   (events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
	act(w->client, w->fd.fd, what);
}

static struct watch *watch_take(struct client *k, curl_socket_t fd)
{
	struct watch *w = k->watches;
	if (w != NULL)
		k->watches = w->next;
	else
		w = arena_alloc(k->ctx.arena, sizeof *w);
	if (w != NULL)
		*w = (struct watch){{fd, watch_ready, w}, k, NULL};
	return w;
}

static void watch_give(struct client *k, struct watch *w)
{
	w->next = k->watches;
	k->watches = w;
}

/* libcurl says what it waits for. A descriptor that cannot be watched is one on which nothing comes: the deadline of
 * its request deals with it (an error from here would end the whole client). */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *assigned)
{
	(void)easy;
	struct client *k = arg;
	struct watch *w = assigned;
	if (what == CURL_POLL_REMOVE) {
		if (w != NULL) {
			loop_fd_del(k->loop, &w->fd);
			watch_give(k, w);
		}
		return 0;
	}
	uint32_t events = (what & CURL_POLL_IN ? (uint32_t)EPOLLIN : 0) |
			  (what & CURL_POLL_OUT ? (uint32_t)EPOLLOUT : 0);
	if (w != NULL) {
		(void)!loop_fd_mod(&k->ctx, k->loop, &w->fd, events);
		return 0;
	}
	w = watch_take(k, fd);
	if (w == NULL)
		return 0;
	if (loop_fd_add(&k->ctx, k->loop, &w->fd, events) != OK)
		watch_give(k, w);
	else
		(void)curl_multi_assign(k->multi, fd, w);
	return 0;
}

static int on_timer(CURLM *multi, long ms, void *arg)
{
	(void)multi;
	struct client *k = arg;
	loop_timer_clear(k->loop, &k->curl_timer);
	/* At once means a later callback, where libcurl may be called again and done as well. */
	if (ms == 0)
		loop_defer(k->loop, &k->start);
	else if (ms > 0)
		loop_timer_set(k->loop, &k->curl_timer, ms);
	return 0;
}

static void curl_due(void *arg)
{
	struct client *k = arg;
	act(k, CURL_SOCKET_TIMEOUT, 0);
	/* Where its clock is behind ours it finds nothing due, and does not say the same time again. */
	long ms = -1;
	if (!k->curl_timer.set && curl_multi_timeout(k->multi, &ms) == CURLM_OK && ms > 0)
		loop_timer_set(k->loop, &k->curl_timer, ms);
}

/* Begins what was sent since, all together. */
static void start(void *arg)
{
	act(arg, CURL_SOCKET_TIMEOUT, 0);
}

static void deadline_at(struct client *k, int64_t at_us)
{
	int64_t left_us = at_us - env_mono_us(k->env);
	if (!k->deadline.set || k->deadline.at_us > at_us)
		loop_timer_set(k->loop, &k->deadline, left_us <= 0 ? 0 : (left_us + 999) / 1000);
}

/* Ends what is refused (it is due at once) or late. One timer for all, which is not moved when a request ends and so
 * may find nothing, is cheaper than a timer for each. A done can only put new calls before those that are walked. */
static void deadline_due(void *arg)
{
	struct client *k = arg;
	int64_t now_us = env_mono_us(k->env), first_us = INT64_MAX;
	for (struct call *call = k->open, *next; call != NULL; call = next) {
		next = call->next;
		if (call->deadline_us > now_us) {
			first_us = call->deadline_us < first_us ? call->deadline_us : first_us;
		} else if (call->refused != OK) {
			finish(call, call->refused, call->why);
		} else {
			(void)snprintf(call->why, sizeof call->why, "no whole answer in %lld ms",
				(long long)call->timeout_ms);
			finish(call, ERR_TIMEOUT, call->why);
		}
	}
	if (first_us != INT64_MAX)
		deadline_at(k, first_us);
}

static bool may_call(struct call *call, const struct sockaddr *a)
{
	const char *name;
	enum address_kind kind = address_kind(a, &name);
	if (kind == ADDRESS_LOOPBACK && call->client->allow_loopback)
		return true;
	if (kind == ADDRESS_PUBLIC && !call->plain)
		return true;
	char text[46];
	address_text(a, text);
	(void)snprintf(call->why, sizeof call->why, "%s is %s", text, name);
	call->forbidden++;
	return false;
}

/* Asked for each address that a name has, before it is connected to. */
static curl_socket_t on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
	(void)purpose;
	struct call *call = arg;
	if (!may_call(call, &a->addr))
		return CURL_SOCKET_BAD;
	call->sockets++;
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

/* Asked before each request, on kept connections too. */
static int on_ready(void *arg, char *to, char *from, int to_port, int from_port)
{
	(void)from;
	(void)to_port;
	(void)from_port;
	struct sockaddr_storage at;
	bool may = address_parse(to, &at) && may_call(arg, (const struct sockaddr *)&at);
	return may ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static void keep_field(struct call *call, struct str name, struct str value)
{
	struct ctx c = {.arena = call->arena};
	err e = OK;
	value = str_sub(value, 0, str_find(value, '\n'));
	value = str_trim(str_sub(value, 0, str_find(value, '\r')));
	if (str_is_nocase(name, "shugu-session"))
		e = arena_str(&c, value, &call->session);
	else if (str_is_nocase(name, "link") && call->next_page.n == 0)
		e = arena_str(&c, http_link(value, "next"), &call->next_page);
	(void)e;
}

/* One line of a head, interim answers and trailers included; 0 breaks the request off. */
static size_t on_header(char *p, size_t size, size_t n, void *arg)
{
	(void)size;
	struct call *call = arg;
	struct str line = {p, n}, name, value;
	bool first = str_starts(line, STR("HTTP/"));
	call->head_bytes += n;
	call->head_lines = first ? 0 : call->head_lines + 1;
	if (call->head_bytes > LIMIT_HTTP_HEAD || call->head_lines > LIMIT_HTTP_HEADERS + 1) {
		(void)snprintf(call->why, sizeof call->why, "the head of the answer is too large");
		call->too_large = true;
		return 0;
	}
	if (call->head_whole)
		return n;
	if (first)
		call->session = call->next_page = (struct str){0};
	long status = 0;
	if (p[0] == '\r' || p[0] == '\n')
		(void)curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	call->head_whole = status >= 200;
	if (str_cut(line, ':', &name, &value))
		keep_field(call, name, value);
	return n;
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
	(void)size;
	struct call *call = arg;
	buf_add(&call->body, (struct str){p, n});
	if (!call->body.failed)
		return n;
	(void)snprintf(call->why, sizeof call->why, "the answer is larger than %zu bytes",
		call->body.size_max);
	call->too_large = true;
	return 0;
}

// clang-format off
static const struct {
	CURLoption option;
	long value;
} fixed[] = {
	{CURLOPT_NOSIGNAL, 1},
	{CURLOPT_NOPROGRESS, 1},
	{CURLOPT_QUICK_EXIT, 1}, /* else ending a request waits for the thread that resolves its name */
	{CURLOPT_FOLLOWLOCATION, 0},
	{CURLOPT_NETRC, CURL_NETRC_IGNORED},
	{CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
	{CURLOPT_HTTP09_ALLOWED, 0},
	{CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
	{CURLOPT_SSL_VERIFYPEER, 1},
	{CURLOPT_SSL_VERIFYHOST, 2},
	{CURLOPT_TCP_NODELAY, 1},
	{CURLOPT_MAXAGE_CONN, LIMIT_CLIENT_IDLE_S},
};
// clang-format on

/* What is the same for all requests of a handle. */
static bool easy_open(struct call *call)
{
	CURL *h = call->easy = curl_easy_init();
	if (h == NULL)
		return false;
	int bad = 0;
	for (size_t i = 0; i < countof(fixed); i++)
		bad |= (int)curl_easy_setopt(h, fixed[i].option, fixed[i].value);
	bad |= (int)curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
	bad |= (int)curl_easy_setopt(h, CURLOPT_PROXY, ""); /* that of the environment counts not */
	/* The bundle alone: with a directory beside it libcurl reads all authorities for each connection. */
	bad |= (int)curl_easy_setopt(h, CURLOPT_CAPATH, NULL);
	bad |= (int)trust_use(call->client->trust, h);
	bad |= (int)curl_easy_setopt(h, CURLOPT_PRIVATE, call);
	bad |= (int)curl_easy_setopt(h, CURLOPT_ERRORBUFFER, call->detail);
	bad |= (int)curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, on_open);
	bad |= (int)curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, call);
	bad |= (int)curl_easy_setopt(h, CURLOPT_PREREQFUNCTION, on_ready);
	bad |= (int)curl_easy_setopt(h, CURLOPT_PREREQDATA, call);
	bad |= (int)curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, on_header);
	bad |= (int)curl_easy_setopt(h, CURLOPT_HEADERDATA, call);
	bad |= (int)curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_body);
	bad |= (int)curl_easy_setopt(h, CURLOPT_WRITEDATA, call);
	return bad == 0;
}

static err call_take(struct ctx *c, struct client *k, struct call **ret)
{
	struct call *call = k->kept != NULL ? k->kept : k->spare;
	if (call == NULL) {
		call = arena_alloc(k->ctx.arena, sizeof *call);
		ENSURE(call != NULL, c, ERR_MEMORY, "no memory for a request");
		call->client = k;
	} else if (call == k->kept) {
		k->kept = take(&call->next);
		k->kept_n--;
	} else {
		k->spare = take(&call->next);
	}
	if (call->arena == NULL)
		call->arena = arena_new(LIMIT_REQUEST_ARENA);
	if (call->arena == NULL || (call->easy == NULL && !easy_open(call))) {
		curl_easy_cleanup(take(&call->easy));
		call_release(call);
		return fail(c, ERR_MEMORY, "no memory for a request");
	}
	*ret = call;
	return OK;
}

static err add_line(struct ctx *c, struct str line, struct curl_slist **list)
{
	struct curl_slist *node;
	NEW(c, node);
	node->data = arena_z(c->arena, line);
	ENSURE(node->data != NULL, c, ERR_TOO_LARGE, "the headers do not fit into memory");
	node->next = *list;
	*list = node;
	return OK;
}

/* Headers of the caller, and those that libcurl would add of itself taken out: waiting for "100 Continue" costs a
 * second, and a body without a type is not a form. */
static err make_headers(struct ctx *c, const struct client_request *r, struct curl_slist **ret)
{
	bool typed = false;
	for (size_t i = r->headers_n; i > 0; i--) {
		struct str line = r->headers[i - 1];
		typed |= str_is_nocase(str_sub(line, 0, str_find(line, ':')), "content-type");
		TRY(add_line(c, line, ret));
	}
	if (!typed)
		TRY(add_line(c, STR("Content-Type:"), ret));
	return add_line(c, STR("Expect:"), ret);
}

/* c->arena is that of the call. Asking for GET first takes back what the request before it asked for. */
static err fill(struct ctx *c, struct call *call, const struct client_request *r)
{
	CURL *h = call->easy;
	struct curl_slist *headers = NULL;
	struct str body, url, method;
	TRY(arena_str(c, r->url, &url));
	TRY(arena_str(c, r->body, &body));
	TRY(arena_str(c, str_z(r->method), &method));
	TRY(make_headers(c, r, &headers));
	buf_init(&call->body, call->arena, r->answer_max);
	int bad = (int)curl_easy_setopt(h, CURLOPT_HTTPGET, 1L);
	if (str_is(method, "POST") || str_is(method, "PUT") || body.n > 0) {
		bad |= (int)curl_easy_setopt(h, CURLOPT_POSTFIELDS, body.p);
		bad |= (int)curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.n);
	}
	if (str_is(method, "HEAD"))
		bad |= (int)curl_easy_setopt(h, CURLOPT_NOBODY, 1L);
	bad |= (int)curl_easy_setopt(h, CURLOPT_CUSTOMREQUEST, method.p);
	bad |= (int)curl_easy_setopt(h, CURLOPT_URL, url.p);
	bad |= (int)curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
	ENSURE(bad == 0, c, ERR_MEMORY, "no memory for a request");
	ENSURE(curl_multi_add_handle(call->client->multi, h) == CURLM_OK, c, ERR_MEMORY,
		"no memory for a request");
	call->added = true;
	return OK;
}

static void call_link(struct call *call)
{
	struct client *k = call->client;
	call->prev = NULL;
	call->next = k->open;
	if (k->open != NULL)
		k->open->prev = call;
	k->open = call;
	k->open_n++;
	deadline_at(k, call->deadline_us);
}

err client_send(struct ctx *c, struct client *k, const struct client_request *r,
	client_done_fn done, void *arg)
{
	TRY(outgoing_check(c, r));
	ENSURE(k->open_n < LIMIT_CLIENT_OPEN, c, ERR_BUSY, "too many requests are open");
	struct call *call;
	TRY(call_take(c, k, &call));
	call->done = done;
	call->arg = arg;
	call->timeout_ms = r->timeout_ms;
	const char *flaw = outgoing_flaw(r->url, k->allow_loopback, &call->plain);
	if (flaw != NULL) {
		(void)snprintf(call->why, sizeof call->why, "%s", flaw);
		call->refused = ERR_FORBIDDEN_ADDRESS;
	} else {
		call->deadline_us = env_mono_us(k->env) + r->timeout_ms * 1000;
		struct arena *theirs = c->arena;
		c->arena = call->arena;
		err e = fill(c, call, r);
		c->arena = theirs;
		if (e != OK) {
			call_release(call);
			return e;
		}
	}
	call_link(call);
	return OK;
}

unsigned client_open(const struct client *k)
{
	return k->open_n;
}

static err multi_open(struct ctx *c, struct client *k)
{
	CURLM *m = k->multi = curl_multi_init();
	ENSURE(m != NULL, c, ERR_MEMORY, "libcurl does not start");
	int bad = (int)curl_multi_setopt(m, CURLMOPT_SOCKETFUNCTION, on_socket);
	bad |= (int)curl_multi_setopt(m, CURLMOPT_SOCKETDATA, k);
	bad |= (int)curl_multi_setopt(m, CURLMOPT_TIMERFUNCTION, on_timer);
	bad |= (int)curl_multi_setopt(m, CURLMOPT_TIMERDATA, k);
	bad |= (int)curl_multi_setopt(m, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
	bad |= (int)curl_multi_setopt(
		m, CURLMOPT_MAX_HOST_CONNECTIONS, (long)LIMIT_CLIENT_CONNECTIONS_HOST);
	bad |= (int)curl_multi_setopt(
		m, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)LIMIT_CLIENT_CONNECTIONS);
	bad |= (int)curl_multi_setopt(m, CURLMOPT_MAXCONNECTS, (long)LIMIT_CLIENT_CONNECTIONS);
	ENSURE(bad == 0, c, ERR_MEMORY, "libcurl does not start");
	return OK;
}

err client_new(struct ctx *c, struct loop *loop, const struct env *env, bool allow_loopback,
	struct trust *trust, struct client **ret)
{
	struct client *k;
	NEW(c, k);
	*k = (struct client){
		.env = env, .loop = loop, .allow_loopback = allow_loopback, .trust = trust};
	k->curl_timer = (struct loop_timer){.fire = curl_due, .arg = k};
	k->deadline = (struct loop_timer){.fire = deadline_due, .arg = k};
	k->start = (struct loop_task){.run = start, .arg = k};
	ENSURE(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, c, ERR_MEMORY,
		"libcurl does not start");
	k->ctx.arena = arena_new(LIMIT_CLIENT_OPEN * (sizeof(struct call) + sizeof(struct watch)));
	err e = k->ctx.arena != NULL ? multi_open(c, k) : ERR_MEMORY;
	if (e != OK) {
		client_free(k);
		return e;
	}
	*ret = k;
	return OK;
}

static void give_up(struct call *first)
{
	for (struct call *call = first; call != NULL; call = call->next) {
		if (call->added)
			(void)curl_multi_remove_handle(call->client->multi, call->easy);
		curl_easy_cleanup(call->easy);
		arena_free(call->arena);
	}
}

void client_free(struct client *k)
{
	if (k == NULL)
		return;
	assert(!k->telling);
	give_up(k->open);
	give_up(k->kept);
	(void)curl_multi_cleanup(k->multi);
	loop_timer_clear(k->loop, &k->curl_timer);
	loop_timer_clear(k->loop, &k->deadline);
	loop_defer_cancel(k->loop, &k->start);
	arena_free(k->ctx.arena);
	curl_global_cleanup();
}
