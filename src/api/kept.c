#include "api/kept.h"

#include <string.h>

#include "base/limits.h"

#define SLOTS 512u
#define BODY_MAX (16u << 10)

struct slot {
	struct str path, query, body;
};

struct kept {
	struct arena *arena;
	uint64_t version;
	struct slot slots[SLOTS];
};

static void free_arena(void *arg)
{
	arena_free(arg);
}

err kept_new(struct ctx *c, struct kept **ret)
{
	struct kept *t;
	NEW(c, t);
	t->arena = arena_new(LIMIT_KEPT);
	ENSURE(t->arena != NULL, c, ERR_MEMORY, "no memory for answers");
	TRY(arena_defer(c, free_arena, t->arena));
	*ret = t;
	return OK;
}

static void begin_anew(struct kept *t)
{
	memset(t->slots, 0, sizeof t->slots);
	arena_reset(t->arena);
}

/* Whether what is kept is what the store says now; forgets what is not. */
static bool is_current(struct kept *t, const struct call *k)
{
	uint64_t version;
	bool eligible = k->route->steady && str_is(k->x->request.method, "GET");
	if (!eligible || !store_version(acts_db(k->acts), &version))
		return false;
	if (version != t->version)
		begin_anew(t);
	t->version = version;
	return true;
}

static struct slot *slot_of(struct kept *t, const struct http_request *r)
{
	uint64_t hash = 14695981039346656037ull;
	for (size_t i = 0; i < r->target.n; i++)
		hash = (hash ^ (unsigned char)r->target.p[i]) * 1099511628211ull;
	return &t->slots[(hash ^ hash >> 32) % SLOTS];
}

bool kept_find(struct kept *t, struct call *k)
{
	const struct http_request *r = &k->x->request;
	struct str body;
	if (!is_current(t, k))
		return false;
	const struct slot *s = slot_of(t, r);
	bool same = s->body.n > 0 && str_eq(s->path, r->path) && str_eq(s->query, r->query);
	/* A copy, for what is kept may go before the answer has left. */
	if (!same || arena_str(k->c, s->body, &body) != OK)
		return false;
	k->answer.status = 200;
	k->answer.body = body;
	return true;
}

void kept_put(struct kept *t, const struct call *k)
{
	const struct answer *a = &k->answer;
	const struct http_request *r = &k->x->request;
	struct ctx c = {.arena = t->arena};
	struct slot s;
	bool plain = a->status == 200 && a->type == NULL && a->headers_n == 0 && !a->has_file;
	if (!plain || a->body.n > BODY_MAX || !is_current(t, k))
		return;
	if (arena_str(&c, r->path, &s.path) != OK || arena_str(&c, r->query, &s.query) != OK ||
		arena_str(&c, a->body, &s.body) != OK)
		begin_anew(t);
	else
		*slot_of(t, r) = s;
}
