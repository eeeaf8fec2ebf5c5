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

/* The eight points of small order, as keys and as R, with either sign bit; libsodium refuses each too. */
static void refuses_small_order(void)
{
	static const char *const points[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"};
	int sound = 0, theirs = 0;
	for (size_t i = 0; i < 2 * sizeof points / sizeof points[0]; i++) {
		uint8_t y[KEY_BYTES];
		if (!ok(str_unhex(str_z(points[i / 2]), y, sizeof y), "point %zu", i))
			return;
		y[KEY_BYTES - 1] |= (uint8_t)(i % 2 << 7);
		sound += key_is_sound(y);
		theirs += crypto_core_ed25519_is_valid_point(y);
		y[0] ^= 4;
		sound += !key_is_sound(
			y); /* a neighbour is refused by its curve, not by this list */
	}
	is_int(sound, 0, "no point of small order is sound, and each neighbour is");
	is_int(theirs, 0, "by libsodium's judgement too");
}

/* S and S + L sign the same; only the smaller is taken. */
static void refuses_a_second_s(void)
{
	static const uint8_t order[KEY_BYTES] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
		0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
	uint8_t pk[KEY_BYTES], sk[64], sig[SIGNATURE_BYTES];
	(void)crypto_sign_keypair(pk, sk);
	(void)crypto_sign_detached(sig, NULL, (const uint8_t *)"m", 1, sk);
	ok(verify_ed25519(pk, STR("m"), sig), "S verifies");
	unsigned carry = 0;
	for (size_t i = 0; i < KEY_BYTES; i++) {
		carry += sig[KEY_BYTES + i] + (unsigned)order[i];
		sig[KEY_BYTES + i] = (uint8_t)carry;
		carry >>= 8;
	}
	ok(!verify_ed25519(pk, STR("m"), sig), "S + L does not");
}

/* Good and mutated signatures, by libsodium's judgement and ours. */
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
	refuses_small_order();
	refuses_a_second_s();
	agrees_with_libsodium();
	return done_testing();
}
