/* A case checked by a set of rules, and a set by its own examples. Pure. */
#pragma once

#include "rules/rule_set.h"

/* What an operator decided beforehand; both may be NULL. */
struct check_policy {
	const struct json
		*unadopted; /* [id]: unverified rules that only warn here; others are adopted */
	const struct json *waivers; /* [{rule, by, record}]: exemptions in force (the sandbox's) */
};

/* {ruleSet:{version, hash}, day, verdict: "pass" | "warn" | "refused", counts:{PASS, FAIL, UNKNOWN, NA}, results:[...]}, of
 * which each result is {rule, severity, outcome, blocks, verified, title, basis, evidence?:[ids], needs?:[...], remedy?, waived?}.
 * Refused: a rule of severity block that is neither passed nor NA (UNKNOWN is not passed), nor waived by whom it names.
 * ERR_FORBIDDEN for a waiver of a rule that nobody here may waive, or by another authority. */
must_use err rule_set_check(struct ctx *c, const struct rule_set *s, const struct rule_case *k,
	const struct check_policy *policy, struct json **ret);

struct example_count {
	size_t rules, examples, failed;
};
/* Each rule's examples, of which at least one passes, one fails and one is UNKNOWN. ret_failures: a list of {rule, at, want, got} and
 * {rule, lacks}. Only a fault is an error. */
must_use err rule_set_test(struct ctx *c, const struct rule_set *s, struct example_count *ret,
	struct json **ret_failures);
