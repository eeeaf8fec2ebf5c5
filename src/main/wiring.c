#include "main/wiring.h"

#include "act/anchor.h"
#include "act/refusal.h"
#include "api/attachment.h"
#include "api/contract.h"
#include "api/dsp_catalog.h"
#include "api/data.h"
#include "api/delivery.h"
#include "api/dsp_negotiation.h"
#include "api/dsp_transfer.h"
#include "api/exhibit.h"
#include "api/inbox.h"
#include "api/intake.h"
#include "api/invoice.h"
#include "api/mailbox.h"
#include "api/metrics.h"
#include "api/node_routes.h"
#include "api/outbox.h"
#include "api/pages.h"
#include "api/parcel.h"
#include "api/paper.h"
#include "api/party.h"
#include "api/person.h"
#include "api/product.h"
#include "api/registration.h"
#include "api/sandbox.h"
#include "api/session.h"
#include "api/share.h"
#include "api/share_page.h"
#include "api/upload.h"
#include "contract/agreement_assent.h"
#include "contract/agreement_inbox.h"
#include "contract/catalog.h"
#include "contract/easing.h"
#include "contract/order.h"
#include "delivery/delivery.h"
#include "delivery/share.h"
#include "govern/registration.h"
#include "govern/sandbox.h"
#include "govern/title.h"
#include "invoice/invoicing.h"
#include "invoice/wish.h"
#include "main/birth.h"
#include "party/token_store.h"
#include "product/exhibit.h"
#include "product/product.h"
#include "recognise/interlock.h"

static const struct module *const modules[] = {&act_module, &birth_module, &anchor_module,
	&party_module, &person_module, &session_module, &token_module, &recognise_module,
	&product_module, &exhibit_module, &contract_module, &assent_module, &easing_module,
	&order_module, &catalog_module, &delivery_module, &share_module, &invoice_module,
	&wish_module, &registration_module, &title_module, &sandbox_module};
const struct wiring node_wiring = {modules, countof(modules)};

static const struct routes *const routes[] = {&health_routes, &metrics_routes, &evidence_routes,
	&log_routes, &clock_routes, &did_routes, &openapi_routes, &party_routes, &person_routes,
	&session_routes, &party_peer_routes, &inbox_routes, &outbox_routes, &mailbox_routes,
	&parcel_routes, &product_routes, &upload_routes, &dossier_routes, &exhibit_routes,
	&contract_routes, &attachment_routes, &dsp_catalog_routes, &dsp_negotiation_routes,
	&dsp_transfer_routes, &data_routes, &intake_routes, &delivery_routes, &invoice_routes,
	&paper_routes, &invoice_peer_routes, &registration_routes, &registration_peer_routes,
	&history_routes, &share_routes, &share_page_routes, &sandbox_routes, &pages_routes};
const struct route_table all_routes = {routes, countof(routes)};

const struct renderers *const node_renderers[] = {&party_renderers, &dsp_catalog_renderers,
	&dsp_negotiation_renderers, &dsp_transfer_renderers, &invoice_renderers,
	&registration_renderers};
const size_t node_renderers_n = countof(node_renderers);

static const struct inbox_kind *const kinds[] = {&party_inbox, &agreement_inbox, &invoicing_inbox,
	&invoicing_correction_inbox, &wish_inbox, &easing_inbox, &registration_inbox};
const struct inbox node_inbox = {kinds, countof(kinds)};

const struct auth_source node_auth_source = {organisation_key_of, organisation_bearer_of};
