/* Keyed hashes of short texts for tables (SipHash-2-4 with 128 bits, libsodium): whoever chooses the texts and does not know
 * the key cannot choose two that collide. Never linked into the verifier. Pure. */
#pragma once

#include "base/str.h"

#define SHORTHASH_KEY 16u

struct shorthash {
	uint64_t a, b;
};

struct shorthash shorthash_of(const uint8_t key[SHORTHASH_KEY], struct str text);
