#include "api/attachment.h"

#include "api/page.h"
#include "api/upload.h"
#include "base/limits.h"
#include "codec/time.h"
#include "contract/agreement_assent.h"
#include "invoice/wish.h"
#include "store/blobs.h"

struct attaching {
	struct str upload;
	struct hash root, sha256;
	int64_t size;
};

static const struct json_field fields[] = {
	{"upload", JSON_K_TEXT, true, offsetof(struct attaching, upload), LIMIT_DID, NULL},
	{"root", JSON_K_HEX32, true, offsetof(struct attaching, root), 0, NULL},
	{"sha256", JSON_K_HEX32, true, offsetof(struct attaching, sha256), 0, NULL},
	{"size", JSON_K_INT, true, offsetof(struct attaching, size), 0, NULL},
};

static err open_object(
	struct ctx *c, struct call *k, const struct hash *root, int *ret_fd, uint64_t *ret_size)
{
	struct str blobs;
	TRY(arena_fmt(c, &blobs, "%s/blobs", acts_self(k->acts)->directory));
	return blob_open(c, blobs.p, root, ret_fd, ret_size);
}

/* The object lies in blobs/, is as large as is said, and is a PDF or a picture. */
static err check_file(struct ctx *c, struct call *k, struct attachment *a)
{
	cleanup(fd_closep) int fd = -1;
	char first[ATTACHMENT_MAGIC];
	uint64_t size = 0;
	size_t n = 0;
	struct str blobs;
	TRY(arena_fmt(c, &blobs, "%s/blobs", acts_self(k->acts)->directory));
	TRY(blob_claim(c, acts_env(k->acts), blobs.p, &a->root, &fd, &size));
	ENSURE(size == (uint64_t)a->size, c, ERR_BAD_VALUE, "the object has %llu bytes",
		(unsigned long long)size);
	ENSURE(size <= LIMIT_ATTACHMENT, c, ERR_TOO_LARGE,
		"a stamped contract has at most %u bytes", LIMIT_ATTACHMENT);
	TRY(blob_get_at(c, fd, first, sizeof first, 0, &n));
	const char *type = attachment_media_type((struct str){first, n});
	ENSURE(type != NULL, c, ERR_BAD_VALUE,
		"this is neither a PDF nor a scan (PNG, JPEG): attach one of those");
	a->media_type = str_z(type);
	return OK;
}

static err read_file(struct ctx *c, struct call *k, struct attachment *ret)
{
	struct attaching in = {.size = 0};
	struct upload_object o;
	struct attachment a = {.kind = STR("contract")};
	bool part = json_get(k->body, "root") != NULL || json_get(k->body, "sha256") != NULL ||
		    json_get(k->body, "size") != NULL;
	TRY(json_read(c, k->body, fields, countof(fields), false, &in));
	if (in.upload.n > 0) {
		ENSURE(!part, c, ERR_BAD_VALUE, "give either upload or root, sha256 and size");
		TRY(upload_object(c, k, in.upload, &o));
		in.root = o.root;
		in.sha256 = o.sha256;
		in.size = o.size;
	} else {
		ENSURE(k->body->n == 3, c, ERR_MISSING_MEMBER,
			"give root, sha256 and size, or upload");
	}
	a.root = in.root;
	a.sha256 = in.sha256;
	a.size = in.size;
	TRY(check_file(c, k, &a));
	*ret = a;
	return OK;
}

static err one_json(struct ctx *c, struct store *db, const struct attachment *a, struct json **ret)
{
	struct json *o = attachment_json(c, a);
	struct str at, name;
	TRY(time_str(c, a->at_ms, &at));
	TRY(person_actor_name(c, db, a->actor, &name));
	json_set_str(c, &o, "about", a->about);
	json_set_str(c, &o, "by", a->actor);
	if (name.n > 0)
		json_set_str(c, &o, "byName", name);
	json_set_str(c, &o, "at", at);
	*ret = o;
	return OK;
}

static err answer_list(struct ctx *c, struct call *k, struct str subject)
{
	struct attachment *rows;
	struct page p;
	struct json *one;
	size_t n = 0;
	bool more = true;
	TRY(page_read(c, k, STR(""), PAGE_OLDEST_FIRST, &p));
	NEW_N(c, rows, page_rows(&p));
	TRY(attachment_list(c, acts_db(k->acts), subject, p.at, page_rows(&p), rows, &n));
	for (size_t i = 0; i < n && more; i++) {
		TRY(one_json(c, acts_db(k->acts), &rows[i], &one));
		TRY(page_add(c, &p, one, (int64_t)rows[i].index, STR(""), &more));
	}
	return page_say(c, k, &p, "attachments");
}

static const char *suffix_of(struct str media_type)
{
	return str_is(media_type, "application/pdf") ? "pdf"
	       : str_is(media_type, "image/png")     ? "png"
						     : "jpg";
}

static err answer_file(struct ctx *c, struct call *k, struct str subject)
{
	cleanup(fd_closep) int fd = -1;
	struct attachment a;
	struct hash sha256;
	struct str name;
	uint64_t size = 0;
	ENSURE(hash_parse(k->param[1], &sha256), c, ERR_NOT_FOUND, "this is no digest of a file");
	TRY(attachment_find(c, acts_db(k->acts), subject, &sha256, &a));
	TRY(open_object(c, k, &a.root, &fd, &size));
	TRY(arena_fmt(c, &name, "attachment; filename=\"contract-%.12s.%s\"", k->param[1].p,
		suffix_of(a.media_type)));
	k->answer = (struct answer){.type = arena_z(c->arena, a.media_type), .status = 200};
	call_header(k, "Content-Disposition", name);
	call_header(k, "X-Content-Type-Options", STR("nosniff"));
	call_header(k, "Content-Security-Policy", STR("sandbox; default-src 'none'"));
	call_header(k, "Cache-Control", STR("private, no-store"));
	k->answer.file = (struct file_answer){.fd = fd, .length = size};
	k->answer.has_file = true;
	fd = -1;
	return OK;
}

static err attach(struct ctx *c, struct call *k)
{
	struct agreement_row r;
	struct attachment a;
	struct entry e;
	TRY(agreement_find(c, acts_db(k->acts), k->param[0], &r));
	TRY(read_file(c, k, &a));
	TRY(agreement_attach(c, k->acts, &r, k->caller, &a, &e));
	k->index = e.index;
	return OK;
}

/* What was attached, and the proof that it was. */
static err say_attached(struct ctx *c, struct call *k)
{
	struct entry e;
	struct json *o, *proof;
	TRY(acts_entry(c, k->acts, k->index, &e));
	TRY(acts_evidence(c, k->acts, k->index, &proof));
	o = json_copy(c, e.body);
	json_set_str(c, &o, "subject", e.subject);
	json_set(&o, "evidence", proof);
	return call_json(c, k, 201, o);
}

static err list(struct ctx *c, struct call *k)
{
	struct agreement_row r;
	TRY(agreement_find(c, acts_db(k->acts), k->param[0], &r));
	return answer_list(c, k, r.negotiation);
}

static err file(struct ctx *c, struct call *k)
{
	struct agreement_row r;
	TRY(agreement_find(c, acts_db(k->acts), k->param[0], &r));
	return answer_file(c, k, r.negotiation);
}

static err attach_invoice(struct ctx *c, struct call *k)
{
	struct attachment a;
	struct entry e;
	TRY(read_file(c, k, &a));
	TRY(wish_attach(c, k->acts, k->param[0], k->caller, &a, &e));
	k->index = e.index;
	return OK;
}

static err list_invoice(struct ctx *c, struct call *k)
{
	struct invoice_record r;
	TRY(wish_invoice(c, acts_db(k->acts), k->param[0], &r));
	return answer_list(c, k, r.id);
}

static err file_invoice(struct ctx *c, struct call *k)
{
	struct invoice_record r;
	TRY(wish_invoice(c, acts_db(k->acts), k->param[0], &r));
	return answer_file(c, k, r.id);
}

#define ATTACHERS (ROLE_OWNER | ROLE_OPERATOR | ROLE_REVIEWER | ROLE_FINANCE)
// clang-format off
static const struct route rows[] = {
	{.method = "POST", .path = "/api/v1/agreements/{id}/attachments", .scope = SCOPE_OPERATOR, .roles = ATTACHERS, TAKES(fields), .act = attach, .say = say_attached,
		.doc = "Attaches the stamped contract (PDF, PNG, JPEG): an upload that is ready (upload) or an object that lies in blobs/ (root, sha256, size)."},
	{.method = "GET", .path = "/api/v1/agreements/{id}/attachments", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .pages = true, .act = list, .doc = "What is attached, the oldest first."},
	{.method = "GET", .path = "/api/v1/agreements/{id}/attachments/{sha256}", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = file, .doc = "An attached file, as a download."},
	{.method = "POST", .path = "/api/v1/invoices/{invoice}/attachments", .scope = SCOPE_OPERATOR, .roles = ATTACHERS, TAKES(fields), .act = attach_invoice, .say = say_attached,
		.doc = "Attaches the stamped contract of the correction that waits (upload, or root, sha256, size)."},
	{.method = "GET", .path = "/api/v1/invoices/{invoice}/attachments", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .pages = true, .act = list_invoice, .doc = "What is attached to its corrections, the oldest first."},
	{.method = "GET", .path = "/api/v1/invoices/{invoice}/attachments/{sha256}", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = file_invoice, .doc = "An attached file, as a download."},
};
// clang-format on
const struct routes attachment_routes = {rows, countof(rows)};
