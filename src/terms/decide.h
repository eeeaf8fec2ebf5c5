/* Usage terms decided: may this be done now? Fail-closed and explained: a refusal names the constraint, the value that was
 * met, and what would satisfy it, e.g. "count lteq 1: 1 of 1 deliveries used; agree anew".
 *
 * Pure and under a microsecond: the caller brings time and counts. The first constraint that fails is named, in the order
 * of enum term_kind (terms/policy.h). */
#pragma once

#include "terms/policy.h"

struct terms_ask {
	const char *action; /* "use" */
	struct str purpose; /* that of the scenario; empty where none is stated */
	int64_t now_ms;
	int64_t agreed_ms; /* when the agreement was made; now_ms before there is one */
	int64_t used; /* deliveries begun under the agreement, without the one that is asked for */
};

/* OK or ERR_TERM_REFUSES. ret_why is written in both cases: a sentence that all is met, or the detail of the refusal. */
must_use err terms_decide(
	struct ctx *c, const struct terms *t, const struct terms_ask *ask, struct str *ret_why);
