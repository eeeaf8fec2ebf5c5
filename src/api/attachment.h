/* The routes of stamped contracts: attached as an upload that is ready or as an object that lies in blobs/, listed, given
 * back. What a file is its first bytes say (contract/assent.h); it is given back as a download and never shown. */
#pragma once

#include "api/route.h"

extern const struct routes attachment_routes;
