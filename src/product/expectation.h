/* An expectation: what is declared of a table, so that its quality can be measured (product/quality.h). A JSON file of at most
 * LIMIT_EXPECTATION bytes; docs/FORMATS.md says what each member means and which indicator of GB/T 36344-2018 rests on it:
 *
 * {"v":1,"kind":"expectation","title"?,"columns":[COLUMN],"lists"?:{NAME:{"source","values":[text]}},"unique"?:[[column]],
 *  "rules"?:[RULE],"rows"?:{"expected":n},"others"?:bool,"readable"?:bool,"lifetime"?:{"from":day,"to":day}}
 * COLUMN: {"name","title"?,"type"?,"format"?,"pattern"?,"min"?,"max"?,"scale"?,"length"?:{"min"?,"max"?},"required"?,"unique"?,
 *  "values"?:[text],"list"?,"security"?,"same"?,"refers"?,"order"?,"period"?:{"from":day,"to":day},"timely"?:{"days":n}}
 * RULE: {"name","left","is","right"|"value","when"?:{"column","is","value"}}
 *
 * Reading refuses unknown members, names of columns that are not declared, bounds that are neither number nor time, and says of
 * which column or rule: ERR_MALFORMED, ERR_UNKNOWN_MEMBER, ERR_MISSING_MEMBER, ERR_BAD_VALUE, ERR_TOO_LARGE, ERR_CONFLICT (a name
 * twice). All lies in c's arena; text must live as long. */
#pragma once

#include "base/limits.h"
#include "crypto/hash.h"
#include "product/format.h"
#include "product/keyset.h"
#include "product/ordered.h"

#define EXPECTED_NONE UINT16_MAX

enum expected_type {
	TYPE_ANY,
	TYPE_INTEGER,
	TYPE_DECIMAL,
	TYPE_DATE,
	TYPE_DATETIME,
	TYPE_BOOLEAN,
	TYPE_TEXT
};

enum expected_order { ORDER_NONE, ORDER_RISING, ORDER_STRICTLY_RISING, ORDER_FALLING };

enum comparison { IS_EQUAL, IS_NOT_EQUAL, IS_LESS, IS_AT_MOST, IS_MORE, IS_AT_LEAST };

struct expected_column {
	struct str name, title;
	enum expected_type type;
	enum format format;
	struct pattern *pattern; /* NULL: none; so are the others */
	const struct ordered *min, *max;
	int64_t length_min, length_max, scale; /* -1: not declared */
	bool required, secure;
	const struct keyset *values, *list;
	uint16_t same, refers; /* a column, or EXPECTED_NONE */
	enum expected_order order;
	bool has_period;
	int64_t from_ms, to_ms; /* to: its last millisecond */
	int64_t timely_days;    /* -1: not declared */
};

struct expected_key {
	const uint16_t *columns;
	size_t n;
};

/* left IS right, or IS value where right is EXPECTED_NONE. */
struct expected_rule {
	struct str name;
	uint16_t left, right;
	enum comparison is;
	struct ordered value;
	uint16_t when; /* EXPECTED_NONE: always */
	enum comparison when_is;
	struct ordered when_value;
};

struct expectation {
	struct hash digest;
	struct str title;
	struct expected_column *columns;
	struct str *names; /* of the columns */
	size_t columns_n;
	struct expected_key *keys;
	size_t keys_n;
	struct expected_rule *rules;
	size_t rules_n;
	int64_t rows; /* expected; -1: not declared */
	bool others;  /* columns that are not declared may be there */
	bool readable, has_lifetime;
	int64_t lifetime_from, lifetime_to; /* days */
	uint8_t key[SHORTHASH_KEY]; /* of its lists; other sets of the same values take it too */
};

/* key: random. */
must_use err expectation_read(
	struct ctx *c, struct str text, const uint8_t key[SHORTHASH_KEY], struct expectation **ret);
/* The comparison of what ordered_cmp told. */
bool comparison_holds(enum comparison is, int cmp);
