#include "codec/json.h"

#include "tests/tap.h"

static void builds(struct ctx *c)
{
	struct json *o = json_object(c), *a = json_array(c);
	struct str s = {0};
	json_push(&a, json_num(c, 1));
	json_push(&a, json_bool(c, true));
	json_set_str(c, &o, "z", STR("last"));
	json_set_num(c, &o, "n", 1);
	json_set_num(c, &o, "n", -2);
	json_set_hex(c, &o, "h", "\x01\xfe", 2);
	json_set(&o, "a", a);
	is_int(json_canonical(c, o, 100, &s), OK, "a built tree is written");
	ok(str_is(s, "{\"a\":[1,true],\"h\":\"01fe\",\"n\":-2,\"z\":\"last\"}"), "as %.*s", FMT(s));
	ok(json_eq(o, json_copy(c, o)), "a copy is equal");
	struct json *less = json_copy_without(c, o, "n");
	ok(!json_eq(o, less), "one without a member is not");
	is_int(json_canonical(c, o, s.n - 1, &s), ERR_TOO_LARGE, "one byte too little is refused");
	arena_fail_after(2);
	json_set_num(c, &o, "m", 5);
	ok(o == NULL, "memory that runs out makes the tree NULL");
	is_int(json_canonical(c, o, 100, &s), ERR_TOO_LARGE, "and that is told at the end");
}

static void copies_into_another_arena(struct ctx *c)
{
	struct arena *other = arena_new(1u << 20);
	struct ctx o = {.arena = other};
	const struct json *j = NULL;
	struct str out = {0};
	is_int(json_parse(&o, STR("{\"a\":\"b\\nc\",\"d\":1.50}"), &j), OK, "a tree elsewhere");
	struct json *copy = json_copy(c, j);
	arena_free(other);
	is_int(json_write(c, copy, false, 100, &out), OK, "its copy outlives it");
	ok(str_is(out, "{\"a\":\"b\\nc\",\"d\":1.50}"), "whole: %.*s", FMT(out));
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	builds(&c);
	copies_into_another_arena(&c);
	return done_testing();
}
