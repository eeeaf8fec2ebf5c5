#include "api/tries.h"

#include <stdio.h>

#include "base/limits.h"
#include "tests/tap.h"

static const int64_t start = 1800000000000;

static void test_address(struct ctx *c)
{
	struct tries *t = NULL;
	struct str here = STR("192.0.2.1"), there = STR("2001:db8::1");
	unsigned wait = 0;
	is_int(tries_new(c, &t), OK, "nobody has tried");
	for (unsigned i = 0; i < LIMIT_TRIES; i++) {
		is_int(tries_ask(c, t, here, start + i, &wait), OK, "try %u", i + 1);
		tries_failed(t, here, start + i);
	}
	is_int(tries_ask(c, t, here, start + 500, &wait), ERR_TRIES, "one more is too many");
	is_int(wait, LIMIT_TRIES_MS / 1000, "and says how long");
	is_int(tries_ask(c, t, there, start + 500, &wait), OK, "not from elsewhere");
	is_int(tries_ask(c, t, here, start + LIMIT_TRIES_MS - 1, &wait), ERR_TRIES, "to the end");
	is_int(wait, 1, "a second is left");
	is_int(tries_ask(c, t, here, start + LIMIT_TRIES_MS, &wait), OK, "then it is over");
	is_int(tries_ask(c, t, here, start - 3600000, &wait), OK, "also where the clock went back");
}

/* More addresses than the table holds, each with one try. */
static void test_all(struct ctx *c)
{
	struct tries *t = NULL;
	unsigned wait = 0, early = 0;
	char address[46];
	is_int(tries_new(c, &t), OK, "nobody has tried");
	for (unsigned i = 0; i < LIMIT_TRIES_ALL; i++) {
		(void)snprintf(address, sizeof address, "192.0.2.%u", i);
		early += tries_ask(c, t, str_z(address), start, &wait) != OK;
		tries_failed(t, str_z(address), start);
	}
	is_int(early, 0, "as many as all may");
	is_int(tries_ask(c, t, STR("198.51.100.1"), start, &wait), ERR_TRIES, "then nobody may");
	is_int(tries_ask(c, t, STR("198.51.100.1"), start + LIMIT_TRIES_MS, &wait), OK,
		"until it is over");
	for (unsigned i = 0; i < 3000; i++) {
		(void)snprintf(address, sizeof address, "10.0.%u.%u", i / 256, i % 256);
		tries_failed(t, str_z(address), start + 2 * LIMIT_TRIES_MS);
	}
	is_int(tries_ask(c, t, STR("10.0.0.1"), start + 3 * LIMIT_TRIES_MS, &wait), OK,
		"more addresses than there is room for");
}

int main(void)
{
	cleanup(arena_freep) struct arena *arena = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = arena};
	test_address(&c);
	test_all(&c);
	return done_testing();
}
