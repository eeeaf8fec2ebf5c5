#include "codec/json_members.h"

#include <assert.h>

err json_read_members(struct ctx *c, const struct json *j, const struct json_field *members,
	size_t n, uint64_t must, uint64_t may, void *ret_struct)
{
	struct json_field fields[JSON_MEMBERS];
	size_t taken = 0;
	assert(n <= JSON_MEMBERS);
	for (size_t i = 0; i < n; i++) {
		uint64_t bit = (uint64_t)1 << i;
		if (((must | may) & bit) == 0)
			continue;
		fields[taken] = members[i];
		fields[taken++].optional = (must & bit) == 0;
	}
	return json_read(c, j, fields, taken, false, ret_struct);
}
