/* Transfer in the Dataspace Protocol 2025-1: the routes of both roles, the receipt's own way, and the messages that delivery/
 * puts into the outbox. Reading and writing only: what a message means is judged in delivery/delivery_take. */
#pragma once

#include "api/courier.h"
#include "api/route.h"

extern const struct routes dsp_transfer_routes;
extern const struct renderers dsp_transfer_renderers;
