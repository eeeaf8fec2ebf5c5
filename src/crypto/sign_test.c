#include "crypto/sign.h"

#include "tests/tap.h"

/* RFC 8032, 7.1, tests 1 and 2: seed, key, message, signature. */
static const char *const vectors[][4] = {
	{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
		"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
		"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc6"
		"1e39701cf9b46b"
		"d25bf5f0595bbe24655141438e7a100b"},
	{"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
		"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "\x72",
		"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e45"
		"8f3613d0f11d8c"
		"387b2eaeb4302aeeb00d291612bb0c00"},
};

int main(void)
{
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		uint8_t seed[SEED_BYTES], key[KEY_BYTES], want_key[KEY_BYTES];
		uint8_t sig[SIGNATURE_BYTES], want[SIGNATURE_BYTES];
		struct secret s;
		ok(str_unhex(str_z(vectors[i][0]), seed, sizeof seed), "vector %zu", i);
		ok(str_unhex(str_z(vectors[i][1]), want_key, sizeof want_key), "has a key");
		ok(str_unhex(str_z(vectors[i][3]), want, sizeof want), "and a signature");
		sign_expand(seed, &s, key);
		ok(memcmp(key, want_key, sizeof key) == 0, "the key follows from the seed");
		sign_ed25519(&s, str_z(vectors[i][2]), sig);
		ok(memcmp(sig, want, sizeof sig) == 0, "the signature is the standard's");
		ok(verify_ed25519(key, str_z(vectors[i][2]), sig), "and verifies");
		static const struct secret zero;
		secret_wipep(&s);
		ok(memcmp(&s, &zero, sizeof s) == 0, "a wiped secret is gone");
	}
	return done_testing();
}
