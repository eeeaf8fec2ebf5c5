/* /api/v1/products: what this node offers. The object itself was written into blobs/ by the process that publishes
 * (DESIGN, Command line); only {root, size, sha256} come here. */
#include "api/product.h"

#include "act/content.h"
#include "api/page.h"
#include "api/upload.h"
#include "base/limits.h"
#include "codec/time.h"
#include "codec/uuid.h"
#include "product/dossier.h"
#include "product/product.h"
#include "proof/documents.h"
#include "store/blobs.h"
#include "terms/policy.h"
#include "terms/presets.h"

#define NOT_SAID INT64_MIN /* no JSON integer is */
#define RECEIPT_WITHIN_S 86400

struct publishing {
	struct str upload, name, media_type, preset, purpose, territory, onward, disposal;
	struct hash root, sha256;
	int64_t size, net, rate, receipt_within;
	const struct json *dossier, *terms, *profile;
};

static const struct json_field fields[] = {
	{"name", JSON_K_TEXT, false, offsetof(struct publishing, name), LIMIT_NAME, NULL},
	{"mediaType", JSON_K_TEXT, true, offsetof(struct publishing, media_type), LIMIT_NAME, NULL},
	{"preset", JSON_K_TEXT, true, offsetof(struct publishing, preset), LIMIT_NAME, NULL},
	{"terms", JSON_K_OBJECT, true, offsetof(struct publishing, terms), 0, NULL},
	{"purpose", JSON_K_TEXT, true, offsetof(struct publishing, purpose), LIMIT_NAME, NULL},
	{"territory", JSON_K_TEXT, true, offsetof(struct publishing, territory), LIMIT_NAME, NULL},
	{"onward", JSON_K_TEXT, true, offsetof(struct publishing, onward), LIMIT_NAME, NULL},
	{"disposal", JSON_K_TEXT, true, offsetof(struct publishing, disposal), LIMIT_NAME, NULL},
	{"upload", JSON_K_TEXT, true, offsetof(struct publishing, upload), LIMIT_NAME, NULL},
	{"root", JSON_K_HEX32, true, offsetof(struct publishing, root), 0, NULL},
	{"sha256", JSON_K_HEX32, true, offsetof(struct publishing, sha256), 0, NULL},
	{"size", JSON_K_INT, true, offsetof(struct publishing, size), 0, NULL},
	{"net", JSON_K_INT, true, offsetof(struct publishing, net), 0, NULL},
	{"rate", JSON_K_INT, true, offsetof(struct publishing, rate), 0, NULL},
	{"receiptWithin", JSON_K_INT, true, offsetof(struct publishing, receipt_within), 0, NULL},
	{"dossier", JSON_K_OBJECT, true, offsetof(struct publishing, dossier), 0, NULL},
	{"profile", JSON_K_OBJECT, true, offsetof(struct publishing, profile), 0, NULL},
};

static struct json *object_json(
	struct ctx *c, const struct publishing *r, struct str product, int64_t revision)
{
	struct json *o = json_object(c);
	json_set_str(c, &o, "product", product);
	json_set_num(c, &o, "revision", revision);
	json_set_hex(c, &o, "root", r->root.b, HASH_BYTES);
	json_set_num(c, &o, "size", r->size);
	json_set_num(c, &o, "chunk", LIMIT_CHUNK);
	json_set_hex(c, &o, "sha256", r->sha256.b, HASH_BYTES);
	return o;
}

static struct json *price_json(struct ctx *c, const struct publishing *r)
{
	struct json *o = json_object(c);
	bool fits = r->net >= 0 && r->net <= LIMIT_PRICE && r->rate >= 0 && r->rate <= 10000;
	json_set_str(c, &o, "currency", STR("CNY"));
	json_set_num(c, &o, "net", r->net);
	json_set_num(c, &o, "rate", r->rate);
	json_set_num(c, &o, "tax", fits ? price_tax(r->net, r->rate) : 0);
	return o;
}

static struct str or_else(struct str s, const char *otherwise)
{
	return s.n > 0 ? s : str_z(otherwise);
}

/* The purpose is the one given, else that of the terms. */
static struct json *scenario_json(
	struct ctx *c, const struct publishing *r, const struct terms *terms)
{
	struct json *o = json_object(c);
	struct str purpose = r->purpose;
	if (purpose.n == 0 && terms->purposes_n > 0)
		purpose = terms->purposes[0];
	json_set_str(c, &o, "purpose", or_else(purpose, "any lawful use"));
	json_set_str(c, &o, "onward", or_else(r->onward, "not allowed"));
	if (r->territory.n > 0)
		json_set_str(c, &o, "territory", r->territory);
	if (r->disposal.n > 0)
		json_set_str(c, &o, "disposal", r->disposal);
	return o;
}

/* The terms given, or those of the preset; they must be understood here, or nobody could enforce them. */
static err terms_of(
	struct ctx *c, const struct publishing *r, struct json **ret, struct terms *ret_compiled)
{
	ENSURE((r->terms == NULL) != (r->preset.n == 0), c, ERR_BAD_VALUE,
		"give either preset or terms");
	if (r->terms == NULL)
		TRY(terms_preset(c, r->preset, ret));
	else
		*ret = json_copy(c, r->terms);
	return terms_compile(c, *ret, ret_compiled);
}

static err body_of(struct ctx *c, struct call *k, const struct publishing *r, struct str product,
	int64_t revision, struct json **ret)
{
	struct json *o = json_object(c), *terms;
	struct str offer;
	struct hash profile;
	struct terms compiled;
	TRY(uuid_new_urn(c, acts_env(k->acts), &offer));
	TRY(terms_of(c, r, &terms, &compiled));
	json_set_str(c, &o, "name", r->name);
	json_set_str(c, &o, "offer", offer);
	json_set(&o, "object", object_json(c, r, product, revision));
	json_set_str(c, &o, "mediaType", or_else(r->media_type, "application/octet-stream"));
	json_set(&o, "dossier", r->dossier != NULL ? json_copy(c, r->dossier) : json_object(c));
	json_set(&o, "terms", terms);
	json_set(&o, "price", price_json(c, r));
	json_set(&o, "scenario", scenario_json(c, r, &compiled));
	json_set_num(c, &o, "receiptWithin",
		r->receipt_within != 0 ? r->receipt_within : RECEIPT_WITHIN_S);
	if (r->profile != NULL) {
		TRY(content_put_json(c, acts_db(k->acts), r->profile, &profile));
		json_set_hex(c, &o, "profile", profile.b, HASH_BYTES);
	}
	*ret = o;
	return OK;
}

/* The object is one that was written by the process that publishes, or an upload that is ready. */
static err find_object(struct ctx *c, struct call *k, struct publishing *r)
{
	struct upload_object o;
	bool named = json_get(k->body, "root") != NULL && json_get(k->body, "sha256") != NULL &&
		     json_get(k->body, "size") != NULL;
	bool part = json_get(k->body, "root") != NULL || json_get(k->body, "sha256") != NULL ||
		    json_get(k->body, "size") != NULL;
	if (r->upload.n == 0) {
		ENSURE(named, c, ERR_MISSING_MEMBER, "give root, sha256 and size, or upload");
		return OK;
	}
	ENSURE(!part, c, ERR_BAD_VALUE, "give either upload or root, sha256 and size");
	TRY(upload_object(c, k, r->upload, &o));
	r->root = o.root;
	r->sha256 = o.sha256;
	r->size = o.size;
	r->profile = r->profile != NULL ? r->profile : o.profile;
	return OK;
}

/* The object lies in blobs/ and is as large as is said; its digests were made by the process that wrote it there. */
static err check_object(struct ctx *c, struct call *k, const struct publishing *r)
{
	cleanup(fd_closep) int fd = -1;
	struct str blobs;
	uint64_t size = 0;
	TRY(arena_fmt(c, &blobs, "%s/blobs", acts_self(k->acts)->directory));
	TRY(blob_claim(c, acts_env(k->acts), blobs.p, &r->root, &fd, &size));
	ENSURE(size == (uint64_t)r->size, c, ERR_BAD_VALUE, "the object has %llu bytes",
		(unsigned long long)size);
	return OK;
}

static struct str kept(struct str given, const struct json *old, const char *member)
{
	return given.n > 0 ? given : json_text(json_get(old, member));
}

/* A revision keeps what is not said anew: nobody gives data away by leaving a word out. */
static void keep_old(struct publishing *r, const struct revision *old)
{
	if (r->preset.n == 0 && r->terms == NULL)
		r->terms = old->terms;
	r->net = r->net == NOT_SAID ? old->net : r->net;
	r->rate = r->rate == NOT_SAID ? old->rate : r->rate;
	r->receipt_within = r->receipt_within == 0 ? old->receipt_within : r->receipt_within;
	r->dossier = r->dossier == NULL ? old->dossier : r->dossier;
	r->media_type = r->media_type.n == 0 ? old->media_type : r->media_type;
	r->purpose = kept(r->purpose, old->scenario, "purpose");
	r->onward = kept(r->onward, old->scenario, "onward");
	r->territory = kept(r->territory, old->scenario, "territory");
	r->disposal = kept(r->disposal, old->scenario, "disposal");
}

/* A first revision without a word about it is free and open. */
static void begin_new(struct publishing *r)
{
	if (r->preset.n == 0 && r->terms == NULL)
		r->preset = STR("open");
	r->net = r->net == NOT_SAID ? 0 : r->net;
	r->rate = r->rate == NOT_SAID ? 0 : r->rate;
}

static err publish(struct ctx *c, struct call *k)
{
	struct publishing r = {.net = NOT_SAID, .rate = NOT_SAID};
	struct revision known;
	struct str product;
	struct json *body;
	struct entry e;
	TRY(json_read(c, k->body, fields, countof(fields), false, &r));
	TRY(find_object(c, k, &r));
	TRY(check_object(c, k, &r));
	err found = product_find(c, acts_db(k->acts), r.name, &known);
	if (found != OK && found != ERR_NOT_FOUND)
		return found;
	bool revises = found == OK;
	if (revises) {
		product = known.product;
		keep_old(&r, &known);
	} else {
		TRY(uuid_new_urn(c, acts_env(k->acts), &product));
		begin_new(&r);
	}
	TRY(body_of(c, k, &r, product, revises ? known.revision + 1 : 1, &body));
	const struct act a = {revises ? STR("product.revise") : STR("product.publish"), k->caller,
		product, body, NULL};
	TRY(acts_do(c, k->acts, &a, &e));
	k->index = e.index;
	return OK;
}

err product_revise_dossier(
	struct ctx *c, struct call *k, const struct revision *known, const struct json *dossier)
{
	struct publishing r = {.name = known->name,
		.root = known->root,
		.sha256 = known->sha256,
		.size = known->size,
		.net = NOT_SAID,
		.rate = NOT_SAID,
		.dossier = dossier};
	struct json *body;
	struct entry e;
	keep_old(&r, known);
	if (known->profile.n > 0)
		TRY(product_profile(c, acts_db(k->acts), known, &r.profile));
	TRY(body_of(c, k, &r, known->product, known->revision + 1, &body));
	const struct act a = {STR("product.revise"), k->caller, known->product, body, NULL};
	TRY(acts_do(c, k->acts, &a, &e));
	k->index = e.index;
	return OK;
}

static struct json *revision_json(struct ctx *c, const struct revision *r)
{
	struct str at;
	struct json *o = json_object(c);
	json_set_str(c, &o, "product", r->product);
	json_set_str(c, &o, "name", r->name);
	json_set_num(c, &o, "revision", r->revision);
	json_set_str(c, &o, "offer", r->offer);
	json_set(&o, "object", json_share(c, r->object_json));
	json_set(&o, "price", json_share(c, r->price_json));
	json_set(&o, "terms", json_share(c, r->terms));
	json_set(&o, "scenario", json_share(c, r->scenario));
	json_set(&o, "dossier", json_share(c, r->dossier));
	json_set_str(c, &o, "mediaType", r->media_type);
	json_set_num(c, &o, "receiptWithin", r->receipt_within);
	json_set(&o, "withdrawn", json_bool(c, r->withdrawn));
	if (time_str(c, r->at_ms, &at) == OK)
		json_set_str(c, &o, "at", at);
	return o;
}

err product_say_published(struct ctx *c, struct call *k)
{
	struct entry e;
	struct revision r;
	struct json *o, *proof;
	TRY(acts_entry(c, k->acts, k->index, &e));
	TRY(product_find(c, acts_db(k->acts), e.subject, &r));
	TRY(acts_evidence(c, k->acts, k->index, &proof));
	o = revision_json(c, &r);
	json_set(&o, "evidence", proof);
	json_set(&o, "completeness", dossier_completeness(c, r.dossier));
	return call_json(c, k, 201, o);
}

err product_shown(struct ctx *c, struct call *k, struct json **ret)
{
	struct revision r;
	const struct json *profile;
	TRY(product_find(c, acts_db(k->acts), k->param[0], &r));
	struct json *o = revision_json(c, &r);
	if (r.profile.n > 0 && product_profile(c, acts_db(k->acts), &r, &profile) == OK)
		json_set(&o, "profile", json_share(c, profile));
	json_set(&o, "completeness", dossier_completeness(c, r.dossier));
	*ret = o;
	return OK;
}

static err show(struct ctx *c, struct call *k)
{
	struct json *o;
	TRY(product_shown(c, k, &o));
	return call_json(c, k, 200, o);
}

static err list(struct ctx *c, struct call *k)
{
	struct revision *rows;
	struct page p;
	struct json *one;
	size_t n = 0;
	bool more = true;
	TRY(page_read(c, k, STR(""), PAGE_OLDEST_FIRST, &p));
	NEW_N(c, rows, page_rows(&p));
	TRY(product_list(c, acts_db(k->acts), p.at, page_rows(&p), rows, &n));
	for (size_t i = 0; i < n && more; i++) {
		one = revision_json(c, &rows[i]);
		TRY(page_add(c, &p, one, rows[i].place, STR(""), &more));
	}
	return page_say(c, k, &p, "products");
}

static err withdraw(struct ctx *c, struct call *k)
{
	struct revision r;
	struct json *body = json_object(c);
	struct str reason = json_text(json_get(k->body, "reason"));
	struct entry e;
	ENSURE(reason.n > 0 && reason.n <= LIMIT_REASON, c, ERR_BAD_VALUE, "say why: reason");
	TRY(product_find(c, acts_db(k->acts), k->param[0], &r));
	json_set_str(c, &body, "reason", reason);
	const struct act a = {STR("product.withdraw"), k->caller, r.product, body, NULL};
	TRY(acts_do(c, k->acts, &a, &e));
	k->index = e.index;
	return OK;
}

static err presets(struct ctx *c, struct call *k)
{
	struct json *o = json_object(c), *all = json_array(c), *one, *terms;
	for (size_t i = 0; terms_preset_name(i) != NULL; i++) {
		TRY(terms_preset(c, str_z(terms_preset_name(i)), &terms));
		one = json_object(c);
		json_set_str(c, &one, "name", str_z(terms_preset_name(i)));
		json_set(&one, "terms", terms);
		json_push(&all, one);
	}
	json_set(&o, "presets", all);
	return call_json(c, k, 200, o);
}

// clang-format off
static const struct route rows[] = {
	{.method = "POST", .path = "/api/v1/products", .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_OPERATOR, TAKES(fields),
		.act = publish, .say = product_say_published, .doc = "Publishes an upload that is ready (upload) or an object that lies in blobs/ (root, sha256, size), or a revision of a product of that name."},
	{.method = "GET", .path = "/api/v1/products", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .pages = true, .steady = true, .act = list, .doc = "The products that are offered."},
	{.method = "GET", .path = "/api/v1/products/{product}", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .steady = true, .act = show, .doc = "A product by urn or name, with its profile."},
	{.method = "GET", .path = "/api/v1/presets", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .steady = true, .act = presets, .doc = "Usage terms that can be named instead of written."},
	{.method = "POST", .path = "/api/v1/products/{product}/withdraw", .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_OPERATOR, TAKES(takes_reason),
		.act = withdraw, .say = product_say_published, .doc = "Offers a product no longer; what was agreed stands."},
};
// clang-format on
const struct routes product_routes = {rows, countof(rows)};
