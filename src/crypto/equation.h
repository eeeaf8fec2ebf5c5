/* The equation of an Ed25519 signature, S B = R + k A, for verify_ed25519 alone, which has refused weak and ambiguous keys,
 * R and S before.
 *
 * The library computes it by libcrypto, so that the offline verifier links nothing else. The node's program brings
 * libsodium's (main/equation.c), which takes half the time and remembers what held; the linker takes the one that the
 * program brings. Both are held to the same answers by equation_test.c. */
#pragma once

#include "crypto/verify.h"

bool equation_holds(
	const uint8_t key[KEY_BYTES], struct str message, const uint8_t signature[SIGNATURE_BYTES]);
/* A signature that the holder of the key has just made: it holds, and will be asked about. */
void equation_made(
	const uint8_t key[KEY_BYTES], struct str message, const uint8_t signature[SIGNATURE_BYTES]);
