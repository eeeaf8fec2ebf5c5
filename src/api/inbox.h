/* The routes of the inbox: what waits for a person, and the answer, whatever it is. */
#pragma once

#include "api/route.h"
#include "party/inbox.h"

extern const struct routes inbox_routes;

/* All kinds of things that wait; joined by main/wiring. */
extern const struct inbox node_inbox;
