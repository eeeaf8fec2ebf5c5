/* /data: the bytes of a delivery and the leaf hashes of its object, for whoever holds the token of the manifest. The meter is
 * asked before the first byte and at each slice; what has left is noted. */
#pragma once

#include "api/route.h"
#include "delivery/delivery.h"

extern const struct routes data_routes;

/* The delivery of ours that this token opens. ERR_UNAUTHENTICATED, also where there is none: its id is not told apart. */
must_use err data_delivery(
	struct ctx *c, struct store *db, struct str id, struct str token, struct delivery_row *ret);
/* Answers with the bytes of a delivery whose token was shown, or with the range asked for. Refusals are the meter's. */
must_use err data_send(struct ctx *c, struct call *k, struct str id);
