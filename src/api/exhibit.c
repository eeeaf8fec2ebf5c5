#include "api/exhibit.h"

#include "api/page.h"
#include "api/upload.h"
#include "base/limits.h"
#include "codec/time.h"
#include "codec/uuid.h"
#include "contract/assent.h"
#include "party/person.h"
#include "product/exhibit.h"
#include "product/exhibit_claims.h"
#include "product/product.h"
#include "store/blobs.h"

struct attaching {
	struct str kind, title, file, upload;
	struct hash root, sha256;
	int64_t size;
	const struct json *claims;
};

static const struct json_field fields[] = {
	{"kind", JSON_K_TEXT, false, offsetof(struct attaching, kind), LIMIT_NAME, NULL},
	{"title", JSON_K_TEXT, true, offsetof(struct attaching, title), LIMIT_NAME, NULL},
	{"file", JSON_K_TEXT, false, offsetof(struct attaching, file), LIMIT_NAME, NULL},
	{"upload", JSON_K_TEXT, true, offsetof(struct attaching, upload), LIMIT_DID, NULL},
	{"root", JSON_K_HEX32, true, offsetof(struct attaching, root), 0, NULL},
	{"sha256", JSON_K_HEX32, true, offsetof(struct attaching, sha256), 0, NULL},
	{"size", JSON_K_INT, true, offsetof(struct attaching, size), 0, NULL},
	{"claims", JSON_K_OBJECT, true, offsetof(struct attaching, claims), 0, NULL},
};

static err open_object(
	struct ctx *c, struct call *k, const struct hash *root, int *ret_fd, uint64_t *ret_size)
{
	struct str blobs;
	TRY(arena_fmt(c, &blobs, "%s/blobs", acts_self(k->acts)->directory));
	return blob_open(c, blobs.p, root, ret_fd, ret_size);
}

/* The digests of the object; who wrote it into blobs/ made them. */
static err find_object(struct ctx *c, struct call *k, struct attaching *in)
{
	struct upload_object o;
	bool root = json_get(k->body, "root") != NULL, sha256 = json_get(k->body, "sha256") != NULL,
	     size = json_get(k->body, "size") != NULL;
	if (in->upload.n == 0) {
		ENSURE(root && sha256 && size, c, ERR_MISSING_MEMBER,
			"give root, sha256 and size, or upload");
		return OK;
	}
	ENSURE(!root && !sha256 && !size, c, ERR_BAD_VALUE,
		"give either upload or root, sha256 and size");
	TRY(upload_object(c, k, in->upload, &o));
	in->root = o.root;
	in->sha256 = o.sha256;
	in->size = o.size;
	return OK;
}

/* By its first bytes, else by its name. */
static err media_type(struct ctx *c, int fd, struct str file, struct str *ret)
{
	static const struct {
		const char *end, *type;
	} named[] = {{".txt", "text/plain"}, {".csv", "text/csv"}, {".json", "application/json"},
		{".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		{".docx", "application/"
			  "vnd.openxmlformats-officedocument.wordprocessingml.document"}};
	char first[ATTACHMENT_MAGIC];
	size_t n = 0;
	TRY(blob_get_at(c, fd, first, sizeof first, 0, &n));
	const char *type = attachment_media_type((struct str){first, n});
	for (size_t i = 0; type == NULL && i < countof(named); i++) {
		if (str_ends(file, str_z(named[i].end)))
			type = named[i].type;
	}
	*ret = str_z(type == NULL ? "application/octet-stream" : type);
	return OK;
}

static err look_at_file(struct ctx *c, struct call *k, struct exhibit *x, const struct json *stated)
{
	cleanup(fd_closep) int fd = -1;
	uint64_t size = 0;
	struct source s;
	struct exhibit_claims r;
	TRY(open_object(c, k, &x->root, &fd, &size));
	ENSURE(size == (uint64_t)x->size, c, ERR_BAD_VALUE, "the object has %llu bytes",
		(unsigned long long)size);
	ENSURE(str_find(x->file, '/') == x->file.n && x->file.n > 0, c, ERR_BAD_VALUE,
		"file is the name of the file, without a directory");
	TRY(source_of_file(c, fd, &s));
	TRY(media_type(c, fd, x->file, &x->media_type));
	TRY(exhibit_claims_read(c, size <= LIMIT_EVIDENCE_READ ? &s : NULL, x->file, stated, &r));
	x->read = r.read;
	x->damaged = r.damaged;
	x->claims = r.claims;
	x->stated = r.stated;
	x->contradicted = r.contradicted;
	return OK;
}

static err attach(struct ctx *c, struct call *k)
{
	struct attaching in = {.size = 0};
	struct fact_catalogue cat;
	struct revision r;
	struct json *stated;
	struct entry e;
	TRY(product_find(c, acts_db(k->acts), k->param[0], &r));
	TRY(json_read(c, k->body, fields, countof(fields), false, &in));
	TRY(find_object(c, k, &in));
	TRY(exhibit_catalogue(c, &cat));
	TRY(exhibit_claims_stated(c, &cat, in.claims, &stated));
	struct exhibit x = {.product = r.product,
		.kind = in.kind,
		.title = in.title.n > 0 ? in.title : in.file,
		.file = in.file,
		.root = in.root,
		.sha256 = in.sha256,
		.size = in.size};
	TRY(look_at_file(c, k, &x, stated));
	TRY(uuid_new_urn(c, acts_env(k->acts), &x.id));
	TRY(exhibit_attach(c, k->acts, &x, k->caller, &e));
	k->index = e.index;
	k->subject = x.id;
	return OK;
}

static err by_json(struct ctx *c, struct store *db, struct str actor, struct json **o)
{
	struct str name;
	TRY(person_actor_name(c, db, actor, &name));
	json_set_str(c, o, "by", actor);
	if (name.n > 0)
		json_set_str(c, o, "byName", name);
	return OK;
}

static err one_json(struct ctx *c, struct call *k, const struct fact_catalogue *cat,
	const struct exhibit *x, struct json **ret)
{
	struct json *o = json_object(c), *label = json_object(c);
	const struct fact *kind = fact_find(cat->kinds, cat->kinds_n, x->kind);
	struct str at, ended;
	TRY(time_str(c, x->at_ms, &at));
	json_set_str(c, &o, "id", x->id);
	json_set_str(c, &o, "product", x->product);
	json_set_str(c, &o, "kind", x->kind);
	json_set_str(c, &label, "zh", kind != NULL ? kind->zh : x->kind);
	json_set_str(c, &label, "en", kind != NULL ? kind->en : x->kind);
	json_set(&o, "kindName", label);
	json_set_str(c, &o, "title", x->title);
	json_set_str(c, &o, "file", x->file);
	json_set_str(c, &o, "mediaType", x->media_type);
	json_set_hex(c, &o, "root", x->root.b, HASH_BYTES);
	json_set_hex(c, &o, "sha256", x->sha256.b, HASH_BYTES);
	json_set_num(c, &o, "size", x->size);
	json_set(&o, "read", json_bool(c, x->read));
	json_set(&o, "damaged", json_bool(c, x->damaged));
	json_set(&o, "claims", json_share(c, x->claims));
	json_set(&o, "stated", json_share(c, x->stated));
	json_set(&o, "contradicted", json_share(c, x->contradicted));
	json_set_str(c, &o, "at", at);
	json_set_num(c, &o, "index", (int64_t)x->index);
	TRY(by_json(c, acts_db(k->acts), x->actor, &o));
	json_set(&o, "counts", json_bool(c, x->reason.n == 0));
	if (x->reason.n > 0) {
		TRY(time_str(c, x->ended_ms, &ended));
		json_set_str(c, &o, "endedAt", ended);
		json_set_str(c, &o, "reason", x->reason);
	}
	*ret = o;
	return OK;
}

static err found_json(struct ctx *c, struct call *k, struct str id, struct json **ret)
{
	struct exhibit x;
	struct fact_catalogue cat;
	TRY(exhibit_find(c, acts_db(k->acts), id, &x));
	TRY(exhibit_catalogue(c, &cat));
	return one_json(c, k, &cat, &x, ret);
}

static err say_done(struct ctx *c, struct call *k, int status)
{
	struct json *o, *proof;
	TRY(found_json(c, k, k->subject, &o));
	TRY(acts_evidence(c, k->acts, k->index, &proof));
	json_set(&o, "evidence", proof);
	return call_json(c, k, status, o);
}

static err say_attached(struct ctx *c, struct call *k)
{
	return say_done(c, k, 201);
}

static err say_ended(struct ctx *c, struct call *k)
{
	return say_done(c, k, 200);
}

static err list(struct ctx *c, struct call *k)
{
	struct exhibit *rows;
	struct fact_catalogue cat;
	struct revision r;
	struct page p;
	struct json *one;
	size_t n = 0;
	bool more = true;
	TRY(product_find(c, acts_db(k->acts), k->param[0], &r));
	TRY(page_read(c, k, r.product, PAGE_OLDEST_FIRST, &p));
	TRY(exhibit_catalogue(c, &cat));
	NEW_N(c, rows, page_rows(&p));
	TRY(exhibit_list(c, acts_db(k->acts), r.product, true, p.at, page_rows(&p), rows, &n));
	for (size_t i = 0; i < n && more; i++) {
		TRY(one_json(c, k, &cat, &rows[i], &one));
		TRY(page_add(c, &p, one, (int64_t)rows[i].index, STR(""), &more));
	}
	return page_say(c, k, &p, "evidence");
}

static err show(struct ctx *c, struct call *k)
{
	struct json *o;
	TRY(found_json(c, k, k->param[0], &o));
	return call_json(c, k, 200, o);
}

static err file(struct ctx *c, struct call *k)
{
	cleanup(fd_closep) int fd = -1;
	struct exhibit x;
	struct str name;
	uint64_t size = 0;
	TRY(exhibit_find(c, acts_db(k->acts), k->param[0], &x));
	TRY(open_object(c, k, &x.root, &fd, &size));
	TRY(arena_fmt(c, &name, "attachment; filename=\"evidence-%.*s\"",
		FMT(str_sub(x.id, x.id.n < 12 ? 0 : x.id.n - 12, 12))));
	k->answer = (struct answer){.type = arena_z(c->arena, x.media_type), .status = 200};
	call_header(k, "Content-Disposition", name);
	call_header(k, "X-Content-Type-Options", STR("nosniff"));
	call_header(k, "Content-Security-Policy", STR("sandbox; default-src 'none'"));
	call_header(k, "Cache-Control", STR("private, no-store"));
	k->answer.file = (struct file_answer){.fd = fd, .length = size};
	k->answer.has_file = true;
	fd = -1;
	return OK;
}

static err end(struct ctx *c, struct call *k)
{
	struct entry e;
	struct str reason = json_text(json_get(k->body, "reason"));
	ENSURE(reason.n > 0 && reason.n <= LIMIT_REASON, c, ERR_BAD_VALUE, "say why: reason");
	TRY(exhibit_end(c, k->acts, k->param[0], reason, k->caller, &e));
	k->index = e.index;
	k->subject = k->param[0];
	return OK;
}

static struct json *names_json(struct ctx *c, const struct fact *f, size_t n, bool types)
{
	struct json *all = json_array(c);
	for (size_t i = 0; i < n; i++) {
		struct json *o = json_object(c);
		json_set_str(c, &o, "name", f[i].name);
		if (types)
			json_set(&o, "type", json_z(c, fact_types[f[i].type]));
		json_set_str(c, &o, "zh", f[i].zh);
		json_set_str(c, &o, "en", f[i].en);
		json_push(&all, o);
	}
	return all;
}

static err kinds(struct ctx *c, struct call *k)
{
	struct fact_catalogue cat;
	struct json *o = json_object(c);
	TRY(exhibit_catalogue(c, &cat));
	json_set(&o, "kinds", names_json(c, cat.kinds, cat.kinds_n, false));
	json_set(&o, "claims", names_json(c, cat.claims, cat.claims_n, true));
	return call_json(c, k, 200, o);
}

#define ATTACHERS (ROLE_OWNER | ROLE_OPERATOR | ROLE_REVIEWER)
// clang-format off
static const struct route rows[] = {
	{.method = "GET", .path = "/api/v1/evidence-kinds", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .steady = true, .act = kinds, .doc = "The kinds of evidence, and what evidence may claim, for a form."},
	{.method = "POST", .path = "/api/v1/products/{product}/evidence", .scope = SCOPE_OPERATOR, .roles = ATTACHERS, TAKES(fields), .act = attach, .say = say_attached,
		.doc = "Attaches a file of evidence: an upload that is ready (upload) or an object that lies in blobs/ (root, sha256, size); claims it does not make itself are stated."},
	{.method = "GET", .path = "/api/v1/products/{product}/evidence", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .pages = true, .act = list, .doc = "The evidence of a product, the oldest first, also what was taken back."},
	{.method = "GET", .path = "/api/v1/exhibits/{id}", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = show, .doc = "An item of evidence."},
	{.method = "GET", .path = "/api/v1/exhibits/{id}/file", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = file, .doc = "Its file, as a download."},
	{.method = "POST", .path = "/api/v1/exhibits/{id}/end", .scope = SCOPE_OPERATOR, .roles = ATTACHERS, TAKES(takes_reason), .act = end, .say = say_ended, .doc = "Takes an item of evidence back; it stays known."},
};
// clang-format on
const struct routes exhibit_routes = {rows, countof(rows)};
