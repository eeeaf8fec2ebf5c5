/* Refusals to known parties as acts: the first one for each (party, subject, reason) is refusal.record; repeats within
 * the hour (LIMIT_REFUSAL_REPEAT_MS) are counted in n_refusal and become one refusal.repeat {n, from, to}; at most
 * LIMIT_REFUSAL_ACTS_DAY a party and day. Strangers, bad syntax, 401 and 404 never come here. */
#pragma once

#include "act/acts.h"

/* reason: the slug of the refusal; detail what was said. Never refuses itself: what exceeds a limit is only counted. */
must_use err refusal_record(struct ctx *c, struct acts *n, struct str party, struct str subject,
	err reason, struct str detail);
/* The module of act/ itself: refusal.record, refusal.repeat, message.undelivered. */
extern const struct module act_module;
