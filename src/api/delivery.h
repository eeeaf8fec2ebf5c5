/* /api/v1/deliveries and transfers: what this node delivers and gets, and what a person does about it. For the operator. */
#pragma once

#include "api/route.h"

extern const struct routes delivery_routes;
