#include "api/api.h"

#include <assert.h>
#include <string.h>

#include "act/refusal.h"
#include "api/kept.h"
#include "api/metrics.h"
#include "api/problem.h"
#include "api/repeat.h"
#include "api/trace.h"
#include "api/tries.h"
#include "base/limits.h"
#include "base/log.h"

#define POLLERS_LOOK_MS 250

/* A call whose act() is over and that waits for the end of the tick. */
struct waiting {
	struct call *call;
	bool wrote; /* hangs on the COMMIT */
};

struct api {
	struct loop *loop;
	struct acts *acts;
	struct post post;
	struct courier *courier;
	void (*after_tick)(void *arg);
	void *after_arg;
	struct api_parts parts;
	struct route_table routes;
	struct auth *auth;
	struct tries *tries;
	struct kept *kept;
	struct server *server;
	bool watch_loopback, log_requests;
	struct metrics metrics;
	uint64_t requests;     /* begins at random: so ids of two lives differ */
	struct arena *scratch; /* of the end of a tick */
	struct waiting waiting[LIMIT_TICK_COMMANDS];
	size_t n;
	struct call *pollers;    /* wait for something to say */
	struct loop_timer timer; /* of those that wait longest */
	bool drains;
	err fate;
};

/* The body as a JSON object. */
static err read_body(struct ctx *c, struct call *k)
{
	struct str type = http_header(&k->x->request, "Content-Type"), media, parameters;
	if (!str_cut(type, ';', &media, &parameters))
		media = type;
	media = str_trim(media);
	ENSURE(type.p == NULL || str_is_nocase(media, "application/json") ||
			str_is_nocase(media, "application/ld+json"),
		c, ERR_MEDIA_TYPE, "this address takes application/json");
	TRY(json_parse(c, k->x->body, &k->body));
	ENSURE(k->body->type == JSON_OBJECT, c, ERR_MALFORMED, "a JSON object is needed");
	return OK;
}

/* A refusal by a term or a rule to a known party is an act (DESIGN, Who may cause acts). Who joins is not known yet. */
static err record_refusal(struct ctx *c, struct call *k, err why)
{
	bool by_rule = why == ERR_TERM_REFUSES || why == ERR_FORBIDDEN || why == ERR_QUOTA;
	if (!by_rule || (k->route->scope != SCOPE_PEER && k->route->scope != SCOPE_KNOWN))
		return OK;
	struct trouble said = c->trouble;
	/* A term is that of something which is there; anything else may stand in a path without being known here. */
	bool named = why == ERR_TERM_REFUSES && k->param[0].n > 0;
	struct str subject = named ? k->param[0] : str_z(k->route->path);
	err e = refusal_record(c, k->acts, k->caller, subject, why, str_z(said.detail));
	c->trouble = said;
	return e;
}

/* act() within a savepoint: refused, it wrote nothing. */
static err run_act(struct ctx *c, struct call *k)
{
	TRY(acts_mark(c, k->acts));
	acts_speaker(k->acts, k->caller, k->sealed);
	err e = repeat_act(c, k);
	acts_speaker(k->acts, (struct str){0}, NULL);
	struct trouble said = c->trouble;
	if (e == OK || (acts_since_mark(k->acts) > 0 && !err_is_fault(e))) {
		TRY(acts_keep(c, k->acts));
		c->trouble = said;
		return e;
	}
	acts_undo(k->acts);
	return e;
}

static err act(struct ctx *c, struct call *k, bool *ret_wrote)
{
	*ret_wrote = strcmp(k->route->method, "GET") != 0;
	if (k->route->takes_json)
		TRY(read_body(c, k));
	if (k->route->act == NULL)
		return OK;
	if (!*ret_wrote)
		return k->route->act(c, k);
	err e = run_act(c, k);
	if (e != OK && !err_is_fault(e))
		TRY(record_refusal(c, k, e));
	return e;
}

/* A proxy on this machine makes everybody a caller from the loopback: hence only where serve was told so. */
static bool may_watch(const struct api *a, const struct call *k)
{
	return a != NULL && a->watch_loopback && k->route->watch &&
	       (str_starts(str_z(k->x->peer), STR("127.")) || str_is(str_z(k->x->peer), "::1"));
}

/* a NULL: no server runs, and the caller is the operator. */
static err admit(struct ctx *c, struct api *a, const struct route_table *t, struct call *k)
{
	const struct http_request *r = &k->x->request;
	struct str allow = {0};
	struct who who;
	err e = routes_match(c, t, r->method, routes_path(acts_self(k->acts), r->path), &k->route,
		k->param, &allow);
	if (e == ERR_METHOD) {
		problem_fill(c, k, e);
		call_header(k, "Allow", allow);
		return OK;
	}
	TRY(e);
	if (k->route->scope == SCOPE_ANY || may_watch(a, k))
		return OK;
	TRY(auth_who_asks(c, a != NULL ? a->auth : NULL, k->acts, k->x, &who));
	ENSURE(k->from.n == 0 || str_eq(k->from, who.caller), c, ERR_FORBIDDEN,
		"this message is of another party than the one that brought it");
	k->caller = who.caller;
	k->session = who.session;
	k->fresh = who.is_fresh;
	trace_keep_id(k);
	k->sealed = who.sealed;
	return auth_allow(c, k->route, &who);
}

/* What came without a connection is told to who brought it. */
static void tell(struct call *k)
{
	struct answer *a = &k->answer;
	struct arena *arena = k->c->arena;
	if (a->has_file) {
		fd_closep(&a->file.fd);
		a->status = 501;
	}
	k->done(k->done_arg, a->status, a->body);
	arena_free(arena);
}

static void send(struct call *k)
{
	struct answer *a = &k->answer;
	if (k->done != NULL) {
		tell(k);
		return;
	}
	struct http_header headers[CALL_HEADERS + 3];
	size_t n = 0;
	if (a->body.n > 0 || a->type != NULL)
		headers[n++] = (struct http_header){
			STR("Content-Type"), str_z(a->type != NULL ? a->type : "application/json")};
	if (k->session.n > 0)
		headers[n++] = (struct http_header){STR("Shugu-Session"), k->session};
	if (k->id.n > 0)
		headers[n++] = (struct http_header){STR("X-Request-Id"), k->id};
	for (size_t i = 0; i < a->headers_n; i++)
		headers[n++] = a->headers[i];
	if (k->api != NULL)
		metrics_request(&k->api->metrics, a->status);
	if (k->api != NULL && k->api->log_requests)
		trace_log(k);
	if (a->has_file)
		exchange_answer_file(k->x, a->status, headers, n, &a->file);
	else
		exchange_answer(k->x, a->status, headers, n, a->body);
}

/* say(), where act() has not answered. */
static void say(struct ctx *c, struct call *k)
{
	err e = OK;
	if (k->answer.status == 0 && k->route->say != NULL)
		e = k->route->say(c, k);
	if (e == OK && k->answer.status == 0 && !k->waits)
		k->answer.status = 204;
	if (e != OK)
		problem_fill(c, k, e);
}

static bool may_wait(const struct api *a, const struct call *k)
{
	return k->waits && k->answer.status == 0 && k->done == NULL && !a->drains && !k->x->gone &&
	       k->until_ms > env_now_ms(acts_env(a->acts));
}

/* Out of those that wait, with the empty answer. */
static void let_go(struct api *a, struct call *k)
{
	struct call **at = &a->pollers;
	while (*at != k)
		at = &(*at)->next_poller;
	*at = k->next_poller;
	k->answer.status = 204;
	send(k);
}

/* One waits for each caller: who asks again has lost his first answer. */
static void keep_waiting(struct api *a, struct call *k)
{
	for (struct call *p = a->pollers, *next; p != NULL; p = next) {
		next = p->next_poller;
		if (str_eq(p->caller, k->caller) && p->route == k->route)
			let_go(a, p);
	}
	k->next_poller = a->pollers;
	a->pollers = k;
	if (!a->timer.set)
		loop_timer_set(a->loop, &a->timer, POLLERS_LOOK_MS);
}

static void say_or_wait(struct api *a, struct call *k)
{
	if (k->answer.status == 0)
		say(k->c, k);
	if (may_wait(a, k))
		keep_waiting(a, k);
	else
		send(k);
}

/* Something is there for who waits: said at the end of the next tick. */
static void wake(void *arg, struct str caller)
{
	struct api *a = arg;
	for (struct call **at = &a->pollers; *at != NULL && a->n < LIMIT_TICK_COMMANDS;) {
		struct call *k = *at;
		if (!str_eq(k->caller, caller)) {
			at = &k->next_poller;
			continue;
		}
		*at = k->next_poller;
		a->waiting[a->n++] = (struct waiting){k, false};
	}
}

/* Who has waited long enough goes with nothing. */
static void look_at_pollers(void *arg)
{
	struct api *a = arg;
	for (struct call *k = a->pollers, *next; k != NULL; k = next) {
		next = k->next_poller;
		if (!may_wait(a, k))
			let_go(a, k);
	}
	if (a->pollers != NULL)
		loop_timer_set(a->loop, &a->timer, POLLERS_LOOK_MS);
}

static void gone(void *arg, struct exchange *x)
{
	struct api *a = arg;
	struct call *k = a->pollers;
	while (k != NULL && k->x != x)
		k = k->next_poller;
	if (k != NULL)
		let_go(a, k);
}

/* Everybody who hung on the tick gets his answer, out of one view of what is durable. */
static void answer_all(struct ctx *c, struct api *a, err e)
{
	struct trouble why = c->trouble;
	bool logged = false;
	if (a->n > 0 && store_view(c, acts_db(a->acts)) != OK)
		log_event(LOG_WARN, env_now_ms(acts_env(a->acts)), "view detail=\"%s\"",
			c->trouble.detail);
	for (size_t i = 0; i < a->n; i++) {
		struct call *k = a->waiting[i].call;
		if (e != OK && a->waiting[i].wrote) {
			k->c->trouble = why;
			(logged ? problem_fill_again : problem_fill)(k->c, k, e);
			logged = true;
			send(k);
		} else {
			say_or_wait(a, k);
		}
	}
}

static void finish_tick(struct api *a)
{
	struct ctx c = {.arena = a->scratch};
	if (a->fate != OK)
		return;
	bool commits = acts_tick_open(a->acts);
	int64_t begun_us = env_mono_us(acts_env(a->acts));
	err e = acts_tick_end(&c, a->acts);
	if (e == OK && commits)
		metrics_commit(&a->metrics, env_mono_us(acts_env(a->acts)) - begun_us);
	if (e == ERR_COMMIT_UNKNOWN) {
		log_event(LOG_ERROR, env_now_ms(acts_env(a->acts)),
			"fault=commit-unknown detail=\"%s\"", c.trouble.detail);
		a->fate = e;
		loop_stop(a->loop);
		return;
	}
	answer_all(&c, a, e);
	a->n = 0;
	arena_reset(a->scratch);
}

static struct call *begin_call(struct api *a, struct exchange *x)
{
	struct call *k = arena_alloc(x->ctx.arena, sizeof *k);
	if (k == NULL)
		return NULL;
	*k = (struct call){.c = &x->ctx,
		.acts = a->acts,
		.x = x,
		.api = a,
		.metrics = &a->metrics,
		.passes = auth_passes(a->auth),
		.tries = a->tries};
	trace_name(k, ++a->requests);
	k->begun_us = a->log_requests ? env_mono_us(acts_env(a->acts)) : 0;
	return k;
}

/* act(), where the call was let in. */
static void go_on(struct api *a, struct call *k, err e)
{
	bool wrote = false;
	if (e == OK && k->answer.status == 0 && !kept_find(a->kept, k)) {
		e = act(k->c, k, &wrote);
		if (e == OK)
			kept_put(a->kept, k);
	}
	if (e == OK && k->parked)
		return;
	if (e != OK)
		problem_fill(k->c, k, e);
	a->waiting[a->n++] = (struct waiting){k, wrote || k->fresh};
	if (a->n == LIMIT_TICK_COMMANDS)
		finish_tick(a);
}

static void take_call(struct api *a, struct call *k)
{
	k->post = &a->post;
	k->courier = a->courier;
	err e = store_view(k->c, acts_db(a->acts));
	go_on(a, k, e == OK ? admit(k->c, a, &a->routes, k) : e);
}

static void take_request(void *arg, struct exchange *x)
{
	struct api *a = arg;
	struct call *k = x->user;
	if (a->fate != OK) /* the loop ends with this turn */
		return;
	if (k != NULL && !k->parked) /* was let in when its head had come */
		go_on(a, k, OK);
	if (k != NULL)
		return;
	k = begin_call(a, x);
	if (k != NULL)
		take_call(a, k);
	else
		exchange_answer(x, 503, NULL, 0, (struct str){0});
}

void api_resume(struct call *k)
{
	assert(k->parked);
	k->parked = false;
	if (k->api->fate == OK)
		go_on(k->api, k, OK);
}

/* Before a body that is not to be held: who asks is asked first. */
static err take_head(void *arg, struct exchange *x)
{
	struct api *a = arg;
	const struct route *route;
	struct str params[CALL_PARAMS], allow;
	struct str path = routes_path(acts_self(a->acts), x->request.path);
	err e = routes_match(&x->ctx, &a->routes, x->request.method, path, &route, params, &allow);
	if (e != OK || route->body == NULL)
		return OK;
	struct call *k = begin_call(a, x);
	ENSURE(k != NULL, &x->ctx, ERR_MEMORY, "no memory for a request");
	TRY(admit(&x->ctx, a, &a->routes, k));
	TRY(route->body(&x->ctx, k));
	x->user = k;
	return OK;
}

static void tick_end(void *arg)
{
	struct api *a = arg;
	if (a->courier != NULL && a->fate == OK)
		courier_take(a->courier);
	if (a->n > 0 || acts_tick_open(a->acts))
		finish_tick(a);
	if (a->courier != NULL && a->fate == OK)
		courier_pump(a->courier);
	if (a->after_tick != NULL && a->fate == OK)
		a->after_tick(a->after_arg);
	store_view_end(acts_db(a->acts)); /* nobody reads while the loop waits */
}

/* A request that could not be read. */
static void refuse(void *arg, struct exchange *x, err why)
{
	struct api *a = arg;
	struct call *k = begin_call(a, x);
	if (k == NULL)
		return;
	problem_fill(&x->ctx, k, why);
	send(k);
}

static void free_scratch(void *arg)
{
	arena_free(arg);
}

err api_new(struct ctx *c, struct loop *l, const struct env *e, const struct api_setup *s,
	struct api **ret)
{
	static const struct server_handler handler = {.head = take_head,
		.request = take_request,
		.tick_end = tick_end,
		.gone = gone,
		.refuse = refuse};
	struct api *a;
	NEW(c, a);
	a->loop = l;
	a->acts = s->acts;
	a->post = s->post;
	a->courier = s->courier;
	a->timer = (struct loop_timer){.fire = look_at_pollers, .arg = a};
	if (a->courier != NULL)
		courier_on_held(a->courier, wake, a);
	a->after_tick = s->after_tick;
	a->after_arg = s->after_arg;
	a->parts = (struct api_parts){s->uploads, s->intake, c->arena, {0}};
	a->routes = s->routes;
	a->watch_loopback = s->watch_loopback;
	a->log_requests = s->log_requests;
	metrics_begin(&a->metrics, s->acts);
	env_random(e, &a->requests, sizeof a->requests);
	a->scratch = arena_new(LIMIT_REQUEST_ARENA);
	ENSURE(a->scratch != NULL, c, ERR_MEMORY, "no memory for the tick");
	TRY(arena_defer(c, free_scratch, a->scratch));
	TRY(auth_new(c, s->acts, s->operator_token, &s->source, &a->auth));
	TRY(tries_new(c, &a->tries));
	TRY(kept_new(c, &a->kept));
	TRY(server_new(c, l, e, &handler, a, &a->server));
	*ret = a;
	return OK;
}

struct server *api_server(struct api *a)
{
	return a->server;
}

struct api_parts *api_parts(struct api *a)
{
	return &a->parts;
}

err api_fate(const struct api *a)
{
	return a->fate;
}

void api_free(struct api *a)
{
	if (a == NULL)
		return;
	loop_timer_clear(a->loop, &a->timer);
	server_free(take(&a->server));
}

void api_drain(struct api *a)
{
	a->drains = true;
	while (a->pollers != NULL)
		let_go(a, a->pollers);
}

/* Nothing of it may end a line of the head that is made of it. */
static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < ' ' || s.p[i] > '~')
			return false;
	}
	return s.n > 0;
}

static err make_call(struct ctx *c, struct api *a, const struct api_message *m, struct call **ret)
{
	struct exchange *x;
	struct call *k;
	struct str head, authorization = STR("");
	bool peers = str_starts(m->path, STR("/peer/v1/")) || str_starts(m->path, STR("/dsp/"));
	ENSURE(str_is(m->method, "POST") && peers && is_plain(m->path), c, ERR_FORBIDDEN_ADDRESS,
		"such a message is not taken this way");
	NEW(c, x);
	NEW(c, k);
	if (m->authorization.n > 0) {
		ENSURE(is_plain(m->authorization), c, ERR_UNAUTHENTICATED, "this is no token");
		TRY(arena_fmt(c, &authorization, "Authorization: Bearer %.*s\r\n",
			FMT(m->authorization)));
	}
	TRY(arena_fmt(c, &head,
		"POST %.*s HTTP/1.1\r\nHost: node\r\nContent-Type: application/json\r\n"
		"%.*sContent-Length: %zu\r\n\r\n",
		FMT(m->path), FMT(authorization), m->body.n));
	TRY(http_head_parse(c, head, &x->request));
	TRY(arena_str(c, m->body, &x->body));
	x->ctx.arena = c->arena;
	*k = (struct call){.c = &x->ctx, .acts = a->acts, .x = x, .api = a, .tries = a->tries};
	TRY(arena_str(c, m->from, &k->from));
	*ret = k;
	return OK;
}

err api_deliver(
	struct ctx *c, struct api *a, const struct api_message *m, api_done_fn done, void *arg)
{
	struct arena *arena = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx own = {.arena = arena};
	struct call *k;
	ENSURE(arena != NULL, c, ERR_MEMORY, "no memory for a message");
	err e = a->fate == OK ? make_call(&own, a, m, &k) : ERR_BUSY;
	if (e != OK) {
		arena_free(arena);
		return fail(c, e, "%s", own.trouble.detail);
	}
	k->done = done;
	k->done_arg = arg;
	take_call(a, k);
	return OK;
}

static err call_alone(struct ctx *c, const struct api_setup *s, struct call *k)
{
	bool wrote = false;
	err e = admit(c, NULL, &s->routes, k);
	if (e == OK && k->answer.status == 0)
		e = act(c, k, &wrote);
	if (e != OK)
		problem_fill(c, k, e);
	TRY(acts_tick_end(c, s->acts));
	if (k->answer.status == 0)
		say(c, k);
	return OK;
}

err api_call(struct ctx *c, const struct api_setup *s, const char *method, struct str target,
	struct str body, int *ret_status, struct str *ret_body)
{
	return api_call_as(c, s, STR(""), method, target, body, ret_status, ret_body);
}

err api_call_as(struct ctx *c, const struct api_setup *s, struct str did, const char *method,
	struct str target, struct str body, int *ret_status, struct str *ret_body)
{
	struct exchange *x;
	struct call *k;
	struct str head;
	NEW(c, x);
	NEW(c, k);
	TRY(arena_fmt(c, &head,
		"%s %.*s HTTP/1.1\r\nHost: node\r\n%s%.*s%sContent-Length: %zu\r\n\r\n", method,
		FMT(target), did.n > 0 ? "Shugu-As: " : "", FMT(did), did.n > 0 ? "\r\n" : "",
		body.n));
	TRY(http_head_parse(c, head, &x->request));
	x->ctx.arena = c->arena;
	x->is_unix = true;
	x->body = body;
	*k = (struct call){.c = c, .acts = s->acts, .x = x, .post = &s->post};
	TRY(call_alone(c, s, k));
	ENSURE(!k->answer.has_file, c, ERR_NOT_IMPLEMENTED, "start shugu serve for this");
	*ret_status = k->answer.status;
	*ret_body = k->answer.body;
	return OK;
}
