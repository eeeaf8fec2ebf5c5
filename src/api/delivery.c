#include "api/delivery.h"

#include "api/dsp_message.h"
#include "api/names.h"
#include "api/page.h"
#include "base/limits.h"
#include "codec/json_time.h"
#include "codec/uuid.h"
#include "delivery/delivery_follow.h"
#include "delivery/delivery_states.h"
#include "delivery/delivery_store.h"
#include "delivery/draw.h"
#include "party/organisation.h"
#include "store/blobs.h"

struct asking {
	struct str agreement, id, party, format, address;
};

static const struct json_field delivery_fields[] = {
	{"agreement", JSON_K_TEXT, false, offsetof(struct asking, agreement), LIMIT_URL, NULL},
	{"id", JSON_K_TEXT, true, offsetof(struct asking, id), UUID_URN, NULL},
};
static const struct json_field transfer_fields[] = {
	{"party", JSON_K_TEXT, false, offsetof(struct asking, party), LIMIT_DID, NULL},
	{"agreement", JSON_K_TEXT, false, offsetof(struct asking, agreement), LIMIT_URL, NULL},
	{"format", JSON_K_TEXT, false, offsetof(struct asking, format), LIMIT_NAME, NULL},
	{"address", JSON_K_TEXT, true, offsetof(struct asking, address), LIMIT_URL, NULL},
};

static void set_text(struct ctx *c, struct json **o, const char *name, struct str text)
{
	if (text.n > 0)
		json_set_str(c, o, name, text);
}

static void set_paper(
	struct ctx *c, struct json **o, const char *name, bool has, const struct hash *h)
{
	if (has)
		json_set_hex(c, o, name, h->b, HASH_BYTES);
}

/* Where the object lies in the node's directory: at the provider always, at the consumer once it is whole. */
static err set_object(
	struct ctx *c, const struct delivery_row *d, const struct agreement_row *a, struct json **o)
{
	char name[BLOB_NAME];
	struct str path;
	if (d->role == AGREEMENT_CONSUMER && !str_is(d->result, "complete"))
		return OK;
	blob_name(&a->root, "", name);
	TRY(arena_fmt(c, &path, "blobs/%s", name));
	json_set_str(c, o, "object", path);
	json_set_hex(c, o, "sha256", a->sha256.b, HASH_BYTES);
	return OK;
}

/* What a plain connector gave, as we alone found it. */
static err set_took(struct ctx *c, const struct delivery_row *d, struct json **o)
{
	struct hash root;
	char name[BLOB_NAME];
	struct str path;
	static const char *const members[] = {"size", "root", "sha256"};
	if (d->took == NULL)
		return OK;
	ENSURE(hash_parse(json_text(json_get(d->took, "root")), &root), c, ERR_CORRUPT,
		"what was taken has no root");
	blob_name(&root, "", name);
	TRY(arena_fmt(c, &path, "blobs/%s", name));
	for (size_t i = 0; i < countof(members); i++)
		json_set(o, members[i], json_copy(c, json_get(d->took, members[i])));
	json_set_str(c, o, "object", path);
	json_set(o, "proof", json_z(c, "none"));
	return OK;
}

/* A plain connector's data is fetched when somebody asks for it: where it lies, what opens it, and whether it is on its way. */
static err set_address(
	struct ctx *c, struct store *db, const struct delivery_row *d, struct json **o)
{
	struct delivery_token t;
	struct json *address = json_object(c);
	if (d->joined || d->role == AGREEMENT_PROVIDER)
		return OK;
	err e = delivery_store_token(c, db, d->id, &t);
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	json_set_str(c, &address, "endpoint", t.endpoint);
	set_text(c, &address, "authorization", t.token);
	json_set(o, "dataAddress", address);
	bool drawn = false;
	TRY(delivery_store_drawn(c, db, d->id, &drawn));
	json_set(o, "drawing", json_bool(c, drawn));
	return OK;
}

static err set_progress(
	struct ctx *c, struct store *db, const struct delivery_row *d, struct json **o)
{
	struct delivery_progress p;
	TRY(delivery_progress(c, db, d->id, &p));
	json_set_num(c, o, "bytes", p.bytes);
	if (p.trouble.n > 0)
		json_set_str(c, o, "trouble", p.trouble);
	json_set_time(c, o, "moved", p.last_ms);
	return OK;
}

static err delivery_json(
	struct ctx *c, struct store *db, const struct delivery_row *d, struct json **ret)
{
	struct json *o = json_object(c);
	struct agreement_row a;
	TRY(agreement_find(c, db, d->agreement, &a));
	json_set_str(c, &o, "delivery", d->id);
	json_set_str(c, &o, "pid", d->pid);
	set_text(c, &o, "peerPid", d->peer_pid);
	json_set(&o, "role", json_z(c, d->role == AGREEMENT_PROVIDER ? "provider" : "consumer"));
	json_set_str(c, &o, "party", d->peer);
	json_set_str(c, &o, "agreement", d->agreement);
	json_set_str(c, &o, "product", a.product);
	json_set(&o, "state", json_z(c, delivery_state_name(d->state)));
	if (d->joined || d->role == AGREEMENT_PROVIDER) {
		json_set_num(c, &o, "size", a.size);
		json_set_hex(c, &o, "root", a.root.b, HASH_BYTES);
	}
	TRY(set_progress(c, db, d, &o));
	set_text(c, &o, "result", d->result);
	set_text(c, &o, "reason", d->reason);
	set_paper(c, &o, "request", d->has_request, &d->request);
	set_paper(c, &o, "manifest", d->has_manifest, &d->manifest);
	set_paper(c, &o, "receipt", d->has_receipt, &d->receipt);
	json_set_time(c, &o, "asked", d->at_ms);
	json_set_time(c, &o, "started", d->start_ms);
	json_set_time(c, &o, "ended", d->end_ms);
	json_set_time(c, &o, "receiptDue", d->deadline_ms);
	json_set(&o, "acknowledged", json_bool(c, d->end.known));
	json_set(&o, "givenBack", json_bool(c, d->given_back));
	json_set(&o, "overdue", json_bool(c, d->overdue));
	TRY(set_object(c, d, &a, &o));
	TRY(set_took(c, d, &o));
	TRY(set_address(c, db, d, &o));
	TRY(names_set(c, db, &a, &o));
	*ret = o;
	return OK;
}

static err answer_delivery(struct ctx *c, struct call *k, struct str id, int status)
{
	struct delivery_row d;
	struct json *o;
	TRY(delivery_find(c, acts_db(k->acts), id, &d));
	TRY(delivery_json(c, acts_db(k->acts), &d, &o));
	return call_json(c, k, status, o);
}

static err say_asked(struct ctx *c, struct call *k)
{
	return answer_delivery(c, k, k->subject, 202);
}

static err say(struct ctx *c, struct call *k)
{
	return answer_delivery(c, k, k->param[0], 200);
}

static err post_delivery(struct ctx *c, struct call *k)
{
	struct asking in = {.id = {NULL, 0}};
	struct agreement_row a;
	uint8_t bytes[UUID_BYTES];
	TRY(json_read(c, k->body, delivery_fields, countof(delivery_fields), false, &in));
	TRY(agreement_find(c, acts_db(k->acts), in.agreement, &a));
	if (in.id.n == 0)
		TRY(uuid_new_urn(c, acts_env(k->acts), &in.id));
	ENSURE(in.id.n == UUID_URN && uuid_parse(in.id, bytes), c, ERR_BAD_VALUE,
		"'id' must be urn:uuid:...");
	k->subject = in.id;
	return delivery_request(c, k->acts, k->caller, in.id, &a, a.address);
}

/* As a data space's control plane asks: under an agreement with a plain connector, at the address that is given. */
static err post_transfer(struct ctx *c, struct call *k)
{
	struct asking in = {.id = {NULL, 0}};
	struct organisation o;
	struct agreement_row a;
	TRY(json_read(c, k->body, transfer_fields, countof(transfer_fields), false, &in));
	TRY(organisation_named(c, acts_db(k->acts), in.party, &o));
	TRY(agreement_find(c, acts_db(k->acts), in.agreement, &a));
	ENSURE(str_eq(a.peer, o.did), c, ERR_NOT_FOUND, "there is no agreement %.*s with %.*s",
		FMT(in.agreement), FMT(o.did));
	ENSURE(str_is(in.format, DSP_PULL), c, ERR_NOT_IMPLEMENTED, "this node gets " DSP_PULL);
	ENSURE(in.address.n == 0 || dsp_is_url(in.address), c, ERR_BAD_VALUE,
		"'address' must be http or https");
	TRY(uuid_new_urn(c, acts_env(k->acts), &in.id));
	k->subject = in.id;
	return delivery_request(c, k->acts, k->caller, in.id, &a,
		in.address.n > 0 && !o.joined ? in.address : a.address);
}

/* The peer is told why: something has to be said. */
static err change(struct ctx *c, struct call *k, const char *type)
{
	struct delivery_row d;
	struct str reason = json_text(json_get(k->body, "reason"));
	bool told = str_is(str_z(type), "delivery.resume");
	ENSURE(told || (reason.n > 0 && reason.n <= LIMIT_REASON), c, ERR_BAD_VALUE,
		"say why: reason");
	TRY(delivery_find(c, acts_db(k->acts), k->param[0], &d));
	return delivery_change(c, k->acts, type, k->caller, d.id, reason);
}

static err post_suspend(struct ctx *c, struct call *k)
{
	return change(c, k, "delivery.suspend");
}

static err post_resume(struct ctx *c, struct call *k)
{
	return change(c, k, "delivery.resume");
}

static err post_terminate(struct ctx *c, struct call *k)
{
	return change(c, k, "delivery.terminate");
}

static err post_complete(struct ctx *c, struct call *k)
{
	struct delivery_row d;
	TRY(delivery_find(c, acts_db(k->acts), k->param[0], &d));
	return delivery_complete(c, k->acts, k->caller, d.id);
}

static err post_draw(struct ctx *c, struct call *k)
{
	return draw_ask(c, k->acts, k->param[0]);
}

static err list(struct ctx *c, struct call *k)
{
	struct delivery_row *rows;
	struct page p;
	struct json *one;
	size_t n = 0;
	bool more = true;
	TRY(page_read(c, k, STR(""), PAGE_NEWEST_FIRST, &p));
	NEW_N(c, rows, page_rows(&p));
	TRY(delivery_list(c, acts_db(k->acts), (uint64_t)p.at, page_rows(&p), rows, &n));
	for (size_t i = 0; i < n && more; i++) {
		TRY(delivery_json(c, acts_db(k->acts), &rows[i], &one));
		TRY(page_add(c, &p, one, (int64_t)rows[i].index, STR(""), &more));
	}
	return page_say(c, k, &p, "deliveries");
}

/* Who resumes or completes need not say why. */
static const struct json_field resume_fields[] = {
	{.name = "reason", .kind = JSON_K_TEXT, .optional = true, .max = LIMIT_REASON},
};

#define POST(at, fields, what, then, words) \
	{ \
		.method = "POST", .path = at, .scope = SCOPE_OPERATOR, \
		.roles = ROLE_OWNER | ROLE_OPERATOR, TAKES(fields), GIVES(delivery_answer), \
		.act = what, .say = then, .doc = words \
	}
static const struct json_field delivery_answer[] = {
	{.name = "delivery", .kind = JSON_K_TEXT},
	{.name = "pid", .kind = JSON_K_TEXT},
	{.name = "peerPid", .kind = JSON_K_TEXT, .optional = true},
	{.name = "role", .kind = JSON_K_TEXT},
	{.name = "party", .kind = JSON_K_TEXT},
	{.name = "agreement", .kind = JSON_K_TEXT},
	{.name = "product", .kind = JSON_K_TEXT},
	{.name = "state", .kind = JSON_K_TEXT},
	{.name = "size", .kind = JSON_K_INT, .optional = true},
	{.name = "root", .kind = JSON_K_HEX32, .optional = true},
	{.name = "bytes", .kind = JSON_K_INT},
	{.name = "trouble", .kind = JSON_K_TEXT, .optional = true},
	{.name = "moved", .kind = JSON_K_TEXT, .optional = true},
	{.name = "result", .kind = JSON_K_TEXT, .optional = true},
	{.name = "reason", .kind = JSON_K_TEXT, .optional = true},
	{.name = "request", .kind = JSON_K_HEX32, .optional = true},
	{.name = "manifest", .kind = JSON_K_HEX32, .optional = true},
	{.name = "receipt", .kind = JSON_K_HEX32, .optional = true},
	{.name = "asked", .kind = JSON_K_TEXT, .optional = true},
	{.name = "started", .kind = JSON_K_TEXT, .optional = true},
	{.name = "ended", .kind = JSON_K_TEXT, .optional = true},
	{.name = "receiptDue", .kind = JSON_K_TEXT, .optional = true},
	{.name = "acknowledged", .kind = JSON_K_BOOL},
	{.name = "givenBack", .kind = JSON_K_BOOL},
	{.name = "overdue", .kind = JSON_K_BOOL},
	{.name = "object", .kind = JSON_K_TEXT, .optional = true},
	{.name = "sha256", .kind = JSON_K_HEX32, .optional = true},
	{.name = "dataAddress", .kind = JSON_K_OBJECT, .optional = true},
	{.name = "drawing", .kind = JSON_K_BOOL, .optional = true},
	{.name = "proof", .kind = JSON_K_TEXT, .optional = true},
	{.name = "partyName", .kind = JSON_K_TEXT, .optional = true},
	{.name = "productName", .kind = JSON_K_TEXT, .optional = true},
};
// clang-format off
static const struct route rows[] = {
	POST("/api/v1/deliveries", delivery_fields, post_delivery, say_asked, "Asks for a delivery under an agreement."),
	POST("/api/v1/transfers", transfer_fields, post_transfer, say_asked, "Asks for a transfer under an agreement, at an address."),
	{.method = "GET", .path = "/api/v1/deliveries", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .pages = true, .act = list, .doc = "Deliveries, newest first."},
	{.method = "GET", .path = "/api/v1/deliveries/{delivery}", GIVES(delivery_answer), .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .act = say, .doc = "A delivery and how far it is."},
	POST("/api/v1/deliveries/{delivery}/suspend", takes_reason, post_suspend, say, "Suspends a delivery."),
	POST("/api/v1/deliveries/{delivery}/resume", resume_fields, post_resume, say, "Resumes what this node has suspended."),
	POST("/api/v1/deliveries/{delivery}/terminate", takes_reason, post_terminate, say, "Ends a delivery; a count of which no byte left is given back."),
	{.method = "POST", .path = "/api/v1/deliveries/{delivery}/draw", GIVES(delivery_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_OPERATOR,
		.act = post_draw, .say = say, .doc = "Fetches what a plain connector gives; nothing proves it."},
	POST("/api/v1/deliveries/{delivery}/complete", resume_fields, post_complete, say, "Completes a transfer with a plain connector."),
};
// clang-format on
const struct routes delivery_routes = {rows, countof(rows)};
