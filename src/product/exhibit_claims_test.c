#include "product/exhibit_claims.h"

#include "tests/tap.h"

static err stated(
	struct ctx *c, const struct fact_catalogue *cat, const char *given, struct json **ret)
{
	const struct json *j;
	TRY(json_parse(c, str_z(given), &j));
	return exhibit_claims_stated(c, cat, j, ret);
}

static void same(struct ctx *c, const struct json *got, const char *want, const char *what)
{
	const struct json *j = NULL;
	ok(json_parse(c, str_z(want), &j) == OK && got != NULL && json_eq(got, j), "%s", what);
}

static void test_stated(struct ctx *c, const struct fact_catalogue *cat)
{
	static const struct {
		const char *given;
		err want;
	} refused[] = {
		{"{\"colour\":\"red\"}", ERR_UNKNOWN_MEMBER},
		{"{\"from\":\"soon\"}", ERR_BAD_VALUE},
		{"{\"from\":\"2026-01-01 2026-02-01\"}", ERR_BAD_VALUE},
		{"{\"k\":\"many\"}", ERR_BAD_VALUE},
		{"{\"sublicense\":\"perhaps\"}", ERR_BAD_VALUE},
		{"{\"k\":true}", ERR_BAD_VALUE},
	};
	struct json *o = NULL;
	is_int(stated(c, cat,
		       "{\"from\":\"2026-01-01\",\"sublicense\":\"no\",\"k\":\"5\",\"issuer\":\" A "
		       "\",\"purposes\":\"a, b\",\"rights\":[\"hold\"]}",
		       &o),
		OK, "claims as people write them");
	same(c, o,
		"{\"from\":\"2026-01-01\",\"sublicense\":false,\"k\":5,\"issuer\":\"A\","
		"\"purposes\":[\"a\",\"b\"],\"rights\":[\"hold\"]}",
		"have the types of the catalogue");
	for (size_t i = 0; i < countof(refused); i++)
		is_int(stated(c, cat, refused[i].given, &o), refused[i].want, "%s",
			refused[i].given);
}

static void test_read(struct ctx *c)
{
	struct source s =
		source_of_text(STR("Number: 7\nIssuer: B\nSublicense: yes\nSublicense: no\n"));
	struct exhibit_claims x;
	const struct json *given = NULL;
	ok(json_parse(c, STR("{\"number\":\"9\",\"status\":\"x\"}"), &given) == OK, "given");
	is_int(exhibit_claims_read(c, &s, STR("a.txt"), given, &x), OK, "a paper is read");
	ok(x.read && !x.damaged, "it has words");
	same(c, x.claims,
		"{\"number\":\"7\",\"issuer\":\"B\",\"sublicense\":true,\"status\":\"x\"}",
		"what it says counts, the rest is added");
	same(c, x.stated, "[\"status\"]", "and marked");
	same(c, x.contradicted,
		"[{\"claim\":\"sublicense\"},{\"claim\":\"number\",\"stated\":\"9\",\"found\":"
		"\"7\"}]",
		"it says it twice, and not what is stated");
	is_int(exhibit_claims_read(c, NULL, STR(""), given, &x), OK, "without a file");
	ok(!x.read && x.stated->n == 2, "all is stated");
	s = source_of_text(STR("PK\3\4 no archive"));
	is_int(exhibit_claims_read(c, &s, STR("a.docx"), NULL, &x), OK, "a broken file");
	ok(x.damaged && !x.read && x.claims->n == 0, "is damaged");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	struct fact_catalogue cat;
	is_int(exhibit_catalogue(&c, &cat), OK, "the catalogue");
	test_stated(&c, &cat);
	test_read(&c);
	return done_testing();
}
