/* What an item of evidence claims: what its file says of itself (product/claims.h), and what a person states besides, which is
 * marked and counts only for what the paper does not say. Claims are those of the rule catalogue (rules/facts.json), as its
 * types have them. Pure. */
#pragma once

#include "base/source.h"
#include "codec/json.h"
#include "rules/fact.h"

struct exhibit_claims {
	bool read;    /* the file has words that were read */
	bool damaged; /* it should have, and they cannot be */
	struct json *claims;
	struct json *stated; /* names of those that a person states */
	struct json *
		contradicted; /* [{claim, stated?, found?}]: the paper says otherwise, or says it twice */
};

/* s NULL: there is no file. stated may be NULL. ERR_IO. */
must_use err exhibit_claims_read(struct ctx *c, const struct source *s, struct str filename,
	const struct json *stated, struct exhibit_claims *ret);

/* The catalogue that the program was built with. */
must_use err exhibit_catalogue(struct ctx *c, struct fact_catalogue *ret);
/* What a person states, as the types of the catalogue: a text is read as people write it (yes, a day, a list parted by
 * commas). ERR_UNKNOWN_MEMBER, ERR_BAD_VALUE. */
must_use err exhibit_claims_stated(struct ctx *c, const struct fact_catalogue *cat,
	const struct json *given, struct json **ret);
