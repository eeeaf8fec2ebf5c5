/* The routes of products. */
#pragma once

#include "api/route.h"

extern const struct routes product_routes;
