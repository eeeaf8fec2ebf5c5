#include "api/collector.h"

#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "party/organisation.h"

#define WAIT_FIRST_MS 100
#define WAIT_MAX_MS 60000
#define QUICK_MS 1000 /* an empty answer that comes sooner did not wait */

/* A message that is being done. */
struct errand {
	struct partner *partner;
	struct str row;
	int status;
	struct str body;
};

struct partner {
	struct collector *collector;
	struct partner *next;
	char did[LIMIT_DID + 1];
	bool wanted, busy, done; /* done: all errands are, and their answers are to be brought */
	unsigned tries;
	int64_t due_ms, asked_ms;
	struct arena *round; /* of one answer's messages */
	struct errand *errands;
	size_t n, left;
};

struct collector {
	struct arena *arena;
	struct loop *loop;
	struct acts *acts;
	struct courier *courier;
	struct api *api;
	struct partner *all;
	struct loop_timer timer;
	uint64_t seen; /* entries of the log at the last look */
	bool looked;
};

static void timer_fired(void *arg)
{
	(void)arg; /* the pump runs at the end of the turn */
}

err collector_new(
	struct ctx *c, struct loop *l, struct acts *n, struct courier *k, struct collector **ret)
{
	struct collector *o;
	*ret = NULL;
	if (!acts_self(n)->outbound)
		return OK;
	NEW(c, o);
	o->arena = c->arena;
	o->loop = l;
	o->acts = n;
	o->courier = k;
	o->timer = (struct loop_timer){.fire = timer_fired, .arg = o};
	*ret = o;
	return OK;
}

void collector_deliver_to(struct collector *k, struct api *a)
{
	if (k != NULL)
		k->api = a;
}

static int64_t now_of(const struct collector *k)
{
	return env_now_ms(acts_env(k->acts));
}

static void later(struct partner *p)
{
	int64_t wait = p->tries < 10 ? (int64_t)WAIT_FIRST_MS << p->tries : WAIT_MAX_MS;
	p->tries++;
	p->due_ms = now_of(p->collector) + (wait < WAIT_MAX_MS ? wait : WAIT_MAX_MS);
}

/* A round is over; the next begins now, or after a while. */
static void end_round(struct partner *p, bool well)
{
	p->busy = p->done = false;
	p->n = p->left = 0;
	arena_free(take(&p->round));
	if (!well) {
		later(p);
		return;
	}
	p->tries = 0;
	p->due_ms = 0;
}

static void brought(void *arg, err code, const struct reply *r)
{
	end_round(arg, code == OK && r->status == 200);
}

/* As many answers as one message holds; the messages of the others are collected again, and answered alike. */
static err bring(struct ctx *c, struct partner *p)
{
	struct json *o = json_object(c), *answers = json_array(c);
	struct message m = {.method = "POST"};
	struct organisation party;
	size_t room = LIMIT_HTTP_BODY / 2;
	TRY(organisation_find(c, acts_db(p->collector->acts), str_z(p->did), &party));
	for (size_t i = 0; i < p->n; i++) {
		const struct errand *e = &p->errands[i];
		struct json *j = json_object(c);
		if (e->body.n > room && room < LIMIT_HTTP_BODY / 2)
			break;
		room -= e->body.n < room ? e->body.n : room;
		json_set_str(c, &j, "row", e->row);
		json_set_num(c, &j, "status", e->status);
		json_set_str(c, &j, "body", e->body.p != NULL ? e->body : STR(""));
		json_push(&answers, j);
	}
	json_set(&o, "answers", answers);
	TRY(json_write(c, o, false, LIMIT_HTTP_BODY, &m.body));
	TRY(arena_fmt(c, &m.url, "%.*s/peer/v1/mailbox/answers", FMT(party.url)));
	return courier_call(c, p->collector->courier, party.did, &m, brought, p);
}

/* Within the end of a tick: nothing is begun here. */
static void errand_done(void *arg, int status, struct str body)
{
	struct errand *e = arg;
	struct partner *p = e->partner;
	struct ctx c = {.arena = p->round};
	e->status = status;
	if (!str_is_utf8(body) || arena_str(&c, body, &e->body) != OK)
		e->status = 500;
	p->done = --p->left == 0;
}

static const char *const members[] = {"row", "method", "path", "authorization", "body"};

/* One that cannot even be read is answered so; the rows of an answer are done in their order. */
static void do_errand(struct ctx *c, struct partner *p, const struct json *j, struct errand *e)
{
	struct str texts[countof(members)];
	for (size_t i = 0; i < countof(members); i++)
		texts[i] = json_text(json_get(j, members[i]));
	const struct api_message m = {.from = str_z(p->did),
		.method = texts[1],
		.path = texts[2],
		.authorization = texts[3],
		.body = texts[4]};
	*e = (struct errand){.partner = p, .row = texts[0]};
	err code = api_deliver(c, p->collector->api, &m, errand_done, e);
	if (code != OK)
		errand_done(e, err_is_fault(code) ? 503 : 400, STR(""));
}

static err do_all(struct partner *p, const struct reply *r)
{
	struct ctx c = {.arena = p->round};
	struct str copy;
	const struct json *j, *rows;
	TRY(arena_str(&c, r->body, &copy));
	TRY(json_parse(&c, copy, &j));
	rows = json_get(j, "rows");
	if (rows == NULL || rows->type != JSON_ARRAY || rows->n == 0)
		return OK;
	NEW_N(&c, p->errands, rows->n);
	p->n = p->left = rows->n;
	size_t i = 0;
	for (const struct json *row = rows->first; row != NULL; row = row->next)
		do_errand(&c, p, row, &p->errands[i++]);
	return OK;
}

static void asked(void *arg, err code, const struct reply *r)
{
	struct partner *p = arg;
	struct collector *k = p->collector;
	bool answered = code == OK && (r->status == 200 || r->status == 204);
	p->round = answered ? arena_new(LIMIT_REQUEST_ARENA) : NULL;
	if (p->round == NULL) {
		end_round(p, false);
		return;
	}
	err e = r->status == 200 ? do_all(p, r) : OK;
	if (e != OK || p->n == 0)
		end_round(p, e == OK && now_of(k) - p->asked_ms >= QUICK_MS);
}

static err ask(struct ctx *c, struct partner *p)
{
	struct message m = {.method = "GET", .patience_ms = LIMIT_MAILBOX_MS + LIMIT_MESSAGE_MS};
	struct organisation party;
	p->asked_ms = now_of(p->collector);
	TRY(organisation_find(c, acts_db(p->collector->acts), str_z(p->did), &party));
	TRY(arena_fmt(c, &m.url, "%.*s/peer/v1/mailbox", FMT(party.url)));
	return courier_call(c, p->collector->courier, party.did, &m, asked, p);
}

static err add(struct ctx *c, struct collector *k, struct str did)
{
	struct partner *p = arena_alloc(k->arena, sizeof *p);
	ENSURE(p != NULL && did.n <= LIMIT_DID, c, ERR_MEMORY, "no memory for a partner");
	memcpy(p->did, did.p, did.n);
	p->collector = k;
	p->wanted = true;
	p->next = k->all;
	k->all = p;
	return OK;
}

/* Who is a partner now. One that no longer is is asked no more. */
static err look(struct ctx *c, struct collector *k)
{
	struct str *dids;
	size_t n = 0;
	NEW_N(c, dids, LIMIT_COLLECT);
	TRY(organisation_callable(c, acts_db(k->acts), LIMIT_COLLECT, dids, &n));
	for (struct partner *p = k->all; p != NULL; p = p->next)
		p->wanted = false;
	for (size_t i = 0; i < n; i++) {
		struct partner *p = k->all;
		while (p != NULL && !str_is(dids[i], p->did))
			p = p->next;
		if (p == NULL)
			TRY(add(c, k, dids[i]));
		else
			p->wanted = true;
	}
	return OK;
}

static void move(struct ctx *c, struct partner *p)
{
	err e = OK;
	if (p->done) {
		p->done = false;
		e = bring(c, p);
	} else if (!p->busy && p->wanted && p->due_ms <= now_of(p->collector)) {
		p->busy = true;
		e = ask(c, p);
	}
	if (e == OK)
		return;
	log_event(LOG_WARN, now_of(p->collector), "mailbox of=%s detail=\"%s\"", p->did,
		c->trouble.detail);
	end_round(p, false);
}

void collector_pump(struct collector *k)
{
	if (k == NULL)
		return;
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	uint64_t size = commit_size(acts_log(k->acts));
	int64_t now = now_of(k), next = INT64_MAX;
	if (a == NULL)
		return;
	if (!k->looked || size != k->seen) {
		k->looked = look(&c, k) == OK;
		k->seen = size;
	}
	for (struct partner *p = k->all; p != NULL; p = p->next) {
		move(&c, p);
		if (!p->busy && p->wanted && p->due_ms < next)
			next = p->due_ms;
	}
	if (next != INT64_MAX)
		loop_timer_set(k->loop, &k->timer, next > now ? next - now : 1);
}

void collector_free(struct collector *k)
{
	if (k == NULL)
		return;
	loop_timer_clear(k->loop, &k->timer);
	for (struct partner *p = k->all; p != NULL; p = p->next)
		arena_free(take(&p->round));
}
