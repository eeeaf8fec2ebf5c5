#include "govern/registration_rules.h"

#include "tests/tap.h"

/* Article 21, row by row: what each source gives by itself, and with what it rests on; h, u, o in each right, - for none. */
static const struct {
	const char *source, *alone, *with_basis;
} rows[] = {
	{"collected", "huo", "huo"},
	{"contract", "huo", "huo"},
	{"personal", "huo", "huo"},
	{"crawled", "hu-", "hu-"},
	{"crawled-product", "hu-", "huo"},
	{"joint", "hu-", "huo"},
	{"derived", "---", "huo"},
	{"entrusted", "---", "huo"},
};

static void test_article_21(struct ctx *c)
{
	for (size_t i = 0; i < countof(rows); i++) {
		for (unsigned bit = 0; bit < 3; bit++) {
			struct registration_claim k = {
				.source = str_z(rows[i].source), .rights = 1u << bit};
			is_int(registration_may(c, &k),
				rows[i].alone[bit] == '-' ? ERR_BAD_VALUE : OK, "%s, right %u",
				rows[i].source, bit);
			k.basis = STR("a paper");
			is_int(registration_may(c, &k),
				rows[i].with_basis[bit] == '-' ? ERR_BAD_VALUE : OK,
				"%s, right %u, with a paper", rows[i].source, bit);
		}
	}
	for (size_t i = 0; i < countof(rows); i++)
		ok(str_is(str_z(rows[i].source), registration_sources[i].id), "no row is missing");
	ok(registration_sources[countof(rows)].id == NULL, "and none is more");
	const struct registration_claim unknown = {.source = STR("bought"), .rights = 1};
	is_int(registration_may(c, &unknown), ERR_BAD_VALUE, "another source is none");
}

static void test_article_15(struct ctx *c)
{
	struct registration_claim k = {
		.source = STR("collected"), .origin = STR("government"), .rights = RIGHT_HOLD};
	is_int(registration_may(c, &k), ERR_BAD_VALUE, "data of authorities are not registered");
	k.origin = STR("authorised");
	is_int(registration_may(c, &k), ERR_BAD_VALUE,
		"authorised operation: first on the platform of public data");
	k.platform = STR("GG-1");
	is_int(registration_may(c, &k), OK, "then here");
	k.origin = STR("utility");
	is_int(registration_may(c, &k), OK, "utilities may register");
	k.origin = STR("abroad");
	is_int(registration_may(c, &k), ERR_BAD_VALUE, "no other origin");
}

static void test_lengths(struct ctx *c)
{
	char text[1300];
	for (unsigned i = 0; i < 401; i++) {
		text[3 * i] = '\xe6';
		text[3 * i + 1] = '\x95';
		text[3 * i + 2] = '\xb0';
	}
	struct str s = {text, 120}, o = {text, 1200};
	is_int(registration_texts(c, s, o), OK, "40 and 400 characters, not bytes");
	s.n = 123;
	is_int(registration_texts(c, s, o), ERR_BAD_VALUE, "41 in the name");
	s.n = 120;
	o.n = 1203;
	is_int(registration_texts(c, s, o), ERR_BAD_VALUE, "401 in the overview");
	is_int(registration_texts(c, (struct str){0}, s), ERR_BAD_VALUE, "no name");
}

static void test_codes(struct ctx *c)
{
	static const char *const bad[] = {"", "SJ331202610000", "SJ33120261000011",
		"sj3312026100001", "SJ3312026000001", "SJ3312026130001", "SJ3312026100000",
		"SJ9912026100001", "SJ33A2026100001", "SJ3312026 00001"};
	struct registration_code k = {0};
	struct str text;
	ok(registration_code_read(STR("SJ3312026100001"), &k), "the example of annex 6");
	is_int(k.region, 33, "Zhejiang");
	is_int(k.digit, 1, "the registrar");
	is_int(k.year * 100 + k.month, 202610, "year and month");
	is_int(k.serial, 1, "the first of the month");
	for (size_t i = 0; i < countof(bad); i++)
		ok(!registration_code_read(str_z(bad[i]), &k), "no code: '%s'", bad[i]);
	k = (struct registration_code){33, 1, 2026, 10, 9999};
	ok(registration_code_write(c, &k, &text) == OK && str_is(text, "SJ3312026109999"),
		"the last of a month");
	k.serial = 10000;
	is_int(registration_code_write(c, &k, &text), ERR_QUOTA, "none beyond it");
	k = (struct registration_code){99, 1, 2026, 10, 1};
	is_int(registration_code_write(c, &k, &text), ERR_BAD_VALUE, "no such region");
}

static void test_lists(struct ctx *c)
{
	const struct json *j = NULL;
	unsigned rights = 0;
	ok(json_parse(c, STR("[\"use\",\"hold\"]"), &j) == OK, "a list");
	ok(registration_rights_read(c, j, &rights) == OK && rights == 3, "two rights");
	is_int((long long)registration_rights_json(c, rights)->n, 2, "and back");
	static const char *const bad[] = {"[]", "[\"use\",\"use\"]", "[\"own\"]", "\"use\""};
	for (size_t i = 0; i < countof(bad); i++) {
		ok(json_parse(c, str_z(bad[i]), &j) == OK, "read");
		is_int(registration_rights_read(c, j, &rights), ERR_BAD_VALUE, "no list: %s",
			bad[i]);
	}
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1 << 20);
	struct ctx c = {.arena = a};
	test_article_21(&c);
	test_article_15(&c);
	test_lengths(&c);
	test_codes(&c);
	test_lists(&c);
	return done_testing();
}
