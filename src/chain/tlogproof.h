/* C2SP tlog-proof, the file NAME.tlog-proof: "c2sp.org/tlog-proof@v1", optionally "extra <b64>", "index <decimal>", the
 * inclusion path (one b64 hash a line, leaf's sibling first), an empty line, the signed checkpoint as it was served.
 * What the leaf is made of is the application's; extra is authenticated by nothing. */
#pragma once

#include "chain/checkpoint.h"
#include "chain/tree.h"

struct tlogproof {
	struct str extra; /* bytes; empty where the file has none */
	uint64_t index;
	struct tree_proof path;
	struct str checkpoint; /* a signed note */
};

/* ERR_TOO_LARGE above LIMIT_TLOG_PROOF. */
must_use err tlogproof_text(struct ctx *c, const struct tlogproof *p, struct str *ret);
/* Reads exactly that form; the checkpoint is not looked into and borrowed from text. ERR_MALFORMED, ERR_TOO_LARGE. */
must_use err tlogproof_parse(struct ctx *c, struct str text, struct tlogproof *ret);
/* The head under which the leaf lies at p->index: signed by k (ERR_BAD_SIGNATURE) with its name as origin, and reached by
 * the path (ERR_BAD_PROOF). Cosignatures are not weighed here. */
must_use err tlogproof_verify(struct ctx *c, const struct tlogproof *p, const struct hash *leaf,
	const struct note_key *k, struct checkpoint *ret);
