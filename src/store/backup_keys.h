/* Bytes locked by a passphrase: the keys of a node in a backup (docs/FORMATS.md, 8).
 *
 * Argon2id of libsodium (3 passes, 256 MiB, version 1.3) makes the key of a secretbox, so a guess costs as much memory and
 * half a second each. Made once and read once, never in the loop. Errors: ERR_CRYPTO, ERR_MEMORY where 256 MiB are not
 * there, and ERR_FORBIDDEN for a passphrase that does not open it, which cannot be told from bytes that were changed. */
#pragma once

#include "base/env.h"
#include "base/str.h"

#define BACKUP_PASSPHRASE_MIN 8u
#define BACKUP_PASSPHRASE_MAX 1024u

/* salt || nonce || box. */
must_use err backup_keys_lock(struct ctx *c, const struct env *e, struct str passphrase,
	struct str plain, struct str *ret_locked);
must_use err backup_keys_unlock(
	struct ctx *c, struct str passphrase, struct str locked, struct str *ret_plain);
/* Overwrites what the caller no longer needs. */
void backup_keys_wipe(struct str *plain);
