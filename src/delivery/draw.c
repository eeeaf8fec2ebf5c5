#include "delivery/draw.h"

#include <string.h>

#include "act/outbox.h"
#include "base/limits.h"
#include "base/log.h"
#include "codec/json.h"
#include "delivery/delivery_store.h"
#include "delivery/receive_child.h"

#define LOOK 32u
#define WAIT_FIRST_MS 500
#define NOTE_MS 500

/* One that is on its way. */
struct drawing {
	struct drawer *drawer;
	char id[LIMIT_DID + 1]; /* empty: free */
	unsigned tries;
	int64_t noted_ms;
	struct child child;
};

struct drawer {
	struct loop *loop;
	struct acts *acts;
	const char *program;
	struct drawing all[DRAW_CHILDREN];
	struct loop_timer timer;
	bool due;
	uint64_t seen, turn; /* entries of the log, and turn of the outbox, at the last look */
};

static void timer_fired(void *arg)
{
	struct drawer *k = arg;
	k->due = true;
}

err draw_new(
	struct ctx *c, struct loop *l, struct acts *n, const char *program, struct drawer **ret)
{
	struct drawer *k;
	NEW(c, k);
	k->loop = l;
	k->acts = n;
	k->program = program;
	k->timer = (struct loop_timer){.fire = timer_fired, .arg = k};
	k->due = true;
	*ret = k;
	return OK;
}

err draw_ask(struct ctx *c, struct acts *n, struct str id)
{
	struct delivery_row d;
	struct delivery_token t;
	struct delivery_progress p;
	TRY(delivery_find(c, acts_db(n), id, &d));
	ENSURE(!d.joined && d.role == AGREEMENT_CONSUMER, c, ERR_BAD_STATE,
		"what a node sends is taken by itself, with its proof");
	ENSURE(d.state == DELIVERY_STARTED && d.took == NULL, c, ERR_BAD_STATE,
		"this transfer does not run, or its data is here");
	ENSURE(delivery_store_token(c, acts_db(n), d.id, &t) == OK, c, ERR_BAD_STATE,
		"the start of this transfer named no address of the data");
	TRY(acts_tick(c, n));
	TRY(delivery_store_progress(c, acts_db(n), d.id, &p));
	p.trouble = (struct str){"", 0};
	TRY(delivery_store_put_progress(c, acts_db(n), d.id, &p));
	TRY(delivery_store_put_draw(c, acts_db(n), d.id, 0, 0));
	return outbox_wake(c, n, d.peer); /* by which the drawer sees it */
}

static int64_t now_of(const struct drawer *k)
{
	return env_now_ms(acts_env(k->acts));
}

static err note(struct ctx *c, const struct drawing *g, int64_t bytes, struct str trouble)
{
	struct acts *n = g->drawer->acts;
	struct delivery_progress p;
	TRY(acts_tick(c, n));
	TRY(delivery_store_progress(c, acts_db(n), str_z(g->id), &p));
	p.bytes = bytes;
	p.last_ms = acts_now_ms(n);
	p.trouble = str_sub(trouble, 0, LIMIT_REASON);
	return delivery_store_put_progress(c, acts_db(n), str_z(g->id), &p);
}

/* "ROOT SHA256 SIZE" as the child found it. */
static err object_of(struct ctx *c, struct str text, struct json **ret)
{
	struct str root, sha256, size;
	struct hash h;
	uint64_t n = 0;
	struct json *o = json_object(c);
	ENSURE(str_cut(text, ' ', &root, &text) && str_cut(text, ' ', &sha256, &size) &&
			hash_parse(root, &h) && hash_parse(sha256, &h) && str_u64(size, &n) &&
			n <= LIMIT_OBJECT,
		c, ERR_BAD_VALUE, "a child says what is no object");
	json_set_str(c, &o, "root", root);
	json_set_str(c, &o, "sha256", sha256);
	json_set_num(c, &o, "size", (int64_t)n);
	json_set_num(c, &o, "chunk", (int64_t)LIMIT_CHUNK);
	*ret = o;
	return OK;
}

static err keep(struct ctx *c, const struct drawing *g, struct str text)
{
	struct json *body = json_object(c), *object;
	struct str id = str_z(g->id);
	int64_t size = 0;
	TRY(object_of(c, text, &object));
	(void)json_int(json_get(object, "size"), &size);
	TRY(note(c, g, size, (struct str){"", 0}));
	json_set(&body, "object", object);
	const struct act a = {STR("delivery.draw"), STR("node"), id, body, NULL};
	return acts_do(c, g->drawer->acts, &a, NULL);
}

/* It did not come: again after a while, or nobody waits for it any more. */
static err failed(struct ctx *c, const struct drawing *g, bool final, struct str why)
{
	struct acts *n = g->drawer->acts;
	struct str id = str_z(g->id);
	TRY(note(c, g, 0, why));
	if (final || g->tries + 1 >= DRAW_TRIES)
		return delivery_store_drop_draw(c, acts_db(n), id);
	return delivery_store_put_draw(c, acts_db(n), id, g->tries + 1,
		now_of(g->drawer) + ((int64_t)WAIT_FIRST_MS << g->tries));
}

static err ended(struct ctx *c, const struct drawing *g, const struct child_word *w)
{
	struct acts *n = g->drawer->acts;
	struct str why = w->text;
	if (w->what == CHILD_LATER)
		return failed(c, g, false, why);
	if (w->what != CHILD_KEPT) {
		TRY(arena_fmt(c, &why, "the data is refused (%lld): %.*s", (long long)w->number,
			FMT(w->text)));
		return failed(c, g, true, why);
	}
	TRY(acts_tick(c, n));
	TRY(acts_mark(c, n));
	err e = keep(c, g, w->text);
	if (e == OK)
		return acts_keep(c, n);
	acts_undo(n);
	TRY(arena_str(c, str_z(c->trouble.detail), &why));
	return err_is_fault(e) ? e : failed(c, g, true, why);
}

static void said(void *arg, const struct child_word *w)
{
	struct drawing *g = arg;
	struct drawer *k = g->drawer;
	cleanup(arena_freep) struct arena *arena = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = arena};
	int64_t now = now_of(k);
	err e = OK;
	if (w->what == CHILD_AT && (arena == NULL || now - g->noted_ms < NOTE_MS))
		return;
	g->noted_ms = now;
	if (w->what == CHILD_AT)
		e = note(&c, g, w->number, (struct str){"", 0});
	else if (arena != NULL)
		e = ended(&c, g, w);
	if (e != OK)
		log_event(LOG_ERROR, now, "fault drawing detail=\"%s\"", c.trouble.detail);
	if (w->what != CHILD_AT)
		g->id[0] = '\0';
	k->due = true;
}

/* What the child is told (main/cmd_draw.c). */
static err task_line(
	struct ctx *c, const struct drawer *k, const struct delivery_token *t, struct str *ret)
{
	const struct self *self = acts_self(k->acts);
	struct json *o = json_object(c);
	struct str text, blobs;
	TRY(arena_fmt(c, &blobs, "%s/blobs", self->directory));
	json_set_str(c, &o, "url", t->endpoint);
	json_set_str(c, &o, "token", t->token);
	json_set_str(c, &o, "blobs", blobs);
	if (self->authorities != NULL)
		json_set_str(c, &o, "authorities", str_z(self->authorities));
	json_set_num(c, &o, "most", (int64_t)LIMIT_DRAW);
	json_set(&o, "loopback", json_bool(c, self->allow_loopback));
	TRY(json_canonical(c, o, CHILD_TASK - 1, &text));
	return arena_fmt(c, ret, "%.*s\n", FMT(text));
}

static err start(struct ctx *c, struct drawing *g)
{
	struct drawer *k = g->drawer;
	struct delivery_token t;
	struct str line;
	TRY(delivery_store_token(c, acts_db(k->acts), str_z(g->id), &t));
	TRY(task_line(c, k, &t, &line));
	g->child = (struct child){.says = said, .arg = g};
	return child_run(c, k->loop, k->program, "draw", line, &g->child);
}

static struct drawing *place_for(struct drawer *k, struct str id)
{
	struct drawing *room = NULL;
	for (size_t i = 0; i < DRAW_CHILDREN; i++) {
		if (str_is(id, k->all[i].id))
			return NULL;
		if (k->all[i].id[0] == '\0')
			room = &k->all[i];
	}
	return id.n < sizeof room->id ? room : NULL;
}

static err begin(struct ctx *c, struct drawer *k, const struct delivery_draw *want)
{
	struct drawing *g = place_for(k, want->id);
	if (g == NULL)
		return OK;
	*g = (struct drawing){.drawer = k, .tries = want->tries};
	memcpy(g->id, want->id.p, want->id.n);
	err e = start(c, g);
	if (e == OK)
		return OK;
	struct str why;
	err told = arena_str(c, str_z(c->trouble.detail), &why);
	if (told == OK)
		told = failed(c, g, !err_is_fault(e), why);
	g->id[0] = '\0';
	return told;
}

/* A transfer that ended otherwise meanwhile is drawn from no longer. */
static void stop_others(struct drawer *k, const struct delivery_draw *wants, size_t n)
{
	for (size_t i = 0; i < DRAW_CHILDREN; i++) {
		bool wanted = k->all[i].id[0] == '\0';
		for (size_t j = 0; j < n; j++)
			wanted = wanted || str_is(wants[j].id, k->all[i].id);
		if (wanted)
			continue;
		child_stop(&k->all[i].child);
		k->all[i].id[0] = '\0';
	}
}

static err look(struct ctx *c, struct drawer *k)
{
	struct delivery_draw wants[LOOK];
	size_t n = 0;
	int64_t now = now_of(k), next = INT64_MAX;
	TRY(delivery_store_draws(c, acts_db(k->acts), LOOK, wants, &n));
	stop_others(k, wants, n);
	for (size_t i = 0; i < n; i++) {
		if (wants[i].due_ms <= now)
			TRY(begin(c, k, &wants[i]));
		else if (wants[i].due_ms < next)
			next = wants[i].due_ms;
	}
	if (acts_tick_open(k->acts)) /* what was noted here is committed soon */
		next = now + 1;
	if (next != INT64_MAX)
		loop_timer_set(k->loop, &k->timer, next - now);
	return OK;
}

void draw_pump(struct drawer *k)
{
	uint64_t size = commit_size(acts_log(k->acts)), turn = outbox_turn(k->acts);
	if (!k->due && size == k->seen && turn == k->turn)
		return;
	cleanup(arena_freep) struct arena *arena = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = arena};
	if (arena == NULL)
		return;
	k->due = false;
	k->seen = size;
	k->turn = turn;
	if (look(&c, k) != OK)
		log_event(LOG_ERROR, now_of(k), "fault drawing detail=\"%s\"", c.trouble.detail);
}

void draw_free(struct drawer *k)
{
	if (k == NULL)
		return;
	loop_timer_clear(k->loop, &k->timer);
	for (size_t i = 0; i < DRAW_CHILDREN; i++) {
		if (k->all[i].id[0] != '\0')
			child_stop(&k->all[i].child);
	}
}
