/* /data: the bytes of a delivery and the leaf hashes of its object, for whoever holds the token of the manifest. The meter is
 * asked before the first byte and at each slice; what has left is noted. */
#pragma once

#include "api/route.h"

extern const struct routes data_routes;
