/* Negotiation in the Dataspace Protocol 2025-1: the routes of both roles and the messages that contract/ puts into the
 * outbox. Reading and writing only: what a message means is judged in contract/agreement_take. */
#pragma once

#include "api/courier.h"
#include "api/route.h"
#include "contract/agreement.h"

#define DSP_PATH "/dsp/2025-1"
#define DSP_CALLBACK DSP_PATH "/callback" /* what follows our requests comes here */

extern const struct routes dsp_negotiation_routes;
extern const struct renderers dsp_negotiation_renderers;
