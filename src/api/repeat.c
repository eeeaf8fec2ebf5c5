#include "api/repeat.h"

#include "act/once.h"
#include "base/limits.h"

static bool is_visible(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	}
	return s.n > 0 && s.n <= LIMIT_ONCE_KEY;
}

/* Lengths stand before what could run into one another. */
static err digest_of(struct ctx *c, const struct call *k, struct hash *ret)
{
	const struct http_request *r = &k->x->request;
	struct str head;
	TRY(arena_fmt(c, &head, "shugu-once/1 %zu %.*s %zu %.*s %zu %.*s ", r->method.n,
		FMT(r->method), r->path.n, FMT(r->path), r->query.n, FMT(r->query)));
	*ret = hash_of2(head, k->x->body);
	return OK;
}

/* What the first of the same commands has left, for say(). */
static err take_up(struct ctx *c, struct call *k, const struct once *once)
{
	ENSURE(!once->told_once, c, ERR_TOLD_ONCE,
		"this was done under the same Idempotency-Key, and what it answered is told once: "
		"look at it, or ask for another under a new key");
	k->index = once->index;
	k->subject = once->subject;
	call_header(k, "Idempotency-Replayed", STR("true"));
	return OK;
}

static err act(struct ctx *c, struct call *k)
{
	const struct route *r = k->route;
	if (r->takes != NULL)
		TRY(json_read(c, k->body, r->takes, r->takes_n, false, NULL));
	return r->act(c, k);
}

err repeat_act(struct ctx *c, struct call *k)
{
	struct hash digest;
	struct once once = {.index = 0};
	bool found = false,
	     people = k->route->scope == SCOPE_OPERATOR || k->route->scope == SCOPE_PERSON;
	int64_t now_ms = acts_now_ms(k->acts);
	struct str key = http_header(&k->x->request, "Idempotency-Key");
	if (key.p == NULL || k->route->body != NULL || !people)
		return act(c, k);
	ENSURE(is_visible(key), c, ERR_BAD_VALUE,
		"Idempotency-Key must be 1 to %u visible ASCII characters", LIMIT_ONCE_KEY);
	TRY(digest_of(c, k, &digest));
	TRY(once_find(c, acts_db(k->acts), k->caller, key, &digest, now_ms, &found, &once));
	if (found)
		return take_up(c, k, &once);
	TRY(act(c, k));
	once = (struct once){k->index, k->subject, k->state != NULL || k->answer.status != 0};
	return once_keep(c, acts_db(k->acts), k->caller, key, &digest, now_ms, &once);
}
