#include "api/auth.h"

#include <string.h>

#include "api/passes.h"
#include "api/session.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "codec/uuid.h"
#include "party/card.h"
#include "party/organisation.h"
#include "party/token_store.h"

#define TOKEN_BYTES 32u
#define TOKEN_LIFE_S 60

/* A session, or a jti that was taken: both are found by a digest and end at a time. */
struct slot {
	struct hash digest;
	int64_t until_ms; /* 0: free */
	uint8_t key[KEY_BYTES];
	char did[LIMIT_DID + 1];
};

struct auth {
	struct acts *acts;
	struct auth_source source;
	struct hash operator_digest;
	bool has_operator;
	struct passes *passes;
	struct slot *sessions, *taken; /* LIMIT_SESSIONS each, in buckets of SLOTS */
};

#define SLOTS 8u

/* A token that an earlier life of this node took. */
static void take_back(void *arg, const struct token_row *row)
{
	struct auth *a = arg;
	if (row->place >= LIMIT_SESSIONS || row->did.n > LIMIT_DID)
		return;
	struct slot *s = &a->taken[row->place];
	*s = (struct slot){.digest = row->digest, .until_ms = row->until_ms};
	memcpy(s->did, row->did.p, row->did.n);
}

err auth_new(struct ctx *c, struct acts *n, struct str operator_token,
	const struct auth_source *source, struct auth **ret)
{
	struct auth *a;
	NEW(c, a);
	a->acts = n;
	a->source = *source;
	a->has_operator = operator_token.n >= TOKEN_BYTES;
	a->operator_digest = hash_of(operator_token);
	TRY(passes_new(c, &a->passes));
	NEW_N(c, a->sessions, LIMIT_SESSIONS);
	NEW_N(c, a->taken, LIMIT_SESSIONS);
	*ret = a;
	return token_store_each(c, acts_db(n), env_now_ms(acts_env(n)), take_back, a);
}

/* The bucket in which a digest may lie. */
static struct slot *bucket(struct slot *slots, const struct hash *digest)
{
	size_t n = ((size_t)digest->b[0] << 8 | digest->b[1]) % (LIMIT_SESSIONS / SLOTS);
	return &slots[n * SLOTS];
}

static struct slot *find(struct slot *slots, const struct hash *digest, int64_t now_ms)
{
	struct slot *b = bucket(slots, digest);
	for (size_t i = 0; i < SLOTS; i++) {
		if (b[i].until_ms > now_ms && ct_equal(b[i].digest.b, digest->b, HASH_BYTES))
			return &b[i];
	}
	return NULL;
}

static unsigned held_by(const struct slot *b, const char *did)
{
	unsigned n = 0;
	for (size_t i = 0; i < SLOTS; i++)
		n += strcmp(b[i].did, did) == 0;
	return n;
}

/* A slot for a new digest: a free one, else, of those of the party that holds most of the bucket, the one that ends
 * first. So nobody can make us forget what another party brought. */
static struct slot *place(
	struct slot *slots, const struct hash *digest, struct str did, int64_t now_ms)
{
	struct slot *b = bucket(slots, digest), *ret = b;
	unsigned most = 0;
	for (size_t i = 0; i < SLOTS; i++) {
		unsigned held = b[i].until_ms > now_ms ? held_by(b, b[i].did) : SLOTS + 1;
		if (held > most || (held == most && b[i].until_ms < ret->until_ms)) {
			ret = &b[i];
			most = held;
		}
	}
	*ret = (struct slot){.digest = *digest};
	memcpy(ret->did, did.p, did.n);
	return ret;
}

/* Sessions last by the clock that nobody sets. */
static int64_t session_now_ms(const struct auth *a)
{
	return env_mono_us(acts_env(a->acts)) / 1000;
}

static err open_session(struct ctx *c, struct auth *a, struct str did, const uint8_t key[KEY_BYTES],
	struct str *ret)
{
	uint8_t bytes[TOKEN_BYTES];
	struct str token;
	env_random(acts_env(a->acts), bytes, sizeof bytes);
	TRY(base64url_encode(c, (struct str){(const char *)bytes, sizeof bytes}, &token));
	struct hash digest = hash_of(token);
	int64_t now_ms = session_now_ms(a);
	struct slot *s = place(a->sessions, &digest, did, now_ms);
	s->until_ms = now_ms + LIMIT_SESSION_MS;
	memcpy(s->key, key, KEY_BYTES);
	*ret = token;
	return OK;
}

struct claims {
	struct str iss, sub, aud, jti;
	int64_t iat, exp;
};

static const struct json_field claim_fields[] = {
	{"iss", JSON_K_TEXT, false, offsetof(struct claims, iss), LIMIT_DID, NULL},
	{"sub", JSON_K_TEXT, false, offsetof(struct claims, sub), LIMIT_DID, NULL},
	{"aud", JSON_K_TEXT, false, offsetof(struct claims, aud), LIMIT_DID, NULL},
	{"jti", JSON_K_TEXT, false, offsetof(struct claims, jti), LIMIT_NAME, NULL},
	{"iat", JSON_K_INT, false, offsetof(struct claims, iat), 0, NULL},
	{"exp", JSON_K_INT, false, offsetof(struct claims, exp), 0, NULL},
};

/* Times in whole seconds, as JWT has them. */
static err check_claims(struct ctx *c, struct auth *a, const struct claims *j, int64_t now_ms)
{
	int64_t now = now_ms / 1000, skew = LIMIT_SKEW_MS / 1000;
	bool simulated = env_is_simulated(acts_env(a->acts));
	TRY(card_same_kind(c, acts_self(a->acts), j->iss));
	ENSURE(str_eq(j->iss, j->sub), c, ERR_UNAUTHENTICATED, "the token's iss and sub differ");
	ENSURE(str_eq(j->aud, acts_self(a->acts)->did), c, ERR_UNAUTHENTICATED,
		"the token is meant for %.*s", FMT(j->aud));
	ENSURE(simulated || (j->iat <= now + skew && j->iat >= now - skew), c, ERR_UNAUTHENTICATED,
		"the token was issued more than five minutes off: look at the clocks");
	ENSURE((simulated || j->exp >= now) && j->exp - j->iat <= skew && j->exp >= j->iat, c,
		ERR_UNAUTHENTICATED, "the token has ended or lives too long");
	return OK;
}

/* Each jti of an issuer once, for as long as its token could be good, also where the node starts anew meanwhile: it is written
 * in the tick of the request that it came with, before that is answered. */
static err take_jti(struct ctx *c, struct auth *a, const struct claims *j, int64_t now_ms)
{
	struct hash digest = hash_of2(j->iss, j->jti);
	ENSURE(find(a->taken, &digest, now_ms) == NULL, c, ERR_UNAUTHENTICATED,
		"this token was used before");
	TRY(acts_tick(c, a->acts));
	struct slot *s = place(a->taken, &digest, j->iss, now_ms);
	s->until_ms = (j->exp + 1) * 1000;
	return token_store_put(c, acts_db(a->acts),
		&(struct token_row){.place = (unsigned)(s - a->taken),
			.digest = digest,
			.did = j->iss,
			.until_ms = s->until_ms});
}

/* A party that is not known yet proves with its token nothing but that it wrote it: the route that takes such callers
 * (joining) checks the key it brings. */
static err by_token(struct ctx *c, struct auth *a, struct str token, struct who *ret)
{
	struct str kid, known_kid;
	const struct json *claims;
	struct claims j;
	uint8_t key[KEY_BYTES];
	int64_t now_ms = env_now_ms(acts_env(a->acts));
	bool approved = false;
	TRY(jwt_peek(c, token, &kid, &claims));
	TRY(json_read(c, claims, claim_fields, countof(claim_fields), true, &j));
	TRY(check_claims(c, a, &j, now_ms));
	*ret = (struct who){.caller = j.iss};
	err e = a->source.key_of(c, acts_db(a->acts), j.iss, &known_kid, key, &approved);
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	ENSURE(str_eq(kid, known_kid), c, ERR_UNAUTHENTICATED, "%.*s is not the key of %.*s",
		FMT(kid), FMT(j.iss));
	TRY(jwt_verify(c, token, kid, key));
	TRY(take_jti(c, a, &j, now_ms));
	if (approved)
		acts_advance(a->acts, j.iat * 1000);
	ret->is_known = ret->is_fresh = true;
	ret->is_peer = approved;
	return approved ? open_session(c, a, j.iss, key, &ret->session) : OK;
}

/* A session is as good as the party behind it is now. */
static err by_session(struct ctx *c, struct auth *a, const struct slot *s, struct who *ret)
{
	struct str kid;
	uint8_t key[KEY_BYTES];
	bool approved = false;
	TRY(arena_str(c, str_z(s->did), &ret->caller));
	TRY(a->source.key_of(c, acts_db(a->acts), ret->caller, &kid, key, &approved));
	ENSURE(approved && memcmp(key, s->key, KEY_BYTES) == 0, c, ERR_UNAUTHENTICATED,
		"this session has ended");
	ret->is_known = ret->is_peer = true;
	return OK;
}

static err by_bearer(struct ctx *c, struct auth *a, struct str token, struct who *ret)
{
	struct hash digest = hash_of(token);
	if (a->has_operator && ct_equal(digest.b, a->operator_digest.b, HASH_BYTES)) {
		*ret = (struct who){.caller = STR("operator"), .is_operator = true};
		return OK;
	}
	const struct slot *s = find(a->sessions, &digest, session_now_ms(a));
	if (s != NULL)
		return by_session(c, a, s, ret);
	if (str_find(token, '.') < token.n)
		return by_token(c, a, token, ret);
	TRY(a->source.bearer_of(c, acts_db(a->acts), &digest, &ret->caller));
	ret->is_known = ret->is_peer = true;
	return OK;
}

/* A person's browser. */
static err by_cookie(struct ctx *c, struct auth *a, struct exchange *x, struct who *ret)
{
	struct str token;
	struct session s;
	TRY(session_cookie(c, a->acts, x, &token));
	if (token.n == 0)
		return OK;
	TRY(session_find(c, a->acts, token, &s));
	TRY(session_guard(c, a->acts, &x->request, token));
	ret->role = s.person.role;
	ret->sealed = person_sealed(c, &s.person);
	return person_actor(c, &s.person, &ret->caller);
}

err auth_who(struct ctx *c, struct auth *a, struct exchange *x, struct who *ret)
{
	*ret = (struct who){.is_operator = x->is_unix};
	if (x->is_unix) {
		ret->caller = STR("operator");
		return OK;
	}
	struct str field = http_header(&x->request, "Authorization");
	if (field.p == NULL)
		return by_cookie(c, a, x, ret);
	struct str scheme, token;
	ENSURE(str_cut(field, ' ', &scheme, &token) && str_is_nocase(scheme, "bearer"), c,
		ERR_UNAUTHENTICATED, "Authorization must be Bearer");
	err e = by_bearer(c, a, str_trim(token), ret);
	if (e == OK || err_is_fault(e))
		return e;
	if (e == ERR_UNAUTHENTICATED)
		return e;
	return fail(c, ERR_UNAUTHENTICATED, "this bearer is not known here, or has ended");
}

static err allow_person(struct ctx *c, const struct route *route, const struct who *who)
{
	ENSURE((route->roles & who->role) != 0, c, ERR_FORBIDDEN,
		"this is not for the role %s: ask an owner (shugu person role)",
		role_word((enum role)who->role));
	return OK;
}

err auth_allow(struct ctx *c, const struct route *route, const struct who *who)
{
	bool known = who->is_operator || who->is_known || who->role != 0;
	switch (route->scope) {
	case SCOPE_ANY:
		return OK;
	case SCOPE_OPERATOR:
		ENSURE(known, c, ERR_UNAUTHENTICATED,
			"sign in, or bring the operator's token (keys/operator.token)");
		if (who->role != 0)
			return allow_person(c, route, who);
		ENSURE(who->is_operator, c, ERR_FORBIDDEN, "this is for the operator");
		return OK;
	case SCOPE_PERSON:
		ENSURE(who->role != 0, c, ERR_UNAUTHENTICATED,
			"nobody is signed in: shugu person link NAME makes a link");
		return allow_person(c, route, who);
	case SCOPE_PEER:
		ENSURE(known, c, ERR_UNAUTHENTICATED, "a token of a joined party is needed");
		ENSURE(who->is_peer, c, ERR_FORBIDDEN, "this is for approved parties");
		return OK;
	case SCOPE_KNOWN:
		ENSURE(known, c, ERR_UNAUTHENTICATED, "a token of a known party is needed");
		ENSURE(who->is_known && !who->is_operator, c, ERR_FORBIDDEN,
			"this is for partners");
		return OK;
	case SCOPE_JOINING:
		ENSURE(who->caller.n > 0 && !who->is_operator && who->role == 0, c,
			ERR_UNAUTHENTICATED, "a self-issued token is needed");
		return OK;
	}
	return fail(c, ERR_FORBIDDEN, "no such scope");
}

err auth_token(struct ctx *c, struct acts *n, struct str audience, struct str *ret)
{
	const struct self *self = acts_self(n);
	struct json *o = json_object(c);
	struct str jti;
	int64_t now = env_now_ms(acts_env(n)) / 1000;
	TRY(uuid_new_urn(c, acts_env(n), &jti));
	json_set_str(c, &o, "iss", self->did);
	json_set_str(c, &o, "sub", self->did);
	json_set_str(c, &o, "aud", audience);
	json_set_num(c, &o, "iat", now);
	json_set_num(c, &o, "exp", now + TOKEN_LIFE_S);
	json_set_str(c, &o, "jti", jti);
	return key_sign_jwt(c, self->key, self->kid, o, ret);
}

/* Over the control socket the operator brings messages of a parcel, each in the name of who signed it. */
static err in_name_of(struct ctx *c, struct acts *n, struct str did, struct who *ret)
{
	struct organisation o;
	err e = organisation_find(c, acts_db(n), did, &o);
	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	bool known = e == OK && o.joined;
	*ret = (struct who){.caller = did,
		.is_known = known,
		.is_peer = known && o.status == ORGANISATION_APPROVED};
	return OK;
}

err auth_who_asks(
	struct ctx *c, struct auth *a, struct acts *n, struct exchange *x, struct who *ret)
{
	const struct http_request *r = &x->request;
	struct str as = http_header(r, "Shugu-As");
	if (as.p == NULL || !x->is_unix)
		return auth_who(c, a, x, ret);
	if (a != NULL)
		TRY(passes_ask(c, a->passes, as, r->method, r->target, x->body));
	return in_name_of(c, n, as, ret);
}

struct passes *auth_passes(struct auth *a)
{
	return a->passes;
}
