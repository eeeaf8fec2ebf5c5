/* The routes of the evidence of a product: attached as an upload that is ready or as an object that lies in blobs/, listed, given
 * back, taken back. What its file says of itself is read here, not believed (product/exhibit_claims.h); a file beyond
 * LIMIT_EVIDENCE_READ is not read. It is given back as a download and never shown. */
#pragma once

#include "api/route.h"

extern const struct routes exhibit_routes;
