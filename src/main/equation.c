/* libsodium's equation, with a memory. A circulation meets most of its signatures several times: as they come, again in
 * the invoice that holds them, and each head as often as it covers something. */
#include "crypto/equation.h"

#include <sodium.h>
#include <string.h>

#include "crypto/hash.h"

#define REMEMBERED 4096u

/* SHA-256 of key, signature and message of signatures that were found to hold; the newest takes the place of an older.
 * The loop's alone: no other thread verifies. */
static struct hash holds[REMEMBERED];

static struct hash *place_of(const struct hash *h)
{
	return &holds[((size_t)h->b[0] << 8 | h->b[1]) % REMEMBERED];
}

static struct hash name_of(
	const uint8_t key[KEY_BYTES], struct str message, const uint8_t signature[SIGNATURE_BYTES])
{
	char who[KEY_BYTES + SIGNATURE_BYTES];
	memcpy(who, key, KEY_BYTES);
	memcpy(who + KEY_BYTES, signature, SIGNATURE_BYTES);
	return hash_of2((struct str){who, sizeof who}, message);
}

bool equation_holds(
	const uint8_t key[KEY_BYTES], struct str message, const uint8_t signature[SIGNATURE_BYTES])
{
	const struct hash name = name_of(key, message, signature);
	if (hash_eq(place_of(&name), &name))
		return true;
	if (crypto_sign_verify_detached(
		    signature, (const unsigned char *)message.p, message.n, key) != 0)
		return false;
	*place_of(&name) = name;
	return true;
}

void equation_made(
	const uint8_t key[KEY_BYTES], struct str message, const uint8_t signature[SIGNATURE_BYTES])
{
	const struct hash name = name_of(key, message, signature);
	*place_of(&name) = name;
}
