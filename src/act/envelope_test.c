#include "act/envelope.h"

#include "base/limits.h"
#include "tests/tap.h"

static void writes(struct ctx *c)
{
	struct json *body = json_object(c), *sealed = json_object(c);
	json_set_num(c, &body, "n", 1);
	json_set_str(c, &sealed, "name", STR("00"));
	const struct hash prev = {{1}};
	struct act a = {STR("thing.note"), STR("node"), STR("urn:thing:1"), body, NULL};
	struct str bytes = {0};
	is_int(envelope_write(c, &a, 1700000000123, NULL, &bytes), OK, "a first act");
	ok(str_is(bytes,
		   "{\"actor\":\"node\",\"at\":\"2023-11-14T22:13:20.123Z\",\"body\":{\"n\":1},"
		   "\"subject\":\"urn:thing:1\",\"type\":\"thing.note\",\"v\":1}"),
		"is canonical: %.*s", FMT(bytes));
	a.sealed = sealed;
	is_int(envelope_write(c, &a, 0, &prev, &bytes), OK, "a later one");
	const struct json *j = NULL;
	is_int(json_parse_canonical(c, bytes, &j), OK, "is canonical too");
	ok(str_starts(json_text(json_get(j, "prev")), STR("0100")), "and names the one before");
	ok(json_eq(json_get(j, "sealed"), sealed), "with what it seals");
	a.body = json_null(c);
	is_int(envelope_write(c, &a, 0, &prev, &bytes), ERR_BAD_VALUE, "null is refused");
}

static void keeps_its_limit(struct ctx *c)
{
	struct str bytes = {0};
	for (size_t over = 0; over < 2; over++) {
		struct json *body = json_object(c);
		const struct act a = {STR("t"), STR("a"), STR("s"), body, NULL};
		is_int(envelope_write(c, &a, 0, NULL, &bytes), OK, "an act with an empty body");
		char *text = arena_alloc(c->arena, LIMIT_ACT);
		size_t n = LIMIT_ACT - bytes.n - strlen("\"x\":\"\"") + over;
		memset(text, 'y', n);
		json_set_str(c, &body, "x", (struct str){text, n});
		is_int(envelope_write(c, &a, 0, NULL, &bytes), over ? ERR_TOO_LARGE : OK,
			"filled to n + %zu", over);
	}
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(8u << 20);
	struct ctx c = {.arena = a};
	writes(&c);
	keeps_its_limit(&c);
	return done_testing();
}
