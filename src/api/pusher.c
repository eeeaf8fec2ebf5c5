#include "api/pusher.h"

#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "codec/json.h"
#include "delivery/delivery_store.h"
#include "delivery/intake.h"
#include "delivery/meter.h"
#include "party/organisation.h"
#include "store/blobs.h"

#define OWED LIMIT_OPEN_DELIVERIES_PARTY
#define PUSHES 16u /* on their way at a time */
#define WAIT_FIRST_MS 100
#define WAIT_MAX_MS 30000
#define PATIENCE_MS 60000
#define ANSWER_MAX 4096u

/* A delivery whose bytes are owed; its arena holds it. */
struct push {
	struct pusher *pusher;
	struct arena *arena;
	struct push *next;
	struct str id, url, token;
	struct hash root;
	uint64_t size;
	bool owed, on_way, asked, noted; /* asked: at is what the buyer said */
	struct intake_at at;
	uint64_t part; /* bytes of the object in the request that is noted or on its way */
	unsigned tries;
	int64_t due_ms;
};

struct pusher {
	struct loop *loop;
	struct client *client;
	struct acts *acts;
	const char *blobs;
	struct push *all;
	unsigned on_way;
	struct loop_timer timer;
	uint64_t seen;
	bool looked;
};

static void timer_fired(void *arg)
{
	(void)arg; /* the pump runs at the end of the turn */
}

err pusher_new(
	struct ctx *c, struct loop *l, struct client *client, struct acts *n, struct pusher **ret)
{
	struct pusher *p;
	struct str blobs;
	*ret = NULL;
	if (!acts_self(n)->outbound)
		return OK;
	NEW(c, p);
	TRY(arena_fmt(c, &blobs, "%s/blobs", acts_self(n)->directory));
	p->loop = l;
	p->client = client;
	p->acts = n;
	p->blobs = blobs.p;
	p->timer = (struct loop_timer){.fire = timer_fired, .arg = p};
	*ret = p;
	return OK;
}

static int64_t now_of(const struct pusher *p)
{
	return env_now_ms(acts_env(p->acts));
}

static void forget(struct push *g)
{
	struct push **at = &g->pusher->all;
	while (*at != g)
		at = &(*at)->next;
	*at = g->next;
	arena_free(g->arena);
}

static void again(struct push *g)
{
	int64_t wait = g->tries < 10 ? (int64_t)WAIT_FIRST_MS << g->tries : WAIT_MAX_MS;
	g->tries++;
	g->asked = false;
	g->due_ms = now_of(g->pusher) + (wait < WAIT_MAX_MS ? wait : WAIT_MAX_MS);
}

/* What was noted and did not leave. */
static void take_back(struct push *g)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct pusher *p = g->pusher;
	struct delivery_row d;
	bool taken = a != NULL && acts_tick(&c, p->acts) == OK &&
		     delivery_find(&c, acts_db(p->acts), g->id, &d) == OK &&
		     meter_left(&c, p->acts, &d, -(int64_t)g->part, false) == OK;
	if (!taken)
		log_event(LOG_ERROR, now_of(p), "fault pushing detail=\"%s\"", c.trouble.detail);
}

static bool read_at(
	struct ctx *c, const struct push *g, const struct client_answer *a, struct intake_at *ret)
{
	const struct json *j = NULL;
	int64_t leaves = 0, bytes = 0;
	if (a->code != OK || a->status != 200 || json_parse(c, a->body, &j) != OK ||
		!json_int(json_get(j, "leaves"), &leaves) ||
		!json_int(json_get(j, "bytes"), &bytes))
		return false;
	*ret = (struct intake_at){(uint64_t)leaves, (uint64_t)bytes};
	return leaves >= 0 && ret->leaves <= blob_chunks(g->size) && bytes >= 0 &&
	       ret->bytes <= g->size && (ret->bytes % LIMIT_CHUNK == 0 || ret->bytes == g->size);
}

static void answered(void *arg, const struct client_answer *a)
{
	struct push *g = arg;
	cleanup(arena_freep) struct arena *arena = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = arena};
	bool good = arena != NULL && read_at(&c, g, a, &g->at);
	g->on_way = false;
	g->pusher->on_way--;
	if (!good && g->noted)
		take_back(g);
	g->noted = false;
	g->part = 0;
	/* When all is there the receipt comes; until then it is asked about now and then. */
	bool whole = good && g->at.bytes == g->size && (g->size > 0 || g->asked);
	if (!good || whole) {
		again(g);
		return;
	}
	g->asked = true;
	g->tries = 0;
	g->due_ms = 0;
}

static err send(struct ctx *c, struct push *g, const char *method, struct str tail, struct str body)
{
	struct str url, lines[2];
	TRY(arena_fmt(c, &url, "%.*s/%.*s", FMT(g->url), FMT(tail)));
	TRY(arena_fmt(c, &lines[0], "Authorization: Bearer %.*s", FMT(g->token)));
	lines[1] = STR("Content-Type: application/octet-stream");
	const struct client_request r = {.method = method,
		.url = url,
		.headers = lines,
		.headers_n = countof(lines),
		.body = body,
		.timeout_ms = PATIENCE_MS,
		.answer_max = ANSWER_MAX};
	TRY(client_send(c, g->pusher->client, &r, answered, g));
	g->on_way = true;
	g->pusher->on_way++;
	return OK;
}

static err send_tile(struct ctx *c, struct push *g)
{
	struct tile t;
	char path[TILES_PATH + 1];
	struct hash *leaves;
	uint64_t index = g->at.leaves / TILES_WIDTH;
	ENSURE(tile_at(0, index, blob_chunks(g->size), &t), c, ERR_CORRUPT,
		"an object of that size has no such tile");
	NEW_N(c, leaves, t.width);
	TRY(blob_tile(c, g->pusher->blobs, &g->root, &t, leaves));
	tile_path(&t, path);
	return send(c, g, "PUT", str_z(path),
		(struct str){(const char *)leaves, (size_t)t.width * HASH_BYTES});
}

static err send_chunks(struct ctx *c, struct push *g)
{
	cleanup(fd_closep) int fd = -1;
	uint64_t size = 0;
	size_t got = 0;
	char *bytes;
	struct str tail;
	TRY(blob_open(c, g->pusher->blobs, &g->root, &fd, &size));
	NEW_N(c, bytes, g->part + 1);
	TRY(blob_get_at(c, fd, bytes, (size_t)g->part, g->at.bytes, &got));
	ENSURE(got == g->part && size == g->size, c, ERR_CORRUPT, "the object has another size");
	TRY(arena_fmt(c, &tail, "chunk/%llu", (unsigned long long)(g->at.bytes / LIMIT_CHUNK)));
	return send(c, g, "PUT", tail, (struct str){bytes, got});
}

/* The terms are asked, and what is about to leave is noted; it leaves when that is durable. */
static err note_part(struct ctx *c, struct push *g)
{
	struct pusher *p = g->pusher;
	struct delivery_row d;
	uint64_t left = g->size - g->at.bytes;
	TRY(meter_slice(c, acts_db(p->acts), g->id, now_of(p), &d, NULL));
	g->part = left < INTAKE_BYTES_MAX ? left : INTAKE_BYTES_MAX;
	TRY(acts_tick(c, p->acts));
	TRY(meter_left(c, p->acts, &d, (int64_t)g->part, g->at.bytes + g->part == g->size));
	g->noted = true;
	return OK;
}

static err move(struct ctx *c, struct push *g)
{
	if (!g->asked)
		return send(c, g, "GET", STR("missing"), STR(""));
	if (g->at.leaves < blob_chunks(g->size))
		return send_tile(c, g);
	return g->noted ? send_chunks(c, g) : note_part(c, g);
}

static err fill(struct ctx *c, struct push *g, const struct delivery_row *d)
{
	struct store *db = acts_db(g->pusher->acts);
	struct ctx own = {.arena = g->arena};
	struct agreement_row a;
	struct delivery_token t;
	struct organisation o;
	TRY(agreement_find(c, db, d->agreement, &a));
	TRY(delivery_store_token(c, db, d->id, &t));
	TRY(organisation_approved(c, db, d->peer, &o));
	g->root = a.root;
	g->size = (uint64_t)a.size;
	TRY(arena_str(&own, d->id, &g->id));
	TRY(arena_str(&own, t.token, &g->token));
	return arena_fmt(&own, &g->url, "%.*s/data/%.*s", FMT(o.url), FMT(d->id));
}

/* Deliveries to parties that cannot be called either go in parcels. */
static err add(struct ctx *c, struct pusher *p, struct str id)
{
	struct delivery_row d;
	struct organisation o;
	TRY(delivery_find(c, acts_db(p->acts), id, &d));
	TRY(organisation_find(c, acts_db(p->acts), d.peer, &o));
	if (o.outbound)
		return OK;
	struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct push *g = a != NULL ? arena_alloc(a, sizeof *g) : NULL;
	if (g == NULL) {
		arena_free(a);
		return fail(c, ERR_MEMORY, "no memory for a delivery");
	}
	g->pusher = p;
	g->arena = a;
	g->owed = true;
	g->next = p->all;
	p->all = g;
	err e = fill(c, g, &d);
	if (e != OK)
		forget(g);
	return e;
}

static err look(struct ctx *c, struct pusher *p)
{
	struct str *ids;
	size_t n = 0;
	NEW_N(c, ids, OWED);
	TRY(delivery_store_owed(c, acts_db(p->acts), OWED, ids, &n));
	for (struct push *g = p->all; g != NULL; g = g->next)
		g->owed = false;
	for (size_t i = 0; i < n; i++) {
		struct push *g = p->all;
		while (g != NULL && !str_eq(g->id, ids[i]))
			g = g->next;
		if (g != NULL)
			g->owed = true;
		else
			TRY(add(c, p, ids[i]));
	}
	return OK;
}

static void step(struct pusher *p, struct push *g)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	err e = a != NULL ? move(&c, g) : ERR_MEMORY;
	if (e == OK)
		return;
	log_event(LOG_WARN, now_of(p), "unsent delivery=%.*s detail=\"%s\"", FMT(g->id),
		c.trouble.detail);
	if (g->noted)
		take_back(g);
	g->noted = false;
	again(g);
}

static void move_all(struct pusher *p)
{
	int64_t now = now_of(p), next = INT64_MAX;
	for (struct push *g = p->all, *after; g != NULL; g = after) {
		after = g->next;
		if (g->on_way)
			continue;
		if (!g->owed) {
			forget(g);
			continue;
		}
		if (g->due_ms <= now && p->on_way < PUSHES)
			step(p, g);
		if (!g->on_way && g->due_ms < next)
			next = g->due_ms;
	}
	if (next != INT64_MAX && p->on_way < PUSHES)
		loop_timer_set(p->loop, &p->timer, next > now ? next - now : 1);
}

void pusher_pump(struct pusher *p)
{
	if (p == NULL)
		return;
	uint64_t size = commit_size(acts_log(p->acts));
	if (!p->looked || size != p->seen) {
		cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
		struct ctx c = {.arena = a};
		p->looked = a != NULL && look(&c, p) == OK;
		p->seen = size;
	}
	move_all(p);
}

void pusher_free(struct pusher *p)
{
	if (p == NULL)
		return;
	loop_timer_clear(p->loop, &p->timer);
	while (p->all != NULL)
		forget(p->all);
}
