/* The routes of the outbox: what must still be told to peers, for the operator. Reads only; what sends is api/courier,
 * what keeps is act/outbox. */
#pragma once

#include "api/route.h"

extern const struct routes outbox_routes;
