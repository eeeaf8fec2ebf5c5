#include "store/backup_keys.h"

#include <sodium.h>
#include <string.h>

#include "base/arena.h"

#define SALT crypto_pwhash_argon2id_SALTBYTES
#define NONCE crypto_secretbox_NONCEBYTES
#define AROUND (SALT + NONCE + crypto_secretbox_MACBYTES)

struct derived {
	uint8_t b[crypto_secretbox_KEYBYTES];
};

static void derived_wipep(struct derived *k)
{
	sodium_memzero(k, sizeof *k);
}

static err derive(struct ctx *c, struct str passphrase, const uint8_t *salt, struct derived *ret)
{
	ENSURE(sodium_init() >= 0, c, ERR_CRYPTO, "libsodium does not start");
	int r = crypto_pwhash(ret->b, sizeof ret->b, passphrase.p, passphrase.n, salt,
		crypto_pwhash_argon2id_OPSLIMIT_MODERATE, crypto_pwhash_argon2id_MEMLIMIT_MODERATE,
		crypto_pwhash_ALG_ARGON2ID13);
	ENSURE(r == 0, c, ERR_MEMORY, "a passphrase needs 256 MiB of memory for a moment");
	return OK;
}

err backup_keys_lock(struct ctx *c, const struct env *e, struct str passphrase, struct str plain,
	struct str *ret_locked)
{
	cleanup(derived_wipep) struct derived key;
	uint8_t *out;
	ENSURE(passphrase.n >= BACKUP_PASSPHRASE_MIN && passphrase.n <= BACKUP_PASSPHRASE_MAX, c,
		ERR_BAD_VALUE, "a passphrase has %u to %u bytes", BACKUP_PASSPHRASE_MIN,
		BACKUP_PASSPHRASE_MAX);
	NEW_N(c, out, AROUND + plain.n);
	env_random(e, out, SALT + NONCE);
	TRY(derive(c, passphrase, out, &key));
	(void)crypto_secretbox_easy(
		out + SALT + NONCE, (const uint8_t *)plain.p, plain.n, out + SALT, key.b);
	*ret_locked = (struct str){(const char *)out, AROUND + plain.n};
	return OK;
}

err backup_keys_unlock(
	struct ctx *c, struct str passphrase, struct str locked, struct str *ret_plain)
{
	cleanup(derived_wipep) struct derived key;
	const uint8_t *in = (const uint8_t *)locked.p;
	uint8_t *out;
	ENSURE(locked.n >= AROUND, c, ERR_CORRUPT, "the locked keys end early");
	NEW_N(c, out, locked.n - AROUND + 1);
	TRY(derive(c, passphrase, in, &key));
	int r = crypto_secretbox_open_easy(
		out, in + SALT + NONCE, locked.n - SALT - NONCE, in + SALT, key.b);
	ENSURE(r == 0, c, ERR_FORBIDDEN, "the passphrase does not open the keys");
	*ret_plain = (struct str){(const char *)out, locked.n - AROUND};
	return OK;
}

void backup_keys_wipe(struct str *plain)
{
	if (plain->n > 0)
		sodium_memzero((void *)(uintptr_t)plain->p, plain->n);
	*plain = (struct str){0};
}
