/* The condition ledger of a sandbox case: what the committee's admission and the test plan demand, each a predicate of
 * src/rules over facts of the case, so that a node can stop what they do not allow.
 *
 *   {"id", "kind": "condition" | "limit" | "stop", "pass": PREDICATE, "title"?, "by"?}
 *
 * A limit {"subjects": 1000} is the condition limit.subjects, `subjects <= 1000`; a stop rule {id, when} is `not (when)`.
 * What is UNKNOWN is not met. Facts are told of two moments: as they are (gauges), and as they would be after what is
 * asked for (a guard). Pure. */
#pragma once

#include "rules/evaluate.h"

#define CONDITIONS_MAX 64u
#define CONDITION_SUBJECTS_UNKNOWN (-1)

struct case_facts {
	int64_t subjects; /* CONDITION_SUBJECTS_UNKNOWN where an object was not counted; then records are not known either */
	int64_t records, deliveries, value, counterparties, days, complaints, open_complaints,
		incidents;
	int64_t today; /* a day */
};

/* Adds to *ledger: conditions [{id, pass, title?, by?}], limits {subjects, records, value, counterparties, days, deliveries},
 * stop [{id, when, title?, by?}]; each may be NULL. ERR_BAD_VALUE names the condition and what is wrong; ERR_CONFLICT for an
 * id twice; ERR_TOO_LARGE. */
must_use err condition_add(struct ctx *c, struct json **ledger, const struct json *conditions,
	const struct json *limits, const struct json *stop);
/* The first condition that is not met, or NULL; ret_why: what was asked, what would be, who decides. */
must_use err condition_ask(struct ctx *c, const struct json *ledger, const struct case_facts *f,
	const struct json **ret, struct str *ret_why);
/* The ledger as gauges: each condition with outcome (PASS, FAIL, UNKNOWN), the facts it asks for and their values, and for
 * a limit value, limit and left. */
must_use err condition_gauges(
	struct ctx *c, const struct json *ledger, const struct case_facts *f, struct json **ret);
bool condition_is_known(const struct json *ledger, struct str id);
