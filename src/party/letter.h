/* Letters: the two documents by which organisations meet, `join` from who was invited and `approval` in return
 * (docs/FORMATS.md, 11). Each holds the card of its writer, is meant for one party, names by digest what it answers (the
 * invitation's secret, the letter of joining) and the writer's DID document, and is signed by the key on the card. */
#pragma once

#include "act/acts.h"
#include "party/card.h"

struct letter {
	const struct json *json;
	struct hash digest;
	struct str id, to;
	struct card card;
	struct hash did_document, about;
};

/* As it travels: {"letter", "signature", "didDocument"}; other members pass. */
struct mail {
	struct letter letter;
	struct str signature;
	const struct json *did_document;
};

/* Writes a letter of this node, signs it, and keeps letter, signature and DID document in act/content: sets "document",
 * "signature" and "didDocument" in body. Needs an open tick. */
must_use err letter_make(struct ctx *c, struct acts *n, const char *kind, struct str to,
	const struct hash *about, const struct json *did_document, struct json **body);
/* The mail of a letter that letter_make has kept; body is that of its act. */
must_use err letter_mail(struct ctx *c, struct acts *n, const struct json *body, struct json **ret);

/* Reads mail and checks all that it shows by itself: the card, the signature, that the DID document is the one named and
 * fits the card, that the letter is meant for us and is not our own. */
must_use err letter_read(struct ctx *c, const struct self *self, const char *kind,
	const struct json *mail, struct mail *ret);
/* Keeps what was read, and sets the same members of body. Needs an open tick. */
must_use err letter_keep(
	struct ctx *c, struct acts *n, const struct mail *mail, struct json **body);
