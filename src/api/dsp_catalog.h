/* The catalogue in the Dataspace Protocol 2025-1, both roles: what this node offers, and what it asks others for. */
#pragma once

#include "api/courier.h"
#include "api/route.h"

extern const struct routes dsp_catalog_routes;
extern const struct renderers dsp_catalog_renderers;
