/* /.well-known: who this node is, and which version of the Dataspace Protocol it speaks. */
#include "api/dsp_catalog_message.h"
#include "api/node_routes.h"
#include "api/party.h"

static err say_did(struct ctx *c, struct call *k)
{
	struct json *document;
	TRY(party_own_document(c, k->acts, &document));
	TRY(call_json(c, k, 200, document));
	k->answer.type = "application/did+json";
	return OK;
}

static err say_versions(struct ctx *c, struct call *k)
{
	return call_json(c, k, 200, dsp_versions_json(c, STR("/dsp/2025-1"), (struct str){0}));
}

// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/.well-known/did.json", .scope = SCOPE_ANY, .say = say_did, .doc = "The DID document of this party."},
	{.method = "GET", .path = "/.well-known/dspace-version", .scope = SCOPE_ANY, .say = say_versions, .doc = "The versions of the Dataspace Protocol."},
};
// clang-format on
const struct routes did_routes = {rows, countof(rows)};
