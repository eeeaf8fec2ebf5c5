/* Joins what the domain folders export: the modules of act/, the routes and renderers of api/, the keys for its auth. The
 * one place that knows all of them. */
#pragma once

#include "api/api.h"

extern const struct wiring node_wiring;
extern const struct renderers *const node_renderers[];
extern const size_t node_renderers_n;
extern const struct auth_source node_auth_source;
