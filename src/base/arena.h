/* Arena: the memory of one request (or one process). Everything is freed together.
 *
 * An arena grows by chunks up to a hard maximum; an allocation beyond it, or one that malloc refuses, answers NULL and
 * the caller fails with ERR_TOO_LARGE (the macros below do). Memory is zeroed. The unused part is poisoned under ASan.
 * Not for use by two threads. */
#pragma once

#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

struct arena;

/* Opens an arena that may hold size_max bytes in all; NULL when malloc refuses. */
struct arena *arena_new(size_t size_max);

/* Frees all; accepts NULL; runs the deferred functions, last first. */
void arena_free(struct arena *a);
void arena_freep(struct arena **a);

/* Forgets everything but keeps the first chunk, for the next request on a connection. */
void arena_reset(struct arena *a);

/* n zeroed bytes aligned for any type, or NULL. n = 0 answers a valid pointer. */
void *arena_alloc(struct arena *a, size_t n);

/* Enlarges the newest allocation in place where it can, else copies. old may be NULL with old_n = 0. */
void *arena_grow(struct arena *a, void *old, size_t old_n, size_t n);

/* Runs fn(ptr) when the arena is freed or reset; ERR_MEMORY when it cannot be noted (fn has then been run). */
must_use err arena_defer(struct ctx *c, void (*fn)(void *), void *ptr);

/* A NUL-terminated copy, or NULL. */
char *arena_z(struct arena *a, struct str s);

/* A copy of the bytes. */
must_use err arena_str(struct ctx *c, struct str s, struct str *ret);

/* printf into the arena. */
must_use err arena_fmt(struct ctx *c, struct str *ret, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* How many bytes are in use, for tests and limits. */
size_t arena_used(const struct arena *a);

/* Test seam: the n-th allocation from now (1 = next) fails once in this process; 0 switches it off. */
void arena_fail_after(long n);

/* p = ALLOC(c, struct thing) answers NULL-checked memory through ENSURE: use NEW. */
#define NEW(c, p) NEW_N((c), (p), 1)
#define NEW_N(c, p, n) \
	do { \
		(p) = arena_alloc((c)->arena, sizeof(*(p)) * (size_t)(n)); \
		ENSURE((p) != NULL, (c), ERR_TOO_LARGE, \
			"the request needs more memory than allowed"); \
	} while (0)
