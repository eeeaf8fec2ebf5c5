/* /api/v1/people: who may sign in, and as what. An owner adds people, changes their roles, removes them and makes their
 * links; everybody who is signed in reads the list. A person is named by id or name. */
#pragma once

#include "api/route.h"

extern const struct routes person_routes;
