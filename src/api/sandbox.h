/* /api/v1/sandbox: the committee, the cases of the reform sandbox and their steps, the count of subjects, the acts of a case
 * with their proofs (docs/FORMATS.md, 30). */
#pragma once

#include "api/route.h"

extern const struct routes sandbox_routes;
