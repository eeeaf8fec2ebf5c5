/* A data product for people on paper: what it is, what its description says and lacks, on which terms and at which price it is
 * offered, and its columns. It is made of what /api/v1/products/{product} answers; what is missing there is left out, and the first
 * PRODUCT_COLUMNS columns stand for all, which is said. Pure. ERR_BAD_VALUE where it is no product, ERR_TOO_LARGE. */
#pragma once

#include "codec/json.h"

#define PRODUCT_COLUMNS 100u /* some four pages */

must_use err product_sheet(struct ctx *c, const struct json *product, struct str *ret);
