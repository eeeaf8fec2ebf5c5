#include "api/paper.h"

#include "act/content.h"
#include "api/api.h"
#include "api/product.h"
#include "base/limits.h"
#include "codec/time.h"
#include "contract/agreement.h"
#include "invoice/invoice_build.h"
#include "paper/agreement_sheet.h"
#include "paper/html.h"
#include "paper/invoice_sheet.h"
#include "paper/print.h"
#include "paper/product_sheet.h"

typedef err (*sheet_of)(struct ctx *c, struct call *k, struct str *ret);

static err invoice_of(struct ctx *c, struct call *k, struct str *ret)
{
	struct invoice_record r;
	struct str file, verifier;
	TRY(invoice_record_find(c, acts_db(k->acts), k->param[0], &r));
	TRY(invoice_export(c, k->acts, &r, &file));
	TRY(arena_fmt(c, &verifier, "%.*s/verify.html", FMT(acts_self(k->acts)->url)));
	return invoice_sheet(c, file, verifier, ret);
}

static err agreement_of(struct ctx *c, struct call *k, struct str *ret)
{
	struct agreement_row r;
	const struct json *document;
	struct str agreed;
	TRY(agreement_find(c, acts_db(k->acts), k->param[0], &r));
	ENSURE(r.has_document, c, ERR_BAD_STATE,
		"there is no G yet, or the partner is a plain connector: nothing to print");
	TRY(content_get_json(c, acts_db(k->acts), &r.document, &document));
	TRY(time_str(c, r.agreed_ms, &agreed));
	return agreement_sheet(c, document, agreed, ret);
}

static err product_of(struct ctx *c, struct call *k, struct str *ret)
{
	struct json *product;
	TRY(product_shown(c, k, &product));
	return product_sheet(c, product, ret);
}

static err say_sheet(struct ctx *c, struct call *k, sheet_of of)
{
	TRY(of(c, k, &k->answer.body));
	k->answer.status = 200;
	return OK;
}

static err say_html(struct ctx *c, struct call *k, sheet_of of)
{
	struct sheet s;
	struct str text;
	TRY(of(c, k, &text));
	TRY(sheet_read(c, text, &s));
	TRY(html_page(c, &s, &k->answer.body));
	k->answer.type = "text/html; charset=utf-8";
	k->answer.status = 200;
	return OK;
}

/* A PDF that is being printed: the call is parked until the printer has ended. */
struct printing {
	struct call *call;
	struct trouble trouble;
	err e;
	struct str pdf; /* in the printer's memory, which goes with the exchange */
};

static void end_print(void *p)
{
	print_free(p);
}

static void printed(void *arg, struct ctx *c, err e, struct str pdf)
{
	struct printing *p = arg;
	p->e = e;
	p->trouble = c->trouble;
	p->pdf = pdf;
	api_resume(p->call);
}

static err begin(struct ctx *c, struct call *k, sheet_of of)
{
	struct printing *p;
	struct print *job;
	struct str text;
	NEW(c, p);
	p->call = k;
	TRY(of(c, k, &text));
	TRY(print_start(
		c, server_loop(api_server(k->api)), NULL, text, LIMIT_PRINT_MS, printed, p, &job));
	TRY(arena_defer(c, end_print, job));
	k->state = p;
	k->parked = true;
	return OK;
}

static err print(struct ctx *c, struct call *k, sheet_of of)
{
	const struct printing *p = k->state;
	ENSURE(k->api != NULL, c, ERR_NOT_IMPLEMENTED, "start shugu serve for this");
	if (p == NULL)
		return begin(c, k, of);
	if (p->e != OK) {
		c->trouble = p->trouble;
		return p->e;
	}
	k->answer.status = 200;
	k->answer.type = "application/pdf";
	k->answer.body = p->pdf;
	return OK;
}

static err invoice_json(struct ctx *c, struct call *k)
{
	return say_sheet(c, k, invoice_of);
}

static err invoice_page(struct ctx *c, struct call *k)
{
	return say_html(c, k, invoice_of);
}

static err invoice_pdf(struct ctx *c, struct call *k)
{
	return print(c, k, invoice_of);
}

static err agreement_json(struct ctx *c, struct call *k)
{
	return say_sheet(c, k, agreement_of);
}

static err agreement_page(struct ctx *c, struct call *k)
{
	return say_html(c, k, agreement_of);
}

static err agreement_pdf(struct ctx *c, struct call *k)
{
	return print(c, k, agreement_of);
}

static err product_json(struct ctx *c, struct call *k)
{
	return say_sheet(c, k, product_of);
}

static err product_page(struct ctx *c, struct call *k)
{
	return say_html(c, k, product_of);
}

static err product_pdf(struct ctx *c, struct call *k)
{
	return print(c, k, product_of);
}

// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/api/v1/invoices/{invoice}/sheet", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = invoice_json, .doc = "A data invoice as a sheet for people (FORMATS, Sheets)."},
	{.method = "GET", .path = "/api/v1/invoices/{invoice}/html", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = invoice_page, .doc = "The same as a web page."},
	{.method = "GET", .path = "/api/v1/invoices/{invoice}/pdf", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = invoice_pdf, .doc = "The same as PDF."},
	{.method = "GET", .path = "/api/v1/agreements/{id}/sheet", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = agreement_json, .doc = "An agreement as a contract for signing on paper (FORMATS, Sheets)."},
	{.method = "GET", .path = "/api/v1/agreements/{id}/html", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = agreement_page, .doc = "The same as a web page."},
	{.method = "GET", .path = "/api/v1/agreements/{id}/pdf", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = agreement_pdf, .doc = "The same as PDF."},
	{.method = "GET", .path = "/api/v1/products/{product}/sheet", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = product_json, .doc = "A product for people: description, terms, price, columns (FORMATS, Sheets)."},
	{.method = "GET", .path = "/api/v1/products/{product}/html", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = product_page, .doc = "The same as a web page."},
	{.method = "GET", .path = "/api/v1/products/{product}/pdf", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = product_pdf, .doc = "The same as PDF."},
};
// clang-format on
const struct routes paper_routes = {rows, countof(rows)};
