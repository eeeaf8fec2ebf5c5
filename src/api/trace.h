/* How a request is found again in the log: its id, and one line where serve was told to write one. */
#pragma once

#include "api/route.h"

/* An id made of a number that differs from request to request. */
void trace_name(struct call *k, uint64_t n);
/* The operator's programs may name their requests (X-Request-Id, 1 to 64 of A-Z a-z 0-9 . _ -); of anybody else that would
 * be a way into our log. */
void trace_keep_id(struct call *k);
/* The pattern of the route, never the path: that may hold what opens something. */
void trace_log(const struct call *k);
