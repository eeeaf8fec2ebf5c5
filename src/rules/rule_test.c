#include "rules/rule.h"

#include "tests/tap.h"

#include "rules/fixture_test.h"

#define RULE \
	"{\"id\":\"A-01\",\"severity\":\"warn\",\"title\":{\"zh\":\"z\",\"en\":\"e\"},\"when\":" \
	"\"yes\",\"pass\":\"n > 1\"," \
	"\"remedy\":{\"zh\":\"z\",\"en\":\"e\"},\"basis\":[{\"text\":\"x\",\"rank\":\"law\"," \
	"\"version\":\"1\",\"read\":\"a page\"," \
	"\"verified\":true}],\"from\":\"2026-01-01\",\"to\":\"2026-12-31\",\"examples\":[]}"

int main(void)
{
	static const struct {
		bool when_known, when, n_known;
		int64_t n, day;
		enum outcome want;
	} rows[] = {{true, true, true, 2, 20600, OUTCOME_PASS},
		{true, true, true, 1, 20600, OUTCOME_FAIL},
		{true, true, false, 0, 20600, OUTCOME_UNKNOWN},
		{true, false, true, 1, 20600, OUTCOME_NA},
		{false, false, true, 1, 20600, OUTCOME_UNKNOWN},
		{false, false, true, 2, 20600, OUTCOME_PASS},
		{true, true, true, 1, 20453, OUTCOME_NA},
		{true, true, true, 1, 20454, OUTCOME_FAIL},
		{true, true, true, 1, 20818, OUTCOME_FAIL},
		{true, true, true, 1, 20819, OUTCOME_NA}};
	struct ctx c = {.arena = arena_new(8u << 20)};
	struct fact_catalogue k = fixture_catalogue(&c);
	struct rule r = {0};
	const struct json *where;
	is_int(rule_read(&c, &k, fixture_parse(&c, RULE), &r, &where), OK, "a rule");
	ok(r.verified && r.severity == SEVERITY_WARN && r.waivable_by.n == 0, "as it stands");
	size_t yes = (size_t)(fact_find(k.facts, k.facts_n, STR("yes")) - k.facts);
	size_t n = (size_t)(fact_find(k.facts, k.facts_n, STR("n")) - k.facts);
	for (size_t i = 0; i < countof(rows); i++) {
		struct fact_value v[8] = {0};
		v[yes] = (struct fact_value){.known = rows[i].when_known, .number = rows[i].when};
		v[n] = (struct fact_value){.known = rows[i].n_known, .number = rows[i].n};
		struct rule_case at = {.catalogue = &k, .facts = v, .today = rows[i].day};
		is_int(rule_ask(&r, &at), rows[i].want, "row %zu is %s", i, outcomes[rows[i].want]);
	}
	arena_free(c.arena);
	return done_testing();
}
