/* A compliance rule, as it stands in a file of rules/ (docs/FORMATS.md):
 *
 *   {id, severity, title:{zh,en}, when?, pass, remedy:{zh,en}, basis:[...], from?, to?, waivable?:{by}, examples:[...]}
 *
 * `when`: whether the rule concerns the case at all (absent: always); `pass`: what must hold. A basis names its text, article,
 * rank and version, and says whether somebody has read it in the official text (`read`: where). A rule that rests on a law, an
 * administrative regulation or a ministerial rule cannot be waivable here. Pure; texts are borrowed. */
#pragma once

#include "rules/evaluate.h"

enum severity { SEVERITY_BLOCK, SEVERITY_WARN, SEVERITY_RECORD };
enum outcome { OUTCOME_PASS, OUTCOME_FAIL, OUTCOME_UNKNOWN, OUTCOME_NA };

/* block, warn, record; PASS, FAIL, UNKNOWN, NA: NULL-terminated, in the order of the enums. */
extern const char *const severities[], *const outcomes[];

struct rule {
	struct str id;
	enum severity severity;
	const struct json *title, *remedy, *basis, *examples; /* as they were read */
	const struct predicate *when, *pass;                  /* when may be NULL */
	bool dated_from, dated_to;
	int64_t from, to;       /* days on which it is in force, both included */
	struct str waivable_by; /* the authority that may waive it; empty: nobody */
	bool verified;          /* every basis was read in the official text */
	const struct json *at;
};

/* ERR_BAD_VALUE and the others of json_read; the detail says what is wrong in the rule, not where it stands. ret_where: the value
 * that is at fault. */
must_use err rule_read(struct ctx *c, const struct fact_catalogue *k, const struct json *j,
	struct rule *ret, const struct json **ret_where);
enum outcome rule_ask(const struct rule *r, const struct rule_case *k);
bool rule_in_force(const struct rule *r, int64_t day);
