#include "codec/json.h"

#include "tests/tap.h"

static void keeps_number_text(struct ctx *c)
{
	const struct json *j = NULL;
	struct str out = {0};
	is_int(json_parse(c, STR("[128430.250,-0,12345678901234567890,1E5]"), &j), OK, "numbers");
	is_int(json_write(c, j, false, 100, &out), OK, "are written");
	ok(str_is(out, "[128430.250,-0,12345678901234567890,1E5]"), "as they were");
}

static void indents(struct ctx *c)
{
	const struct json *j = NULL;
	struct str out = {0};
	is_int(json_parse(c, STR("{\"b\":[1,{}],\"a\":null}"), &j), OK, "a tree");
	is_int(json_write(c, j, true, 200, &out), OK, "is written for a person");
	ok(str_is(out, "{\n  \"b\": [\n    1,\n    {}\n  ],\n  \"a\": null\n}"),
		"in its own order");
	is_int(json_write(c, j, true, out.n - 1, &out), ERR_TOO_LARGE, "within the size given");
}

static void quotes(struct ctx *c)
{
	struct buf b;
	buf_init(&b, c->arena, 100);
	json_quote(&b, (struct str){"\0\x1f\"\\/\x7f", 6});
	ok(str_is(buf_str(&b), "\"\\u0000\\u001f\\\"\\\\/\x7f\""), "RFC 8785 escapes, no others");
}

static void writes_what_can_be_read(struct ctx *c)
{
	struct str out = {0};
	struct json *o = json_object(c);
	is_int(json_canonical(c, json_z(c, "\xff"), 100, &out), ERR_BAD_VALUE,
		"no ill-formed text");
	is_int(json_write(c, json_str(c, (struct str){"a\0b", 3}), false, 100, &out), ERR_BAD_VALUE,
		"and no NUL is written");
	json_set_num(c, &o, "\xed\xa0\x80", 1);
	is_int(json_canonical(c, o, 100, &out), ERR_BAD_VALUE, "nor as a name");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	keeps_number_text(&c);
	indents(&c);
	quotes(&c);
	writes_what_can_be_read(&c);
	return done_testing();
}
