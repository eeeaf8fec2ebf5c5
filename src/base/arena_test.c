#include "base/arena.h"

#include <stdint.h>

#include "base/limits.h"
#include "tests/tap.h"

static bool all_zero(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] != 0)
			return false;
	}
	return true;
}

static void gives_zeroed_aligned_memory(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	bool aligned = true, zero = true;
	for (size_t n = 0; n < 300; n++) {
		unsigned char *p = arena_alloc(a, n);
		aligned = aligned && (uintptr_t)p % 16 == 0;
		zero = zero && all_zero(p, n);
		memset(p, 0xff, n);
	}
	ok(aligned, "every allocation is aligned");
	ok(zero, "every allocation is zeroed");
	arena_reset(a);
	is_int(arena_used(a), 0, "a reset forgets everything");
	ok(all_zero(arena_alloc(a, 4096), 4096), "memory used before is zeroed again");
}

static void keeps_its_maximum(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 10);
	size_t n = 0;
	while (arena_alloc(a, 1024) != NULL && n < 1000)
		n++;
	ok(n >= 32 && n <= 64, "%zu KiB of at most 64 were given", n);
	ok(arena_alloc(a, (64u << 10) + 1) == NULL, "more than the maximum is refused");
	ok(arena_alloc(a, SIZE_MAX) == NULL, "a size that overflows is refused");
	struct ctx c = {.arena = a};
	struct str s;
	is_int(arena_fmt(&c, &s, "%70000d", 1), ERR_TOO_LARGE, "a text too long fails");
	is_int(err_row(c.trouble.code)->status, 413, "and its row says 413");
}

static void grows_in_place_or_copies(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	char *p = arena_alloc(a, 3);
	memcpy(p, "abc", 3);
	char *q = arena_grow(a, p, 3, 100);
	ok(p == q, "the newest allocation grows in place");
	(void)arena_alloc(a, 1);
	char *r = arena_grow(a, q, 100, 200);
	ok(r != q, "an older one moves");
	ok(memcmp(r, "abc", 3) == 0, "with its bytes");
	ok(all_zero((unsigned char *)r + 3, 197), "and zeros behind them");
}

static void count(void *p)
{
	++*(int *)p;
}

static void runs_what_was_deferred(void)
{
	struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	int runs = 0;
	is_int(arena_defer(&c, count, &runs), OK, "a cleanup is noted");
	arena_reset(a);
	is_int(runs, 1, "it runs at the reset");
	is_int(arena_defer(&c, count, &runs), OK, "another is noted");
	arena_fail_after(1);
	is_int(arena_defer(&c, count, &runs), ERR_MEMORY, "one that cannot be noted fails");
	is_int(runs, 2, "but has run");
	arena_free(a);
	is_int(runs, 3, "and the noted one runs at the end");
}

int main(void)
{
	gives_zeroed_aligned_memory();
	keeps_its_maximum();
	grows_in_place_or_copies();
	runs_what_was_deferred();
	return done_testing();
}
