/* catalog/request, catalog/datasets/{id} and the version document. One dataset a product, its newest revision; the member
 * `shugu` says what the signed agreement will be compared with (docs/FORMATS.md, 13). A catalogue goes a page at a time,
 * both ways.
 *
 * The one filter that is understood is ours: [{"product": urn or name}]. Any other is refused, as the protocol demands. */
#include "api/dsp_catalog.h"

#include "api/dsp_catalog_message.h"
#include "api/dsp_negotiation.h"
#include "api/page.h"
#include "base/limits.h"
#include "contract/catalog.h"
#include "contract/order.h"
#include "delivery/delivery.h"
#include "party/organisation.h"
#include "product/product.h"
#include "terms/decide.h"

#define PAGE 200u
/* Of the datasets of one page, so that it can be carried as a text within another message (a mailbox, a parcel) too. */
#define PAGE_BYTES (LIMIT_HTTP_BODY / 2)

static struct json *facts_json(struct ctx *c, const struct revision *r)
{
	struct json *o = json_object(c);
	json_set_str(c, &o, "name", r->name);
	json_set_num(c, &o, "revision", r->revision);
	json_set(&o, "object", json_copy(c, r->object_json));
	json_set(&o, "price", json_copy(c, r->price_json));
	json_set(&o, "scenario", json_copy(c, r->scenario));
	json_set_num(c, &o, "receiptWithin", r->receipt_within);
	json_set_str(c, &o, "mediaType", r->media_type);
	json_set(&o, "dossier", json_copy(c, r->dossier));
	if (r->profile.n > 0)
		json_set_str(c, &o, "profile", r->profile);
	return o;
}

static err service_of(struct ctx *c, const struct acts *n, struct dsp_service *ret)
{
	const struct self *s = acts_self(n);
	TRY(arena_fmt(c, &ret->id, "%.*s#dsp", FMT(s->did)));
	return arena_fmt(c, &ret->endpoint, "%.*s" DSP_PATH, FMT(s->url));
}

/* Arrays of one, in the arena: a dataset has one offer and one distribution. */
static err dataset_of(struct ctx *c, const struct revision *r, const struct dsp_service *service,
	struct dsp_dataset *ret)
{
	struct dsp_policy *offer;
	struct dsp_distribution *distribution;
	NEW(c, offer);
	NEW(c, distribution);
	*offer = (struct dsp_policy){.id = r->offer, .json = r->terms};
	*distribution = (struct dsp_distribution){STR(DSP_PULL), *service};
	*ret = (struct dsp_dataset){.id = r->product,
		.title = r->name,
		.description = json_text(json_get(r->dossier, "description")),
		.offers = offer,
		.offers_n = 1,
		.distributions = distribution,
		.distributions_n = 1,
		.shugu = facts_json(c, r)};
	return OK;
}

/* The product that the filter names, or nothing. */
static err read_filter(struct ctx *c, const struct json *filter, struct str *ret)
{
	const struct json *first = filter == NULL ? NULL : filter->first;
	*ret = (struct str){NULL, 0};
	if (first == NULL)
		return OK;
	*ret = json_text(json_get(first, "product"));
	ENSURE(filter->n == 1 && first->n == 1 && ret->n > 0, c, ERR_BAD_VALUE,
		"the only filter understood here is [{\"product\": id or name}]");
	return OK;
}

/* One more than a page holds is looked up: it says whether another page follows. */
static err list_products(struct ctx *c, struct call *k, struct str wanted, int64_t after,
	struct revision **ret, size_t *ret_n)
{
	if (wanted.n == 0) {
		NEW_N(c, *ret, PAGE + 1);
		return product_list(c, acts_db(k->acts), after, PAGE + 1, *ret, ret_n);
	}
	NEW(c, *ret);
	err e = product_find(c, acts_db(k->acts), wanted, *ret);
	*ret_n = e == OK && !(*ret)->withdrawn;
	return e == ERR_NOT_FOUND ? OK : e;
}

/* As many as a page holds, at least one where there is one. */
static err fill_page(struct ctx *c, const struct revision *products, size_t n,
	const struct dsp_service *service, struct dsp_dataset **ret, size_t *ret_n)
{
	size_t bytes = 0, taken = 0;
	NEW_N(c, *ret, n);
	while (taken < n && taken < PAGE) {
		struct str text;
		struct dsp_dataset *d = &(*ret)[taken];
		TRY(dataset_of(c, &products[taken], service, d));
		TRY(json_write(c, dsp_dataset_json(c, d), false, LIMIT_HTTP_BODY, &text));
		bytes += text.n;
		if (taken > 0 && bytes > PAGE_BYTES)
			break;
		taken++;
	}
	*ret_n = taken;
	return OK;
}

/* The next page by Link, as the protocol has it, and in the body for carriers without a head. */
static err name_next(struct ctx *c, struct call *k, const struct dsp_service *service,
	const struct page *p, struct dsp_catalog *catalog)
{
	struct str cursor, url, link;
	struct json *o = json_object(c);
	TRY(page_cursor(c, p, &cursor));
	TRY(arena_fmt(
		c, &url, "%.*s/catalog/request?cursor=%.*s", FMT(service->endpoint), FMT(cursor)));
	TRY(arena_fmt(c, &link, "<%.*s>; rel=\"next\"", FMT(url)));
	call_header(k, "Link", link);
	json_set_str(c, &o, "next", url);
	catalog->shugu = o;
	return OK;
}

static err post_request(struct ctx *c, struct call *k)
{
	struct dsp_message m;
	struct revision *products;
	size_t n = 0, taken = 0;
	struct page p;
	struct dsp_service service;
	struct dsp_dataset *datasets;
	struct str wanted, id;
	TRY(dsp_message_read(c, k->body, DSP_CATALOG_REQUEST, &m));
	TRY(read_filter(c, m.filter, &wanted));
	TRY(page_read(c, k, STR(""), PAGE_OLDEST_FIRST, &p));
	TRY(list_products(c, k, wanted, p.at, &products, &n));
	TRY(service_of(c, k->acts, &service));
	TRY(fill_page(c, products, n, &service, &datasets, &taken));
	TRY(arena_fmt(c, &id, "%.*s/catalog", FMT(service.endpoint)));
	struct dsp_catalog catalog = {.id = id,
		.participant = acts_self(k->acts)->did,
		.services = &service,
		.services_n = 1,
		.datasets = datasets,
		.datasets_n = taken};
	if (taken < n) {
		p.next_at = products[taken - 1].place;
		TRY(name_next(c, k, &service, &p, &catalog));
	}
	return call_json(c, k, 200, dsp_catalog_json(c, &catalog));
}

static err get_dataset(struct ctx *c, struct call *k)
{
	struct revision r;
	struct dsp_service service;
	struct dsp_dataset d;
	TRY(product_find(c, acts_db(k->acts), k->param[0], &r));
	ENSURE(!r.withdrawn && str_eq(r.product, k->param[0]), c, ERR_NOT_FOUND,
		"there is no dataset %.*s", FMT(str_sub(k->param[0], 0, 100)));
	TRY(service_of(c, k->acts, &service));
	TRY(dataset_of(c, &r, &service, &d));
	return call_json(c, k, 200, dsp_dataset_json(c, &d));
}

static err get_versions(struct ctx *c, struct call *k)
{
	return call_json(c, k, 200, dsp_versions_json(c, STR(DSP_PATH), acts_self(k->acts)->did));
}

/* A row of an order, or of a person who wants to see all. */
static err is_order(struct ctx *c, struct acts *n, const struct catalog_place *at, bool *ret,
	struct order_row *ret_order)
{
	err e = order_find_row(c, acts_db(n), at->line, ret_order);
	*ret = e == OK;
	return e == ERR_NOT_FOUND ? OK : e;
}

static struct json *filter_json(struct ctx *c, struct str product)
{
	struct json *list = json_array(c), *o = json_object(c);
	json_set_str(c, &o, "product", product);
	json_push(&list, o);
	return list;
}

static err render_ask(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct message *ret)
{
	struct organisation o;
	struct order_row order;
	struct catalog_place at;
	bool ordered = false;
	struct dsp_message m = {.type = DSP_CATALOG_REQUEST};
	TRY(catalog_place(c, acts_db(n), row->subject, &at));
	TRY(is_order(c, n, &at, &ordered, &order));
	ENSURE(!ordered || order.state == ORDER_WAITING, c, ERR_GONE, "this order waits no more");
	TRY(organisation_approved(c, acts_db(n), row->peer, &o));
	if (ordered && o.joined)
		m.filter = filter_json(c, order.product);
	ret->method = "POST";
	ret->url = at.url;
	if (at.url.n == 0)
		TRY(arena_fmt(c, &ret->url, "%.*s/catalog/request", FMT(o.dsp)));
	return json_write(c, dsp_message_json(c, &m), false, LIMIT_HTTP_BODY, &ret->body);
}

static bool fits(const struct dsp_dataset *d, struct str product)
{
	return d->offers_n > 0 && (str_eq(d->id, product) || str_eq(d->title, product) ||
					  str_eq(json_text(json_get(d->shugu, "name")), product));
}

/* Does the final agreement allow one more delivery, as far as this side knows? Where it does not, another one is made
 * only for who says so, since that is billed again. */
static err check_allows(struct ctx *c, struct acts *n, const struct agreement_row *r)
{
	struct terms terms;
	struct str why;
	struct terms_ask ask = {.action = "use",
		.purpose = r->purpose,
		.now_ms = acts_now_ms(n),
		.agreed_ms = r->agreed_ms};
	TRY(terms_compile(c, r->terms, &terms));
	TRY(delivery_taken(c, acts_db(n), r->agreement, &ask.used));
	err e = terms_decide(c, &terms, &ask, &why);
	ENSURE(e == OK, c, e,
		"there is an agreement on this already, which is used up (%.*s; %.*s); ask anew "
		"(get --anew) to make another one, which is billed again",
		FMT(r->agreement), FMT(str_sub(why, 0, 200)));
	return OK;
}

static err continue_order(
	struct ctx *c, struct acts *n, const struct order_row *order, const struct dsp_dataset *d)
{
	const struct order_find found = {.product = d->id,
		.offer = d->offers[0].id,
		.terms = dsp_policy_terms(c, d->offers[0].json),
		.shugu = d->shugu};
	struct agreement_row known;
	err e = order_usable(c, n, order, &found, &known);
	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	if (e == OK && !order->anew) {
		TRY(check_allows(c, n, &known));
		return order_reuse(c, n, order, &known);
	}
	return order_request(c, n, order, &found);
}

/* Where the next page stands: what Link says, else what the catalogue itself says; empty where there is none. It may be
 * relative (RFC 3986, a path or a query). Our bearer goes with it, so that it must lie where the party's protocol does. */
static err next_url(struct ctx *c, struct acts *n, const struct outbox_row *row,
	const struct catalog_place *at, const struct reply *r, struct str *ret)
{
	struct organisation o;
	struct str next = r->next;
	*ret = (struct str){"", 0};
	if (next.n == 0)
		next = json_text(json_get(json_get(r->json, "shugu"), "next"));
	if (next.n == 0)
		return OK;
	TRY(organisation_approved(c, acts_db(n), row->peer, &o));
	if (next.p[0] == '?')
		TRY(arena_fmt(c, &next, "%.*s/catalog/request%.*s", FMT(o.dsp), FMT(next)));
	else if (next.p[0] == '/') {
		struct str behind = str_sub(o.dsp, str_find_str(o.dsp, STR("://")) + 3, o.dsp.n);
		size_t host = o.dsp.n - behind.n + str_find(behind, '/');
		TRY(arena_fmt(c, &next, "%.*s%.*s", FMT(str_sub(o.dsp, 0, host)), FMT(next)));
	}
	struct str behind = str_sub(next, o.dsp.n, next.n);
	ENSURE(str_starts(next, o.dsp) && behind.n > 0 && str_find(STR("/?"), behind.p[0]) < 2 &&
			str_find_str(behind, STR("/.")) == behind.n && next.n <= LIMIT_URL,
		c, ERR_FORBIDDEN_ADDRESS,
		"the next page of the catalogue lies at %.*s, which is not below %.*s",
		FMT(str_sub(next, 0, 300)), FMT(o.dsp));
	ENSURE(!str_eq(next, at->url), c, ERR_PEER_REFUSED,
		"the catalogue names the same page as its next one");
	*ret = next;
	return OK;
}

static err order_answered(struct ctx *c, struct acts *n, const struct outbox_row *row,
	const struct order_row *order, const struct dsp_catalog *catalog, struct str next)
{
	struct str why;
	size_t i = 0;
	if (order->state != ORDER_WAITING)
		return OK;
	while (i < catalog->datasets_n && !fits(&catalog->datasets[i], order->product))
		i++;
	if (i == catalog->datasets_n && next.n > 0)
		return catalog_continue(c, n, row, next);
	if (i == catalog->datasets_n) {
		TRY(arena_fmt(c, &why, "%.*s does not offer %.*s", FMT(order->party),
			FMT(order->product)));
		return order_fail(c, n, order, why);
	}
	err e = continue_order(c, n, order, &catalog->datasets[i]);
	if (e == OK || err_is_fault(e))
		return e;
	TRY(arena_str(c, str_z(c->trouble.detail), &why));
	return order_fail(c, n, order, why);
}

/* A no that stands: the order fails by it, or the person who asked is told. */
static err refused(struct ctx *c, struct acts *n, const struct outbox_row *row,
	const struct order_row *order, struct str why)
{
	if (order == NULL)
		return catalog_failed(c, n, row->peer, why);
	return order->state == ORDER_WAITING ? order_fail(c, n, order, why) : OK;
}

static err read_answer(
	struct ctx *c, const struct outbox_row *row, const struct reply *r, struct dsp_catalog *ret)
{
	bool later = r->status >= 500 || r->status == 401 || r->status == 408 || r->status == 425 ||
		     r->status == 429;
	ENSURE(!later, c, ERR_PEER_UNREACHABLE, "%.*s answered %d", FMT(row->peer), r->status);
	ENSURE(r->status == 200, c, ERR_PEER_REFUSED, "%.*s refused its catalogue (%d)",
		FMT(row->peer), r->status);
	return dsp_catalog_read(c, r->json, ret);
}

static err take_page(struct ctx *c, struct acts *n, const struct outbox_row *row,
	const struct catalog_place *at, const struct reply *r)
{
	struct order_row order;
	struct dsp_catalog catalog;
	struct str next;
	bool ordered = false;
	TRY(is_order(c, n, at, &ordered, &order));
	TRY(read_answer(c, row, r, &catalog));
	TRY(acts_tick(c, n));
	TRY(next_url(c, n, row, at, r, &next));
	if (ordered)
		return order_answered(c, n, row, &order, &catalog, next);
	if (next.n > 0)
		TRY(catalog_continue(c, n, row, next));
	return catalog_keep(c, n, row, json_get(r->json, "dataset"), next.n == 0);
}

static err answered_ask(
	struct ctx *c, struct acts *n, const struct outbox_row *row, const struct reply *r)
{
	struct order_row order;
	struct catalog_place at;
	struct str why;
	bool ordered = false;
	err e = catalog_place(c, acts_db(n), row->subject, &at);
	if (e == ERR_GONE)
		return OK;
	TRY(e);
	e = take_page(c, n, row, &at, r);
	if (e == OK || e == ERR_PEER_UNREACHABLE || err_is_fault(e))
		return e;
	TRY(arena_str(c, str_z(c->trouble.detail), &why));
	TRY(is_order(c, n, &at, &ordered, &order));
	return refused(c, n, row, ordered ? &order : NULL, why);
}

// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/.well-known/dspace-version", .scope = SCOPE_ANY,
		.act = get_versions, .doc = "Where this node speaks the Dataspace Protocol."},
	{.method = "POST", .path = DSP_PATH "/catalog/request", .scope = SCOPE_PEER, .takes_json = true, .is_dsp = true,
		.error_type = "CatalogError", .act = post_request, .doc = "What this node offers, a page at a time."},
	{.method = "GET", .path = DSP_PATH "/catalog/datasets/{id}", .scope = SCOPE_PEER, .is_dsp = true,
		.error_type = "CatalogError", .act = get_dataset, .doc = "One dataset."},
};
// clang-format on
const struct routes dsp_catalog_routes = {rows, countof(rows)};

static const struct renderer renderers[] = {{"catalog.ask", render_ask, answered_ask}};
const struct renderers dsp_catalog_renderers = {renderers, countof(renderers)};
