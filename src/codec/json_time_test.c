#include "codec/json_time.h"

#include "tests/tap.h"

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	struct json *o = json_object(&c);
	struct str s = {0};
	json_set_time(&c, &o, "at", 1500);
	json_set_day(&c, &o, "day", 20781);
	json_set_time(&c, &o, "never", 0);
	json_set_day(&c, &o, "none", 0);
	is_int(json_canonical(&c, o, 200, &s), OK, "they are written");
	ok(str_is(s, "{\"at\":\"1970-01-01T00:00:01.500Z\",\"day\":\"2026-11-24\"}"), "as %.*s",
		FMT(s));
	arena_fail_after(1);
	json_set_day(&c, &o, "day", 1);
	ok(o == NULL, "memory that runs out makes the tree NULL");
	arena_fail_after(1);
	ok(json_time(&c, 1) == NULL, "or the value");
	return done_testing();
}
