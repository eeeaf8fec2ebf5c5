#include "api/api.h"

#include <assert.h>
#include <string.h>

#include "act/refusal.h"
#include "api/problem.h"
#include "base/limits.h"
#include "base/log.h"

/* A call whose act() is over and that waits for the end of the tick. */
struct waiting {
	struct call *call;
	bool wrote; /* hangs on the COMMIT */
};

struct api {
	struct loop *loop;
	struct acts *acts;
	struct courier *courier;
	void (*after_tick)(void *arg);
	void *after_arg;
	struct uploads *uploads;
	struct route_table routes;
	struct auth *auth;
	struct server *server;
	struct arena *scratch; /* of the end of a tick */
	struct waiting waiting[LIMIT_TICK_COMMANDS];
	size_t n;
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
	bool known = k->caller.n > 0 && k->route->scope != SCOPE_JOINING;
	if (!by_rule || !known || str_is(k->caller, "operator"))
		return OK;
	struct trouble said = c->trouble;
	/* A term is that of something which is there; anything else may stand in a path without being known here. */
	bool named = why == ERR_TERM_REFUSES && k->param[0].n > 0;
	struct str subject = named ? k->param[0] : str_z(k->route->path);
	err e = refusal_record(c, k->acts, k->caller, subject, why, str_z(said.detail));
	c->trouble = said;
	return e;
}

/* act() within a savepoint; a refusal takes back all that it wrote. */
static err run_act(struct ctx *c, struct call *k)
{
	TRY(acts_mark(c, k->acts));
	err e = k->route->act(c, k);
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
	bool reads = strcmp(k->route->method, "GET") == 0;
	*ret_wrote = !reads;
	if (k->route->takes_json)
		TRY(read_body(c, k));
	if (k->route->act == NULL)
		return OK;
	if (reads)
		return k->route->act(c, k);
	err e = run_act(c, k);
	if (e != OK && !err_is_fault(e))
		TRY(record_refusal(c, k, e));
	return e;
}

static err admit(struct ctx *c, struct auth *auth, const struct route_table *t, struct call *k)
{
	const struct http_request *r = &k->x->request;
	struct str allow = {0};
	struct who who;
	err e = routes_match(c, t, r->method, r->path, &k->route, k->param, &allow);
	if (e == ERR_METHOD) {
		problem_fill(c, k, e);
		call_header(k, "Allow", allow);
		return OK;
	}
	TRY(e);
	if (k->route->scope == SCOPE_ANY)
		return OK;
	TRY(auth_who(c, auth, k->x, &who));
	k->caller = who.caller;
	k->session = who.session;
	return auth_allow(c, k->route->scope, &who);
}

static void send(struct call *k)
{
	struct answer *a = &k->answer;
	struct http_header headers[CALL_HEADERS + 2];
	size_t n = 0;
	if (a->body.n > 0 || a->type != NULL)
		headers[n++] = (struct http_header){
			STR("Content-Type"), str_z(a->type != NULL ? a->type : "application/json")};
	if (k->session.n > 0)
		headers[n++] = (struct http_header){STR("Shugu-Session"), k->session};
	for (size_t i = 0; i < a->headers_n; i++)
		headers[n++] = a->headers[i];
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
	if (e == OK && k->answer.status == 0)
		k->answer.status = 204;
	if (e != OK)
		problem_fill(c, k, e);
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
		} else if (k->answer.status == 0) {
			say(k->c, k);
		}
		send(k);
	}
}

static void finish_tick(struct api *a)
{
	struct ctx c = {.arena = a->scratch};
	if (a->fate != OK)
		return;
	err e = acts_tick_end(&c, a->acts);
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

/* act(), where the call was let in. */
static void go_on(struct api *a, struct call *k, err e)
{
	bool wrote = false;
	if (e == OK && k->answer.status == 0)
		e = act(k->c, k, &wrote);
	if (e != OK)
		problem_fill(k->c, k, e);
	a->waiting[a->n++] = (struct waiting){k, wrote};
	if (a->n == LIMIT_TICK_COMMANDS)
		finish_tick(a);
}

static void take_request(void *arg, struct exchange *x)
{
	struct api *a = arg;
	struct call *k = x->user;
	if (a->fate != OK) /* the loop ends with this turn */
		return;
	if (k != NULL) { /* was let in when its head had come */
		if (!k->parked)
			go_on(a, k, OK);
		return;
	}
	k = arena_alloc(x->ctx.arena, sizeof *k);
	if (k == NULL) {
		exchange_answer(x, 503, NULL, 0, (struct str){0});
		return;
	}
	*k = (struct call){.c = &x->ctx, .acts = a->acts, .x = x, .api = a};
	err e = store_view(&x->ctx, acts_db(a->acts));
	go_on(a, k, e == OK ? admit(&x->ctx, a->auth, &a->routes, k) : e);
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
	struct call *k;
	struct str params[CALL_PARAMS], allow;
	if (routes_match(&x->ctx, &a->routes, x->request.method, x->request.path, &route, params,
		    &allow) != OK ||
		route->body == NULL)
		return OK;
	NEW(&x->ctx, k);
	*k = (struct call){.c = &x->ctx, .acts = a->acts, .x = x, .api = a};
	TRY(admit(&x->ctx, a->auth, &a->routes, k));
	TRY(route->body(&x->ctx, k));
	x->user = k;
	return OK;
}

static void tick_end(void *arg)
{
	struct api *a = arg;
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
	struct call *k = arena_alloc(x->ctx.arena, sizeof *k);
	if (k == NULL)
		return;
	*k = (struct call){.c = &x->ctx, .acts = a->acts, .x = x};
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
	static const struct server_handler handler = {
		.head = take_head, .request = take_request, .tick_end = tick_end, .refuse = refuse};
	struct api *a;
	NEW(c, a);
	a->loop = l;
	a->acts = s->acts;
	a->courier = s->courier;
	a->after_tick = s->after_tick;
	a->after_arg = s->after_arg;
	a->uploads = s->uploads;
	a->routes = s->routes;
	a->scratch = arena_new(LIMIT_REQUEST_ARENA);
	ENSURE(a->scratch != NULL, c, ERR_MEMORY, "no memory for the tick");
	TRY(arena_defer(c, free_scratch, a->scratch));
	TRY(auth_new(c, s->acts, s->operator_token, &s->source, &a->auth));
	TRY(server_new(c, l, e, &handler, a, &a->server));
	*ret = a;
	return OK;
}

struct server *api_server(struct api *a)
{
	return a->server;
}

struct uploads *api_uploads(const struct api *a)
{
	return a != NULL ? a->uploads : NULL;
}

err api_fate(const struct api *a)
{
	return a->fate;
}

void api_free(struct api *a)
{
	if (a != NULL)
		server_free(take(&a->server));
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
	struct exchange *x;
	struct call *k;
	struct str head;
	NEW(c, x);
	NEW(c, k);
	TRY(arena_fmt(c, &head, "%s %.*s HTTP/1.1\r\nHost: node\r\nContent-Length: %zu\r\n\r\n",
		method, FMT(target), body.n));
	TRY(http_head_parse(c, head, &x->request));
	x->ctx.arena = c->arena;
	x->is_unix = true;
	x->body = body;
	*k = (struct call){.c = c, .acts = s->acts, .x = x};
	TRY(call_alone(c, s, k));
	ENSURE(!k->answer.has_file, c, ERR_NOT_IMPLEMENTED, "start shugu serve for this");
	*ret_status = k->answer.status;
	*ret_body = k->answer.body;
	return OK;
}
