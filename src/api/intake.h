/* The routes by which a provider that nobody can call brings its bytes. */
#pragma once

#include "api/route.h"

extern const struct routes intake_routes;
