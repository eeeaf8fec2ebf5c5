#include "act/envelope.h"

#include "base/limits.h"
#include "codec/time.h"

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
