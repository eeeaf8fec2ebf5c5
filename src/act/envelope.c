#include "act/envelope.h"

#include <string.h>

#include "base/limits.h"
#include "codec/time.h"

struct parts {
	struct act act;
	int64_t v;
	struct str at;
	struct hash prev;
};

static const struct json_field fields[] = {
	{"v", JSON_K_INT, false, offsetof(struct parts, v), 0, NULL},
	{"type", JSON_K_TEXT, false, offsetof(struct parts, act.type), 64, NULL},
	{"at", JSON_K_TEXT, false, offsetof(struct parts, at), TIME_TEXT, NULL},
	{"actor", JSON_K_TEXT, false, offsetof(struct parts, act.actor), LIMIT_URL, NULL},
	{"subject", JSON_K_TEXT, false, offsetof(struct parts, act.subject), LIMIT_URL, NULL},
	{"prev", JSON_K_HEX32, true, offsetof(struct parts, prev), 0, NULL},
	{"body", JSON_K_OBJECT, false, offsetof(struct parts, act.body), 0, NULL},
	{"sealed", JSON_K_OBJECT, true, offsetof(struct parts, act.sealed), 0, NULL},
};

err envelope_write(
	struct ctx *c, const struct act *a, int64_t at_ms, const struct hash *prev, struct str *ret)
{
	struct json *o = json_object(c);
	struct str at;
	TRY(time_str(c, at_ms, &at));
	json_set_num(c, &o, "v", 1);
	json_set_str(c, &o, "type", a->type);
	json_set_str(c, &o, "at", at);
	json_set_str(c, &o, "actor", a->actor);
	json_set_str(c, &o, "subject", a->subject);
	json_set(&o, "body", json_copy(c, a->body));
	if (prev != NULL)
		json_set_hex(c, &o, "prev", prev->b, HASH_BYTES);
	if (a->sealed != NULL)
		json_set(&o, "sealed", json_copy(c, a->sealed));
	return json_canonical(c, o, LIMIT_ACT, ret);
}

err envelope_read(
	struct ctx *c, struct str bytes, struct act *ret, int64_t *ret_at_ms, struct hash *ret_prev)
{
	const struct json *j;
	struct parts p = {0};
	int64_t at_ms;
	ENSURE(bytes.n <= LIMIT_ACT, c, ERR_TOO_LARGE, "an act is larger than %u bytes", LIMIT_ACT);
	TRY(json_parse_canonical(c, bytes, &j));
	TRY(json_read(c, j, fields, countof(fields), false, &p));
	ENSURE(p.v == 1, c, ERR_BAD_VALUE, "an act of version %lld is not known", (long long)p.v);
	ENSURE(time_parse(p.at, &at_ms), c, ERR_BAD_VALUE,
		"'at' is not a time with milliseconds in UTC");
	*ret = p.act;
	if (ret_at_ms != NULL)
		*ret_at_ms = at_ms;
	if (ret_prev != NULL)
		*ret_prev = p.prev;
	return OK;
}

void envelope_entry(struct str bytes, const uint8_t salt[SALT_BYTES], char ret[ENTRY_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	struct hash h = hash_of2((struct str){(const char *)salt, SALT_BYTES}, bytes);
	memcpy(ret, "shugu-act/1 ", 12);
	for (size_t i = 0; i < HASH_BYTES; i++) {
		ret[12 + 2 * i] = digits[h.b[i] >> 4];
		ret[13 + 2 * i] = digits[h.b[i] & 15];
	}
}

struct hash envelope_leaf(struct str bytes, const uint8_t salt[SALT_BYTES])
{
	char entry[ENTRY_TEXT];
	envelope_entry(bytes, salt, entry);
	return hash_leaf((struct str){entry, ENTRY_TEXT});
}
