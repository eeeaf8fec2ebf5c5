/* The mailbox: routes for parties that nobody can call. */
#pragma once

#include "api/route.h"

extern const struct routes mailbox_routes;
