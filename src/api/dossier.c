/* /api/v1/products/{product}/dossier: what is said of a product, as JSON and as a spreadsheet (product/dossier_sheet.h). A
 * change is a revision of the product by the same act as publishing. */
#include "api/product.h"

#include "base/limits.h"
#include "product/dossier.h"
#include "product/dossier_sheet.h"
#include "product/product.h"

static err list_fields(struct ctx *c, struct call *k)
{
	struct json *o = json_object(c);
	json_set(&o, "fields", dossier_fields_json(c));
	return call_json(c, k, 200, o);
}

static err export(struct ctx *c, struct call *k)
{
	struct revision r;
	TRY(product_find(c, acts_db(k->acts), k->param[0], &r));
	TRY(dossier_sheet_write(c, r.dossier, &k->answer.body));
	call_header(k, "Content-Disposition", STR("attachment; filename=\"dossier.xlsx\""));
	k->answer.type = DOSSIER_SHEET_TYPE;
	k->answer.status = 200;
	return OK;
}

/* The body is at most LIMIT_HTTP_BODY and its parts few MiB, so it is read in the loop. */
static err import(struct ctx *c, struct call *k)
{
	struct revision r;
	struct json *dossier;
	struct source sheet = source_of_text(k->x->body);
	TRY(product_find(c, acts_db(k->acts), k->param[0], &r));
	TRY(dossier_sheet_read(c, &sheet, r.dossier, &dossier));
	return product_revise_dossier(c, k, &r, dossier);
}

static err replace(struct ctx *c, struct call *k)
{
	struct revision r;
	const struct json *dossier = json_get(k->body, "dossier");
	TRY(product_find(c, acts_db(k->acts), k->param[0], &r));
	ENSURE(dossier != NULL && dossier->type == JSON_OBJECT && k->body->n == 1, c, ERR_BAD_VALUE,
		"give the whole dossier, and nothing else: dossier");
	return product_revise_dossier(c, k, &r, dossier);
}

static const struct json_field fields[] = {
	{.name = "dossier", .kind = JSON_K_OBJECT},
};

// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/api/v1/dossier-fields", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = list_fields,
		.doc = "The fields of a dossier, for a form."},
	{.method = "POST", .path = "/api/v1/products/{product}/dossier", .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_OPERATOR, TAKES(fields),
		.act = replace, .say = product_say_published, .doc = "Replaces a product's dossier: {dossier}; makes a revision."},
	{.method = "GET", .path = "/api/v1/products/{product}/dossier.xlsx", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = export,
		.doc = "A product's dossier as a spreadsheet to fill in."},
	{.method = "POST", .path = "/api/v1/products/{product}/dossier.xlsx", .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_OPERATOR, .act = import, .say = product_say_published,
		.doc = "Takes such a spreadsheet back; refusals name the cell; makes a revision."},
};
// clang-format on
const struct routes dossier_routes = {rows, countof(rows)};
