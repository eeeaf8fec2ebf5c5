#include "product/product.h"

#include "act/content.h"
#include "base/limits.h"
#include "product/dossier.h"
#include "product/product_store.h"
#include "proof/documents.h"

/* The body of product.publish and product.revise. */
struct publication {
	struct str name, offer, media_type, profile;
	const struct json *object_json, *dossier, *terms, *price_json, *scenario;
	int64_t receipt_within;
};

static const struct json_field publication_fields[] = {
	{"name", JSON_K_TEXT, false, offsetof(struct publication, name), LIMIT_NAME, NULL},
	{"offer", JSON_K_TEXT, false, offsetof(struct publication, offer), LIMIT_DID, NULL},
	{"mediaType", JSON_K_TEXT, false, offsetof(struct publication, media_type), LIMIT_NAME,
		NULL},
	{"profile", JSON_K_TEXT, true, offsetof(struct publication, profile), 64, NULL},
	{"object", JSON_K_OBJECT, false, offsetof(struct publication, object_json), 0, NULL},
	{"dossier", JSON_K_OBJECT, false, offsetof(struct publication, dossier), 0, NULL},
	{"terms", JSON_K_OBJECT, false, offsetof(struct publication, terms), 0, NULL},
	{"price", JSON_K_OBJECT, false, offsetof(struct publication, price_json), 0, NULL},
	{"scenario", JSON_K_OBJECT, false, offsetof(struct publication, scenario), 0, NULL},
	{"receiptWithin", JSON_K_INT, false, offsetof(struct publication, receipt_within), 0, NULL},
};

struct object_fields {
	struct str product;
	int64_t revision, size, chunk;
	struct hash root, sha256;
};

static const struct json_field object_fields[] = {
	{"product", JSON_K_TEXT, false, offsetof(struct object_fields, product), LIMIT_DID, NULL},
	{"revision", JSON_K_INT, false, offsetof(struct object_fields, revision), 0, NULL},
	{"size", JSON_K_INT, false, offsetof(struct object_fields, size), 0, NULL},
	{"chunk", JSON_K_INT, false, offsetof(struct object_fields, chunk), 0, NULL},
	{"root", JSON_K_HEX32, false, offsetof(struct object_fields, root), 0, NULL},
	{"sha256", JSON_K_HEX32, false, offsetof(struct object_fields, sha256), 0, NULL},
};

static const char *const currencies[] = {"CNY", NULL};

struct price_fields {
	struct str currency;
	int64_t net, rate, tax;
};

static const struct json_field price_fields[] = {
	{"currency", JSON_K_TEXT, false, offsetof(struct price_fields, currency), 3, currencies},
	{"net", JSON_K_INT, false, offsetof(struct price_fields, net), 0, NULL},
	{"rate", JSON_K_INT, false, offsetof(struct price_fields, rate), 0, NULL},
	{"tax", JSON_K_INT, false, offsetof(struct price_fields, tax), 0, NULL},
};

static err read_publication(struct ctx *c, const struct json *body, struct publication *p,
	struct object_fields *object, struct price_fields *price)
{
	TRY(json_read(c, body, publication_fields, countof(publication_fields), false, p));
	TRY(json_read(c, p->object_json, object_fields, countof(object_fields), false, object));
	return json_read(c, p->price_json, price_fields, countof(price_fields), false, price);
}

static err check_publication(
	struct ctx *c, const struct act *a, struct publication *p, struct object_fields *object)
{
	struct price_fields price;
	TRY(read_publication(c, a->body, p, object, &price));
	ENSURE(p->name.n > 0, c, ERR_BAD_VALUE, "a product needs a name");
	ENSURE(str_eq(object->product, a->subject), c, ERR_BAD_VALUE,
		"the object names another product");
	ENSURE(object->size >= 0 && (uint64_t)object->size <= LIMIT_OBJECT, c, ERR_TOO_LARGE,
		"an object has at most %llu bytes", (unsigned long long)LIMIT_OBJECT);
	ENSURE(object->chunk == LIMIT_CHUNK, c, ERR_BAD_VALUE, "chunk must be %u", LIMIT_CHUNK);
	ENSURE(price.net >= 0 && price.net <= LIMIT_PRICE, c, ERR_BAD_VALUE,
		"the net price must be 0 to %lld fen", LIMIT_PRICE);
	ENSURE(price.rate >= 0 && price.rate <= 10000, c, ERR_BAD_VALUE,
		"the tax rate must be 0 to 10000 basis points");
	ENSURE(price.tax == price_tax(price.net, price.rate), c, ERR_BAD_VALUE,
		"the tax is not that of net and rate");
	ENSURE(p->receipt_within >= 1 && p->receipt_within <= 31 * 86400, c, ERR_BAD_VALUE,
		"receiptWithin must be 1 to %d seconds", 31 * 86400);
	return dossier_check(c, p->dossier);
}

static err decide_publish(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct publication p;
	struct object_fields object;
	struct product_row row;
	bool found = false;
	(void)at_ms;
	TRY(check_publication(c, a, &p, &object));
	TRY(product_store_by_urn(c, db, a->subject, &found, &row));
	ENSURE(!found, c, ERR_CONFLICT, "this product exists: revise it");
	TRY(product_store_by_name(c, db, p.name, &found, &row));
	ENSURE(!found, c, ERR_CONFLICT, "a product named %.*s exists: %.*s", FMT(p.name),
		FMT(row.urn));
	ENSURE(object.revision == 1, c, ERR_BAD_VALUE, "a new product begins with revision 1");
	return OK;
}

static err decide_revise(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct publication p;
	struct object_fields object;
	struct product_row row;
	bool found = false;
	(void)at_ms;
	TRY(check_publication(c, a, &p, &object));
	TRY(product_store_by_urn(c, db, a->subject, &found, &row));
	ENSURE(found, c, ERR_NOT_FOUND, "there is no product %.*s", FMT(a->subject));
	ENSURE(!row.withdrawn, c, ERR_GONE, "this product was withdrawn");
	ENSURE(str_eq(row.name, p.name), c, ERR_CONFLICT, "a product keeps its name: %.*s",
		FMT(row.name));
	ENSURE(object.revision == row.newest + 1, c, ERR_PRECONDITION, "the next revision is %lld",
		(long long)row.newest + 1);
	return OK;
}

static err decide_withdraw(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct product_row row;
	bool found = false;
	(void)at_ms;
	TRY(product_store_by_urn(c, db, a->subject, &found, &row));
	ENSURE(found, c, ERR_NOT_FOUND, "there is no product %.*s", FMT(a->subject));
	ENSURE(!row.withdrawn, c, ERR_GONE, "this product was withdrawn already");
	return OK;
}

static err apply_publish(struct ctx *c, struct store *db, const struct entry *e)
{
	struct publication p;
	struct object_fields object;
	struct price_fields price;
	TRY(read_publication(c, e->body, &p, &object, &price));
	TRY(product_store_put(c, db, e->subject, p.name, object.revision));
	return product_store_put_revision(
		c, db, e, object.revision, p.offer, json_text(json_get(p.object_json, "root")));
}

static err apply_withdraw(struct ctx *c, struct store *db, const struct entry *e)
{
	return product_store_withdraw(c, db, e->subject);
}

static const struct act_type types[] = {
	{"product.publish", decide_publish, apply_publish},
	{"product.revise", decide_revise, apply_publish},
	{"product.withdraw", decide_withdraw, apply_withdraw},
};

const struct module product_module = {.name = "product",
	.types = types,
	.types_n = countof(types),
	.migrations = product_migrations,
	.migrations_n = PRODUCT_MIGRATIONS};

static err fill(struct ctx *c, const struct revision_row *row, struct revision *ret)
{
	const struct json *body;
	struct publication p;
	struct object_fields object;
	struct price_fields price;
	TRY(json_parse(c, row->body, &body));
	TRY(read_publication(c, body, &p, &object, &price));
	*ret = (struct revision){.product = object.product,
		.offer = p.offer,
		.name = p.name,
		.revision = object.revision,
		.root = object.root,
		.sha256 = object.sha256,
		.size = object.size,
		.chunk = object.chunk,
		.net = price.net,
		.rate = price.rate,
		.media_type = p.media_type,
		.terms = p.terms,
		.scenario = p.scenario,
		.dossier = p.dossier,
		.receipt_within = p.receipt_within,
		.object_json = p.object_json,
		.price_json = p.price_json,
		.profile = p.profile,
		.withdrawn = row->withdrawn,
		.at_ms = row->at_ms};
	return OK;
}

err product_revision(
	struct ctx *c, struct store *db, struct str urn, int64_t revision, struct revision *ret)
{
	struct revision_row row;
	TRY(product_store_revision(c, db, urn, revision, &row));
	return fill(c, &row, ret);
}

err product_find(struct ctx *c, struct store *db, struct str urn_or_name, struct revision *ret)
{
	struct product_row row;
	bool found = false;
	if (str_starts(urn_or_name, STR("urn:")))
		TRY(product_store_by_urn(c, db, urn_or_name, &found, &row));
	if (!found)
		TRY(product_store_by_name(c, db, urn_or_name, &found, &row));
	ENSURE(found, c, ERR_NOT_FOUND, "there is no product %.*s",
		FMT(str_sub(urn_or_name, 0, LIMIT_NAME)));
	return product_revision(c, db, row.urn, row.newest, ret);
}

err product_by_offer(struct ctx *c, struct store *db, struct str offer, struct revision *ret)
{
	struct revision_row row;
	TRY(product_store_by_offer(c, db, offer, &row));
	return fill(c, &row, ret);
}

err product_list(struct ctx *c, struct store *db, int64_t after, size_t max, struct revision *ret,
	size_t *ret_n)
{
	struct product_row *rows;
	size_t n = 0;
	NEW_N(c, rows, max);
	TRY(product_store_list(c, db, after, max, rows, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(product_revision(c, db, rows[i].urn, rows[i].newest, &ret[i]));
		ret[i].place = rows[i].place;
	}
	*ret_n = n;
	return OK;
}

err product_refers(struct ctx *c, struct store *db, const struct hash *root, bool *ret)
{
	return product_store_refers(c, db, root, ret);
}

err product_profile(
	struct ctx *c, struct store *db, const struct revision *r, const struct json **ret)
{
	struct hash digest;
	ENSURE(hash_parse(r->profile, &digest), c, ERR_NOT_FOUND, "this revision has no profile");
	return content_get_json(c, db, &digest, ret);
}
