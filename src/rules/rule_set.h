/* A set of rules: the files of rules/, compiled together, with a version and a hash.
 *
 * Files: set.json {version, title:{zh,en}}, facts.json (rules/fact.h), and any number of others, each a list of rules
 * (rules/rule.h). The hash is SHA-256 over each file's name, LF, length in decimal digits, LF and bytes, by name; it stands in
 * every result, so that a result says by which words it was reached. Reading refuses a set with an unknown member, name or
 * type, a derived fact that rests on itself, or an id twice, and names file, line and reason. Pure; the texts of the files must
 * outlive the set. */
#pragma once

#include "crypto/hash.h"
#include "rules/rule.h"

struct rule_file {
	const char *name; /* without a directory, e.g. "pi.json" */
	struct str text;
};

struct rule_set {
	struct str version;
	struct hash hash;
	struct fact_catalogue catalogue;
	struct rule *rules; /* by id */
	size_t rules_n;
	const struct fact **derived; /* each behind those it rests on */
	size_t derived_n;
};

/* ERR_MALFORMED, ERR_UNKNOWN_MEMBER, ERR_MISSING_MEMBER, ERR_BAD_VALUE, ERR_CONFLICT; the detail begins FILE:LINE. */
must_use err rule_set_read(
	struct ctx *c, const struct rule_file *files, size_t n, struct rule_set *ret);
/* NULL where there is none. */
const struct rule *rule_find(const struct rule_set *s, struct str id);

/* A case from {day, facts:{name: value}, evidence:[{id, kind, unsound?, claims:{name: value}}]}. Derived facts are computed here.
 * ERR_UNKNOWN_MEMBER, ERR_MISSING_MEMBER, ERR_BAD_VALUE, ERR_TOO_LARGE. */
must_use err rule_set_case(
	struct ctx *c, const struct rule_set *s, const struct json *input, struct rule_case *ret);
