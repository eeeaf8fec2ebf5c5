/* What the other side of a registration sends, judged and made an act (docs/FORMATS.md, 29); api/ carries the messages.
 *
 * The sender is authenticated and approved, signs the letter and brings the proof that its log holds the act that names it. A
 * step counts on the day of the sender's act, as its log has it; what an applicant hands in counts on the day it is received.
 * A repeat changes nothing. ERR_BUSY: the receipt of the application has not come back yet, come again. */
#pragma once

#include "govern/registration.h"

/* ret_index: our act about it. */
must_use err registration_take(struct ctx *c, struct acts *n, struct str peer,
	const struct json *message, uint64_t *ret_index);
/* The answer to a step of ours: for an application, the receipt. */
must_use err registration_taken(
	struct ctx *c, struct acts *n, struct str peer, uint64_t index, const struct json *answer);
/* The registrar's node would not take our application, for good. */
must_use err registration_bounced(struct ctx *c, struct acts *n, uint64_t index, struct str reason);
