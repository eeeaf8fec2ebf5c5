#include "product/exhibit.h"

#include "base/limits.h"
#include "product/exhibit_claims.h"
#include "product/exhibit_store.h"
#include "product/product_store.h"

static const struct json_field attach_fields[] = {
	{"id", JSON_K_TEXT, false, offsetof(struct exhibit, id), LIMIT_DID, NULL},
	{"kind", JSON_K_TEXT, false, offsetof(struct exhibit, kind), LIMIT_NAME, NULL},
	{"title", JSON_K_TEXT, false, offsetof(struct exhibit, title), LIMIT_NAME, NULL},
	{"file", JSON_K_TEXT, false, offsetof(struct exhibit, file), LIMIT_NAME, NULL},
	{"mediaType", JSON_K_TEXT, false, offsetof(struct exhibit, media_type), LIMIT_NAME, NULL},
	{"root", JSON_K_HEX32, false, offsetof(struct exhibit, root), 0, NULL},
	{"sha256", JSON_K_HEX32, false, offsetof(struct exhibit, sha256), 0, NULL},
	{"size", JSON_K_INT, false, offsetof(struct exhibit, size), 0, NULL},
	{"read", JSON_K_BOOL, false, offsetof(struct exhibit, read), 0, NULL},
	{"damaged", JSON_K_BOOL, false, offsetof(struct exhibit, damaged), 0, NULL},
	{"claims", JSON_K_OBJECT, false, offsetof(struct exhibit, claims), 0, NULL},
	{"stated", JSON_K_ARRAY, false, offsetof(struct exhibit, stated), 0, NULL},
	{"contradicted", JSON_K_ARRAY, false, offsetof(struct exhibit, contradicted), 0, NULL},
};

struct ending {
	struct str id, reason;
};

static const struct json_field end_fields[] = {
	{"id", JSON_K_TEXT, false, offsetof(struct ending, id), LIMIT_DID, NULL},
	{"reason", JSON_K_TEXT, false, offsetof(struct ending, reason), LIMIT_REASON, NULL},
};

static err read_attach(struct ctx *c, const struct json *body, struct exhibit *ret)
{
	return json_read(c, body, attach_fields, countof(attach_fields), false, ret);
}

static err check_product(struct ctx *c, struct store *db, struct str urn)
{
	struct product_row row;
	bool found = false;
	TRY(product_store_by_urn(c, db, urn, &found, &row));
	ENSURE(found, c, ERR_NOT_FOUND, "there is no product %.*s", FMT(urn));
	ENSURE(!row.withdrawn, c, ERR_GONE, "this product was withdrawn");
	return OK;
}

/* Its kind and its claims are those of the catalogue. */
static err check_words(struct ctx *c, const struct exhibit *x)
{
	struct fact_catalogue cat;
	struct fact_value *values;
	TRY(exhibit_catalogue(c, &cat));
	ENSURE(fact_find(cat.kinds, cat.kinds_n, x->kind) != NULL, c, ERR_BAD_VALUE,
		"there is no kind of evidence %.*s: see GET /api/v1/evidence-kinds, or `shugu "
		"dossier kinds`",
		FMT(x->kind));
	return fact_values(c, cat.claims, cat.claims_n, x->claims, &values);
}

static err decide_attach(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct exhibit x = {.size = 0};
	struct exhibit_row row;
	bool found = false;
	int64_t n = 0;
	(void)at_ms;
	TRY(read_attach(c, a->body, &x));
	TRY(check_product(c, db, a->subject));
	TRY(exhibit_store_find(c, db, x.id, &found, &row));
	ENSURE(!found, c, ERR_CONFLICT, "there is an item %.*s", FMT(x.id));
	ENSURE(x.size > 0 && x.size <= (int64_t)LIMIT_ATTACHMENT, c, ERR_TOO_LARGE,
		"a file of evidence has 1 to %u bytes", LIMIT_ATTACHMENT);
	TRY(exhibit_store_count(c, db, a->subject, LIMIT_EVIDENCE_ITEMS, &n));
	ENSURE(n < LIMIT_EVIDENCE_ITEMS, c, ERR_QUOTA, "%u items are attached already",
		LIMIT_EVIDENCE_ITEMS);
	return check_words(c, &x);
}

static err decide_end(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct ending e = {0};
	struct exhibit_row row;
	bool found = false;
	(void)at_ms;
	TRY(json_read(c, a->body, end_fields, countof(end_fields), false, &e));
	ENSURE(e.reason.n > 0, c, ERR_BAD_VALUE, "say why: reason");
	TRY(exhibit_store_find(c, db, e.id, &found, &row));
	ENSURE(found && str_eq(row.product, a->subject), c, ERR_NOT_FOUND,
		"this product has no item %.*s", FMT(e.id));
	ENSURE(row.reason.n == 0, c, ERR_GONE, "this item was taken back already");
	return OK;
}

static err apply_attach(struct ctx *c, struct store *db, const struct entry *e)
{
	struct exhibit x = {.size = 0};
	TRY(read_attach(c, e->body, &x));
	return exhibit_store_put(c, db, e, x.id, &x.root);
}

static err apply_end(struct ctx *c, struct store *db, const struct entry *e)
{
	return exhibit_store_end(c, db, e, json_text(json_get(e->body, "id")),
		json_text(json_get(e->body, "reason")));
}

static const struct act_type types[] = {
	{"product.evidence", decide_attach, apply_attach},
	{"product.evidence-end", decide_end, apply_end},
};

const struct module exhibit_module = {.name = "exhibit",
	.types = types,
	.types_n = countof(types),
	.migrations = exhibit_migrations,
	.migrations_n = EXHIBIT_MIGRATIONS};

err exhibit_attach(
	struct ctx *c, struct acts *n, const struct exhibit *x, struct str actor, struct entry *ret)
{
	struct json *o = json_object(c);
	json_set_str(c, &o, "id", x->id);
	json_set_str(c, &o, "kind", x->kind);
	json_set_str(c, &o, "title", x->title);
	json_set_str(c, &o, "file", x->file);
	json_set_str(c, &o, "mediaType", x->media_type);
	json_set_hex(c, &o, "root", x->root.b, HASH_BYTES);
	json_set_hex(c, &o, "sha256", x->sha256.b, HASH_BYTES);
	json_set_num(c, &o, "size", x->size);
	json_set(&o, "read", json_bool(c, x->read));
	json_set(&o, "damaged", json_bool(c, x->damaged));
	json_set(&o, "claims", json_copy(c, x->claims));
	json_set(&o, "stated", json_copy(c, x->stated));
	json_set(&o, "contradicted", json_copy(c, x->contradicted));
	const struct act a = {STR("product.evidence"), actor, x->product, o, NULL};
	return acts_do(c, n, &a, ret);
}

err exhibit_end(struct ctx *c, struct acts *n, struct str id, struct str reason, struct str actor,
	struct entry *ret)
{
	struct exhibit x;
	struct json *o = json_object(c);
	TRY(exhibit_find(c, acts_db(n), id, &x));
	json_set_str(c, &o, "id", id);
	json_set_str(c, &o, "reason", reason);
	const struct act a = {STR("product.evidence-end"), actor, x.product, o, NULL};
	return acts_do(c, n, &a, ret);
}

static err fill(struct ctx *c, const struct exhibit_row *row, struct exhibit *ret)
{
	const struct json *body;
	struct exhibit x = {.size = 0};
	TRY(json_parse(c, row->body, &body));
	TRY(read_attach(c, body, &x));
	x.product = row->product;
	x.actor = row->actor;
	x.at_ms = row->at_ms;
	x.index = (uint64_t)row->index;
	x.reason = row->reason;
	x.ended_ms = row->ended_ms;
	*ret = x;
	return OK;
}

err exhibit_find(struct ctx *c, struct store *db, struct str id, struct exhibit *ret)
{
	struct exhibit_row row;
	bool found = false;
	TRY(exhibit_store_find(c, db, id, &found, &row));
	ENSURE(found, c, ERR_NOT_FOUND, "there is no item of evidence %.*s",
		FMT(str_sub(id, 0, LIMIT_NAME)));
	return fill(c, &row, ret);
}

err exhibit_list(struct ctx *c, struct store *db, struct str product, bool all, int64_t after,
	size_t max, struct exhibit *ret, size_t *ret_n)
{
	struct exhibit_row *rows;
	size_t n = 0;
	NEW_N(c, rows, max);
	TRY(exhibit_store_list(c, db, product, all, after, max, rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(fill(c, &rows[i], &ret[i]));
	*ret_n = n;
	return OK;
}

err exhibit_refers(struct ctx *c, struct store *db, const struct hash *root, bool *ret)
{
	return exhibit_store_refers(c, db, root, ret);
}
