/* Exemptions: that a rule is relaxed for the product of a sandbox case, within a scope, for a time, under conditions, by the
 * authority that the rule's own row names (`waivable`, rules/rule.h). A rule on a law, an administrative regulation or a
 * ministerial rule has no such row: a case may only record safeguards for it. */
#pragma once

#include "govern/sandbox.h"

/* May a case relax that rule? ERR_NOT_FOUND: no such rule; ERR_FORBIDDEN: nobody here may, or another authority. */
must_use err exemption_may(struct ctx *c, struct str rule, struct str authority);
/* scope {purposes?: [], counterparties?: []}, conditions [id of the ledger]; either may be NULL. */
must_use err exemption_check(struct ctx *c, const struct json *scope, const struct json *conditions,
	const struct json *ledger);
/* The hash of the shipped rules in hex, for acts. */
must_use err exemption_rule_set(struct ctx *c, struct str *ret);
/* What is in force for a product on a day: [{rule, by, record}], as rules/check.h takes it; record names case and number.
 * Nothing of a case whose test does not run. At most one for each rule. */
must_use err exemption_waivers(
	struct ctx *c, struct store *db, struct str product, int64_t day, struct json **ret);
/* Whether what is asked for lies within the scopes of the exemptions that are in force for the case. ERR_TERM_REFUSES. */
must_use err exemption_covers(struct ctx *c, struct store *db, const struct sandbox_row *r,
	int64_t day, struct str peer, struct str purpose);
