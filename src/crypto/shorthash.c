#include "crypto/shorthash.h"

#include <sodium.h>
#include <string.h>

_Static_assert(crypto_shorthash_siphashx24_KEYBYTES == SHORTHASH_KEY &&
		       crypto_shorthash_siphashx24_BYTES == sizeof(struct shorthash),
	"SipHash-2-4 with 128 bits");

struct shorthash shorthash_of(const uint8_t key[SHORTHASH_KEY], struct str text)
{
	unsigned char out[crypto_shorthash_siphashx24_BYTES];
	struct shorthash h;
	(void)crypto_shorthash_siphashx24(out, (const unsigned char *)text.p, text.n, key);
	memcpy(&h, out, sizeof h);
	return h;
}
