/* C2SP signed-note: a text, an empty line, signature lines "U+2014 SP name SP b64(key id (4 bytes) || signature)".
 *
 * Key id = first 4 bytes of SHA-256(name || LF || type || public key); type 0x01 is Ed25519 over the text.
 * A verifier key is written name+hex8+b64(type || key). Pure: signing is handed in. */
#pragma once

#include "base/arena.h"
#include "base/limits.h"
#include "crypto/hash.h"
#include "crypto/verify.h"

#define NOTE_ED25519 0x01u

struct note_key {
	struct str name;
	uint8_t id[4];
	uint8_t key[KEY_BYTES];
};

/* A log or witness name: not empty, no space, no '+', at most LIMIT_ORIGIN bytes. ERR_BAD_VALUE. */
must_use err note_key_make(
	struct ctx *c, struct str name, const uint8_t key[KEY_BYTES], struct note_key *ret);
/* Reads name+hex8+b64; the id must be the key's. ERR_MALFORMED. */
must_use err note_key_parse(struct ctx *c, struct str vkey, struct note_key *ret);
must_use err note_key_text(struct ctx *c, const struct note_key *k, struct str *ret);

/* text (UTF-8, ending in LF, no other control character: ERR_BAD_VALUE) with one signature line; ERR_TOO_LARGE. */
must_use err note_write(struct ctx *c, struct str text, const struct note_key *k,
	const uint8_t signature[SIGNATURE_BYTES], struct str *ret);
/* The text of a note that k has signed: the line with k's name and id must verify (ERR_BAD_SIGNATURE, also where there
 * is none); lines of other keys are passed over. ERR_MALFORMED for what is no note, ERR_TOO_LARGE above LIMIT_NOTE. */
must_use err note_open(
	struct ctx *c, struct str note, const struct note_key *k, struct str *ret_text);
