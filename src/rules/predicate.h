/* Predicates: what a rule asks, as a text of one line. No loops, no calls but those below, no way to go on for ever.
 *
 *   or      = and *("or" and)                     and     = not *("and" not)
 *   not     = ["not"] compare
 *   compare = sum [("==" / "!=" / "<" / "<=" / ">" / ">=" / "in" / "covers") sum]
 *   sum     = value *("+" value)
 *   value   = "(" or ")" / fact / "its." claim / "'" text "'" / digits / YYYY-MM-DD / "true" / "false" / "today"
 *           / "[" ["'" text "'" *("," "'" text "'")] "]"
 *           / "known(" fact-or-claim ")"          is it known? never UNKNOWN itself
 *           / "age(" day ")"                      days from it to today
 *           / "days(" day "," day ")"             days from the first to the second
 *           / "has(" "'" kind "'" ")"             a valid item of evidence of that kind is there
 *           / "any(" "'" kind "'" "," or ")"      and of one of them this holds; its.x is a claim of that item
 *
 * `covers`: a list has every text of another; `in`: a text stands in a list; order and == compare equal types. Three values
 * (Kleene): what rests on an unknown value is UNKNOWN unless the other half decides. An item of evidence is valid on a day
 * within its claims `from` and `to`, where it has them, and sound (rules/evaluate.h).
 *
 * Compiled once into a tree in the arena; depth and length have limits. Pure. Texts are borrowed. */
#pragma once

#include "rules/fact.h"

enum predicate_op {
	PREDICATE_LITERAL,
	PREDICATE_FACT,
	PREDICATE_CLAIM,
	PREDICATE_TODAY,
	PREDICATE_AND,
	PREDICATE_OR,
	PREDICATE_NOT,
	PREDICATE_EQ,
	PREDICATE_NE,
	PREDICATE_LT,
	PREDICATE_LE,
	PREDICATE_GT,
	PREDICATE_GE,
	PREDICATE_IN,
	PREDICATE_COVERS,
	PREDICATE_ADD,
	PREDICATE_KNOWN,
	PREDICATE_DAYS,
	PREDICATE_ANY,
};

struct predicate {
	enum predicate_op op;
	enum fact_type type;
	struct str source;                    /* the part of the text that it was read from */
	const struct predicate *left, *right; /* ANY: right is what must hold, or NULL */
	struct fact_value literal;            /* LITERAL; ANY: the kind, as text */
	const struct fact *fact;              /* FACT, CLAIM; ANY: the kind */
	size_t index;                         /* of the fact or claim in its catalogue */
};

/* ERR_BAD_VALUE: position, what stands there and what should. */
must_use err predicate_read(struct ctx *c, const struct fact_catalogue *k, struct str text,
	const struct predicate **ret);
