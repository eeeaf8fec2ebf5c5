/* The bodies of the acts sandbox.*: which has which members (docs/FORMATS.md, 12), as one table, read into one plain struct.
 * Texts and trees are borrowed from the body. ERR_UNKNOWN_MEMBER, ERR_MISSING_MEMBER or ERR_BAD_VALUE, each naming the
 * member. Pure. */
#pragma once

#include "crypto/hash.h"
#include "govern/sandbox_states.h"
#include "codec/json.h"

struct sandbox_body {
	struct str title, applicant, product, difficulty, reason, text, by, where, key, member,
		vote, result, rule, authority, basis, rule_set, until, from, to, step;
	const struct json *rules, *details, *conditions, *limits, *stop, *scope, *proposal,
		*overlap;
	bool conflict;
	int64_t revision, rows, subjects, number, bit;
	struct hash root, salt, keys;
	/* Read further from the members above. */
	int64_t until_day, from_day, to_day;
	enum sandbox_step taken; /* of the acts that are steps */
};

must_use err sandbox_body_read(
	struct ctx *c, struct str type, const struct json *body, struct sandbox_body *ret);
