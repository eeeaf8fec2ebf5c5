/* Making ids: what a node does and a verifier does not. */
#include "codec/uuid.h"

#include <string.h>

#include "base/arena.h"

void uuid_v7(const struct env *e, uint8_t ret[UUID_BYTES])
{
	uint64_t ms = (uint64_t)env_now_ms(e);
	env_random(e, ret, UUID_BYTES);
	for (size_t i = 0; i < 6; i++)
		ret[i] = (uint8_t)(ms >> (40 - 8 * i));
	ret[6] = (uint8_t)(0x70 | (ret[6] & 0x0f));
	ret[8] = (uint8_t)(0x80 | (ret[8] & 0x3f));
}

static bool is_dash(size_t at)
{
	return at == 8 || at == 13 || at == 18 || at == 23;
}

void uuid_urn(const uint8_t id[UUID_BYTES], char ret[UUID_URN + 1])
{
	static const char digits[] = "0123456789abcdef";
	memcpy(ret, "urn:uuid:", 9);
	size_t nibble = 0;
	for (size_t at = 0; at < UUID_TEXT; at++) {
		uint8_t byte = id[nibble / 2];
		if (is_dash(at))
			ret[9 + at] = '-';
		else
			ret[9 + at] = digits[nibble++ % 2 == 0 ? byte >> 4 : byte & 15];
	}
	ret[UUID_URN] = '\0';
}

err uuid_new_urn(struct ctx *c, const struct env *e, struct str *ret)
{
	uint8_t id[UUID_BYTES];
	char text[UUID_URN + 1];
	uuid_v7(e, id);
	uuid_urn(id, text);
	return arena_str(c, (struct str){text, UUID_URN}, ret);
}
