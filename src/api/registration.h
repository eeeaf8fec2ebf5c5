/* The routes of title registration: what people do at the applicant's and at the registrar's node, the queue, certificates from
 * outside; and the letters between the two (docs/FORMATS.md, 29), as they are received and sent. */
#pragma once

#include "api/courier.h"
#include "api/route.h"

extern const struct routes registration_routes, registration_peer_routes;
extern const struct renderers registration_renderers;
