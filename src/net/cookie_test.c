#include "net/cookie.h"

#include "base/arena.h"
#include "tests/tap.h"

static struct http_request req;

static err read(struct ctx *c, const char *field, struct str *ret)
{
	req.n = 1;
	req.headers[0] = (struct http_header){STR("cookie"), str_z(field)};
	*ret = (struct str){0};
	return http_cookie(c, &req, "sid", ret);
}

static void test_found(struct ctx *c)
{
	static const char *const fields[] = {"sid=abc", "a=1; sid=abc", "sid=abc; a=1",
		"a=\"x,y\";sid=abc;;", "xsid=no; sid=abc; sidx=no", "flag; sid=abc; {\"j\":1}"};
	struct str value;
	for (size_t i = 0; i < countof(fields); i++)
		ok(read(c, fields[i], &value) == OK && str_is(value, "abc"), "in '%s'", fields[i]);
	ok(read(c, "sid=a=b", &value) == OK && str_is(value, "a=b"), "= may stand in a value");
	ok(read(c, "sid=", &value) == OK && value.p != NULL && value.n == 0, "an empty one is one");
}

static void test_none(struct ctx *c)
{
	static const char *const fields[] = {
		"", ";", "a=1", "sid", "SID=abc", "sid =abc", "=abc", "sidx=abc", "a=sid=abc"};
	struct str value;
	for (size_t i = 0; i < countof(fields); i++)
		ok(read(c, fields[i], &value) == OK && value.p == NULL, "none in '%s'", fields[i]);
	req.n = 0;
	ok(http_cookie(c, &req, "sid", &value) == OK && value.p == NULL, "none without a field");
}

static void test_refused(struct ctx *c)
{
	static const char *const fields[] = {"sid=a; sid=b", "sid=a; x=1; sid=a", "sid=\"abc\"",
		"sid=a b", "sid=a,b", "sid=a\\b", "sid=\x80", "sid=a\tb"};
	struct str value;
	for (size_t i = 0; i < countof(fields); i++)
		is_int(read(c, fields[i], &value), ERR_MALFORMED, "'%s' is refused", fields[i]);
	req.n = 2;
	req.headers[0] = (struct http_header){STR("Cookie"), STR("a=1")};
	req.headers[1] = (struct http_header){STR("Cookie"), STR("sid=abc")};
	is_int(http_cookie(c, &req, "sid", &value), ERR_MALFORMED, "two fields are refused");
}

int main(void)
{
	cleanup(arena_freep) struct arena *arena = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = arena};
	test_found(&c);
	test_none(&c);
	test_refused(&c);
	return done_testing();
}
