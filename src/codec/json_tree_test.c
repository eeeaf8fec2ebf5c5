#include "codec/json.h"

#include "tests/tap.h"

struct thing {
	struct str name;
	int64_t size;
	bool open;
	uint8_t digest[32];
	const struct json *list;
};

static const char *const words[] = {"one", "two", NULL};
static const struct json_field fields[] = {
	{"name", JSON_K_TEXT, false, offsetof(struct thing, name), 4, words},
	{"size", JSON_K_INT, false, offsetof(struct thing, size), 0, NULL},
	{"open", JSON_K_BOOL, true, offsetof(struct thing, open), 0, NULL},
	{"digest", JSON_K_HEX32, true, offsetof(struct thing, digest), 0, NULL},
	{"list", JSON_K_ARRAY, true, offsetof(struct thing, list), 0, NULL},
};

static err read_thing(struct ctx *c, const char *text, bool open, struct thing *ret)
{
	const struct json *j;
	TRY(json_parse(c, str_z(text), &j));
	return json_read(c, j, fields, countof(fields), open, ret);
}

static void reads_by_table(struct ctx *c)
{
	struct thing t = {0};
	is_int(read_thing(
		       c, "{\"name\":\"two\",\"size\":-3,\"open\":true,\"list\":[1]}", false, &t),
		OK, "a thing");
	ok(str_is(t.name, "two"), "its text");
	is_int(t.size, -3, "its number");
	ok(t.open, "its flag");
	is_int(t.list->n, 1, "its list");
	is_int(read_thing(c, "{\"name\":\"two\"}", false, &t), ERR_MISSING_MEMBER,
		"a missing member");
	ok(strstr(c->trouble.detail, "size") != NULL, "is named");
	is_int(read_thing(c, "{\"name\":\"two\",\"size\":1,\"x\":1}", false, &t),
		ERR_UNKNOWN_MEMBER, "an unknown one");
	is_int(read_thing(c, "{\"name\":\"two\",\"size\":1,\"x\":1}", true, &t), OK,
		"passes where open");
	static const char *const wrong[] = {"{\"name\":\"six\",\"size\":1}",
		"{\"name\":1,\"size\":1}", "{\"name\":\"one\",\"size\":1.5}",
		"{\"name\":\"one\",\"size\":1,\"open\":1}",
		"{\"name\":\"one\",\"size\":1,\"digest\":\"00\"}",
		"{\"name\":\"one\",\"size\":1,\"list\":{}}", "{\"name\":\"one two\",\"size\":1}",
		"[]"};
	for (size_t i = 0; i < countof(wrong); i++)
		is_int(read_thing(c, wrong[i], false, &t), ERR_BAD_VALUE, "%s is refused",
			wrong[i]);
}

static bool equal(struct ctx *c, const char *a, const char *b)
{
	const struct json *x = NULL, *y = NULL;
	if (json_parse(c, str_z(a), &x) != OK || json_parse(c, str_z(b), &y) != OK)
		return false;
	return json_eq(x, y) && json_eq(y, x);
}

static void compares(struct ctx *c)
{
	ok(equal(c, "{\"a\":1,\"b\":{\"c\":[]},\"d\":2}", "{\"d\":2,\"b\":{\"c\":[]},\"a\":1}"),
		"the order of members does not matter");
	ok(!equal(c, "{\"a\":1,\"b\":2}", "{\"a\":1,\"c\":2}"), "their names do");
	ok(!equal(c, "{\"a\":1,\"b\":2}", "{\"a\":2,\"b\":1}"), "and their values");
	ok(!equal(c, "[1,2]", "[2,1]"), "and the order of items");
	ok(!equal(c, "1.0", "1"), "and how a number is written");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	reads_by_table(&c);
	compares(&c);
	return done_testing();
}
