#include "delivery/share.h"

#include "base/limits.h"
#include "codec/base64.h"
#include "codec/time.h"
#include "codec/uuid.h"
#include "contract/agreement_assent.h"
#include "delivery/share_store.h"

#define TOKEN_BYTES 32u

struct share_body {
	struct str product, until, reason;
	struct hash token;
	int64_t count;
};

static const struct json_field created[] = {
	{"product", JSON_K_TEXT, false, offsetof(struct share_body, product), LIMIT_URL, NULL},
	{"token", JSON_K_HEX32, false, offsetof(struct share_body, token), 0, NULL},
	{"count", JSON_K_INT, false, offsetof(struct share_body, count), 0, NULL},
	{"until", JSON_K_TEXT, false, offsetof(struct share_body, until), TIME_TEXT, NULL},
};
static const struct json_field revoked[] = {
	{"reason", JSON_K_TEXT, false, offsetof(struct share_body, reason), LIMIT_REASON, NULL},
};

static err decide_create(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct share_body b;
	struct share_row known;
	struct revision p;
	int64_t until_ms = 0, open = 0;
	TRY(json_read(c, a->body, created, countof(created), false, &b));
	TRY(agreement_link_may(c, db));
	TRY(product_find(c, db, b.product, &p));
	ENSURE(!p.withdrawn, c, ERR_GONE, "%.*s is no longer offered", FMT(p.name));
	ENSURE(b.count >= 1 && b.count <= LIMIT_SHARE_COUNT, c, ERR_BAD_VALUE,
		"'count' is from 1 to %u", LIMIT_SHARE_COUNT);
	ENSURE(time_parse(b.until, &until_ms), c, ERR_BAD_VALUE, "'until' is not a time");
	ENSURE(until_ms > at_ms && until_ms <= at_ms + LIMIT_SHARE_MS, c, ERR_BAD_VALUE,
		"'until' lies ahead, by %lld days at most", LIMIT_SHARE_MS / 86400000);
	err e = share_store_find(c, db, a->subject, &known);
	ENSURE(e != OK, c, ERR_CONFLICT, "this link exists");
	if (e != ERR_NOT_FOUND)
		return e;
	TRY(share_store_open(c, db, at_ms, LIMIT_SHARES, &open));
	ENSURE(open < LIMIT_SHARES, c, ERR_QUOTA, "%u links are open already: revoke some",
		LIMIT_SHARES);
	return OK;
}

static err apply_create(struct ctx *c, struct store *db, const struct entry *e)
{
	struct share_body b;
	struct share_row r = {.id = e->subject, .at_ms = e->at_ms, .index = e->index};
	TRY(json_read(c, e->body, created, countof(created), false, &b));
	ENSURE(time_parse(b.until, &r.until_ms), c, ERR_CORRUPT, "'until' is not a time");
	r.product = b.product;
	r.token = b.token;
	r.count = b.count;
	return share_store_put(c, db, &r);
}

static err decide_revoke(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct share_body b;
	struct share_row r;
	(void)at_ms;
	TRY(json_read(c, a->body, revoked, countof(revoked), false, &b));
	TRY(share_store_find(c, db, a->subject, &r));
	ENSURE(!r.revoked, c, ERR_GONE, "this link was revoked: %.*s", FMT(r.reason));
	return OK;
}

static err apply_revoke(struct ctx *c, struct store *db, const struct entry *e)
{
	return share_store_revoke(c, db, e->subject, json_text(json_get(e->body, "reason")));
}

static err guard_linked(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct share_row s;
	TRY(share_find(c, db, json_text(json_get(a->body, "party")), &s));
	ENSURE(str_eq(json_text(json_get(a->body, "product")), s.product), c, ERR_BAD_VALUE,
		"the link is to another product");
	return share_gives(c, &s, at_ms);
}

err share_make(struct ctx *c, struct acts *n, struct str actor, const struct share_wish *wish,
	struct entry *ret)
{
	uint8_t bytes[TOKEN_BYTES];
	struct hash salt, token, sealed;
	struct str id, secret, until;
	struct json *body = json_object(c), *seal = json_object(c);
	ENSURE(wish->recipient.n > 0 && wish->recipient.n <= LIMIT_NAME, c, ERR_BAD_VALUE,
		"say for whom the link is: 1 to %u bytes", LIMIT_NAME);
	TRY(acts_tick(c, n));
	TRY(uuid_new_urn(c, acts_env(n), &id));
	TRY(time_str(c, wish->until_ms, &until));
	env_random(acts_env(n), bytes, sizeof bytes);
	env_random(acts_env(n), salt.b, sizeof salt.b);
	TRY(base64url_encode(c, (struct str){(const char *)bytes, sizeof bytes}, &secret));
	token = hash_of(secret);
	sealed = hash_of2(hash_str(&salt), wish->recipient);
	json_set_str(c, &body, "product", wish->product->product);
	json_set_hex(c, &body, "token", token.b, HASH_BYTES);
	json_set_num(c, &body, "count", wish->count);
	json_set_str(c, &body, "until", until);
	json_set_hex(c, &seal, "recipient", sealed.b, HASH_BYTES);
	TRY(share_store_keep(c, acts_db(n), id, secret, &salt, wish->recipient));
	const struct act a = {STR("share.create"), actor, id, body, seal};
	return acts_do(c, n, &a, ret);
}

err share_end(struct ctx *c, struct acts *n, struct str actor, struct str id, struct str reason,
	struct entry *ret)
{
	struct json *body = json_object(c);
	json_set_str(c, &body, "reason", reason);
	const struct act a = {STR("share.revoke"), actor, id, body, NULL};
	return acts_do(c, n, &a, ret);
}

err share_find(struct ctx *c, struct store *db, struct str id, struct share_row *ret)
{
	TRY(share_store_find(c, db, id, ret));
	return agreement_linked(c, db, id, &ret->taken);
}

err share_by_token(struct ctx *c, struct store *db, struct str token, struct share_row *ret)
{
	struct hash digest = hash_of(token);
	TRY(share_store_by_token(c, db, &digest, ret));
	return agreement_linked(c, db, ret->id, &ret->taken);
}

err share_list(struct ctx *c, struct store *db, uint64_t before, size_t max, struct share_row *ret,
	size_t *ret_n)
{
	TRY(share_store_list(c, db, before, max, ret, ret_n));
	for (size_t i = 0; i < *ret_n; i++)
		TRY(agreement_linked(c, db, ret[i].id, &ret[i].taken));
	return OK;
}

err share_allows(struct ctx *c, const struct share_row *s, int64_t now_ms)
{
	struct str until;
	ENSURE(!s->revoked, c, ERR_GONE, "this link was revoked: %.*s",
		FMT(str_sub(s->reason, 0, 300)));
	if (now_ms <= s->until_ms)
		return OK;
	TRY(time_str(c, s->until_ms, &until));
	return fail(c, ERR_GONE, "this link was good until %.*s: ask for another", FMT(until));
}

err share_gives(struct ctx *c, const struct share_row *s, int64_t now_ms)
{
	TRY(share_allows(c, s, now_ms));
	ENSURE(s->taken < s->count, c, ERR_TERM_REFUSES,
		"this link has been used %lld of %lld times: ask for another", (long long)s->taken,
		(long long)s->count);
	return OK;
}

static const struct act_type types[] = {
	{"share.create", decide_create, apply_create},
	{"share.revoke", decide_revoke, apply_revoke},
};
static const struct guard guards[] = {{"agreement.linked", guard_linked}};

const struct module share_module = {.name = "share",
	.types = types,
	.types_n = countof(types),
	.migrations = share_migrations,
	.migrations_n = SHARE_MIGRATIONS,
	.guards = guards,
	.guards_n = countof(guards)};
