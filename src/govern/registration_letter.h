/* Our steps in a registration as letters: made, signed, put into the outbox and told (docs/FORMATS.md, 29). A letter is
 * {v, kind: registration, id, case, to, step, day, content}, signed by the party key; an application is told with its
 * dossier, whose digest stands in the content. Functions declared in registration.h are here too. */
#pragma once

#include "govern/registration.h"

/* {"document", "signature", "dossier"?, "E", "link"?, "seen"?} of a registration.step. It is durable. */
must_use err registration_tell(
	struct ctx *c, struct acts *n, struct str peer, uint64_t index, struct json **ret);
/* The dossier of a product of ours as it is handed in, from what the node knows: seller, product, fields. */
must_use err registration_dossier(
	struct ctx *c, struct acts *n, struct str product, struct json **ret);
