/* The operator's routes of links (row N): make, list, show, revoke. The pages behind a link are api/share_page. */
#pragma once

#include "api/route.h"

extern const struct routes share_routes;
