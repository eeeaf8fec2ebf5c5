/* The table of routes: which one a request means. A pattern is compared segment by segment; {name} stands for one
 * segment that is not empty, {name...} at its end for all that is left. Pure; the table lives as long as the process. */
#pragma once

#include "api/route.h"

struct route_table {
	const struct routes *const *p;
	size_t n;
};

/* The route of method and path, its parameters in ret_params (at most CALL_PARAMS, not empty). ERR_NOT_FOUND;
 * ERR_METHOD where the path exists for others, which ret_allow names. HEAD is answered as GET. */
must_use err routes_match(struct ctx *c, const struct route_table *t, struct str method,
	struct str path, const struct route **ret, struct str *ret_params, struct str *ret_allow);
/* The path in the table that a request's path means: a simulated node lies under its mark too (docs/FORMATS.md, 24), with no
 * proxy to take it off. */
struct str routes_path(const struct self *self, struct str path);
