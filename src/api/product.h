/* The routes of products: publish, list, show, withdraw. For the operator alone; what partners see of a product is the
 * catalogue of the Dataspace Protocol. */
#pragma once

#include "api/route.h"

extern const struct routes product_routes;
