#include "crypto/equation.h"

#include <sodium.h>

#include "tests/tap.h"

/* Signatures of messages of 0 to 300 bytes, and the same with one bit of key, message or signature changed: the answer is
 * libsodium's wherever the key and R are sound and S is below L, for elsewhere nobody asks. */
static void answers_as_libsodium(void)
{
	int differ = 0, good = 0, asked = 0;
	for (unsigned i = 0; i < 1204; i++) {
		uint8_t pk[KEY_BYTES], sk[64], sig[SIGNATURE_BYTES], m[301];
		size_t n = i / 4;
		randombytes_buf(m, sizeof m);
		(void)crypto_sign_keypair(pk, sk);
		(void)crypto_sign_detached(sig, NULL, m, n, sk);
		uint8_t bit = (uint8_t)(1u << randombytes_uniform(8));
		if (i % 4 == 1)
			sig[randombytes_uniform(SIGNATURE_BYTES - 1)] ^= bit;
		if (i % 4 == 2)
			pk[randombytes_uniform(KEY_BYTES)] ^= bit;
		if (i % 4 == 3)
			m[n == 0 ? 0 : randombytes_uniform((uint32_t)n)] ^= bit;
		if (!key_is_sound(pk) || !key_is_sound(sig))
			continue;
		bool ours = equation_holds(pk, (struct str){(const char *)m, n}, sig);
		differ += ours != (crypto_sign_verify_detached(sig, m, n, pk) == 0);
		good += ours;
		asked++;
	}
	is_int(differ, 0, "the same answer each time");
	ok(asked > 1150, "asked %d times", asked);
	is_int(good, 302, "good for what is unchanged, and for no byte of an empty message");
}

int main(void)
{
	if (sodium_init() < 0)
		return 1;
	answers_as_libsodium();
	return done_testing();
}
