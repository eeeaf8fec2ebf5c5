#include "delivery/receive.h"

#include <string.h>

#include "act/content.h"
#include "base/limits.h"
#include "base/log.h"
#include "codec/json.h"
#include "delivery/delivery_follow.h"
#include "delivery/delivery_store.h"
#include "delivery/receive_child.h"
#include "party/organisation.h"
#include "store/blob_write.h"

#define WANTED LIMIT_OPEN_DELIVERIES_PARTY
#define WAIT_FIRST_MS 100
#define WAIT_MAX_MS 30000
#define PATIENCE_MS 60000
#define ASKED_AGAIN_MS 5000 /* for the provider to say once more where the data lies */
#define NOTE_MS 500         /* between two notes of how far a child is */
#define BAD_MAX 2u          /* a chunk that is bad twice is refused */
#define PROGRAM "/proc/self/exe"

/* A delivery that is wanted: waiting, or on its way. Its arena holds it. */
struct receiving {
	struct receiver *receiver;
	struct arena *arena;
	struct receiving *next;
	struct str id;
	bool on_way, wanted, asked_again;
	bool outbound; /* its provider brings the bytes */
	enum { NOTHING, ARRIVED, SPOILT } brought;
	struct str bytes; /* ARRIVED, of one chunk */
	int64_t spoilt;
	unsigned tries, bad;
	int64_t due_ms, noted_ms;
	struct blob expected;
	struct child child;
	struct keeping { /* of an object of one chunk: lent to the disk thread */
		struct disk_job job;
		struct str bytes;
		err result;
		struct trouble trouble;
	} keeping;
};

struct receiver {
	struct loop *loop;
	struct client *client;
	struct acts *acts;
	struct disk *disk;
	const char *blobs;
	struct receiving *all;
	unsigned small, children; /* on their way */
	struct loop_timer timer;
	bool due;
	uint64_t seen; /* entries of the log at the last look */
};

static void timer_fired(void *arg)
{
	struct receiver *r = arg;
	r->due = true;
}

err receive_new(struct ctx *c, struct loop *l, struct client *client, struct acts *n,
	struct disk *disk, struct receiver **ret)
{
	struct receiver *r;
	struct str blobs;
	NEW(c, r);
	TRY(arena_fmt(c, &blobs, "%s/blobs", acts_self(n)->directory));
	r->loop = l;
	r->client = client;
	r->acts = n;
	r->disk = disk;
	r->blobs = blobs.p;
	r->timer = (struct loop_timer){.fire = timer_fired, .arg = r};
	r->due = true;
	*ret = r;
	return OK;
}

static int64_t now_of(const struct receiver *r)
{
	return env_now_ms(acts_env(r->acts));
}

static void log_fault(const struct receiver *r, const struct ctx *c)
{
	log_event(LOG_ERROR, now_of(r), "fault receiving detail=\"%s\"", c->trouble.detail);
}

static void forget(struct receiving *g)
{
	struct receiver *r = g->receiver;
	struct receiving **at = &r->all;
	while (*at != g)
		at = &(*at)->next;
	*at = g->next;
	arena_free(g->arena);
}

/* Its way is over, for this time or for good. */
static void off_way(struct receiving *g, bool by_child)
{
	g->on_way = false;
	if (by_child)
		g->receiver->children--;
	else
		g->receiver->small--;
	g->receiver->due = true;
}

static err note(struct ctx *c, struct receiving *g, int64_t bytes, struct str trouble)
{
	struct acts *n = g->receiver->acts;
	struct delivery_progress p;
	TRY(acts_tick(c, n));
	TRY(delivery_store_progress(c, acts_db(n), g->id, &p));
	p.bytes = bytes >= 0 ? bytes : p.bytes;
	p.last_ms = acts_now_ms(n);
	p.trouble = trouble;
	return delivery_store_put_progress(c, acts_db(n), g->id, &p);
}

/* What a fetch came to. */
enum outcome { WHOLE, BAD_CHUNK, REFUSED };

static err settle(
	struct ctx *c, struct receiving *g, enum outcome what, int64_t chunk, struct str why)
{
	struct acts *n = g->receiver->acts;
	const struct str none = {"", 0};
	switch (what) {
	case WHOLE:
		TRY(note(c, g, (int64_t)g->expected.size, none));
		return delivery_give_receipt(c, n, g->id, -1);
	case BAD_CHUNK:
		TRY(note(c, g, -1, STR("what came is not what was signed")));
		return delivery_give_receipt(c, n, g->id, chunk);
	case REFUSED:
		TRY(note(c, g, -1, why));
		return delivery_change(c, n, "delivery.terminate", STR("node"), g->id, why);
	}
	__builtin_unreachable();
}

/* The outcome as acts, all or none of it. A refusal means that the delivery has ended meanwhile. */
static void settled(
	struct ctx *c, struct receiving *g, enum outcome what, int64_t chunk, struct str why)
{
	struct receiver *r = g->receiver;
	err e = acts_mark(c, r->acts);
	if (e == OK) {
		e = settle(c, g, what, chunk, why);
		if (e == OK || (acts_since_mark(r->acts) > 0 && !err_is_fault(e)))
			e = acts_keep(c, r->acts);
		else
			acts_undo(r->acts);
	}
	if (e != OK)
		log_fault(r, c);
	r->due = true;
	forget(g);
}

static int64_t wait_ms(const struct receiving *g)
{
	int64_t wait = g->tries < 10 ? (int64_t)WAIT_FIRST_MS << g->tries : WAIT_MAX_MS;
	return wait < WAIT_MAX_MS ? wait : WAIT_MAX_MS;
}

static void again(struct ctx *c, struct receiving *g, struct str why)
{
	g->due_ms = now_of(g->receiver) + wait_ms(g);
	g->tries++;
	if (note(c, g, -1, str_sub(why, 0, LIMIT_REASON)) != OK)
		log_fault(g->receiver, c);
}

/* A chunk may have been spoilt on the way; one that is bad again was sent so. */
static void bad_chunk(struct ctx *c, struct receiving *g, int64_t chunk)
{
	if (++g->bad < BAD_MAX)
		again(c, g, STR("a chunk was not what was signed"));
	else
		settled(c, g, BAD_CHUNK, chunk, (struct str){"", 0});
}

/* 401 may mean that the provider gave another token, which is asked for once; 400 that it is suspended. */
static bool is_final(const struct receiving *g, int64_t status)
{
	if (status == 401)
		return g->asked_again;
	return status == 403 || status == 404 || status == 410 || status == 416;
}

static err ask_again(struct ctx *c, struct receiving *g)
{
	struct delivery_row d;
	g->asked_again = true;
	g->due_ms = now_of(g->receiver) + ASKED_AGAIN_MS;
	TRY(acts_tick(c, g->receiver->acts));
	TRY(delivery_find(c, acts_db(g->receiver->acts), g->id, &d));
	return delivery_repeat_ask(c, g->receiver->acts, &d);
}

static void refused(struct ctx *c, struct receiving *g, int64_t status, struct str detail)
{
	struct str why = {"", 0};
	if (arena_fmt(c, &why, "the provider refuses the data (%lld): %.*s", (long long)status,
		    FMT(str_sub(detail, 0, 500))) != OK)
		why = STR("the provider refuses the data");
	if (is_final(g, status)) {
		settled(c, g, REFUSED, 0, why);
		return;
	}
	again(c, g, why);
	if (status == 401 && ask_again(c, g) != OK)
		log_fault(g->receiver, c);
}

static struct str detail_of(struct ctx *c, struct str body)
{
	const struct json *j = NULL;
	if (json_parse(c, body, &j) != OK)
		return (struct str){"", 0};
	return json_text(json_get(j, "detail"));
}

/* In the disk thread: three syncs, for which the loop would wait. */
static int keep_aside(void *arg)
{
	struct receiving *g = arg;
	cleanup(arena_freep) struct arena *arena = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = arena};
	g->keeping.result = arena != NULL
				    ? blob_keep_small(&c, acts_env(g->receiver->acts),
					      g->receiver->blobs, &g->expected, g->keeping.bytes)
				    : ERR_MEMORY;
	g->keeping.trouble = c.trouble;
	return 0;
}

static void small_kept(void *arg)
{
	struct receiving *g = arg;
	cleanup(arena_freep) struct arena *arena = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = arena};
	off_way(g, false);
	if (arena == NULL)
		g->due_ms = now_of(g->receiver) + WAIT_MAX_MS;
	else if (g->keeping.result == OK)
		settled(&c, g, WHOLE, 0, (struct str){"", 0});
	else if (g->keeping.result == ERR_BAD_DIGEST)
		bad_chunk(&c, g, 0);
	else
		again(&c, g, str_z(g->keeping.trouble.detail));
}

/* The bytes are lent with the delivery, which stays on its way until they are kept. */
static err keep(struct receiving *g, struct str bytes)
{
	struct ctx own = {.arena = g->arena};
	struct receiver *r = g->receiver;
	TRY(arena_str(&own, bytes, &g->keeping.bytes));
	g->keeping.job = (struct disk_job){
		.kind = DISK_CALL, .fn = keep_aside, .done = small_kept, .arg = g};
	if (r->disk != NULL)
		return disk_submit(&own, r->disk, &g->keeping.job);
	(void)keep_aside(g);
	small_kept(g);
	return OK;
}

/* What came instead of the bytes. */
static void small_failed(struct ctx *c, struct receiving *g, const struct client_answer *a)
{
	if (a->code == ERR_FORBIDDEN_ADDRESS)
		settled(c, g, REFUSED, 0,
			STR("the data lies at an address that may not be called"));
	else if (a->code == ERR_TOO_LARGE)
		bad_chunk(c, g, 0);
	else if (a->code != OK)
		again(c, g, a->detail);
	else
		refused(c, g, a->status, detail_of(c, a->body));
}

static void small_answered(void *arg, const struct client_answer *a)
{
	struct receiving *g = arg;
	struct receiver *r = g->receiver;
	if (a->code == OK && a->status == 200 && keep(g, a->body) == OK)
		return;
	cleanup(arena_freep) struct arena *arena = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = arena};
	off_way(g, false);
	if (arena == NULL)
		g->due_ms = now_of(r) + WAIT_MAX_MS;
	else if (a->code == OK && a->status == 200)
		again(&c, g, STR("the disk is busy"));
	else
		small_failed(&c, g, a);
}

static err start_small(struct ctx *c, struct receiving *g, const struct delivery_token *t)
{
	struct str lines[1];
	TRY(arena_fmt(c, &lines[0], "Authorization: Bearer %.*s", FMT(t->token)));
	const struct client_request request = {.method = "GET",
		.url = t->endpoint,
		.headers = lines,
		.headers_n = countof(lines),
		.timeout_ms = PATIENCE_MS,
		.answer_max = LIMIT_CHUNK};
	return client_send(c, g->receiver->client, &request, small_answered, g);
}

static void child_ended(struct ctx *c, struct receiving *g, const struct child_word *w)
{
	switch (w->what) {
	case CHILD_AT:
	case CHILD_KEPT:
		break;
	case CHILD_DONE:
		settled(c, g, WHOLE, 0, (struct str){"", 0});
		break;
	case CHILD_BAD:
		settled(c, g, BAD_CHUNK, w->number, (struct str){"", 0});
		break;
	case CHILD_NO:
		refused(c, g, w->number, w->text);
		break;
	case CHILD_LATER:
		again(c, g, w->text);
		break;
	}
}

static void child_said(void *arg, const struct child_word *w)
{
	struct receiving *g = arg;
	cleanup(arena_freep) struct arena *arena = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = arena};
	int64_t now = now_of(g->receiver);
	if (w->what != CHILD_AT)
		off_way(g, true);
	if (arena == NULL) {
		g->due_ms = now + WAIT_MAX_MS;
		return;
	}
	if (w->what != CHILD_AT) {
		child_ended(&c, g, w);
		return;
	}
	g->tries = 0;
	if (now - g->noted_ms < NOTE_MS)
		return;
	g->noted_ms = now;
	if (note(&c, g, w->number, (struct str){"", 0}) != OK)
		log_fault(g->receiver, &c);
}

static err start_child(struct ctx *c, struct receiving *g, const struct delivery_token *t)
{
	struct receiver *r = g->receiver;
	const char *authorities = acts_self(r->acts)->authorities;
	const struct child_task task = {.url = t->endpoint,
		.token = t->token,
		.blobs = str_z(r->blobs),
		.authorities = str_z(authorities != NULL ? authorities : ""),
		.root = g->expected.root,
		.sha256 = g->expected.sha256,
		.size = (int64_t)g->expected.size,
		.loopback = acts_self(r->acts)->allow_loopback};
	g->child = (struct child){.says = child_said, .arg = g};
	return child_start(c, r->loop, PROGRAM, &task, &g->child);
}

static bool is_small(const struct receiving *g)
{
	return g->expected.size <= LIMIT_CHUNK;
}

/* What opens the data may be gone (a node restored from an old copy): the start is asked for once more. */
static err start(struct ctx *c, struct receiving *g)
{
	struct delivery_token t;
	err e = delivery_store_token(c, acts_db(g->receiver->acts), g->id, &t);
	if (e == ERR_NOT_FOUND) {
		again(c, g, STR("the start is asked for again"));
		return g->asked_again ? OK : ask_again(c, g);
	}
	TRY(e);
	TRY(is_small(g) ? start_small(c, g, &t) : start_child(c, g, &t));
	g->on_way = true;
	if (is_small(g))
		g->receiver->small++;
	else
		g->receiver->children++;
	return OK;
}

/* What the provider has brought, or somebody put here. A child finds all of it in tmp/, so it asks nobody. g may be gone afterwards. */
static void take_brought(struct ctx *c, struct receiving *g)
{
	struct delivery_token t = {.token = STR("-"), .endpoint = STR("https://nobody.invalid/")};
	bool arrived = g->brought == ARRIVED;
	g->due_ms = INT64_MAX;
	if (g->brought == SPOILT) {
		settled(c, g, BAD_CHUNK, g->spoilt, (struct str){"", 0});
		return;
	}
	if (blob_is_there(c, g->receiver->blobs, &g->expected)) {
		settled(c, g, WHOLE, 0, (struct str){"", 0});
		return;
	}
	g->brought = NOTHING;
	if (!arrived)
		return;
	g->on_way = true;
	*(is_small(g) ? &g->receiver->small : &g->receiver->children) += 1;
	err e = is_small(g) ? keep(g, g->bytes) : start_child(c, g, &t);
	if (e == OK)
		return;
	off_way(g, !is_small(g));
	again(c, g, str_z(c->trouble.detail));
}

static bool has_room(const struct receiving *g)
{
	return is_small(g) ? g->receiver->small < RECEIVE_SMALL
			   : g->receiver->children < RECEIVE_CHILDREN;
}

static err add(struct ctx *c, struct receiver *r, struct str id, struct receiving **ret)
{
	struct delivery_row d;
	struct agreement_row a;
	struct organisation o;
	struct receiving *g;
	TRY(delivery_find(c, acts_db(r->acts), id, &d));
	TRY(agreement_find(c, acts_db(r->acts), d.agreement, &a));
	TRY(organisation_find(c, acts_db(r->acts), d.peer, &o));
	struct arena *arena = arena_new(LIMIT_REQUEST_ARENA);
	ENSURE(arena != NULL, c, ERR_MEMORY, "no memory for a delivery");
	struct ctx own = {.arena = arena};
	g = arena_alloc(arena, sizeof *g);
	if (g == NULL || arena_str(&own, id, &g->id) != OK) {
		arena_free(arena);
		return fail(c, ERR_MEMORY, "no memory for a delivery");
	}
	g->receiver = r;
	g->arena = arena;
	g->outbound = o.outbound;
	g->expected = (struct blob){a.root, a.sha256, (uint64_t)a.size};
	g->next = r->all;
	r->all = g;
	*ret = g;
	return OK;
}

static struct receiving *known(struct receiver *r, struct str id)
{
	struct receiving *g = r->all;
	while (g != NULL && !str_eq(g->id, id))
		g = g->next;
	return g;
}

/* Marks what is wanted; what no longer is, is given up. A small one that is on its way is let come. */
static err look(struct ctx *c, struct receiver *r)
{
	struct str *ids;
	size_t n = 0;
	NEW_N(c, ids, WANTED);
	for (struct receiving *g = r->all; g != NULL; g = g->next)
		g->wanted = false;
	TRY(delivery_store_wanted(c, acts_db(r->acts), WANTED, ids, &n));
	for (size_t i = 0; i < n; i++) {
		struct receiving *g = known(r, ids[i]);
		if (g == NULL)
			TRY(add(c, r, ids[i], &g));
		g->wanted = true;
	}
	for (struct receiving *g = r->all, *next; g != NULL; g = next) {
		next = g->next;
		if (g->wanted || (g->on_way && is_small(g)))
			continue;
		if (g->on_way) {
			child_stop(&g->child);
			off_way(g, true);
		}
		forget(g);
	}
	return OK;
}

static void begin(struct ctx *c, struct receiver *r)
{
	int64_t now = now_of(r), next = INT64_MAX;
	for (struct receiving *g = r->all, *after; g != NULL; g = after) {
		after = g->next;
		if (g->on_way || !has_room(g))
			continue;
		if (g->outbound) {
			if (g->due_ms <= now)
				take_brought(c, g);
			continue;
		}
		if (g->due_ms <= now && start(c, g) != OK)
			again(c, g, str_z(c->trouble.detail));
		if (!g->on_way && g->due_ms < next)
			next = g->due_ms;
	}
	if (acts_tick_open(r->acts) && next > now + 1) /* what was noted here is committed soon */
		next = now + 1;
	if (next != INT64_MAX)
		loop_timer_set(r->loop, &r->timer, next > now ? next - now : 1);
}

static err expected(struct ctx *c, struct receiver *r, struct str id, struct receiving **ret)
{
	struct receiving *g = known(r, id);
	ENSURE(g != NULL && g->outbound && g->wanted, c, ERR_NOT_FOUND,
		"nobody waits here for %.*s to be brought", FMT(str_sub(id, 0, 100)));
	*ret = g;
	return OK;
}

err receive_expects(
	struct ctx *c, struct receiver *r, struct str id, struct blob *ret, bool *ret_arrived)
{
	struct receiving *g;
	TRY(expected(c, r, id, &g));
	*ret = g->expected;
	*ret_arrived = g->brought != NOTHING || g->on_way;
	return OK;
}

err receive_arrived(struct ctx *c, struct receiver *r, struct str id, struct str bytes)
{
	struct receiving *g;
	TRY(expected(c, r, id, &g));
	struct ctx own = {.arena = g->arena};
	TRY(arena_str(&own, bytes, &g->bytes));
	g->brought = ARRIVED;
	g->due_ms = 0;
	r->due = true;
	return OK;
}

err receive_spoilt(struct ctx *c, struct receiver *r, struct str id, int64_t chunk)
{
	struct receiving *g;
	TRY(expected(c, r, id, &g));
	if (++g->bad < BAD_MAX)
		return OK;
	g->brought = SPOILT;
	g->spoilt = chunk;
	g->due_ms = 0;
	r->due = true;
	return OK;
}

void receive_pump(struct receiver *r)
{
	uint64_t size = commit_size(acts_log(r->acts));
	if (!r->due && size == r->seen)
		return;
	cleanup(arena_freep) struct arena *arena = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = arena};
	if (arena == NULL)
		return;
	r->due = false;
	r->seen = size;
	if (look(&c, r) != OK)
		log_fault(r, &c);
	begin(&c, r);
}

void receive_free(struct receiver *r)
{
	if (r == NULL)
		return;
	loop_timer_clear(r->loop, &r->timer);
	for (struct receiving *g = r->all, *next; g != NULL; g = next) {
		next = g->next;
		if (!is_small(g))
			child_stop(&g->child);
		arena_free(g->arena);
	}
	r->all = NULL;
}
