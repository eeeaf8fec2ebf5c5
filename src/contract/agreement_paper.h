/* G, the document that both parties sign (docs/FORMATS.md, 5.1): built by the provider from the negotiation and from what
 * both are known to be, compared by the consumer part by part with what it asked for. Beside it the `agreement` of the
 * Dataspace Protocol, whose digest G bears.
 *
 * Trees live in the context given. Refusals name the part that differs: ERR_BAD_VALUE, ERR_BAD_DIGEST,
 * ERR_BAD_SIGNATURE, ERR_GONE. */
#pragma once

#include "contract/agreement.h"
#include "party/organisation.h"
#include "proof/documents.h"

struct paper {
	struct json *policy, *document;
	struct str id, agreed, open_until; /* id is that of the agreement and of G */
};

must_use err paper_build(struct ctx *c, struct acts *n, const struct agreement_row *row,
	const struct organisation *peer, struct paper *ret);

/* Both sets of terms allow the same. ERR_TERM_REFUSES where one is not understood. */
must_use err paper_terms(
	struct ctx *c, const struct json *asked, const struct json *given, const char *where);
/* The agreement of a message is the one that was asked for: target and terms; the parties where strict. */
must_use err paper_check_policy(struct ctx *c, struct acts *n, const struct agreement_row *row,
	const struct json *policy, bool strict);
/* G is the one that was asked for, is open, and is signed by the provider. */
must_use err paper_check(struct ctx *c, struct acts *n, const struct agreement_row *row,
	const struct organisation *peer, const struct json *policy, const struct json *document,
	struct str signature, struct agreement *ret);
/* Our signature on G, kept as content. */
must_use err paper_sign(
	struct ctx *c, struct acts *n, struct str document, struct hash *ret_signature);
