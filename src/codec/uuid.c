#include "codec/uuid.h"

static bool is_dash(size_t at)
{
	return at == 8 || at == 13 || at == 18 || at == 23;
}

bool uuid_parse(struct str text, uint8_t ret[UUID_BYTES])
{
	if (str_starts(text, STR("urn:uuid:")))
		text = str_sub(text, 9, text.n);
	if (text.n != UUID_TEXT)
		return false;
	char hex[2 * UUID_BYTES];
	size_t n = 0;
	for (size_t at = 0; at < UUID_TEXT; at++) {
		if (is_dash(at) && text.p[at] != '-')
			return false;
		if (!is_dash(at))
			hex[n++] = text.p[at];
	}
	return str_unhex((struct str){hex, n}, ret, UUID_BYTES);
}
