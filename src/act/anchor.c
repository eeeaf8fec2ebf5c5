#include "act/anchor.h"

static err decide_anchor(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	struct str digest = json_text(json_get(a->body, "digest")), prefix = STR("sha256:");
	struct hash h;
	(void)db;
	(void)at_ms;
	ENSURE(str_starts(digest, prefix) && hash_parse(str_sub(digest, prefix.n, digest.n), &h), c,
		ERR_BAD_VALUE, "digest must be sha256: and 64 lower-case hex digits");
	ENSURE(a->body->n == 1, c, ERR_UNKNOWN_MEMBER, "evidence holds a digest and nothing else");
	return OK;
}

static const struct act_type types[] = {{"evidence.anchor", decide_anchor, NULL}};

const struct module anchor_module = {.name = "anchor", .types = types, .types_n = countof(types)};
