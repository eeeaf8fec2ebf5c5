#include "rules/check.h"

#include "tests/tap.h"

#include "rules/fixture_test.h"

#define RULE(id, severity, rank, more) \
	"{\"id\":\"" id "\",\"severity\":\"" severity \
	"\",\"title\":{\"zh\":\"z\",\"en\":\"e\"},\"pass\":\"yes\"," \
	"\"remedy\":{\"zh\":\"z\",\"en\":\"e\"},\"basis\":[{\"text\":\"x\",\"rank\":\"" rank \
	"\",\"version\":\"1\",\"verified\":false}]," more \
	"\"examples\":[{\"outcome\":\"PASS\",\"day\":\"2026-01-01\",\"facts\":{\"yes\":true}}," \
	"{\"outcome\":\"FAIL\",\"day\":\"2026-01-01\",\"facts\":{\"yes\":false}}]}"

static struct rule_set set_of(struct ctx *c)
{
	static const struct rule_file files[] = {
		{"a.json", STR("[" RULE("A-01", "block", "venue",
				   "\"waivable\":{\"by\":\"the bureau\"},") "," RULE("A-02", "warn",
				   "house", "") "," RULE("A-03", "block", "law",
				   "\"to\":\"2025-12-31\",") "]")},
		{"facts.json", STR(FACTS_JSON)}, {"set.json", STR(SET_JSON)}};
	struct rule_set s = {0};
	is_int(rule_set_read(c, files, countof(files), &s), OK, "a set (%s)", c->trouble.detail);
	return s;
}

static const char *verdict(
	struct ctx *c, const struct rule_set *s, const char *facts, const struct check_policy *p)
{
	struct rule_case k;
	struct json *r = NULL;
	struct json *input = json_object(c);
	json_set_str(c, &input, "day", STR("2026-01-01"));
	json_set(&input, "facts", json_copy(c, fixture_parse(c, facts)));
	if (rule_set_case(c, s, input, &k) != OK || rule_set_check(c, s, &k, p, &r) != OK)
		return c->trouble.detail;
	return arena_z(c->arena, json_text(json_get(r, "verdict")));
}

int main(void)
{
	struct ctx c = {.arena = arena_new(8u << 20)};
	struct rule_set s = set_of(&c);
	is_str(verdict(&c, &s, "{\"yes\":true}", NULL), "pass", "all pass");
	is_str(verdict(&c, &s, "{\"yes\":false}", NULL), "refused", "one blocks");
	is_str(verdict(&c, &s, "{}", NULL), "refused", "what is not known blocks too");
	struct check_policy p = {.unadopted = fixture_parse(&c, "[\"A-01\"]")};
	is_str(verdict(&c, &s, "{}", &p), "warn",
		"an unverified rule that is not adopted only warns");
	p = (struct check_policy){
		.waivers = fixture_parse(
			&c, "[{\"rule\":\"A-01\",\"by\":\"the bureau\",\"record\":\"X\"}]")};
	is_str(verdict(&c, &s, "{\"yes\":false}", &p), "warn", "a waived rule only warns");
	p.waivers = fixture_parse(&c, "[{\"rule\":\"A-01\",\"by\":\"me\"}]");
	ok(strstr(verdict(&c, &s, "{}", &p), "only the bureau") != NULL, "but not by anybody");
	p.waivers = fixture_parse(&c, "[{\"rule\":\"A-02\",\"by\":\"me\"}]");
	ok(strstr(verdict(&c, &s, "{}", &p), "nobody here") != NULL, "and not every rule");
	struct example_count n = {0};
	struct json *failures = NULL;
	is_int(rule_set_test(&c, &s, &n, &failures), OK, "its examples");
	ok(n.rules == 3 && n.examples == 6 && n.failed == 5 && failures->n == 5,
		"three lack UNKNOWN, and one is not in force: %zu, %zu, %zu", n.rules, n.examples,
		n.failed);
	arena_free(c.arena);
	return done_testing();
}
