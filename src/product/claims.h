/* What a paper of evidence says of itself: a contract, an authorisation, a certificate or a record, as text, read line by line into
 * the claims of rules/facts.json. "Label: value" (full-width colon or not, with or without numbering), in Chinese or English,
 * and a few sentences that need no label ("不得再许可"). What is not understood is passed over; nothing is guessed from its
 * absence. Parties: a code behind 乙方, 被授权方 and the like is that of who receives (agent_uscc), any other is of whom the
 * paper is about (holder_uscc). A period "from A to B", "from A for 3 years", or open ("长期") gives `from` and `to`.
 *
 * Pure; the text is UTF-8 of at most LIMIT_CLAIMS_TEXT bytes. */
#pragma once

#include "codec/json.h"

/* {claim: value}; of a claim that stands twice the first one counts, and its name is in ret_twice (a list) where the values
 * differ. ERR_TOO_LARGE. */
must_use err claims_read(
	struct ctx *c, struct str text, struct json **ret, struct json **ret_twice);

/* How single values are read, for who has them without a label (product/dossier). */
/* The parts of a list, as written. */
struct json *claims_list(struct ctx *c, struct str v);
/* hold, use, operate: those that it names and does not deny. */
struct json *claims_rights(struct ctx *c, struct str v);
/* False where it says neither. */
bool claims_yes(struct str v, bool *ret);
/* The first two days in it, as texts; NULL where there is none. */
void claims_days(struct ctx *c, struct str v, struct json **ret_first, struct json **ret_second);
