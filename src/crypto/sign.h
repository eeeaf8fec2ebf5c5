/* Ed25519 signing by libsodium: deterministic, the same message gives the same bytes. Never linked into the verifier. */
#pragma once

#include "crypto/verify.h"

#define SEED_BYTES 32u

/* A secret; wiped by secret_wipep when it leaves scope; never formatted. */
struct secret {
	uint8_t seed[SEED_BYTES];
	uint8_t expanded[64];
};

void secret_wipep(struct secret *s);
void sign_expand(const uint8_t seed[SEED_BYTES], struct secret *ret, uint8_t ret_key[KEY_BYTES]);
void sign_ed25519(const struct secret *s, struct str message, uint8_t ret[SIGNATURE_BYTES]);
