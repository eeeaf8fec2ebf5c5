/* The routes that every node has, whatever it trades: health, evidence, the log, who it is, what it offers by HTTP. */
#pragma once

#include "api/routes.h"

extern const struct routes health_routes;
extern const struct routes evidence_routes;
extern const struct routes log_routes;
extern const struct routes clock_routes;
extern const struct routes history_routes;
extern const struct routes did_routes;
extern const struct routes openapi_routes;

/* The table that the OpenAPI document is printed from; set once by wiring. */
extern const struct route_table all_routes;

/* The OpenAPI 3.1 document of a table; cookie: the name of that of a session. */
must_use err openapi_document(
	struct ctx *c, const struct route_table *t, struct str cookie, struct json **ret);
