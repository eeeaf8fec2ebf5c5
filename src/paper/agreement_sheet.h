/* G as a Chinese contract for signing on paper: numbered clauses filled from G alone, D(G) in the foot of each page, so that
 * a stamped scan of it ties to G. What G does not say is left open to be written by hand, not invented. Pure.
 * ERR_TOO_LARGE; ERR_BAD_VALUE and the like where G is none. */
#pragma once

#include "codec/json.h"

/* agreed: the time at which it was made (codec/time.h), the date of the sheet. */
must_use err agreement_sheet(
	struct ctx *c, const struct json *document, struct str agreed, struct str *ret);
