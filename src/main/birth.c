#include "main/birth.h"

static err decide_init(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	(void)db;
	(void)at_ms;
	ENSURE(json_text(json_get(a->body, "did")).n > 0, c, ERR_MISSING_MEMBER,
		"node.init lacks did");
	return OK;
}

static const struct act_type types[] = {{"node.init", decide_init, NULL}};

const struct module birth_module = {.name = "birth", .types = types, .types_n = countof(types)};

err birth_log(struct ctx *c, struct acts *n)
{
	const struct self *self = acts_self(n);
	struct json *body = json_object(c);
	if (commit_size(acts_log(n)) > 0)
		return OK;
	json_set_str(c, &body, "name", self->name);
	json_set_str(c, &body, "uscc", self->uscc);
	json_set_str(c, &body, "did", self->did);
	json_set_str(c, &body, "url", self->url);
	if (self->outbound)
		json_set(&body, "outbound", json_bool(c, true));
	json_set_str(c, &body, "kid", self->kid);
	json_set_hex(c, &body, "key", key_public(self->key), KEY_BYTES);
	json_set_str(c, &body, "vkey", self->vkey);
	const struct act a = {STR("node.init"), self->kid, self->did, body, NULL};
	TRY(acts_do(c, n, &a, NULL));
	return acts_tick_end(c, n);
}

err birth_check(struct ctx *c, struct acts *n)
{
	const struct self *self = acts_self(n);
	struct entry first;
	ENSURE(commit_size(acts_log(n)) > 0, c, ERR_CORRUPT,
		"the log is empty, and would begin a second time under the same key: restore a "
		"backup");
	TRY(acts_entry(c, n, 0, &first));
	const struct json *body = first.body;
	ENSURE(str_eq(json_text(json_get(body, "vkey")), self->vkey), c, ERR_CORRUPT,
		"the log was begun by the key %.*s, and keys/log.key or the address in node.json "
		"is another: put back what belongs to this node",
		FMT(json_text(json_get(body, "vkey"))));
	ENSURE(str_eq(json_text(json_get(body, "did")), self->did), c, ERR_CORRUPT,
		"the log is that of %.*s, and node.json says %.*s: put back what belongs to this "
		"node",
		FMT(json_text(json_get(body, "did"))), FMT(self->did));
	return OK;
}
