/* Passes: which messages came in parcels whose signature this node has checked (docs/FORMATS.md, 21). Whoever may open the
 * control socket is the operator; in the name of a party he may bring only what that party has signed. So a message under
 * Shugu-As is heeded where method, target and body, byte for byte, stand in such a parcel of that party.
 *
 * In memory, the newest PASSES of them; whoever is forgotten is checked again with his parcel. A parcel that is taken twice
 * does no harm, so a pass is not used up. One thread. */
#pragma once

#include "base/limits.h"
#include "party/parcel.h"

#define PASSES 4096u
#define PASSES_PARCEL 1024u

struct passes;

/* Bound to c's arena. */
must_use err passes_new(struct ctx *c, struct passes **ret);
/* All messages of a parcel that was checked. ERR_TOO_LARGE where it holds more than PASSES_PARCEL. */
must_use err passes_put(struct ctx *c, struct passes *p, const struct parcel *parcel);
/* ERR_FORBIDDEN where no such parcel of did holds it. */
must_use err passes_ask(struct ctx *c, const struct passes *p, struct str did, struct str method,
	struct str target, struct str body);
