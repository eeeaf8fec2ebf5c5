#include "party/card.h"

#include <string.h>

#include "base/limits.h"
#include "chain/note.h"
#include "codec/base64.h"
#include "paper/shape.h"
#include "party/did.h"
#include "party/uscc.h"
#include "proof/documents.h"

static const struct json_field fields[] = {
	{"name", JSON_K_TEXT, false, offsetof(struct card, name), LIMIT_NAME, NULL},
	{"uscc", JSON_K_TEXT, false, offsetof(struct card, uscc), USCC_TEXT, NULL},
	{"did", JSON_K_TEXT, false, offsetof(struct card, did), LIMIT_DID, NULL},
	{"url", JSON_K_TEXT, false, offsetof(struct card, url), LIMIT_URL, NULL},
	{"kid", JSON_K_TEXT, false, offsetof(struct card, kid), LIMIT_DID + 32, NULL},
	{"key", JSON_K_TEXT, false, offsetof(struct card, key_text), 44, NULL},
	{"vkey", JSON_K_TEXT, false, offsetof(struct card, vkey), LIMIT_ORIGIN + 64, NULL},
	{"origin", JSON_K_TEXT, false, offsetof(struct card, origin), LIMIT_ORIGIN, NULL},
	{"outbound", JSON_K_BOOL, true, offsetof(struct card, outbound), 0, NULL},
};

/* "<did>#<fragment>", the fragment of plain characters. */
static bool kid_fits(struct str kid, struct str did)
{
	struct str fragment = str_sub(kid, did.n + 1, kid.n);
	bool fits = str_starts(kid, did) && kid.n > did.n + 1 && kid.p[did.n] == '#';
	for (size_t i = 0; fits && i < fragment.n; i++)
		fits = fragment.p[i] > ' ' && fragment.p[i] <= '~' && fragment.p[i] != '#';
	return fits;
}

/* A name is shown on terminals and documents, and is to be there what it is here. */
static bool name_fits(struct str name)
{
	return name.n > 0 && shape_is_clean(name) && str_find(name, '\n') == name.n;
}

static err check_keys(struct ctx *c, struct card *k)
{
	struct note_key log;
	ENSURE(base64_fixed(k->key_text, k->key, KEY_BYTES) && key_is_sound(k->key), c,
		ERR_BAD_VALUE, "key is not an Ed25519 key");
	ENSURE(kid_fits(k->kid, k->did), c, ERR_BAD_VALUE, "kid is not a name of a key of the DID");
	err e = note_key_parse(c, k->vkey, &log);
	ENSURE(e == OK && key_is_sound(log.key), c, ERR_BAD_VALUE, "vkey is not the key of a log");
	ENSURE(str_eq(log.name, k->origin), c, ERR_BAD_VALUE, "vkey is not of the log's origin");
	memcpy(k->log_key, log.key, KEY_BYTES);
	return OK;
}

static err check_address(struct ctx *c, struct card *k)
{
	struct did_address a;
	struct str origin;
	TRY(did_of_url(c, k->url, &a));
	TRY(arena_fmt(c, &origin, "%.*s/log", FMT(a.host)));
	ENSURE(str_eq(k->did, a.did), c, ERR_BAD_VALUE, "the DID of %.*s is %.*s", FMT(k->url),
		FMT(a.did));
	ENSURE(str_eq(k->origin, origin), c, ERR_BAD_VALUE, "the log at %.*s is %.*s", FMT(k->url),
		FMT(origin));
	k->loopback = a.loopback;
	return OK;
}

err card_read(struct ctx *c, const struct json *j, struct card *ret)
{
	struct card k = {.loopback = false};
	TRY(json_read(c, j, fields, countof(fields), false, &k));
	ENSURE(k.outbound || json_get(j, "outbound") == NULL, c, ERR_BAD_VALUE,
		"outbound is true or absent");
	ENSURE(name_fits(k.name), c, ERR_BAD_VALUE,
		"name is empty or holds a character that cannot be seen");
	enum uscc_verdict verdict = uscc_check(k.uscc);
	ENSURE(verdict == USCC_GOOD, c, ERR_BAD_VALUE, "uscc: %s", uscc_explain(verdict));
	TRY(check_address(c, &k));
	TRY(check_keys(c, &k));
	*ret = k;
	return OK;
}

struct json *card_json(struct ctx *c, const struct card *card)
{
	struct json *o = json_object(c);
	for (size_t i = 0; i < countof(fields) && fields[i].kind == JSON_K_TEXT; i++) {
		const struct str *text = (const void *)((const char *)card + fields[i].offset);
		json_set_str(c, &o, fields[i].name, *text);
	}
	if (card->outbound)
		json_set(&o, "outbound", json_bool(c, true));
	return o;
}

err card_of_self(struct ctx *c, const struct self *self, struct card *ret)
{
	struct card k = {.name = self->name,
		.uscc = self->uscc,
		.did = self->did,
		.url = self->url,
		.kid = self->kid,
		.vkey = self->vkey,
		.origin = self->origin,
		.outbound = self->outbound};
	struct str bytes = {(const char *)key_public(self->key), KEY_BYTES};
	TRY(base64_encode(c, bytes, &k.key_text));
	return card_read(c, card_json(c, &k), ret);
}

err card_same_kind(struct ctx *c, const struct self *self, struct str did)
{
	bool is = party_is_simulated(did);
	ENSURE(is == self->simulated, c, ERR_SIMULATED,
		is ? "%.*s is SIMULATED, for trying and testing: a real node takes nothing of it"
		   : "%.*s is real, and this node is SIMULATED: make another one with shugu init",
		FMT(did));
	return OK;
}

err card_admit(struct ctx *c, const struct self *self, const struct card *card)
{
	struct card own;
	TRY(card_of_self(c, self, &own));
	TRY(card_same_kind(c, self, card->did));
	ENSURE(!str_eq(own.did, card->did), c, ERR_CONFLICT, "this is our own DID");
	ENSURE(memcmp(own.key, card->key, KEY_BYTES) != 0, c, ERR_CONFLICT,
		"this is our own party key");
	ENSURE(memcmp(own.log_key, card->log_key, KEY_BYTES) != 0 &&
			!str_eq(own.origin, card->origin),
		c, ERR_CONFLICT, "this is our own log");
	ENSURE(!card->loopback || self->allow_loopback, c, ERR_FORBIDDEN_ADDRESS,
		"%.*s is on this machine, which init did not allow", FMT(card->url));
	return OK;
}
