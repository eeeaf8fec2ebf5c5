#include "product/keyset.h"

#include <assert.h>

#define SLOTS_FIRST 1024u

/* a has its lowest bit for "added more than once"; b has its lowest bit set, so no key is all zero, which is a free slot. */
struct slot {
	uint64_t a, b;
};

struct count {
	uint64_t n, first;
};

struct keyset {
	struct keyset_budget *budget;
	struct arena *memory; /* of the table alone, replaced as it grows */
	struct slot *slots;
	struct count *counts; /* NULL: without */
	size_t slots_n, used; /* slots_n is a power of two */
	bool counting;
};

static void keyset_free(void *ptr)
{
	arena_free(((struct keyset *)ptr)->memory);
}

/* Memory for so many slots. */
static err allot(struct ctx *c, size_t slots_n, struct keyset *s)
{
	size_t one = sizeof *s->slots + (s->counting ? sizeof *s->counts : 0);
	struct arena *a = arena_new(one * slots_n + 4 * LIMIT_ARENA_CHUNK);
	ENSURE(a != NULL, c, ERR_MEMORY, "no memory for the keys of a file");
	struct slot *slots = arena_alloc(a, sizeof *slots * slots_n);
	struct count *counts = s->counting ? arena_alloc(a, sizeof *counts * slots_n) : NULL;
	s->memory = a;
	ENSURE(slots != NULL && (counts != NULL || !s->counting), c, ERR_MEMORY,
		"no memory for the keys of a file");
	s->slots = slots;
	s->counts = counts;
	s->slots_n = slots_n;
	return OK;
}

err keyset_new(struct ctx *c, struct keyset_budget *budget, bool counts, struct keyset **ret)
{
	struct keyset *s;
	NEW(c, s);
	*s = (struct keyset){.budget = budget, .counting = counts};
	TRY(arena_defer(c, keyset_free, s));
	TRY(allot(c, SLOTS_FIRST, s));
	*ret = s;
	return OK;
}

/* The slot that holds the key, or the free one where it belongs. */
static size_t place_of(const struct keyset *s, struct slot k)
{
	size_t at = (size_t)(k.b >> 1) & (s->slots_n - 1);
	while (s->slots[at].b != 0 && (s->slots[at].b != k.b || (s->slots[at].a | 1) != (k.a | 1)))
		at = (at + 1) & (s->slots_n - 1);
	return at;
}

static struct slot slot_of(struct shorthash key)
{
	return (struct slot){key.a & ~(uint64_t)1, key.b | 1};
}

static err grow(struct ctx *c, struct keyset *s)
{
	struct keyset old = *s;
	err e = allot(c, old.slots_n * 2, s);
	if (e != OK) {
		arena_free(s->memory == old.memory ? NULL : s->memory);
		*s = old;
		return e;
	}
	for (size_t i = 0; i < old.slots_n; i++) {
		if (old.slots[i].b == 0)
			continue;
		size_t at = place_of(s, old.slots[i]);
		s->slots[at] = old.slots[i];
		if (s->counting)
			s->counts[at] = old.counts[i];
	}
	arena_free(old.memory);
	return OK;
}

err keyset_add(struct ctx *c, struct keyset *s, struct shorthash key, uint64_t number,
	enum keyset_seen *ret)
{
	struct slot k = slot_of(key);
	size_t at = place_of(s, k);
	bool is_new = s->slots[at].b == 0;
	if (is_new && s->budget->held >= s->budget->limit) {
		s->budget->exceeded = true;
		*ret = KEYSET_FULL;
		return OK;
	}
	if (is_new && (s->used + 1) * 4 > s->slots_n * 3) {
		TRY(grow(c, s));
		at = place_of(s, k);
	}
	if (s->counting && is_new)
		s->counts[at].first = number;
	if (s->counting)
		s->counts[at].n++;
	if (is_new) {
		s->slots[at] = k;
		s->used++;
		s->budget->held++;
		*ret = KEYSET_NEW;
		return OK;
	}
	*ret = (s->slots[at].a & 1) != 0 ? KEYSET_MORE : KEYSET_SECOND;
	s->slots[at].a |= 1;
	return OK;
}

bool keyset_has(const struct keyset *s, struct shorthash key)
{
	return s->slots[place_of(s, slot_of(key))].b != 0;
}

void keyset_each(const struct keyset *s, keyset_fn *fn, void *arg)
{
	assert(s->counting);
	for (size_t i = 0; i < s->slots_n; i++) {
		struct slot k = s->slots[i];
		if (k.b != 0)
			fn(arg, (struct shorthash){k.a & ~(uint64_t)1, k.b}, s->counts[i].n,
				s->counts[i].first);
	}
}
