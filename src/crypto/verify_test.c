#include "crypto/verify.h"

#include <sodium.h>

#include "tests/tap.h"

/* RFC 8032, 7.1, test 2. */
static const char key_hex[] = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
static const char sig_hex[] = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
			      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

static void takes_the_standard_vector(void)
{
	uint8_t key[KEY_BYTES], sig[SIGNATURE_BYTES];
	ok(str_unhex(str_z(key_hex), key, sizeof key), "a key");
	ok(str_unhex(str_z(sig_hex), sig, sizeof sig), "a signature");
	ok(verify_ed25519(key, STR("\x72"), sig), "RFC 8032 test 2 verifies");
	int wrong = 0;
	for (size_t bit = 0; bit < 8 * SIGNATURE_BYTES; bit++) {
		sig[bit / 8] ^= (uint8_t)(1u << bit % 8);
		wrong += verify_ed25519(key, STR("\x72"), sig);
		sig[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	is_int(wrong, 0, "no flipped bit verifies");
	ok(!verify_ed25519(key, STR("\x73"), sig), "nor another message");
}

static void refuses_weak_keys(void)
{
	/* Under the key 01 00.., R = 01 00.. and S = 0 pass OpenSSL 3.0 for every message. */
	uint8_t one[KEY_BYTES] = {1}, sig[SIGNATURE_BYTES] = {1};
	ok(!verify_ed25519(one, STR("anything"), sig),
		"the fixed signature of the key 01 00.. is refused");
	uint8_t y[KEY_BYTES];
	memset(y, 0xff, sizeof y);
	int sound = 0;
	for (unsigned low = 0xec; low <= 0xff; low++) { /* p - 1 and all not canonical */
		y[0] = (uint8_t)low;
		for (unsigned sign = 0; sign < 2; sign++) {
			y[31] = sign ? 0xff : 0x7f;
			sound += key_is_sound(y);
		}
	}
	is_int(sound, 0, "p - 1 and the keys of p and more are refused");
	y[0] = 0xeb;
	ok(key_is_sound(y), "p - 2 is not");
}

/* Good and mutated signatures, and S + L, by libsodium's judgement and ours. */
static void agrees_with_libsodium(void)
{
	int differ = 0, good = 0;
	for (int i = 0; i < 600; i++) {
		uint8_t pk[KEY_BYTES], sk[64], sig[SIGNATURE_BYTES], m[40];
		randombytes_buf(m, sizeof m);
		(void)crypto_sign_keypair(pk, sk);
		(void)crypto_sign_detached(sig, NULL, m, sizeof m, sk);
		if (i % 3 == 1)
			sig[randombytes_uniform(SIGNATURE_BYTES)] ^=
				(uint8_t)(1u << randombytes_uniform(8));
		if (i % 3 == 2)
			pk[randombytes_uniform(KEY_BYTES)] ^=
				(uint8_t)(1u << randombytes_uniform(8));
		bool theirs = crypto_sign_verify_detached(sig, m, sizeof m, pk) == 0;
		bool ours = verify_ed25519(pk, (struct str){(const char *)m, sizeof m}, sig);
		differ += theirs != ours;
		good += ours;
	}
	is_int(differ, 0, "the same verdict 600 times");
	is_int(good, 200, "good for the unchanged third");
}

int main(void)
{
	if (sodium_init() < 0)
		return 1;
	takes_the_standard_vector();
	refuses_weak_keys();
	agrees_with_libsodium();
	return done_testing();
}
