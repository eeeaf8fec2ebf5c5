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

/* What every page of the console shows of the node. */
static err say_node(struct ctx *c, struct call *k)
{
	const struct self *self = acts_self(k->acts);
	struct json *o = json_object(c);
	json_set_str(c, &o, "did", self->did);
	json_set_str(c, &o, "name", self->name);
	if (self->uscc.n > 0)
		json_set_str(c, &o, "uscc", self->uscc);
	json_set_str(c, &o, "url", self->url);
	json_set_str(c, &o, "log", self->vkey);
	json_set_num(c, &o, "size", (int64_t)commit_size(acts_log(k->acts)));
	return call_json(c, k, 200, o);
}

// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/.well-known/did.json", .scope = SCOPE_ANY, .say = say_did, .doc = "The DID document of this party."},
	{.method = "GET", .path = "/.well-known/dspace-version", .scope = SCOPE_ANY, .say = say_versions, .doc = "The versions of the Dataspace Protocol."},
	{.method = "GET", .path = "/api/v1/node", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .say = say_node, .doc = "Whose node this is, and how long its log."},
};
// clang-format on
const struct routes did_routes = {rows, countof(rows)};
