/* The quality of a table by the twenty indicators of GB/T 36344-2018 (X = A/B), measured in one pass over all rows against what
 * is declared of it (product/expectation.h), in memory that grows with the declared keys alone (product/keyset.h).
 *
 * The report, canonical JSON with integers and texts only, so that equal files give equal reports (FORMATS, quality report):
 * {"v":1,"kind":"quality","standard","tool","version","issued","file":{"name","size","sha256"},"format","encoding"?,"rows","columns",
 *  "expectation":{"sha256","title"?},"sample":{"plan":"all-rows","rows"},"complete":bool,"stopped"?,"replaced","malformed","ragged",
 *  "results":[{"code","group","name":{"zh","en"},"orientation":"higher"|"lower","A","B","X","convention"?,"other"?:{"convention","A","X"}}
 *                or {...,"na":"undeclared"|"empty"|"limit"}],"indicators","keys":{"held","limit","exceeded"},
 *  "dirty":{"rows","reasons":[{"reason","column"|"rule"|"key"?,"count","first":[row numbers]}]}}
 * `indicators` is how many are not NA; with `issued` it is what the paper claims as evidence (product/claims.h).
 * X is decimal text with six places: A*10^6/B rounded half up. Orientation: of 0303 and 0305 less is better; no sum is formed.
 * Duplicates: "all-members" counts every row whose key occurs more than once, "beyond-first" those behind the first of each;
 * 0303 and 0304 give both. Rows count from 1, without the header.
 * Errors: those of product/rows.h; ERR_MEMORY where the keys do not fit into the memory of the machine. */
#pragma once

#include "codec/charset.h"
#include "codec/json.h"
#include "product/expectation.h"

#define QUALITY_INDICATORS 20u

struct quality_ask {
	int fd;
	struct str filename; /* without its directory */
	enum charset given;  /* or CHARSET_UNKNOWN */
	const struct expectation *expectation;
	int64_t day; /* as of which it is measured */
	const char *version;
	uint64_t keys_max; /* LIMIT_QUALITY_KEYS, or fewer */
};

must_use err quality_measure(struct ctx *c, const struct quality_ask *ask, struct json **ret);
/* A*10^6/B rounded half up, as decimal text with six places, NUL-terminated. b > 0, a < 2^53. */
void quality_ratio(uint64_t a, uint64_t b, char ret[32]);
