/* E(act): proof that an act stands in its log, under the signed head of the commit that holds it (docs/FORMATS.md, 2-4).
 *
 * Reading and verifying are two steps: what is read is well-formed but not believed. Everything is borrowed from the
 * tree given or lies in the context's arena. No I/O. */
#pragma once

#include "chain/checkpoint.h"
#include "chain/note.h"
#include "codec/json.h"

struct evidence {
	const struct json *act; /* whole */
	struct str type, at, actor, subject;
	const struct json *body;
	struct hash salt, leaf;
	uint64_t index;
	struct hash *path;
	size_t path_n;
	struct str head;            /* the signed note */
	struct checkpoint verified; /* what head says, once evidence_verify has answered OK */
};

#define ENTRY_TEXT 76u /* "shugu-act/1 " and 64 hex digits */

/* The log entry of an act: its canonical bytes behind the salt, as a digest. Not terminated. */
void evidence_entry(struct str act, const struct hash *salt, char ret[ENTRY_TEXT]);
/* Leaf hash of an act: canonical bytes, digest with the salt, entry, RFC 6962 leaf. */
struct hash evidence_leaf(struct str act, const struct hash *salt);

/* Takes E apart and computes its leaf. ERR_UNKNOWN_MEMBER, ERR_MISSING_MEMBER, ERR_BAD_VALUE; ERR_TOO_LARGE for an act
 * of more than LIMIT_ACT bytes. */
must_use err evidence_read(struct ctx *c, const struct json *j, struct evidence *ret);

/* What a head says: signed by this vkey alone, of this origin. ERR_BAD_SIGNATURE, ERR_BAD_PROOF. */
must_use err evidence_head(
	struct ctx *c, struct str note, struct str vkey, struct str origin, struct checkpoint *ret);
/* The head is signed by this vkey alone, its origin is this, and the path leads from the leaf to its root.
 * ERR_BAD_SIGNATURE, ERR_BAD_PROOF. */
must_use err evidence_verify(struct ctx *c, struct evidence *e, struct str vkey, struct str origin);

/* The act is of this type and holds the digest of this document, and of this detached JWS as signature of that side
 * (body.document, body.signatures.provider|consumer). ERR_BAD_DIGEST. */
must_use err evidence_holds(struct ctx *c, const struct evidence *e, const char *type,
	const struct hash *document, const char *side, struct str signature);
