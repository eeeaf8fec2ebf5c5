#include "party/organisation.h"

#include <assert.h>
#include <string.h>

#include "act/outbox.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "codec/time.h"
#include "party/organisation_store.h"

// clang-format off
static const enum organisation_status steps[ORGANISATION_STATUS_MAX][ORGANISATION_EVENT_MAX] = {
	[ORGANISATION_NONE] = {
		[ORGANISATION_JOIN] = ORGANISATION_JOINING,
		[ORGANISATION_ASK] = ORGANISATION_ASKED,
		[ORGANISATION_REGISTER] = ORGANISATION_APPROVED,
	},
	[ORGANISATION_JOINING] = {
		[ORGANISATION_BE_APPROVED] = ORGANISATION_APPROVED,
		[ORGANISATION_ACKNOWLEDGE] = ORGANISATION_JOINING,
		[ORGANISATION_WITHDRAW] = ORGANISATION_WITHDRAWN,
		[ORGANISATION_BE_WITHDRAWN] = ORGANISATION_WITHDRAWN,
	},
	[ORGANISATION_ASKED] = {
		[ORGANISATION_APPROVE] = ORGANISATION_APPROVED,
		[ORGANISATION_WITHDRAW] = ORGANISATION_WITHDRAWN,
		[ORGANISATION_BE_WITHDRAWN] = ORGANISATION_WITHDRAWN,
	},
	/* An answer may be overtaken by the approval, and a bearer may be registered anew. */
	[ORGANISATION_APPROVED] = {
		[ORGANISATION_ACKNOWLEDGE] = ORGANISATION_APPROVED,
		[ORGANISATION_WITHDRAW] = ORGANISATION_WITHDRAWN,
		[ORGANISATION_BE_WITHDRAWN] = ORGANISATION_WITHDRAWN,
		[ORGANISATION_REGISTER] = ORGANISATION_APPROVED,
	},
	[ORGANISATION_WITHDRAWN] = {
		[ORGANISATION_JOIN] = ORGANISATION_JOINING,
		[ORGANISATION_ASK] = ORGANISATION_ASKED,
		[ORGANISATION_REGISTER] = ORGANISATION_APPROVED,
	},
};
// clang-format on

enum organisation_status organisation_next(
	enum organisation_status from, enum organisation_event event)
{
	assert(from < ORGANISATION_STATUS_MAX && event < ORGANISATION_EVENT_MAX);
	return steps[from][event];
}

const char *organisation_word(enum organisation_status status)
{
	static const char *const words[] = {"unknown", "joining", "asked", "approved", "withdrawn"};
	assert(status < countof(words));
	return words[status];
}

static const struct {
	const char *type;
	enum organisation_event event;
} events[] = {
	{"party.join", ORGANISATION_JOIN},
	{"party.ask", ORGANISATION_ASK},
	{"party.approve", ORGANISATION_APPROVE},
	{"party.approved", ORGANISATION_BE_APPROVED},
	{"party.acknowledged", ORGANISATION_ACKNOWLEDGE},
	{"party.withdraw", ORGANISATION_WITHDRAW},
	{"party.withdrawn", ORGANISATION_BE_WITHDRAWN},
	{"party.register", ORGANISATION_REGISTER},
};

static enum organisation_event event_of(struct str type)
{
	for (size_t i = 0; i < countof(events); i++) {
		if (str_is(type, events[i].type))
			return events[i].event;
	}
	__builtin_unreachable();
}

/* What the party is now and what the step makes of it; NONE and an empty row where it is unknown. */
static err step(struct ctx *c, struct store *db, struct str did, struct str type,
	struct organisation *ret, enum organisation_status *ret_next)
{
	unsigned n = 0;
	struct organisation o = {.status = ORGANISATION_NONE};
	TRY(organisation_store_by(c, db, BY_DID, did, &n, &o));
	*ret_next = organisation_next(o.status, event_of(type));
	*ret = o;
	return OK;
}

static err may_step(struct ctx *c, struct store *db, const struct act *a, struct organisation *ret)
{
	enum organisation_status next;
	TRY(step(c, db, a->subject, a->type, ret, &next));
	ENSURE(ret->status != ORGANISATION_NONE || next != ORGANISATION_NONE, c, ERR_NOT_FOUND,
		"there is no party %.*s", FMT(a->subject));
	ENSURE(next != ORGANISATION_NONE, c, ERR_BAD_STATE, "%.*s is %s: %.*s is not possible",
		FMT(a->subject), organisation_word(ret->status), FMT(a->type));
	return OK;
}

static err need_hex(struct ctx *c, const struct json *body, const char *name)
{
	struct hash h;
	ENSURE(hash_parse(json_text(json_get(body, name)), &h), c, ERR_BAD_VALUE,
		"%s must be 64 hex digits", name);
	return OK;
}

static err need_letter(struct ctx *c, const struct json *body)
{
	TRY(need_hex(c, body, "document"));
	TRY(need_hex(c, body, "signature"));
	return need_hex(c, body, "didDocument");
}

/* No two parties share a key or a log. */
static err check_other(
	struct ctx *c, struct store *db, const struct card *card, const struct organisation *known)
{
	struct organisation o;
	unsigned n = 0;
	int64_t count = 0;
	bool found = false;
	TRY(organisation_store_by_key(c, db, card->key, &found, &o));
	ENSURE(!found || str_eq(o.did, card->did), c, ERR_CONFLICT, "%.*s has that key already",
		FMT(o.did));
	TRY(organisation_store_by(c, db, BY_ORIGIN, card->origin, &n, &o));
	ENSURE(n == 0 || str_eq(o.did, card->did), c, ERR_CONFLICT, "%.*s has that log already",
		FMT(o.did));
	if (known->status == ORGANISATION_NONE)
		TRY(organisation_store_count(c, db, &count));
	ENSURE(count < LIMIT_PARTIES, c, ERR_QUOTA, "%u parties are known already", LIMIT_PARTIES);
	return OK;
}

static err decide_meet(struct ctx *c, struct store *db, const struct act *a)
{
	struct organisation known;
	struct card card;
	TRY(may_step(c, db, a, &known));
	TRY(card_read(c, json_get(a->body, "party"), &card));
	ENSURE(str_eq(card.did, a->subject), c, ERR_BAD_VALUE, "the card is of another party");
	ENSURE(json_text(json_get(a->body, "request")).n > 0, c, ERR_MISSING_MEMBER, "no request");
	TRY(need_hex(c, a->body, "secret"));
	TRY(need_letter(c, a->body));
	return check_other(c, db, &card, &known);
}

static err decide_join(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	(void)at_ms;
	return decide_meet(c, db, a);
}

static err decide_ask(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct invitation_row in;
	bool found = false;
	TRY(decide_meet(c, db, a));
	TRY(organisation_store_invitation(
		c, db, json_text(json_get(a->body, "secret")), &found, &in));
	ENSURE(found, c, ERR_FORBIDDEN, "this invitation is not known here");
	ENSURE(in.used_by.n == 0, c, ERR_CONFLICT, "this invitation was used before");
	ENSURE(at_ms < in.expires_ms, c, ERR_GONE, "this invitation has ended");
	return OK;
}

static err decide_letter(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct organisation o;
	(void)at_ms;
	TRY(may_step(c, db, a, &o));
	return need_letter(c, a->body);
}

static err decide_step(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct organisation o;
	(void)at_ms;
	return may_step(c, db, a, &o);
}

static err decide_end(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct str reason = json_text(json_get(a->body, "reason"));
	ENSURE(reason.n > 0 && reason.n <= LIMIT_REASON, c, ERR_BAD_VALUE, "say why: reason");
	return decide_step(c, db, a, at_ms);
}

static err decide_invite(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct invitation_row in;
	int64_t expires = 0;
	bool found = false;
	TRY(need_hex(c, a->body, "secret"));
	ENSURE(time_parse(json_text(json_get(a->body, "expires")), &expires) && expires > at_ms, c,
		ERR_BAD_VALUE, "expires must be a time to come");
	TRY(organisation_store_invitation(
		c, db, json_text(json_get(a->body, "secret")), &found, &in));
	ENSURE(!found, c, ERR_CONFLICT, "this secret was used before");
	return OK;
}

static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	}
	return s.n > 0;
}

static err decide_register(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct organisation o, other;
	struct str url = json_text(json_get(a->body, "url"));
	struct str name = json_text(json_get(a->body, "name"));
	unsigned n = 0;
	int64_t count = 0;
	(void)at_ms;
	TRY(may_step(c, db, a, &o));
	ENSURE(o.status != ORGANISATION_APPROVED || !o.joined, c, ERR_CONFLICT,
		"%.*s has joined with a key", FMT(a->subject));
	ENSURE(is_plain(a->subject) && a->subject.n <= LIMIT_DID, c, ERR_BAD_VALUE,
		"did must be 1 to %u characters of ASCII without space", LIMIT_DID);
	ENSURE(name.n > 0 && name.n <= LIMIT_NAME, c, ERR_BAD_VALUE, "name must be 1 to %u bytes",
		LIMIT_NAME);
	ENSURE(is_plain(url) && url.n <= LIMIT_URL && !str_ends(url, STR("/")) &&
			(str_starts(url, STR("https://")) || str_starts(url, STR("http://"))),
		c, ERR_BAD_VALUE, "url must be an address without a slash at its end");
	TRY(need_hex(c, a->body, "bearer"));
	TRY(organisation_store_by(
		c, db, BY_BEARER, json_text(json_get(a->body, "bearer")), &n, &other));
	ENSURE(n == 0 || str_eq(other.did, a->subject), c, ERR_CONFLICT,
		"another party has that bearer");
	if (o.status == ORGANISATION_NONE)
		TRY(organisation_store_count(c, db, &count));
	ENSURE(count < LIMIT_PARTIES, c, ERR_QUOTA, "%u parties are known already", LIMIT_PARTIES);
	return OK;
}

/* A card that stands in the log is taken as it is, whatever card_read asks of new ones. */
static err apply_meet(struct ctx *c, struct store *db, const struct entry *e)
{
	const struct json *card = json_get(e->body, "party");
	struct organisation old, o = {.did = e->subject,
					 .name = json_text(json_get(card, "name")),
					 .uscc = json_text(json_get(card, "uscc")),
					 .kid = json_text(json_get(card, "kid")),
					 .origin = json_text(json_get(card, "origin")),
					 .vkey = json_text(json_get(card, "vkey")),
					 .url = json_text(json_get(card, "url")),
					 .request = json_text(json_get(e->body, "request")),
					 .assurance = STR("self-declared"),
					 .joined = true,
					 .outbound = json_get(card, "outbound") != NULL,
					 .index = e->index,
					 .since_ms = e->at_ms};
	struct str secret = json_text(json_get(e->body, "secret"));
	TRY(step(c, db, e->subject, e->type, &old, &o.status));
	TRY(arena_fmt(c, &o.dsp, "%.*s/dsp/2025-1", FMT(o.url)));
	ENSURE(base64_fixed(json_text(json_get(card, "key")), o.key, KEY_BYTES) &&
			hash_parse(secret, &o.secret),
		c, ERR_CORRUPT, "%.*s without key or secret", FMT(e->type));
	if (str_is(e->type, "party.ask"))
		TRY(organisation_store_use(c, db, secret, e->subject));
	return organisation_store_put(c, db, &o, STR(""));
}

static err apply_step(struct ctx *c, struct store *db, const struct entry *e)
{
	struct organisation o;
	enum organisation_status next;
	TRY(step(c, db, e->subject, e->type, &o, &next));
	return organisation_store_step(
		c, db, e->subject, next, e->at_ms, json_text(json_get(e->body, "reason")));
}

static err apply_approval(struct ctx *c, struct store *db, const struct entry *e)
{
	TRY(apply_step(c, db, e));
	return organisation_store_confirm(c, db, e->subject, STR("partner-confirmed"), e->index);
}

static err apply_invite(struct ctx *c, struct store *db, const struct entry *e)
{
	int64_t expires = 0;
	ENSURE(time_parse(json_text(json_get(e->body, "expires")), &expires), c, ERR_CORRUPT,
		"an invitation without end");
	return organisation_store_invite(
		c, db, json_text(json_get(e->body, "secret")), e->subject, expires);
}

static err apply_register(struct ctx *c, struct store *db, const struct entry *e)
{
	struct str url = json_text(json_get(e->body, "url"));
	const struct organisation o = {.did = e->subject,
		.name = json_text(json_get(e->body, "name")),
		.url = url,
		.dsp = url,
		.assurance = STR("self-declared"),
		.status = ORGANISATION_APPROVED,
		.index = e->index,
		.approved = e->index,
		.since_ms = e->at_ms};
	return organisation_store_put(c, db, &o, json_text(json_get(e->body, "bearer")));
}

static const struct act_type types[] = {
	{"invitation.make", decide_invite, apply_invite},
	{"party.join", decide_join, apply_meet},
	{"party.ask", decide_ask, apply_meet},
	{"party.approve", decide_letter, apply_approval},
	{"party.approved", decide_letter, apply_approval},
	{"party.acknowledged", decide_step, NULL},
	{"party.withdraw", decide_end, apply_step},
	{"party.withdrawn", decide_end, apply_step},
	{"party.register", decide_register, apply_register},
};

/* What we did is told to a party that has a node; the kind of the row is the type of the act. */
static err tell(struct ctx *c, struct acts *n, const struct entry *e)
{
	struct organisation o;
	TRY(organisation_find(c, acts_db(n), e->subject, &o));
	const struct outbox_row row = {
		.index = e->index, .peer = e->subject, .kind = e->type, .subject = e->subject};
	return o.joined ? outbox_put(c, n, &row, 0) : OK;
}

static const struct reaction reactions[] = {
	{"party.join", tell}, {"party.approve", tell}, {"party.withdraw", tell}};

const struct module party_module = {.name = "party",
	.types = types,
	.types_n = countof(types),
	.migrations = organisation_migrations,
	.migrations_n = ORGANISATION_MIGRATIONS,
	.reactions = reactions,
	.reactions_n = countof(reactions)};

err organisation_find(struct ctx *c, struct store *db, struct str did, struct organisation *ret)
{
	unsigned n = 0;
	TRY(organisation_store_by(c, db, BY_DID, did, &n, ret));
	ENSURE(n > 0, c, ERR_NOT_FOUND, "there is no party %.*s", FMT(str_sub(did, 0, LIMIT_DID)));
	return OK;
}

err organisation_named(struct ctx *c, struct store *db, struct str text, struct organisation *ret)
{
	unsigned n = 0;
	TRY(organisation_store_by(c, db, BY_DID, text, &n, ret));
	if (n == 0)
		TRY(organisation_store_by(c, db, BY_NAME, text, &n, ret));
	ENSURE(n > 0, c, ERR_NOT_FOUND, "there is no party %.*s", FMT(str_sub(text, 0, LIMIT_DID)));
	ENSURE(n == 1, c, ERR_CONFLICT, "two parties are called %.*s: give the DID", FMT(text));
	return OK;
}

err organisation_by_request(
	struct ctx *c, struct store *db, struct str request, struct organisation *ret)
{
	unsigned n = 0;
	TRY(organisation_store_by(c, db, BY_REQUEST, request, &n, ret));
	ENSURE(n > 0, c, ERR_NOT_FOUND, "no party asks under %.*s",
		FMT(str_sub(request, 0, LIMIT_NAME)));
	return OK;
}

err organisation_by_key(
	struct ctx *c, struct store *db, const uint8_t key[KEY_BYTES], struct organisation *ret)
{
	bool found = false;
	TRY(organisation_store_by_key(c, db, key, &found, ret));
	ENSURE(found, c, ERR_NOT_FOUND, "no party has that key");
	return OK;
}

err organisation_list(struct ctx *c, struct store *db, int64_t after, size_t max,
	struct organisation *ret, size_t *ret_n)
{
	return organisation_store_list(c, db, after, max, ret, ret_n);
}

err organisation_asked(struct ctx *c, struct store *db, int64_t after, size_t max,
	struct organisation *ret, size_t *ret_n)
{
	return organisation_store_asked(c, db, after, max, ret, ret_n);
}

err organisation_callable(
	struct ctx *c, struct store *db, size_t max, struct str *ret, size_t *ret_n)
{
	return organisation_store_callable(c, db, max, ret, ret_n);
}

err organisation_approved(struct ctx *c, struct store *db, struct str did, struct organisation *ret)
{
	err e = organisation_find(c, db, did, ret);
	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	ENSURE(e == OK && ret->status == ORGANISATION_APPROVED, c, ERR_FORBIDDEN,
		"%.*s is not an approved party", FMT(str_sub(did, 0, LIMIT_DID)));
	return OK;
}

static bool lies_at(struct str address, struct str base)
{
	while (str_ends(base, STR("/")))
		base.n--;
	return base.n > 0 && str_starts(address, base) &&
	       (address.n == base.n || address.p[base.n] == '/');
}

err organisation_address(struct ctx *c, const struct organisation *party, struct str address)
{
	ENSURE(lies_at(address, party->url) || lies_at(address, party->dsp), c,
		ERR_FORBIDDEN_ADDRESS, "%.*s does not lie at the address of %.*s", FMT(address),
		FMT(party->did));
	return OK;
}

err organisation_key_of(struct ctx *c, struct store *db, struct str did, struct str *ret_kid,
	uint8_t ret_key[KEY_BYTES], bool *ret_approved)
{
	struct organisation o;
	TRY(organisation_find(c, db, did, &o));
	ENSURE(o.joined, c, ERR_NOT_FOUND, "%.*s has no key", FMT(did));
	*ret_kid = o.kid;
	memcpy(ret_key, o.key, KEY_BYTES);
	*ret_approved = o.status == ORGANISATION_APPROVED;
	return OK;
}

static err hex_of(struct ctx *c, const struct hash *h, struct str *ret)
{
	struct buf b;
	buf_init(&b, c->arena, 2 * HASH_BYTES);
	buf_hex(&b, h->b, HASH_BYTES);
	return buf_done(c, &b, ret);
}

err organisation_bearer_of(
	struct ctx *c, struct store *db, const struct hash *digest, struct str *ret_did)
{
	struct organisation o;
	struct str hex;
	unsigned n = 0;
	TRY(hex_of(c, digest, &hex));
	TRY(organisation_store_by(c, db, BY_BEARER, hex, &n, &o));
	ENSURE(n == 1 && o.status == ORGANISATION_APPROVED, c, ERR_NOT_FOUND,
		"no party has that bearer");
	*ret_did = o.did;
	return OK;
}

err organisation_invitation(
	struct ctx *c, struct store *db, const struct hash *secret, struct invitation_row *ret)
{
	struct str hex;
	bool found = false;
	TRY(hex_of(c, secret, &hex));
	TRY(organisation_store_invitation(c, db, hex, &found, ret));
	ENSURE(found, c, ERR_NOT_FOUND, "this invitation is not known here");
	return OK;
}
