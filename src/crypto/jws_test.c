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

static void documents(struct ctx *c, struct key *k, struct key *other)
{
	struct str sig = {0}, kind = STR("receipt"), kid = str_z(kid_text), x = STR("{\"v\":1}");
	is_int(key_sign_jws(c, k, kind, kid, x, &sig), OK, "a document is signed");
	is_int(jws_verify(c, kind, kid, key_public(k), x, sig), OK, "and verifies");
	is_int(jws_verify(c, kind, kid, key_public(other), x, sig), ERR_BAD_SIGNATURE,
		"not under another key");
	is_int(jws_verify(c, STR("invoice"), kid, key_public(k), x, sig), ERR_BAD_SIGNATURE,
		"not as another kind");
	is_int(jws_verify(c, kind, STR("did:web:b#1"), key_public(k), x, sig), ERR_BAD_SIGNATURE,
		"not under another kid");
	is_int(jws_verify(c, kind, kid, key_public(k), STR("{\"v\":2}"), sig), ERR_BAD_SIGNATURE,
		"not on other content");
	int good = 0;
	for (size_t i = 0; i < sig.n; i++) {
		char *bent = arena_z(c->arena, sig);
		bent[i] = bent[i] == 'A' ? 'B' : 'A';
		good += jws_verify(c, kind, kid, key_public(k), x, (struct str){bent, sig.n}) == OK;
	}
	is_int(good, 0, "no changed byte of the signature verifies");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(8u << 20);
	struct ctx c = {.arena = a};
	struct key *k = key_of(&c, 1), *other = key_of(&c, 2);
	documents(&c, k, other);
	return done_testing();
}
