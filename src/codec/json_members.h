/* Reading bodies that share one table of members: each act type of a noun must have some of them and may have others. Pure. */
#pragma once

#include "codec/json.h"

#define JSON_MEMBERS 64u

/* json_read of those members whose bit is set in must or may; bit i is members[i], n at most JSON_MEMBERS. Its errors. */
must_use err json_read_members(struct ctx *c, const struct json *j,
	const struct json_field *members, size_t n, uint64_t must, uint64_t may, void *ret_struct);
