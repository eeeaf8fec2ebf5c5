/* The limits of sandbox cases on the running contracts of this node: guards on what concludes an agreement and what begins a
 * delivery of a product that is under a case. The test must run, its last day not be over, exemptions must cover who and
 * what for, and each condition must hold as things would be afterwards. What is refused names the condition, the values it
 * would have, and who decides about another limit.
 *
 * Distinct subjects of all that has gone out are counted exactly, not added up (govern/subjects.h): only deliveries that
 * have begun since the test began, and were not given back, count, whatever became of them; all of one tick see each other. */
#pragma once

#include "govern/sandbox.h"

/* What is asked for beside what has been; zeros: nothing. */
struct sandbox_ask {
	struct str negotiation; /* that is being concluded, and does not count twice */
	struct str peer, purpose;
	int64_t net;      /* of the agreement */
	int64_t revision; /* that is to be delivered */
};

/* The facts of a case; ask may be NULL: as things are. */
must_use err sandbox_facts_now(struct ctx *c, struct store *db, const struct sandbox_row *r,
	int64_t now_ms, const struct sandbox_ask *ask, struct case_facts *ret);
/* May it be? ERR_TERM_REFUSES, ERR_BAD_STATE (the test does not run), ERR_GONE (it is over). */
must_use err sandbox_allows(struct ctx *c, struct store *db, struct str product, int64_t now_ms,
	const struct sandbox_ask *ask);

#define SANDBOX_GUARDS 6
#define SANDBOX_REACTIONS 4
extern const struct guard sandbox_guards[SANDBOX_GUARDS];
/* An incident suspends the deliveries that run; resuming resumes them; the end ends them. */
extern const struct reaction sandbox_reactions[SANDBOX_REACTIONS];
