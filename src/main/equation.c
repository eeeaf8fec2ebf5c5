#include "crypto/equation.h"

#include <sodium.h>

bool equation_holds(
	const uint8_t key[KEY_BYTES], struct str message, const uint8_t signature[SIGNATURE_BYTES])
{
	return crypto_sign_verify_detached(
		       signature, (const unsigned char *)message.p, message.n, key) == 0;
}
