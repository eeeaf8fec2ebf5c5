#include "api/tries.h"

#include <string.h>

#include "base/limits.h"

#define ADDRESSES 1024u

struct window {
	int64_t since_ms; /* of its first try; 0: none */
	unsigned n;
	char address[46];
};

struct tries {
	struct window all, one[ADDRESSES];
};

err tries_new(struct ctx *c, struct tries **ret)
{
	NEW(c, *ret);
	return OK;
}

/* A clock that was set back does not make a window longer. */
static bool over(const struct window *w, int64_t now_ms)
{
	return now_ms >= w->since_ms + LIMIT_TRIES_MS || now_ms < w->since_ms;
}

static struct window *find(struct tries *t, struct str address, int64_t now_ms)
{
	for (size_t i = 0; i < ADDRESSES; i++) {
		if (!over(&t->one[i], now_ms) && str_is(address, t->one[i].address))
			return &t->one[i];
	}
	return NULL;
}

static unsigned wait_s(const struct window *w, int64_t now_ms)
{
	return (unsigned)((w->since_ms + LIMIT_TRIES_MS - now_ms + 999) / 1000);
}

err tries_ask(
	struct ctx *c, struct tries *t, struct str address, int64_t now_ms, unsigned *ret_wait_s)
{
	const struct window *w = find(t, address, now_ms);
	bool here = w != NULL && w->n >= LIMIT_TRIES;
	bool all = !over(&t->all, now_ms) && t->all.n >= LIMIT_TRIES_ALL;
	if (!here && !all)
		return OK;
	*ret_wait_s = wait_s(here ? w : &t->all, now_ms);
	return fail(c, ERR_TRIES, "too many tries to sign in failed%s: wait %u seconds",
		here ? " from this address" : "", *ret_wait_s);
}

static void count(struct window *w, int64_t now_ms)
{
	if (over(w, now_ms)) {
		w->since_ms = now_ms;
		w->n = 0;
	}
	w->n++;
}

static struct window *place(struct tries *t, struct str address, int64_t now_ms)
{
	struct window *w = &t->one[0];
	for (size_t i = 0; i < ADDRESSES; i++) {
		struct window *other = &t->one[i];
		if (over(other, now_ms)) {
			w = other;
			break;
		}
		if (other->n < w->n)
			w = other;
	}
	*w = (struct window){.since_ms = now_ms};
	address = str_sub(address, 0, sizeof w->address - 1);
	if (address.n > 0)
		memcpy(w->address, address.p, address.n);
	return w;
}

void tries_failed(struct tries *t, struct str address, int64_t now_ms)
{
	struct window *w = find(t, address, now_ms);
	count(&t->all, now_ms);
	count(w != NULL ? w : place(t, address, now_ms), now_ms);
}
