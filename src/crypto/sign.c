#include "crypto/sign.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

void secret_wipep(struct secret *s)
{
	sodium_memzero(s, sizeof *s);
}

void sign_expand(const uint8_t seed[SEED_BYTES], struct secret *ret, uint8_t ret_key[KEY_BYTES])
{
	memcpy(ret->seed, seed, SEED_BYTES);
	int done = crypto_sign_seed_keypair(ret_key, ret->expanded, seed);
	assert(done == 0);
}

void sign_ed25519(const struct secret *s, struct str message, uint8_t ret[SIGNATURE_BYTES])
{
	int done = crypto_sign_detached(
		ret, NULL, (const unsigned char *)message.p, message.n, s->expanded);
	assert(done == 0);
}
