#include "crypto/equation.h"

#include <openssl/evp.h>

bool equation_holds(
	const uint8_t key[KEY_BYTES], struct str message, const uint8_t signature[SIGNATURE_BYTES])
{
	EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, KEY_BYTES);
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	bool good = pkey != NULL && md != NULL &&
		    EVP_DigestVerifyInit(md, NULL, NULL, NULL, pkey) == 1 &&
		    EVP_DigestVerify(md, signature, SIGNATURE_BYTES,
			    (const unsigned char *)message.p, message.n) == 1;
	EVP_MD_CTX_free(md);
	EVP_PKEY_free(pkey);
	return good;
}

void equation_made(
	const uint8_t key[KEY_BYTES], struct str message, const uint8_t signature[SIGNATURE_BYTES])
{
	(void)key;
	(void)message;
	(void)signature;
}
