/* The routes of parcels, for the command that writes and takes them. */
#pragma once

#include "api/route.h"

extern const struct routes parcel_routes;
