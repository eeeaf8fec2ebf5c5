#include "main/wiring.h"

#include "act/anchor.h"
#include "act/refusal.h"
#include "api/contract.h"
#include "api/dsp_catalog.h"
#include "api/dsp_negotiation.h"
#include "api/node_routes.h"
#include "api/product.h"
#include "contract/order.h"
#include "main/birth.h"
#include "product/product.h"

static const struct module *const modules[] = {&act_module, &birth_module, &anchor_module,
	&product_module, &contract_module, &order_module};
const struct wiring node_wiring = {modules, countof(modules)};

static const struct routes *const routes[] = {&health_routes, &evidence_routes, &log_routes,
	&did_routes, &openapi_routes, &product_routes, &contract_routes, &dsp_catalog_routes,
	&dsp_negotiation_routes};
const struct route_table all_routes = {routes, countof(routes)};

const struct renderers *const node_renderers[] = {
	&dsp_catalog_renderers, &dsp_negotiation_renderers};
const size_t node_renderers_n = countof(node_renderers);

static err no_key(struct ctx *c, struct store *db, struct str did, struct str *ret_kid,
	uint8_t ret_key[KEY_BYTES], bool *ret_approved)
{
	(void)db;
	(void)ret_kid;
	(void)ret_key;
	(void)ret_approved;
	return fail(c, ERR_NOT_FOUND, "%.*s is not known here", FMT(did));
}

static err no_bearer(
	struct ctx *c, struct store *db, const struct hash *digest, struct str *ret_did)
{
	(void)db;
	(void)digest;
	(void)ret_did;
	return fail(c, ERR_NOT_FOUND, "this bearer is not known here");
}

const struct auth_source node_auth_source = {no_key, no_bearer};
