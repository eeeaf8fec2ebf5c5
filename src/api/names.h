/* How people call what a document names by id: members for lists and pages, never for evidence. A name that this node does
 * not know is left out. */
#pragma once

#include "contract/agreement.h"

/* "partyName": as the party calls itself. */
must_use err names_set_party(struct ctx *c, struct store *db, struct str did, struct json **o);
/* partyName and "productName": the provider's own name of its product; at the consumer the name it was ordered by. */
must_use err names_set(
	struct ctx *c, struct store *db, const struct agreement_row *a, struct json **o);
/* The same, of the agreement with that id. */
must_use err names_set_of(struct ctx *c, struct store *db, struct str agreement, struct json **o);
