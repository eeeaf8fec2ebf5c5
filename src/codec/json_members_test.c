#include "codec/json_members.h"

#include <stddef.h>

#include "tests/tap.h"

struct body {
	struct str name;
	int64_t size;
	struct str why;
};

int main(void)
{
	static const struct json_field members[] = {
		{"name", JSON_K_TEXT, false, offsetof(struct body, name), 0, NULL},
		{"size", JSON_K_INT, true, offsetof(struct body, size), 0, NULL},
		{"why", JSON_K_TEXT, false, offsetof(struct body, why), 0, NULL},
	};
	static const struct {
		const char *text;
		uint64_t must, may;
		err e;
	} rows[] = {
		{"{\"name\":\"a\"}", 1, 0, OK},
		{"{\"name\":\"a\",\"size\":3}", 1, 2, OK},
		{"{\"name\":\"a\"}", 3, 0, ERR_MISSING_MEMBER},
		{"{\"name\":\"a\",\"why\":\"b\"}", 1, 2, ERR_UNKNOWN_MEMBER},
		{"{}", 0, 7, OK},
		{"{}", 4, 3, ERR_MISSING_MEMBER},
		{"{\"size\":\"3\"}", 0, 2, ERR_BAD_VALUE},
	};
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	for (size_t i = 0; i < countof(rows); i++) {
		const struct json *j = NULL;
		struct body b = {.size = -1};
		is_int(json_parse(&c, str_z(rows[i].text), &j), OK, "body %zu", i);
		is_int(json_read_members(
			       &c, j, members, countof(members), rows[i].must, rows[i].may, &b),
			rows[i].e, "%s", rows[i].text);
		if (i == 1)
			ok(str_is(b.name, "a") && b.size == 3 && b.why.n == 0, "into the struct");
	}
	return done_testing();
}
