#include "crypto/jws.h"

#include "crypto/key.h"
#include "tests/tap.h"

static const char kid_text[] = "did:web:a.example#key-1";

static struct key *key_of(struct ctx *c, uint8_t first)
{
	const uint8_t seed[SEED_BYTES] = {first};
	struct key *k = NULL;
	ok(key_from_seed(c, seed, &k) == OK, "a key from seed %d", first);
	return k;
}

static void tokens(struct ctx *c, struct key *k, struct key *other)
{
	struct json *claims = json_object(c);
	struct str token = {0}, kid = {0};
	const struct json *back = NULL;
	json_set_str(c, &claims, "iss", STR("did:web:a.example"));
	json_set_num(c, &claims, "exp", 1700000000);
	is_int(key_sign_jwt(c, k, str_z(kid_text), claims, &token), OK, "a token is signed");
	is_int(jwt_peek(c, token, &kid, &back), OK, "and taken apart");
	ok(str_is(kid, kid_text), "its kid");
	ok(json_eq(claims, back), "its claims");
	is_int(jwt_verify(c, token, kid, key_public(k)), OK, "it verifies");
	is_int(jwt_verify(c, token, kid, key_public(other)), ERR_BAD_SIGNATURE,
		"not under another key");
	is_int(jwt_verify(c, token, STR("x"), key_public(k)), ERR_BAD_SIGNATURE,
		"not under another kid");
	is_int(jwt_verify(c, str_sub(token, 0, token.n - 1), kid, key_public(k)), ERR_BAD_SIGNATURE,
		"not when cut");
	static const char *const bad[] = {"", "a", "a.b", "a.b.c.d", "e30.e30.", "e30.W10.x"};
	for (size_t i = 0; i < countof(bad); i++)
		is_int(jwt_peek(c, str_z(bad[i]), &kid, &back), ERR_MALFORMED, "'%s' is no token",
			bad[i]);
	/* {"alg":"none","kid":"did:web:a.example#key-1","typ":"JWT"} */
	struct str head = STR(
		"eyJhbGciOiJub25lIiwia2lkIjoiZGlkOndlYjphLmV4YW1wbGUja2V5LTEiLCJ0eXAiOiJKV1QifQ");
	struct str none = {0};
	is_int(arena_fmt(c, &none, "%.*s.e30.", FMT(head)), OK, "a token without signature");
	is_int(jwt_verify(c, none, str_z(kid_text), key_public(k)), ERR_BAD_SIGNATURE,
		"is refused");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(8u << 20);
	struct ctx c = {.arena = a};
	struct key *k = key_of(&c, 1), *other = key_of(&c, 2);
	tokens(&c, k, other);
	return done_testing();
}
