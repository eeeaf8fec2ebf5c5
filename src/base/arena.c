#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define poison(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define unpoison(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#else
#define poison(p, n) ((void)0)
#define unpoison(p, n) ((void)0)
#endif

#define ALIGN 16u

struct chunk {
	struct chunk *next;
	size_t used, cap;
	_Alignas(ALIGN) unsigned char data[];
};

struct deferred {
	struct deferred *next;
	void (*fn)(void *);
	void *ptr;
};

struct arena {
	struct chunk *head; /* newest */
	size_t total, size_max;
	struct deferred *deferred;
};

static long fail_countdown;

void arena_fail_after(long n)
{
	fail_countdown = n;
}

static bool injected_failure(void)
{
	return fail_countdown > 0 && --fail_countdown == 0;
}

static struct chunk *chunk_new(size_t cap)
{
	struct chunk *k = malloc(sizeof *k + cap);
	if (k == NULL)
		return NULL;
	*k = (struct chunk){.cap = cap};
	poison(k->data, cap);
	return k;
}

static void chunk_free(struct chunk *k)
{
	unpoison(k->data, k->cap);
	free(k);
}

struct arena *arena_new(size_t size_max)
{
	struct arena *a = calloc(1, sizeof *a);
	if (a == NULL)
		return NULL;
	a->size_max = size_max;
	return a;
}

static void run_deferred(struct arena *a)
{
	while (a->deferred != NULL) {
		struct deferred *d = a->deferred;
		a->deferred = d->next;
		d->fn(d->ptr);
	}
}

static void drop_chunks(struct arena *a, struct chunk *keep)
{
	for (struct chunk *k = a->head, *next; k != NULL; k = next) {
		next = k->next;
		if (k != keep)
			chunk_free(k);
	}
}

void arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	run_deferred(a);
	drop_chunks(a, NULL);
	free(a);
}

void arena_freep(struct arena **a)
{
	arena_free(*a);
	*a = NULL;
}

void arena_reset(struct arena *a)
{
	run_deferred(a);
	struct chunk *first = a->head;
	while (first != NULL && first->next != NULL)
		first = first->next;
	if (first != NULL && first->cap > LIMIT_ARENA_CHUNK)
		first = NULL;
	drop_chunks(a, first);
	if (first != NULL) {
		first->next = NULL;
		first->used = 0;
		poison(first->data, first->cap);
	}
	a->head = first;
	a->total = first == NULL ? 0 : first->cap;
}

static bool add_chunk(struct arena *a, size_t need)
{
	size_t cap = LIMIT_ARENA_CHUNK;
	if (a->head != NULL && a->head->cap < (1u << 20))
		cap = a->head->cap * 2;
	if (cap < need)
		cap = need;
	if (cap > a->size_max - a->total)
		cap = a->size_max - a->total;
	if (cap < need)
		return false;
	struct chunk *k = chunk_new(cap);
	if (k == NULL)
		return false;
	k->next = a->head;
	a->head = k;
	a->total += cap;
	return true;
}

void *arena_alloc(struct arena *a, size_t n)
{
	if (n > a->size_max || injected_failure())
		return NULL;
	size_t need = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if ((a->head == NULL || need > a->head->cap - a->head->used) && !add_chunk(a, need))
		return NULL;
	struct chunk *k = a->head;
	void *p = k->data + k->used;
	k->used += need;
	unpoison(p, n);
	memset(p, 0, n);
	return p;
}

void *arena_grow(struct arena *a, void *old, size_t old_n, size_t n)
{
	assert(n >= old_n);
	struct chunk *k = a->head;
	size_t old_need = (old_n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	size_t need = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (old != NULL && k != NULL && old_need <= k->used &&
		k->data + (k->used - old_need) == old && !injected_failure() && need >= n &&
		need - old_need <= k->cap - k->used) {
		k->used += need - old_need;
		unpoison(old, n);
		memset((unsigned char *)old + old_n, 0, n - old_n);
		return old;
	}
	void *p = arena_alloc(a, n);
	if (p != NULL && old_n > 0)
		memcpy(p, old, old_n);
	return p;
}

err arena_defer(struct ctx *c, void (*fn)(void *), void *ptr)
{
	struct deferred *d = arena_alloc(c->arena, sizeof *d);
	if (d == NULL) {
		fn(ptr);
		return fail(c, ERR_MEMORY, "no memory to note a cleanup");
	}
	*d = (struct deferred){c->arena->deferred, fn, ptr};
	c->arena->deferred = d;
	return OK;
}

char *arena_z(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);
	if (p != NULL && s.n > 0)
		memcpy(p, s.p, s.n);
	return p;
}

err arena_str(struct ctx *c, struct str s, struct str *ret)
{
	char *p = arena_z(c->arena, s);
	ENSURE(p != NULL, c, ERR_TOO_LARGE, "the request needs more memory than allowed");
	*ret = (struct str){p, s.n};
	return OK;
}

err arena_fmt(struct ctx *c, struct str *ret, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	char *p = n < 0 ? NULL : arena_alloc(c->arena, (size_t)n + 1);
	if (p != NULL)
		(void)vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	ENSURE(p != NULL, c, ERR_TOO_LARGE, "the request needs more memory than allowed");
	*ret = (struct str){p, (size_t)n};
	return OK;
}

size_t arena_used(const struct arena *a)
{
	size_t used = 0;
	for (const struct chunk *k = a->head; k != NULL; k = k->next)
		used += k->used;
	return used;
}
