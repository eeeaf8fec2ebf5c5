#include "api/auth.h"

#include <assert.h>

#include "codec/base64.h"
#include "party/token_store.h"
#include "tests/tap.h"

#include "act/acts_fixture_test.h"

static const uint8_t friend_seed[SEED_BYTES] = {7}, other_seed[SEED_BYTES] = {8};
static const char friend_did[] = "did:web:b.example", friend_kid[] = "did:web:b.example#key-1";
static const char busy_did[] = "did:web:d.example", busy_kid[] = "did:web:d.example#key-1";
static uint8_t friend_key[KEY_BYTES], other_key[KEY_BYTES];
static bool friend_approved = true;

static err key_of(struct ctx *c, struct store *db, struct str did, struct str *ret_kid,
	uint8_t ret_key[KEY_BYTES], bool *ret_approved)
{
	bool busy = str_is(did, busy_did);
	(void)db;
	ENSURE(busy || str_is(did, friend_did), c, ERR_NOT_FOUND, "nobody");
	*ret_kid = str_z(busy ? busy_kid : friend_kid);
	memcpy(ret_key, busy ? other_key : friend_key, KEY_BYTES);
	*ret_approved = busy || friend_approved;
	return OK;
}

static err bearer_of(
	struct ctx *c, struct store *db, const struct hash *digest, struct str *ret_did)
{
	struct hash known = hash_of(STR("the bearer of a connector"));
	(void)db;
	ENSURE(hash_eq(digest, &known), c, ERR_NOT_FOUND, "nobody");
	*ret_did = STR("did:web:connector.example");
	return OK;
}

static const char operator_token[] = "0123456789012345678901234567890123456789012";

/* A token and what is wrong with it; zero values are those of a good one. */
struct token {
	const char *kid, *iss, *sub, *aud, *header;
	const uint8_t *seed;
	int64_t iat_s, life_s; /* against now; against 60 */
	const char *jti;
};

static const char * or (const char *text, const char *otherwise)
{
	return text != NULL ? text : otherwise;
}

static struct str make(struct ctx *c, const struct token *t)
{
	static int serial;
	struct json *o = json_object(c);
	struct key *key = NULL;
	struct str jti, token = {0}, rest, head = {0};
	int64_t now = env_now_ms(&env_system) / 1000;
	err e = arena_fmt(c, &jti, "jti-%d", ++serial);
	json_set_str(c, &o, "iss", str_z(or (t->iss, friend_did)));
	json_set_str(c, &o, "sub", str_z(or (t->sub, or (t->iss, friend_did))));
	json_set_str(c, &o, "aud", str_z(or (t->aud, "did:web:a.example")));
	json_set_num(c, &o, "iat", now + t->iat_s);
	json_set_num(c, &o, "exp", now + t->iat_s + 60 + t->life_s);
	json_set_str(c, &o, "jti", t->jti != NULL ? str_z(t->jti) : jti);
	if (e == OK)
		e = key_from_seed(c, t->seed != NULL ? t->seed : friend_seed, &key);
	if (e == OK)
		e = key_sign_jwt(c, key, str_z(or (t->kid, friend_kid)), o, &token);
	if (e == OK && t->header != NULL) {
		bool dot = str_cut(token, '.', &head, &rest);
		assert(dot);
		e = base64url_encode(c, str_z(t->header), &head);
		if (e == OK)
			e = arena_fmt(c, &token, "%.*s.%.*s", FMT(head), FMT(rest));
	}
	assert(e == OK);
	return token;
}

static struct exchange *with(struct ctx *c, const char *scheme, struct str token)
{
	struct exchange *x = arena_alloc(c->arena, sizeof *x);
	struct str value = {0};
	err e = arena_fmt(c, &value, "%s %.*s", scheme, FMT(token));
	assert(x != NULL && e == OK);
	x->ctx = (struct ctx){.arena = c->arena};
	x->is_unix = false;
	x->request.headers[0] = (struct http_header){STR("Authorization"), value};
	x->request.n = 1;
	return x;
}

static err allow(struct ctx *c, enum scope scope, const struct who *who)
{
	const struct route route = {.scope = scope};
	return auth_allow(c, &route, who);
}

/* What a route of that scope says to a bearer. */
static err asks(struct ctx *c, struct auth *a, enum scope scope, struct str token)
{
	struct who who;
	err e = auth_who(c, a, with(c, "Bearer", token), &who);
	return e == OK ? allow(c, scope, &who) : e;
}

static void test_tampered(struct ctx *c, struct auth *a)
{
	static const struct {
		struct token token;
		const char *what;
	} rows[] = {
		{{.header = "{\"alg\":\"none\",\"kid\":\"did:web:b.example#key-1\",\"typ\":"
			    "\"JWT\"}"},
			"alg none"},
		{{.header = "{\"alg\":\"HS256\",\"kid\":\"did:web:b.example#key-1\",\"typ\":"
			    "\"JWT\"}"},
			"alg HS256"},
		{{.header = "{\"alg\":\"EdDSA\",\"kid\":\"did:web:b.example#key-1\",\"typ\":"
			    "\"JWT\",\"b64\":false}"},
			"a further header member"},
		{{.header = "{}"}, "no kid"},
		{{.kid = "did:web:b.example#key-2"}, "another kid"},
		{{.kid = "did:web:a.example#key-1"}, "the kid of another party"},
		{{.seed = other_seed}, "another key"},
		{{.iss = "did:web:c.example"}, "an issuer who is not known"},
		{{.iss = "did:web:a.example"}, "ourselves as issuer"},
		{{.sub = "did:web:c.example"}, "another subject"},
		{{.aud = "did:web:c.example"}, "another audience"},
		{{.iat_s = -61}, "expired"},
		{{.iat_s = -400, .life_s = 400}, "issued too long ago"},
		{{.iat_s = 400}, "issued in the future"},
		{{.life_s = 300}, "a life too long"},
		{{.life_s = -61}, "an end before its beginning"},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct str token = make(c, &rows[i].token);
		is_int(asks(c, a, SCOPE_PEER, token), ERR_UNAUTHENTICATED, "%s: not a peer",
			rows[i].what);
		is_int(asks(c, a, SCOPE_OPERATOR, token), ERR_UNAUTHENTICATED,
			"%s: not the operator", rows[i].what);
	}
}

/* Each byte of a good token changed, and each of its parts left out. */
static void test_cut(struct ctx *c, struct auth *a)
{
	struct str token = make(c, &(struct token){.kid = NULL}), head, rest, claims, sig, text;
	unsigned good = 0;
	char *bytes = arena_z(c->arena, token);
	for (size_t i = 0; bytes != NULL && i < token.n; i++) {
		char kept = bytes[i];
		bytes[i] = kept == 'A' ? 'B' : 'A';
		good += asks(c, a, SCOPE_PEER, (struct str){bytes, token.n}) != ERR_UNAUTHENTICATED;
		bytes[i] = kept;
	}
	is_int(good, 0, "a token with one byte changed is refused");
	ok(str_cut(token, '.', &head, &rest) && str_cut(rest, '.', &claims, &sig), "three parts");
	ok(arena_fmt(c, &text, "%.*s.%.*s.", FMT(head), FMT(claims)) == OK, "no signature");
	is_int(asks(c, a, SCOPE_PEER, text), ERR_UNAUTHENTICATED, "is refused");
	ok(arena_fmt(c, &text, "%.*s.%.*s", FMT(head), FMT(claims)) == OK, "two parts");
	is_int(asks(c, a, SCOPE_PEER, text), ERR_UNAUTHENTICATED, "are refused");
	ok(arena_fmt(c, &text, "%.*s.", FMT(token)) == OK, "four parts");
	is_int(asks(c, a, SCOPE_PEER, text), ERR_UNAUTHENTICATED, "are refused");
	is_int(asks(c, a, SCOPE_PEER, STR(".")), ERR_UNAUTHENTICATED, "a dot is refused");
	is_int(asks(c, a, SCOPE_PEER, token), OK, "the token itself was good all the time");
}

static void test_peer(struct ctx *c, struct auth *a)
{
	struct who who;
	struct str token = make(c, &(struct token){.jti = "once"});
	is_int(auth_who(c, a, with(c, "bEARER", token), &who), OK, "a good token");
	ok(who.is_peer && !who.is_operator && str_is(who.caller, friend_did), "is that of a peer");
	is_int(asks(c, a, SCOPE_PEER, token), ERR_UNAUTHENTICATED, "used again it is refused");
	is_int(asks(c, a, SCOPE_PEER, make(c, &(struct token){.jti = "once", .iat_s = 1})),
		ERR_UNAUTHENTICATED, "so is another of that jti");
	struct str session = who.session;
	is_int(session.n, 43, "it opened a session");
	is_int(asks(c, a, SCOPE_PEER, session), OK, "which is good");
	is_int(asks(c, a, SCOPE_OPERATOR, session), ERR_FORBIDDEN,
		"but not for the operator's routes");
	friend_approved = false;
	is_int(asks(c, a, SCOPE_PEER, session), ERR_UNAUTHENTICATED, "and ends with the approval");
	is_int(asks(c, a, SCOPE_PEER, make(c, &(struct token){.kid = NULL})), ERR_FORBIDDEN,
		"a party that is known and not approved may not");
	friend_approved = true;
	friend_key[0] ^= 1;
	is_int(asks(c, a, SCOPE_PEER, session), ERR_UNAUTHENTICATED, "and with the key");
	friend_key[0] ^= 1;
	is_int(asks(c, a, SCOPE_PEER, session), OK, "nothing else was wrong with it");
	struct str stranger = make(c, &(struct token){.iss = "did:web:c.example"});
	is_int(asks(c, a, SCOPE_JOINING, stranger), OK, "who joins need not be known");
	is_int(asks(c, a, SCOPE_JOINING, STR("nothing")), ERR_UNAUTHENTICATED,
		"but brings a token");
}

/* One party brings twice as many tokens as there is room for: what another brought is not forgotten. */
static void test_busy(struct ctx *c, struct auth *a)
{
	cleanup(arena_freep) struct arena *arena = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx inner = {.arena = arena};
	struct who who;
	struct str token = make(c, &(struct token){.kid = NULL});
	unsigned good = 0;
	is_int(auth_who(c, a, with(c, "Bearer", token), &who), OK, "a token opens a session");
	for (unsigned i = 0; i < 2 * LIMIT_SESSIONS; i++) {
		const struct token t = {.iss = busy_did, .kid = busy_kid, .seed = other_seed};
		good += asks(&inner, a, SCOPE_PEER, make(&inner, &t)) == OK;
		arena_reset(arena);
	}
	is_int(good, 2 * LIMIT_SESSIONS, "another party brings very many");
	is_int(asks(c, a, SCOPE_PEER, token), ERR_UNAUTHENTICATED, "used again it is refused");
	is_int(asks(c, a, SCOPE_PEER, who.session), OK, "and its session goes on");
}

/* A node that starts anew takes no token that the one before it took and had answered. */
static void test_restart(struct ctx *c, struct acts *n, const struct auth_source *source)
{
	struct auth *before, *after;
	struct str kept = make(c, &(struct token){.jti = "kept"}),
		   lost = make(c, &(struct token){.jti = "lost"});
	is_int(auth_new(c, n, str_z(operator_token), source, &before), OK, "a first life");
	is_int(asks(c, before, SCOPE_PEER, kept), OK, "takes a token");
	is_int(acts_tick_end(c, n), OK, "and commits");
	is_int(auth_new(c, n, str_z(operator_token), source, &after), OK, "a second life");
	is_int(asks(c, after, SCOPE_PEER, kept), ERR_UNAUTHENTICATED, "takes it not again");
	is_int(asks(c, after, SCOPE_PEER, lost), OK, "but another");
	is_int(acts_tick_end(c, n), OK, "and commits");
}

static void test_bearers(struct ctx *c, struct auth *a)
{
	struct who who;
	struct exchange plain = {.ctx = {.arena = c->arena}};
	is_int(auth_who(c, a, &plain, &who), OK, "without a bearer one is nobody");
	is_int(allow(c, SCOPE_ANY, &who), OK, "for whom some routes are");
	is_int(allow(c, SCOPE_OPERATOR, &who), ERR_UNAUTHENTICATED, "not the operator's");
	is_int(allow(c, SCOPE_PEER, &who), ERR_UNAUTHENTICATED, "not the peers'");
	is_int(allow(c, SCOPE_JOINING, &who), ERR_UNAUTHENTICATED, "not the joining's");
	is_int(asks(c, a, SCOPE_OPERATOR, str_z(operator_token)), OK,
		"the operator's token is good");
	is_int(asks(c, a, SCOPE_PEER, str_z(operator_token)), ERR_FORBIDDEN, "but makes no peer");
	is_int(asks(c, a, SCOPE_OPERATOR, str_sub(str_z(operator_token), 0, 42)),
		ERR_UNAUTHENTICATED, "a part of it is not");
	is_int(asks(c, a, SCOPE_OPERATOR, STR("")), ERR_UNAUTHENTICATED, "nothing is not");
	is_int(auth_who(c, a, with(c, "Basic", str_z(operator_token)), &who), ERR_UNAUTHENTICATED,
		"another scheme is not");
	is_int(asks(c, a, SCOPE_PEER, STR("the bearer of a connector")), OK,
		"a connector's bearer");
	is_int(asks(c, a, SCOPE_OPERATOR, STR("the bearer of a connector")), ERR_FORBIDDEN,
		"makes no operator");
	plain.is_unix = true;
	is_int(auth_who(c, a, &plain, &who), OK, "over the control socket");
	ok(who.is_operator && str_is(who.caller, "operator"), "one is the operator");
}

int main(void)
{
	cleanup(arena_freep) struct arena *arena = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = arena};
	struct store *db = NULL;
	struct acts *acts = NULL;
	struct auth *a = NULL;
	struct key *key = NULL;
	const struct auth_source source = {key_of, bearer_of};
	fixture_make();
	is_int(fixture_acts(&c, &db, &acts), OK, "a node");
	is_int(store_migrate(&c, db, token_module.migrations, token_module.migrations_n), OK,
		"that remembers tokens");
	is_int(key_from_seed(&c, friend_seed, &key), OK, "a party");
	memcpy(friend_key, key_public(key), KEY_BYTES);
	is_int(key_from_seed(&c, other_seed, &key), OK, "another");
	memcpy(other_key, key_public(key), KEY_BYTES);
	is_int(auth_new(&c, acts, str_z(operator_token), &source, &a), OK, "who asks");
	test_bearers(&c, a);
	test_tampered(&c, a);
	test_cut(&c, a);
	test_peer(&c, a);
	test_busy(&c, a);
	test_restart(&c, acts, &source);
	store_close(db);
	fixture_remove();
	return done_testing();
}
