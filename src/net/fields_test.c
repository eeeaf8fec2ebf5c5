#include "net/fields.h"

#include "base/arena.h"
#include "tests/tap.h"

static void ranges(void)
{
	static const struct {
		struct str value;
		uint64_t size;
		enum http_range_kind kind;
		uint64_t offset, length;
	} table[] = {
		{STR("bytes=0-0"), 10, HTTP_RANGE_PART, 0, 1},
		{STR("Bytes=2-5"), 10, HTTP_RANGE_PART, 2, 4},
		{STR("bytes=2-"), 10, HTTP_RANGE_PART, 2, 8},
		{STR("bytes=2-99"), 10, HTTP_RANGE_PART, 2, 8},
		{STR("bytes=-3"), 10, HTTP_RANGE_PART, 7, 3},
		{STR("bytes=-30"), 10, HTTP_RANGE_PART, 0, 10},
		{STR("bytes=0-18446744073709551615"), 10, HTTP_RANGE_PART, 0, 10},
		{STR("bytes=9-9"), 10, HTTP_RANGE_PART, 9, 1},
		{STR("bytes=10-"), 10, HTTP_RANGE_UNSATISFIABLE, 0, 0},
		{STR("bytes=-0"), 10, HTTP_RANGE_UNSATISFIABLE, 0, 0},
		{STR("bytes=0-"), 0, HTTP_RANGE_UNSATISFIABLE, 0, 0},
		{STR("bytes=-1"), 0, HTTP_RANGE_UNSATISFIABLE, 0, 0},
		{STR("bytes=5-2"), 10, HTTP_RANGE_NONE, 0, 0},
		{STR("bytes=0-1,3-4"), 10, HTTP_RANGE_NONE, 0, 0},
		{STR("bytes=-"), 10, HTTP_RANGE_NONE, 0, 0},
		{STR("bytes=a-"), 10, HTTP_RANGE_NONE, 0, 0},
		{STR("bytes=0-18446744073709551616"), 10, HTTP_RANGE_NONE, 0, 0},
		{STR("items=0-1"), 10, HTTP_RANGE_NONE, 0, 0},
		{STR("bytes"), 10, HTTP_RANGE_NONE, 0, 0},
	};
	for (size_t i = 0; i < countof(table); i++) {
		struct http_range r = {0};
		is_int(http_range(table[i].value, table[i].size, &r), table[i].kind, "%s of %d",
			table[i].value.p, (int)table[i].size);
		ok(r.offset == table[i].offset && r.length == table[i].length, "its place");
	}
}

static void conditions(void)
{
	static struct http_request r;
	struct http_range range;
	r.method = STR("GET");
	r.n = 2;
	r.headers[0] = (struct http_header){STR("Range"), STR("bytes=1-2")};
	r.headers[1] = (struct http_header){STR("If-Range"), STR("\"a\"")};
	is_int(http_request_range(&r, STR("\"a\""), 9, &range), HTTP_RANGE_PART, "the tag holds");
	is_int(http_request_range(&r, STR("\"b\""), 9, &range), HTTP_RANGE_NONE,
		"the thing has changed");
	r.method = STR("POST");
	is_int(http_request_range(&r, STR("\"a\""), 9, &range), HTTP_RANGE_NONE,
		"only GET has ranges");
	r.n = 1;
	r.headers[0] = (struct http_header){STR("If-None-Match"), STR("\"x\", W/\"a\"")};
	ok(!http_not_modified(&r, STR("\"a\"")), "not for POST");
	r.method = STR("HEAD");
	ok(http_not_modified(&r, STR("\"a\"")), "a weak tag will do");
	ok(!http_not_modified(&r, STR("\"b\"")), "another will not");
	ok(http_etag_listed(STR(" * "), STR("\"b\"")), "the asterisk stands for any");
	ok(!http_etag_listed(STR(""), STR("\"b\"")), "nothing for none");
}

static void queries(struct ctx *c)
{
	struct str v;
	struct str q = STR("a=1&b=x%20y+z&c&d=%e4%b8%ad&a%5b=2&e=%0&f=%ff&g=1&g=2&h=%00");
	is_int(http_query(c, q, "a", &v), OK, "a member");
	ok(str_is(v, "1"), "its value");
	is_int(http_query(c, q, "b", &v), OK, "one with escapes");
	ok(str_is(v, "x y z"), "decoded");
	is_int(http_query(c, q, "c", &v), OK, "one without value");
	ok(v.p != NULL && v.n == 0, "is there and empty");
	is_int(http_query(c, q, "d", &v), OK, "beyond ASCII");
	is_int(v.n, 3, "three bytes");
	is_int(http_query(c, q, "z", &v), OK, "none");
	ok(v.p == NULL, "is NULL");
	is_int(http_query(c, q, "e", &v), ERR_MALFORMED, "half an escape");
	is_int(http_query(c, q, "f", &v), ERR_MALFORMED, "not UTF-8");
	is_int(http_query(c, q, "g", &v), ERR_MALFORMED, "twice");
	is_int(http_query(c, q, "h", &v), ERR_MALFORMED, "NUL");
}

int main(void)
{
	struct ctx c = {.arena = arena_new(1u << 20)};
	ranges();
	conditions();
	queries(&c);
	arena_free(c.arena);
	return done_testing();
}
