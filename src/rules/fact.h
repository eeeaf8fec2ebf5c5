/* What a rule may ask: facts of a case, claims of its evidence, and their types. A catalogue (rules/facts.json) names them
 * all, so a rule that asks for something else is refused when it is read, not when it is needed.
 *
 * A fact is known or not; what is not known is UNKNOWN and never guessed. Days are counted as in codec/day.h. Pure; texts are
 * borrowed from the trees they were read from. */
#pragma once

#include "codec/json.h"

enum fact_type { FACT_BOOL, FACT_INT, FACT_TEXT, FACT_DAY, FACT_LIST };

struct predicate;

struct fact {
	struct str name, zh, en;
	enum fact_type type;
	struct str is;         /* derived: the predicate's text; empty for a fact that is given */
	const struct json *at; /* where it stands, for refusals */
	const struct predicate *definition; /* set by rule_set_read */
};

struct fact_list {
	const struct str *items;
	size_t n;
};

struct fact_value {
	bool known;
	int64_t number; /* BOOL, INT, DAY */
	struct str text;
	struct fact_list list;
};

/* The facts of cases, the kinds of evidence and the claims of an item of evidence; three name spaces, each sorted by name.
 * Kinds have no type. */
struct fact_catalogue {
	struct fact *facts, *kinds, *claims;
	size_t facts_n, kinds_n, claims_n;
};

/* {facts:[{name, type, zh, en, is?}], kinds:[{name, zh, en}], claims:[{name, type, zh, en}]}; names are small letters, digits, '_'
 * and '.'. ERR_BAD_VALUE, ERR_CONFLICT for a name twice. */
must_use err fact_catalogue_read(struct ctx *c, const struct json *j, struct fact_catalogue *ret);
/* NULL where there is none. */
const struct fact *fact_find(const struct fact *facts, size_t n, struct str name);
/* bool, int, text, day, list; NULL-terminated, in the order of the enum. */
extern const char *const fact_types[];

/* A value of that type; null is not known. ERR_BAD_VALUE with the fact's name. */
must_use err fact_read(
	struct ctx *c, const struct fact *f, const struct json *j, struct fact_value *ret);
/* Values for all facts of a name space from {name: value}; what is missing is not known. ERR_UNKNOWN_MEMBER, ERR_BAD_VALUE,
 * and ERR_BAD_VALUE for a derived fact that is given. */
must_use err fact_values(struct ctx *c, const struct fact *facts, size_t n,
	const struct json *given, struct fact_value **ret);
/* For people and results: the value as JSON, null where it is not known. */
struct json *fact_json(struct ctx *c, enum fact_type type, const struct fact_value *v);
