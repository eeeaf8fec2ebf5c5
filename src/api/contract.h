/* The node's own routes of orders, catalogues of others and agreements; and the one message between nodes that the
 * Dataspace Protocol has no word for: the end of an agreement that is final. */
#pragma once

#include "api/route.h"

extern const struct routes contract_routes;
