/* The routes of parties: those of the operator, and those by which nodes meet (docs/FORMATS.md, 11). */
#pragma once

#include "api/courier.h"
#include "api/route.h"
#include "party/inbox.h"
#include "party/organisation.h"

extern const struct routes party_routes;
extern const struct routes party_peer_routes;
extern const struct renderers party_renderers;
extern const struct inbox_kind party_inbox;

/* The DID document of this node, as it hands it over. */
must_use err party_own_document(struct ctx *c, struct acts *n, struct json **ret);
