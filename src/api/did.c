/* /.well-known: who this node is, and which version of the Dataspace Protocol it speaks. */
#include <string.h>

#include "api/did_message.h"
#include "api/dsp_catalog_message.h"
#include "api/node_routes.h"

static err say_did(struct ctx *c, struct call *k)
{
	const struct self *self = acts_self(k->acts);
	struct did_key key = {.fragment = "key-1"};
	const struct did_input in = {.did = self->did, .url = self->url, .keys = &key, .keys_n = 1};
	memcpy(key.key, key_public(self->key), KEY_BYTES);
	TRY(call_json(c, k, 200, did_document_json(c, &in)));
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
