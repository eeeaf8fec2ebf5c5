/* Ed25519 verification. Its equation is computed by libcrypto, or by what the program brings (crypto/equation.h).
 * Refused everywhere: public keys or R that are not canonical or of small order, S >= L (PROTOCOL, Words). */
#pragma once

#include "base/str.h"

#define KEY_BYTES 32u
#define SIGNATURE_BYTES 64u

/* A canonical encoding of a point that is not of small order. */
bool key_is_sound(const uint8_t key[KEY_BYTES]);
bool verify_ed25519(
	const uint8_t key[KEY_BYTES], struct str message, const uint8_t signature[SIGNATURE_BYTES]);
