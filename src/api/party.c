/* /api/v1/invitations, /api/v1/parties, /api/v1/connectors: whom this node knows, for its operator. */
#include "api/party.h"

#include <string.h>

#include "api/did_message.h"
#include "api/page.h"
#include "base/limits.h"
#include "codec/time.h"
#include "party/joining.h"
#include "recognise/interlock.h"

err party_own_document(struct ctx *c, struct acts *n, struct json **ret)
{
	const struct self *self = acts_self(n);
	struct did_key key = {.fragment = self->kid.p + self->did.n + 1};
	struct str url = self->outbound ? STR("") : self->url;
	const struct did_input in = {.did = self->did, .url = url, .keys = &key, .keys_n = 1};
	memcpy(key.key, key_public(self->key), KEY_BYTES);
	*ret = did_document_json(c, &in);
	ENSURE(*ret != NULL, c, ERR_TOO_LARGE, "no memory for the DID document");
	return OK;
}

static void set_some(struct ctx *c, struct json **o, const char *name, struct str s)
{
	if (s.n > 0)
		json_set_str(c, o, name, s);
}

static err party_json(
	struct ctx *c, struct store *db, const struct organisation *p, struct json **ret)
{
	struct json *o = json_object(c);
	struct str since;
	int64_t unlinked = 0;
	TRY(time_str(c, p->since_ms, &since));
	TRY(interlock_unlinked(c, db, p->did, &unlinked));
	json_set_str(c, &o, "did", p->did);
	json_set_str(c, &o, "name", p->name);
	set_some(c, &o, "uscc", p->uscc);
	json_set_str(c, &o, "status", str_z(organisation_word(p->status)));
	json_set_str(c, &o, "since", since);
	json_set_str(c, &o, "assurance", p->assurance);
	json_set_str(c, &o, "url", p->url);
	if (p->outbound)
		json_set(&o, "outbound", json_bool(c, true));
	json_set_str(c, &o, "dsp", p->dsp);
	set_some(c, &o, "kid", p->kid);
	set_some(c, &o, "log", p->vkey);
	if (p->status == ORGANISATION_ASKED)
		json_set_str(c, &o, "request", p->request);
	set_some(c, &o, "reason", p->reason);
	if (unlinked > 0)
		json_set_num(c, &o, "unlinkedHeads", unlinked);
	*ret = o;
	return OK;
}

static err invite(struct ctx *c, struct call *k)
{
	struct str *text;
	struct entry e;
	NEW(c, text);
	TRY(joining_invite(c, k->acts, k->caller, text, &e));
	k->index = e.index;
	k->state = text;
	return OK;
}

static err say_invited(struct ctx *c, struct call *k)
{
	struct entry e;
	struct json *o = json_object(c);
	const struct str *text = k->state;
	TRY(acts_entry(c, k->acts, k->index, &e));
	json_set_str(c, &o, "invitation", *text);
	json_set_str(c, &o, "expires", json_text(json_get(e.body, "expires")));
	return call_json(c, k, 201, o);
}

static err join(struct ctx *c, struct call *k)
{
	struct entry e;
	struct json *document;
	struct str text = json_text(json_get(k->body, "invitation"));
	ENSURE(text.n > 0, c, ERR_MISSING_MEMBER, "invitation is missing");
	TRY(party_own_document(c, k->acts, &document));
	TRY(joining_join(c, k->acts, k->caller, text, document, &e));
	k->index = e.index;
	return OK;
}

/* The party that the act of this call is about. */
static err say_subject(struct ctx *c, struct call *k, int status)
{
	struct entry e;
	struct organisation p;
	struct json *o;
	TRY(acts_entry(c, k->acts, k->index, &e));
	TRY(organisation_find(c, acts_db(k->acts), e.subject, &p));
	TRY(party_json(c, acts_db(k->acts), &p, &o));
	return call_json(c, k, status, o);
}

static err say_begun(struct ctx *c, struct call *k)
{
	return say_subject(c, k, 202);
}

static err say_done(struct ctx *c, struct call *k)
{
	return say_subject(c, k, 200);
}

static err say_list(struct ctx *c, struct call *k)
{
	struct organisation *rows;
	struct page p;
	struct json *one;
	size_t n = 0;
	bool more = true;
	TRY(page_read(c, k, STR(""), PAGE_OLDEST_FIRST, &p));
	NEW_N(c, rows, page_rows(&p));
	TRY(organisation_list(c, acts_db(k->acts), p.at, page_rows(&p), rows, &n));
	for (size_t i = 0; i < n && more; i++) {
		TRY(party_json(c, acts_db(k->acts), &rows[i], &one));
		TRY(page_add(c, &p, one, rows[i].place, STR(""), &more));
	}
	return page_say(c, k, &p, "parties");
}

static err say_one(struct ctx *c, struct call *k)
{
	struct organisation p;
	struct json *o;
	TRY(organisation_named(c, acts_db(k->acts), k->param[0], &p));
	TRY(party_json(c, acts_db(k->acts), &p, &o));
	return call_json(c, k, 200, o);
}

static err withdraw(struct ctx *c, struct call *k)
{
	struct organisation p;
	struct entry e;
	struct str reason = json_text(json_get(k->body, "reason"));
	TRY(organisation_named(c, acts_db(k->acts), k->param[0], &p));
	TRY(joining_withdraw(c, k->acts, k->caller, p.did, reason, &e));
	k->index = e.index;
	return OK;
}

static const struct json_field connector_fields[] = {
	{"did", JSON_K_TEXT, false, offsetof(struct connector, did), LIMIT_DID, NULL},
	{"name", JSON_K_TEXT, false, offsetof(struct connector, name), LIMIT_NAME, NULL},
	{"url", JSON_K_TEXT, false, offsetof(struct connector, url), LIMIT_URL, NULL},
	{"token", JSON_K_TEXT, false, offsetof(struct connector, token), CONNECTOR_TOKEN_MAX, NULL},
};

static err connect(struct ctx *c, struct call *k)
{
	struct connector in;
	struct entry e;
	TRY(json_read(c, k->body, connector_fields, countof(connector_fields), false, &in));
	ENSURE(str_starts(in.url, STR("https://")) || acts_self(k->acts)->allow_loopback, c,
		ERR_FORBIDDEN_ADDRESS, "url must begin with https://");
	ENSURE(!str_eq(in.did, acts_self(k->acts)->did), c, ERR_CONFLICT, "this is our own DID");
	TRY(joining_register(c, k->acts, k->caller, &in, &e));
	k->index = e.index;
	return OK;
}

static err push_waiting(struct ctx *c, const struct organisation *p, struct inbox_page *in)
{
	struct json *o = json_object(c);
	struct str since, about;
	TRY(time_str(c, p->since_ms, &since));
	TRY(arena_fmt(c, &about, "%.*s (%.*s) at %.*s asks to join", FMT(p->name), FMT(p->uscc),
		FMT(p->url)));
	json_set_str(c, &o, "id", p->request);
	json_set_str(c, &o, "what", STR("party"));
	json_set_str(c, &o, "from", p->did);
	json_set_str(c, &o, "since", since);
	json_set_str(c, &o, "about", about);
	inbox_add(in, o, p->place, STR(""));
	return OK;
}

static err inbox_rows(struct ctx *c, struct store *db, struct inbox_page *p)
{
	struct organisation *rows;
	size_t n = 0;
	NEW_N(c, rows, inbox_room(p));
	TRY(organisation_asked(c, db, p->at, inbox_room(p), rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(push_waiting(c, &rows[i], p));
	return OK;
}

static err inbox_yes(
	struct ctx *c, struct acts *n, struct str actor, struct str id, struct entry *ret)
{
	struct json *document;
	TRY(party_own_document(c, n, &document));
	return joining_approve(c, n, actor, id, document, ret);
}

static err inbox_no(struct ctx *c, struct acts *n, struct str actor, struct str id,
	struct str reason, struct entry *ret)
{
	struct organisation p;
	TRY(organisation_by_request(c, acts_db(n), id, &p));
	ENSURE(p.status == ORGANISATION_ASKED, c, ERR_BAD_STATE, "%.*s is %s", FMT(p.did),
		organisation_word(p.status));
	return joining_withdraw(c, n, actor, p.did, reason, ret);
}

const struct inbox_kind party_inbox = {
	"party", ROLE_OWNER | ROLE_REVIEWER, inbox_rows, inbox_yes, inbox_no};

static const struct json_field join_fields[] = {
	{.name = "invitation", .kind = JSON_K_TEXT, .max = LIMIT_HTTP_BODY},
};

static const struct json_field invitation_answer[] = {
	{.name = "invitation", .kind = JSON_K_TEXT},
	{.name = "expires", .kind = JSON_K_TEXT},
};
// clang-format off
static const struct route rows[] = {
	{.method = "POST", .path = "/api/v1/invitations", GIVES(invitation_answer), .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_OPERATOR, .act = invite, .say = say_invited,
		.doc = "An invitation: one line, good once and for 24 hours."},
	{.method = "POST", .path = "/api/v1/parties", .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_OPERATOR, TAKES(join_fields), .act = join, .say = say_begun,
		.doc = "Follows an invitation ({invitation}): our confirmation of that party."},
	{.method = "GET", .path = "/api/v1/parties", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .pages = true, .say = say_list, .doc = "The parties that this node knows."},
	{.method = "GET", .path = "/api/v1/parties/{party}", .scope = SCOPE_OPERATOR, .roles = ROLES_ALL, .say = say_one, .doc = "A party by DID or name."},
	{.method = "POST", .path = "/api/v1/parties/{party}/withdraw", .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_OPERATOR, TAKES(takes_reason), .act = withdraw,
		.say = say_done, .doc = "Ends what there is with a party ({reason}); it gets nothing from then on."},
	{.method = "POST", .path = "/api/v1/connectors", .scope = SCOPE_OPERATOR, .roles = ROLE_OWNER | ROLE_OPERATOR, TAKES(connector_fields), .act = connect, .say = say_done,
		.doc = "Registers a plain connector with a static bearer ({did, name, url, token}); url is the base of its Dataspace Protocol."},
};
// clang-format on
const struct routes party_routes = {rows, countof(rows)};
