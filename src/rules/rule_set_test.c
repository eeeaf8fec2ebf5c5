#include "rules/rule_set.h"

#include "tests/tap.h"

#include "rules/fixture_test.h"

#define RULE_HEAD \
	"[\n{\"id\":\"A-01\",\"severity\":\"block\",\"title\":{\"zh\":\"z\",\"en\":\"e\"},\n"
#define RULE_TAIL ",\"remedy\":{\"zh\":\"z\",\"en\":\"e\"},\"examples\":[]}\n]"
#define BASIS(rank) \
	"\"basis\":[{\"text\":\"x\",\"rank\":\"" rank "\",\"version\":\"1\",\"verified\":false}]"
#define PASS "\"pass\":\"yes\",\n"

static err read_set(struct ctx *c, const char *facts, const char *rules, struct rule_set *s)
{
	const struct rule_file files[] = {{"a.json", str_z(rules)}, {"facts.json", str_z(facts)},
		{"set.json", STR(SET_JSON)}};
	return rule_set_read(c, files, countof(files), s);
}

static void refused(struct ctx *c)
{
	static const struct {
		const char *facts, *rules;
		err e;
		const char *why;
	} rows[] = {
		{FACTS_JSON, RULE_HEAD PASS BASIS("house") RULE_TAIL, OK, ""},
		{FACTS_JSON, "[", ERR_MALFORMED, "a.json:1: "},
		{FACTS_JSON, "[\n\n{\"a\" 1}]", ERR_MALFORMED, "a.json:3: "},
		{FACTS_JSON, "{}", ERR_BAD_VALUE, "a.json:1: a file of rules is a list"},
		{FACTS_JSON, RULE_HEAD "\"pass\":\"nosuch\",\n" BASIS("house") RULE_TAIL,
			ERR_BAD_VALUE, "a.json:3: A-01: at character 1: there is no fact nosuch"},
		{FACTS_JSON, RULE_HEAD "\"more\":1," PASS BASIS("house") RULE_TAIL,
			ERR_UNKNOWN_MEMBER, "a.json:2: A-01: "},
		{FACTS_JSON, RULE_HEAD PASS BASIS("law") ",\"waivable\":{\"by\":\"x\"}" RULE_TAIL,
			ERR_BAD_VALUE, "nobody here can waive it"},
		{FACTS_JSON,
			RULE_HEAD PASS BASIS(
				"ministerial") ",\"waivable\":{\"by\":\"x\"}" RULE_TAIL,
			ERR_BAD_VALUE, "nobody here can waive it"},
		{FACTS_JSON, RULE_HEAD PASS BASIS("venue") ",\"waivable\":{\"by\":\"x\"}" RULE_TAIL,
			OK, ""},
		{FACTS_JSON, RULE_HEAD PASS BASIS("venue") ",\"waivable\":{\"by\":\"\"}" RULE_TAIL,
			ERR_BAD_VALUE, "authority"},
		{FACTS_JSON, RULE_HEAD PASS BASIS("decree") RULE_TAIL, ERR_BAD_VALUE, "rank"},
		{FACTS_JSON, RULE_HEAD PASS "\"basis\":[]" RULE_TAIL, ERR_BAD_VALUE,
			"at least one"},
		{FACTS_JSON,
			RULE_HEAD PASS "\"basis\":[{\"text\":\"x\",\"rank\":\"law\",\"version\":"
				       "\"1\",\"verified\":true}]" RULE_TAIL,
			ERR_BAD_VALUE, "verified needs read"},
		{FACTS_JSON, RULE_HEAD "\"from\":\"2026-13-01\"," PASS BASIS("house") RULE_TAIL,
			ERR_BAD_VALUE, "from is no day"},
		{FACTS_JSON,
			RULE_HEAD "\"from\":\"2026-02-01\",\"to\":\"2026-01-01\"," PASS BASIS(
				"house") RULE_TAIL,
			ERR_BAD_VALUE, "from lies after to"},
		{"{\"facts\":[\n{\"name\":\"a\",\"type\":\"bool\",\"zh\":\"z\",\"en\":\"e\","
		 "\n\"is\":\"not b\"},{\"name\":\"b\",\"type\":"
		 "\"bool\",\"zh\":\"z\",\"en\":\"e\",\"is\":\"a\"}],\"kinds\":[],\"claims\":[]}",
			"[]", ERR_BAD_VALUE, "facts.json:3: a: it rests on itself"},
		{"{\"facts\":[{\"name\":\"a\",\"type\":\"bool\",\"zh\":\"z\",\"en\":\"e\",\n\"is\":"
		 "\"b\"}],\"kinds\":[],\"claims\":[]}",
			"[]", ERR_BAD_VALUE, "facts.json:2: a: at character 1: there is no fact b"},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct rule_set s;
		is_int(read_set(c, rows[i].facts, rows[i].rules, &s), rows[i].e, "set %zu", i);
		ok(rows[i].e == OK || strstr(c->trouble.detail, rows[i].why) != NULL,
			"it says %s (%s)", rows[i].why, c->trouble.detail);
	}
}

static void identity(struct ctx *c)
{
	struct rule_set one, other, again;
	const char *rules = RULE_HEAD PASS BASIS("house") RULE_TAIL;
	is_int(read_set(c, FACTS_JSON, rules, &one), OK, "a set");
	is_int(read_set(c, FACTS_JSON, rules, &again), OK, "the same");
	is_int(read_set(c, FACTS_JSON, RULE_HEAD PASS BASIS("venue") RULE_TAIL, &other), OK,
		"another");
	ok(hash_eq(&one.hash, &again.hash) && !hash_eq(&one.hash, &other.hash),
		"the hash tells them apart");
	ok(rule_find(&one, STR("A-01")) != NULL && rule_find(&one, STR("A-02")) == NULL,
		"a rule by its id");
	const struct rule_file wrong[] = {
		{"set.json", STR(SET_JSON)}, {"facts.json", STR(FACTS_JSON)}};
	is_int(rule_set_read(c, wrong, 2, &one), ERR_CONFLICT, "files stand by name");
	is_int(rule_set_read(c, wrong, 1, &one), ERR_MISSING_MEMBER, "both must be there");
}

static void derived(struct ctx *c)
{
	struct rule_set s;
	struct rule_case k;
	is_int(read_set(c,
		       "{\"facts\":[{\"name\":\"a\",\"type\":\"bool\",\"zh\":\"z\",\"en\":\"e\","
		       "\"is\":\"not b\"},{\"name\":\"b\",\"type\":"
		       "\"bool\",\"zh\":\"z\",\"en\":\"e\",\"is\":\"n > 1\"}," FACT(
			       "n", "int") "],\"kinds\":[],\"claims\":[]}",
		       "[]", &s),
		OK, "a set with derived facts");
	is_int(rule_set_case(
		       c, &s, fixture_parse(c, "{\"day\":\"2026-01-01\",\"facts\":{\"n\":1}}"), &k),
		OK, "a case");
	const struct fact *a = fact_find(s.catalogue.facts, s.catalogue.facts_n, STR("a"));
	ok(k.facts[a - s.catalogue.facts].known && k.facts[a - s.catalogue.facts].number == 1,
		"a from b from n");
	static const char *const wrong[] = {"{\"day\":\"2026-01-01\",\"facts\":{\"a\":true}}",
		"{\"facts\":{}}", "{\"day\":\"x\",\"facts\":{}}",
		"{\"day\":\"2026-01-01\",\"facts\":{},\"more\":1}",
		("{\"day\":\"2026-01-01\",\"facts\":{},\"evidence\":[{\"id\":\"e\",\"kind\":"
		 "\"none\"}]}")};
	for (size_t i = 0; i < countof(wrong); i++)
		ok(rule_set_case(c, &s, fixture_parse(c, wrong[i]), &k) != OK, "refused: %s",
			wrong[i]);
}

int main(void)
{
	struct ctx c = {.arena = arena_new(32u << 20)};
	refused(&c);
	identity(&c);
	derived(&c);
	arena_free(c.arena);
	return done_testing();
}
