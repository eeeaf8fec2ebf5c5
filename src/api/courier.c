#include "api/courier.h"

#include <string.h>

#include "api/auth.h"
#include "api/post.h"
#include "base/limits.h"
#include "base/log.h"
#include "party/organisation.h"

#define BUCKETS 1024u
#define PATIENCE_MS LIMIT_MESSAGE_MS

/* The bearer that a peer gave us for our token. */
struct bearer {
	char did[LIMIT_DID + 1];
	char token[128];
	int64_t until_ms;
};

/* One message on its way. */
struct flight {
	struct courier *courier;
	struct arena *arena;
	struct flight *next;
	struct outbox_row row; /* id 0: a call of one's own */
	struct message message;
	bool by_session, again; /* again: with a fresh token after a 401 */
	bool moot;              /* answered another way meanwhile */
	courier_reply_fn done;
	void *arg;
};

/* What the peer has done with a row that it collected; taken at the end of the turn. */
struct collected {
	struct collected *next;
	struct arena *arena;
	struct str peer, row;
	int status; /* 0: the row cannot be rendered any more */
	struct str body;
};

struct courier {
	struct arena *arena;
	struct loop *loop;
	struct client *client;
	struct acts *acts;
	struct post post;
	struct flight *flights;
	struct collected *collected;
	void (*held)(void *arg, struct str peer);
	void *held_arg;
	unsigned in_flight;
	struct bearer *bearers; /* BUCKETS, by DID */
	struct loop_timer timer;
	uint64_t turn; /* of the outbox when it was last asked */
	bool due;
};

static void timer_fired(void *arg)
{
	struct courier *k = arg;
	k->due = true;
}

err courier_new(struct ctx *c, struct loop *l, struct client *client, struct acts *n,
	const struct renderers *const *tables, size_t tables_n, struct courier **ret)
{
	struct courier *k;
	NEW(c, k);
	k->loop = l;
	k->client = client;
	k->acts = n;
	k->post = (struct post){n, tables, tables_n};
	k->timer = (struct loop_timer){.fire = timer_fired, .arg = k};
	k->due = true;
	NEW_N(c, k->bearers, BUCKETS);
	*ret = k;
	return OK;
}

static struct bearer *bearer_of(struct courier *k, struct str did)
{
	struct hash h = hash_of(did);
	return &k->bearers[((size_t)h.b[0] << 8 | h.b[1]) % BUCKETS];
}

static bool bearer_good(const struct courier *k, const struct bearer *b, struct str did)
{
	return str_is(did, b->did) && b->until_ms > env_now_ms(acts_env(k->acts));
}

static void bearer_keep(struct courier *k, struct str did, struct str token)
{
	struct bearer *b = bearer_of(k, did);
	if (did.n >= sizeof b->did || token.n >= sizeof b->token)
		return;
	memset(b, 0, sizeof *b);
	memcpy(b->did, did.p, did.n);
	memcpy(b->token, token.p, token.n);
	/* A little less than the peer keeps it, so that it does not end on the way. */
	b->until_ms = env_now_ms(acts_env(k->acts)) + LIMIT_SESSION_MS - 10000;
}

static void flight_end(struct flight *f)
{
	struct courier *k = f->courier;
	struct flight **at = &k->flights;
	while (*at != f)
		at = &(*at)->next;
	*at = f->next;
	if (f->row.id != 0)
		k->in_flight--;
	arena_free(f->arena);
}

static void answered(void *arg, const struct client_answer *a);

static err launch(struct ctx *c, struct flight *f)
{
	struct courier *k = f->courier;
	struct bearer *b = bearer_of(k, f->row.peer);
	struct str token, lines[3];
	f->by_session = bearer_good(k, b, f->row.peer);
	if (f->by_session)
		TRY(arena_str(c, str_z(b->token), &token));
	else
		TRY(auth_token(c, k->acts, f->row.peer, &token));
	TRY(arena_fmt(c, &lines[0], "Authorization: Bearer %.*s", FMT(token)));
	lines[1] = STR("Accept: application/json");
	lines[2] = STR("Content-Type: application/json");
	const struct client_request r = {.method = f->message.method,
		.url = f->message.url,
		.headers = lines,
		.headers_n = f->message.body.n > 0 ? 3 : 2,
		.body = f->message.body,
		.timeout_ms = f->message.patience_ms > 0 ? f->message.patience_ms : PATIENCE_MS,
		.answer_max = LIMIT_HTTP_BODY};
	return client_send(c, k->client, &r, answered, f);
}

/* An answer to a row: what it means, then what becomes of the row. A fault spoils the tick, which is given up; the row is
 * still there then, and is sent again. */
static void row_answered(struct ctx *c, struct flight *f, const struct client_answer *a)
{
	const struct post *p = &f->courier->post;
	err e = a->code;
	if (e == OK)
		e = post_answered(c, p, &f->row,
			&(struct reply){.status = a->status, .body = a->body, .next = a->next});
	else
		e = post_settle(c, p, &f->row,
			fail(c, e == ERR_FORBIDDEN_ADDRESS ? ERR_PEER_REFUSED : e, "%.*s",
				FMT(a->detail)));
	if (e != OK)
		log_event(LOG_ERROR, env_now_ms(acts_env(f->courier->acts)),
			"fault kind=%.*s detail=\"%s\"", FMT(f->row.kind), c->trouble.detail);
	f->courier->due = true;
}

static void call_answered(struct ctx *c, struct flight *f, const struct client_answer *a)
{
	const struct json *j = NULL;
	struct reply r = {.status = a->status, .body = a->body};
	if (a->body.n > 0 && json_parse(c, a->body, &j) == OK && j->type == JSON_OBJECT)
		r.json = j;
	f->done(f->arg, a->code, &r);
}

static void answered(void *arg, const struct client_answer *a)
{
	struct flight *f = arg;
	struct courier *k = f->courier;
	struct ctx c = {.arena = f->arena};
	if (a->code == OK && a->session.n > 0)
		bearer_keep(k, f->row.peer, a->session);
	if (a->code == OK && a->status == 401 && f->by_session && !f->again) {
		memset(bearer_of(k, f->row.peer), 0, sizeof(struct bearer));
		f->again = true;
		if (launch(&c, f) == OK)
			return;
	}
	if (f->moot)
		k->due = true;
	else if (f->row.id != 0)
		row_answered(&c, f, a);
	else
		call_answered(&c, f, a);
	flight_end(f);
}

static err flight_new(struct ctx *c, struct courier *k, struct flight **ret)
{
	struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	ENSURE(a != NULL, c, ERR_MEMORY, "no memory for a message");
	struct flight *f = arena_alloc(a, sizeof *f);
	if (f == NULL) {
		arena_free(a);
		return fail(c, ERR_MEMORY, "no memory for a message");
	}
	f->courier = k;
	f->arena = a;
	f->next = k->flights;
	k->flights = f;
	*ret = f;
	return OK;
}

static err copy_row(struct ctx *c, const struct outbox_row *row, struct outbox_row *ret)
{
	*ret = *row;
	TRY(arena_str(c, row->peer, &ret->peer));
	TRY(arena_str(c, row->kind, &ret->kind));
	return arena_str(c, row->subject, &ret->subject);
}

/* A peer that cannot be called: its row waits until it is collected, or is too old. */
static err hold(struct ctx *c, struct courier *k, const struct outbox_row *row)
{
	struct message m;
	int64_t now = env_now_ms(acts_env(k->acts));
	if (now - row->created_ms > LIMIT_UNDELIVERED_MS)
		return outbox_retry(c, k->acts, row, now);
	err e = post_render(c, &k->post, row, &m);
	if (e != OK && !err_is_fault(e))
		return post_settle(c, &k->post, row, ERR_PEER_REFUSED);
	TRY(e);
	TRY(outbox_hold(c, k->acts, row));
	if (k->held != NULL)
		k->held(k->held_arg, row->peer);
	return OK;
}

static err is_outbound(struct ctx *c, const struct courier *k, struct str peer, bool *ret)
{
	struct organisation o;
	err e = organisation_find(c, acts_db(k->acts), peer, &o);
	*ret = e == OK && o.outbound;
	return e == ERR_NOT_FOUND ? OK : e;
}

/* Renders and sends; ret_held: there is nobody to be called. */
static err send(struct ctx *c, struct flight *f, bool *ret_held)
{
	TRY(is_outbound(c, f->courier, f->row.peer, ret_held));
	if (*ret_held)
		return hold(c, f->courier, &f->row);
	TRY(post_render(c, &f->courier->post, &f->row, &f->message));
	return launch(c, f);
}

/* What cannot be rendered is dropped by a refusal, and tried again after a fault or where the peer cannot be told now. */
static void send_row(struct courier *k, const struct outbox_row *row)
{
	struct flight *f;
	struct ctx out = {.arena = k->arena};
	bool held = false;
	if (flight_new(&out, k, &f) != OK)
		return;
	k->in_flight++;
	struct ctx c = {.arena = f->arena};
	err e = copy_row(&c, row, &f->row);
	if (e == OK)
		e = send(&c, f, &held);
	if (e == OK && !held)
		return;
	if (e != OK) {
		log_event(LOG_WARN, env_now_ms(acts_env(k->acts)), "unsent kind=%.*s detail=\"%s\"",
			FMT(row->kind), c.trouble.detail);
		bool drop = !err_is_fault(e) && e != ERR_BUSY && e != ERR_PEER_UNREACHABLE;
		if (post_settle(&c, &k->post, row, drop ? ERR_PEER_REFUSED : e) != OK)
			log_event(LOG_ERROR, env_now_ms(acts_env(k->acts)), "fault detail=\"%s\"",
				c.trouble.detail);
	}
	flight_end(f);
}

static bool flying(const struct courier *k, int64_t id)
{
	for (const struct flight *f = k->flights; f != NULL; f = f->next) {
		if (f->row.id == id)
			return true;
	}
	return false;
}

static void pump(struct courier *k, struct ctx *c)
{
	struct outbox_row rows[LIMIT_COURIER_FLIGHT];
	size_t n = 0;
	int64_t now = env_now_ms(acts_env(k->acts)), next = INT64_MAX;
	k->due = false;
	k->turn = outbox_turn(k->acts);
	if (store_view(c, acts_db(k->acts)) != OK ||
		outbox_due(c, k->acts, now, rows, countof(rows), &n, &next) != OK) {
		log_event(LOG_ERROR, now, "fault detail=\"%s\"", c->trouble.detail);
		next = now + 1000;
	}
	for (size_t i = 0; i < n && k->in_flight < LIMIT_COURIER_FLIGHT; i++) {
		if (!flying(k, rows[i].id))
			send_row(k, &rows[i]);
	}
	if (acts_tick_open(k->acts)) /* what was dropped here is committed in the next turn */
		next = now;
	if (next != INT64_MAX)
		loop_timer_set(k->loop, &k->timer, next > now ? next - now : 1);
}

static err take_collected(struct ctx *c, struct courier *k, const struct collected *d)
{
	struct outbox_row row;
	struct message m;
	err e = post_find(c, &k->post, d->peer, d->row, &row);
	if (e == ERR_NOT_FOUND || e == ERR_BAD_VALUE) /* answered before, or never asked */
		return OK;
	TRY(e);
	if (d->status == 0) {
		e = post_render(c, &k->post, &row, &m);
		return e == OK || err_is_fault(e)
			       ? e
			       : post_settle(c, &k->post, &row, ERR_PEER_REFUSED);
	}
	for (struct flight *f = k->flights; f != NULL; f = f->next) {
		if (f->row.id == row.id)
			f->moot = true;
	}
	return post_answered(
		c, &k->post, &row, &(struct reply){.status = d->status, .body = d->body});
}

void courier_take(struct courier *k)
{
	while (k->collected != NULL) {
		struct collected *d = k->collected;
		struct ctx c = {.arena = d->arena};
		k->collected = d->next;
		if (take_collected(&c, k, d) != OK)
			log_event(LOG_ERROR, env_now_ms(acts_env(k->acts)), "fault detail=\"%s\"",
				c.trouble.detail);
		k->due = true;
		arena_free(d->arena);
	}
}

err courier_collected(struct ctx *c, struct courier *k, struct str peer, struct str row, int status,
	struct str body)
{
	struct collected *d = NULL, **end = &k->collected;
	struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx own = {.arena = a};
	if (a != NULL)
		d = arena_alloc(a, sizeof *d);
	if (d == NULL || arena_str(&own, peer, &d->peer) != OK ||
		arena_str(&own, row, &d->row) != OK || arena_str(&own, body, &d->body) != OK) {
		arena_free(a);
		return fail(c, ERR_MEMORY, "no memory for an answer");
	}
	d->arena = a;
	d->status = status;
	while (*end != NULL)
		end = &(*end)->next;
	*end = d;
	return OK;
}

void courier_on_held(struct courier *k, void (*held)(void *arg, struct str peer), void *arg)
{
	k->held = held;
	k->held_arg = arg;
}

void courier_pump(struct courier *k)
{
	if (!k->due && k->turn == outbox_turn(k->acts))
		return;
	k->arena = arena_new(LIMIT_REQUEST_ARENA);
	if (k->arena == NULL)
		return;
	struct ctx c = {.arena = k->arena};
	pump(k, &c);
	arena_free(take(&k->arena));
}

err courier_call(struct ctx *c, struct courier *k, struct str peer, const struct message *m,
	courier_reply_fn done, void *arg)
{
	struct flight *f;
	TRY(flight_new(c, k, &f));
	struct ctx inner = {.arena = f->arena};
	const struct outbox_row row = {.peer = peer};
	f->done = done;
	f->arg = arg;
	err e = copy_row(&inner, &row, &f->row);
	f->message = *m;
	if (e == OK)
		e = arena_str(&inner, m->url, &f->message.url);
	if (e == OK)
		e = arena_str(&inner, m->body, &f->message.body);
	if (e == OK)
		e = launch(&inner, f);
	if (e == OK)
		return OK;
	flight_end(f);
	return fail(c, e, "%s", "the message could not be sent");
}

void courier_free(struct courier *k)
{
	if (k == NULL)
		return;
	loop_timer_clear(k->loop, &k->timer);
	while (k->flights != NULL)
		flight_end(k->flights);
	while (k->collected != NULL) {
		struct collected *d = k->collected;
		k->collected = d->next;
		arena_free(d->arena);
	}
}
