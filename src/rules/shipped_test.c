#include "rules/shipped.h"

#include "rules/check.h"
#include "tests/tap.h"

int main(void)
{
	struct ctx c = {.arena = arena_new(64u << 20)};
	struct rule_set s = {0};
	struct example_count n = {0};
	struct json *failures = NULL;
	is_int(rules_shipped_set(&c, &s), OK, "the rules in the program are read (%s)",
		c.trouble.detail);
	is_int(rule_set_test(&c, &s, &n, &failures), OK, "their examples are tried");
	ok(n.rules >= 46 && n.failed == 0, "%zu rules, %zu examples, %zu failed", n.rules,
		n.examples, n.failed);
	for (const struct json *j = failures == NULL ? NULL : failures->first; j != NULL;
		j = j->next)
		printf("# %.*s\n", FMT(json_text(json_get(j, "rule"))));
	arena_free(c.arena);
	return done_testing();
}
