/* A predicate asked of a case: true, false or UNKNOWN; and why, in what would have to be so.
 *
 * Pure; no allocation while it is asked, only while it is explained. */
#pragma once

#include "rules/predicate.h"

/* An item of evidence as it was looked at. It counts on a day if it is sound and the day lies within its claims `from` and
 * `to`, where it has them. */
struct evidence_item {
	struct str id, kind;
	struct str unsound; /* why it does not count whatever it says; empty: it does */
	const struct fact_value *claims; /* in the order of the catalogue */
};

struct rule_case {
	const struct fact_catalogue *catalogue;
	const struct fact_value *facts; /* derived ones included (rule_set_case) */
	const struct evidence_item *evidence;
	size_t evidence_n;
	int64_t today;
};

enum truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN };

enum truth predicate_ask(const struct predicate *p, const struct rule_case *k);
/* Why the item does not count on the day of the case: "", or a phrase. */
must_use err evidence_trouble(
	struct ctx *c, const struct rule_case *k, const struct evidence_item *e, struct str *ret);
/* What is missing for p to be `wanted`: a list of {need: the part of the predicate, because: [{fact|claim, zh, en, value}]}, of
 * {need, evidence: kind, zh, en, items: [{id, trouble | needs}]}, and of {anyOf: [lists]}. Empty where it is so. */
struct json *predicate_needs(
	struct ctx *c, const struct predicate *p, const struct rule_case *k, bool wanted);
/* Adds to *ids those items that make p true. */
void predicate_evidence(
	struct ctx *c, const struct predicate *p, const struct rule_case *k, struct json **ids);
