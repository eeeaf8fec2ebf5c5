/* A script of dated commands (docs/FORMATS.md, 25): its lines, and the values that later lines use.
 *
 * Lines are read strictly. Values are kept as text in the arena of the script; ${name} in a word stands for one. Slices of a line
 * live in the context it was read in. */
#pragma once

#include "codec/json.h"

#define SCRIPT_FILE (1u << 20)
#define SCRIPT_VALUES 256u
#define SCRIPT_WORDS 28u

struct script_line {
	struct str at, node, refused; /* empty: not said */
	const struct json *init;      /* {name, uscc} */
	const struct json *cmd;       /* words */
	const struct json *as;        /* {name: JSON pointer} */
	const struct json *say;       /* {zh, en} */
};

struct script_values {
	struct ctx *c; /* where they live */
	struct str name[SCRIPT_VALUES], value[SCRIPT_VALUES];
	size_t n;
};

/* ERR_MALFORMED, ERR_UNKNOWN_MEMBER, ERR_BAD_VALUE. */
must_use err script_read(struct ctx *c, struct str text, struct script_line *ret);
/* A name is letters, digits, '.', '_' and '-'; another value under it replaces the first. ERR_QUOTA. */
must_use err script_set(struct script_values *v, struct str name, struct str value);
/* The word with its values, NUL-terminated. ERR_BAD_VALUE for a name that has none. */
must_use err script_fill(
	struct ctx *c, const struct script_values *v, struct str word, const char **ret);
/* Keeps what the pointers of "as" find in the output of the command. ERR_BAD_VALUE where one finds nothing. */
must_use err script_keep(
	struct ctx *c, struct script_values *v, const struct json *as, const struct json *output);
