/* Concluding an agreement where that takes two people, or a stamped contract (contract/assent.h, agreement_rules): rows 2
 * and 3 of the protocol, each in its role. Until then the step waits; the other party sees nothing of it, and what was not
 * signed by openUntil is ended. What a person takes by a link is concluded at once: it is refused where more is needed. */
#pragma once

#include "contract/agreement.h"

/* agreement.assent, where this is the first yes that is needed before another's; ret_first says so. Else nothing. */
must_use err agreement_assent(struct ctx *c, struct acts *n, const struct agreement_row *r,
	struct str actor, struct entry *ret, bool *ret_first);
/* agreement.attach: the stamped contract of a negotiation. ERR_BAD_STATE where it has ended. */
must_use err agreement_attach(struct ctx *c, struct acts *n, const struct agreement_row *r,
	struct str actor, const struct attachment *a, struct entry *ret);
/* "waitsFor" and who proposed it, where a step of ours waits for people; also "openUntil". */
must_use err agreement_waits(
	struct ctx *c, struct store *db, const struct agreement_row *r, struct json **o);
/* Ends what was not signed in time. Asked now and then; ret_n is how many. */
must_use err agreement_lapse(struct ctx *c, struct acts *n, int64_t now_ms, size_t *ret_n);
/* ERR_BAD_STATE where an agreement by a link would be concluded by fewer than it needs. */
must_use err agreement_link_may(struct ctx *c, struct store *db);

extern const struct module assent_module;
