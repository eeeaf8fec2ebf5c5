/* The routes of invoices: what people ask, and rows 9, 10, C, P and Z between nodes with the messages of the outbox. */
#pragma once

#include "api/courier.h"
#include "api/route.h"

extern const struct routes invoice_routes, invoice_peer_routes;
extern const struct renderers invoice_renderers;
