/* Lifting what two people decide takes two people. Where a policy (agreement.policy, invoice.policy) says twoPeople, a change
 * that takes this away, or the stamped contract beside it, is first a wish (policy.ease) that waits in the inbox; another
 * person's yes makes the act of the policy, in exactly these words. One wish of each policy; any act of the policy ends
 * it. Making a policy stricter waits for nobody. */
#pragma once

#include "contract/assent.h"
#include "party/inbox.h"

struct easing {
	struct str policy, id; /* "agreement" or "invoice"; urn:uuid */
	const struct json *rules;
};

/* Would these words take away what is in force? */
bool easing_eases(const struct binding *b, const struct json *rules);
/* policy.ease. ERR_FORBIDDEN for who is no person; ERR_BAD_STATE where another waits. */
must_use err easing_propose(struct ctx *c, struct acts *n, const char *policy, struct str actor,
	const struct json *rules);
/* For the guard of the act of a policy, under the binding in force. ERR_FORBIDDEN, ERR_BAD_STATE. */
must_use err easing_ask(struct ctx *c, struct store *db, const char *policy,
	const struct binding *b, const struct act *a);
/* For apply of the act of a policy: nothing waits any more. */
must_use err easing_done(struct ctx *c, struct store *db, const char *policy);
/* Sets "waiting" {id, rules, waitsFor, proposedBy, ...} where one waits. */
must_use err easing_say(struct ctx *c, struct store *db, const char *policy, struct json **o);

extern const struct inbox_kind easing_inbox;
extern const struct module easing_module;
