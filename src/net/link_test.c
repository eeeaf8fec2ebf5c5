#include "net/link.h"

#include "base/err.h"

#include "tests/tap.h"

static void test_found(void)
{
	static const char *const fields[] = {"<t>; rel=\"next\"", "<t>;rel=next",
		" < >; rel=up , <t>; rel=\"next\"",
		"<t>; title=\"a, <b>; rel=next\"; rel=\"up next\"",
		"<a>;rel=\"previous\",,<t>;rel=NEXT", "<t> ; x ; REL = \"next\" ; y=1",
		"<t>; rel=\"next\", <b>; rel=\"next\"",
		"<a>; rel=\"up\"; rel=\"next\", <t>; rel=next", "<t>; rel=next, broken"};
	for (size_t i = 0; i < countof(fields); i++)
		ok(str_is(http_link(str_z(fields[i]), "next"), "t"), "in %s", fields[i]);
	struct str empty = http_link(STR("<>; rel=next"), "next");
	ok(empty.p != NULL && empty.n == 0, "an empty target is one");
}

static void test_none(void)
{
	static const char *const fields[] = {"", ",", "t; rel=next", "<t", "<t>", "<t>; rel",
		"<t>; rel=nexts", "<t>; rel=\"next", "<t>; xrel=next", "<t> rel=next",
		"<t>; rel=up; rel=next", "broken, <t>; rel=next", "<t>; rel=\"next\" x"};
	for (size_t i = 0; i < countof(fields); i++)
		ok(http_link(str_z(fields[i]), "next").p == NULL, "none in '%s'", fields[i]);
}

int main(void)
{
	test_found();
	test_none();
	return done_testing();
}
