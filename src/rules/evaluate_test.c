#include "rules/evaluate.h"

#include "tests/tap.h"

#include "rules/fixture_test.h"

#define CASE(facts, evidence) \
	"{\"day\":\"2026-06-01\",\"facts\":{" facts "},\"evidence\":[" evidence "]}"
#define ITEM(id, claims) "{\"id\":\"" id "\",\"kind\":\"contract\",\"claims\":{" claims "}}"

static struct rule_set fixture_set(struct ctx *c)
{
	static const struct rule_file files[] = {
		{"facts.json", STR(FACTS_JSON)}, {"set.json", STR(SET_JSON)}};
	struct rule_set s = {0};
	is_int(rule_set_read(c, files, countof(files), &s), OK, "the set is read");
	return s;
}

static void truths(struct ctx *c, const struct rule_set *s)
{
	static const char *const cases[] = {
		CASE("\"yes\":true,\"n\":2,\"t\":\"a\",\"d\":\"2026-05-31\",\"l\":[\"a\",\"b\"]",
			ITEM("e1", "\"n\":2")),
		CASE("", ITEM("e1", "\"n\":2,\"to\":\"2026-05-31\"") "," ITEM(
				 "e2", "\"from\":\"2026-06-02\"")),
		CASE("\"yes\":false,\"n\":3,\"t\":\"c\",\"d\":\"2026-06-02\",\"l\":[]",
			"{\"id\":\"e1\",\"kind\":\"contract\",\"unsound\":\"forged\",\"claims\":{"
			"\"n\":2}}," ITEM("e2", ""))};
	static const struct {
		const char *text, *truths; /* t, f, u: of each case */
	} rows[] = {{"yes", "tuf"}, {"not yes", "fut"}, {"yes and true", "tuf"},
		{"yes and false", "fff"}, {"yes or true", "ttt"}, {"false or yes", "tuf"},
		{"yes and yes or not yes", "tut"}, {"n == 2", "tuf"}, {"n != 2", "fut"},
		{"n < 3", "tuf"}, {"n <= 2", "tuf"}, {"n > 2", "fut"}, {"n >= 3", "fut"},
		{"n + 1 == 3", "tuf"}, {"t == 'a'", "tuf"}, {"t in ['a','b']", "tuf"},
		{"l covers ['b']", "tuf"}, {"l covers []", "tut"}, {"t in l", "tuf"},
		{"known(t)", "tft"}, {"age(d) == 1", "tuf"},
		{"days(d, today) + 0 < 0 or d < today", "tut"}, {"d < 2026-06-01", "tuf"},
		{"has('contract')", "tft"}, {"any('contract', its.n == 2)", "tfu"},
		{"any('contract', its.n == n)", "tfu"}, {"any('contract', known(its.n))", "tff"},
		{"not has('contract')", "ftf"}};
	for (size_t i = 0; i < countof(rows) * countof(cases); i++) {
		struct rule_case k;
		const struct predicate *p;
		size_t row = i / countof(cases), at = i % countof(cases);
		if (rule_set_case(c, s, fixture_parse(c, cases[at]), &k) != OK ||
			predicate_read(c, &s->catalogue, str_z(rows[row].text), &p) != OK) {
			ok(false, "%s: %s", rows[row].text, c->trouble.detail);
			continue;
		}
		enum truth t = predicate_ask(p, &k);
		is_int("ftu"[t], rows[row].truths[at], "%s in case %zu", rows[row].text, at);
		ok((predicate_needs(c, p, &k, true)->n == 0) == (t == TRUTH_TRUE), "needs agree");
		ok((predicate_needs(c, p, &k, false)->n == 0) == (t == TRUTH_FALSE),
			"also the other way");
	}
}

static void needed(struct ctx *c, const struct rule_set *s, const char *input, const char *text,
	const char *want)
{
	struct rule_case k;
	const struct predicate *p;
	struct str got = {"", 0};
	is_int(rule_set_case(c, s, fixture_parse(c, input), &k), OK, "a case");
	is_int(predicate_read(c, &s->catalogue, str_z(text), &p), OK, "and a predicate");
	is_int(json_write(c, predicate_needs(c, p, &k, true), false, 65536, &got), OK,
		"needs something");
	is_str(arena_z(c->arena, got), want, "for %s", text);
}

static void explained(struct ctx *c, const struct rule_set *s)
{
	needed(c, s, CASE("\"n\":2", ""), "n > 2 and yes",
		"[{\"need\":\"n > "
		"2\",\"because\":[{\"fact\":\"n\",\"zh\":\"z\",\"en\":\"e\",\"value\":2}]},"
		"{\"need\":\"yes\",\"because\":[{\"fact\":\"yes\",\"zh\":\"z\",\"en\":\"e\","
		"\"value\":null}]}]");
	needed(c, s, CASE("\"n\":2", ""), "not (n == 2 and true)",
		"[{\"anyOf\":[[{\"need\":\"not (n == "
		"2)\",\"because\":[{\"fact\":\"n\",\"zh\":\"z\",\"en\":\"e\",\"value\":2}]}],"
		"[{\"need\":\"not (true)\",\"because\":[]}]]}]");
	needed(c, s, CASE("", ITEM("e1", "\"to\":\"2026-05-31\"") "," ITEM("e2", "\"n\":1")),
		"any('contract', its.n == 2)",
		"[{\"need\":\"any('contract', its.n == "
		"2)\",\"evidence\":\"contract\",\"zh\":\"z\",\"en\":\"e\",\"items\":["
		"{\"id\":\"e1\",\"trouble\":\"it expired on "
		"2026-05-31\"},{\"id\":\"e2\",\"needs\":[{\"need\":\"its.n == 2\","
		"\"because\":[{\"claim\":\"n\",\"zh\":\"z\",\"en\":\"e\",\"value\":1}]}]}]}]");
}

int main(void)
{
	struct ctx c = {.arena = arena_new(32u << 20)};
	struct rule_set s = fixture_set(&c);
	truths(&c, &s);
	explained(&c, &s);
	arena_free(c.arena);
	return done_testing();
}
