/* C2SP tlog-checkpoint: the text of a log's head: origin, size, b64 root, a line each. Extension lines, which the
 * standard advises against, are refused: a head must say one thing. */
#pragma once

#include "chain/note.h"

struct checkpoint {
	struct str origin;
	uint64_t size;
	struct hash root;
};

/* The text to be signed. ERR_TOO_LARGE. */
must_use err checkpoint_text(struct ctx *c, const struct checkpoint *p, struct str *ret);
/* Reads exactly that form; size 0 has the root H(""). ERR_MALFORMED. */
must_use err checkpoint_parse(struct ctx *c, struct str text, struct checkpoint *ret);
/* Opens a signed head: the note verifies under k and its origin is k's name. */
must_use err checkpoint_open(
	struct ctx *c, struct str note, const struct note_key *k, struct checkpoint *ret);
