/* Tokens between nodes, which a verifier never meets. */
#include "crypto/jws.h"

#include "codec/base64.h"

/* Splits header.claims.signature. */
static err split(struct ctx *c, struct str token, struct str ret[3])
{
	struct str rest;
	ENSURE(str_cut(token, '.', &ret[0], &rest) && str_cut(rest, '.', &ret[1], &ret[2]) &&
			str_find(ret[2], '.') == ret[2].n,
		c, ERR_MALFORMED, "a token has three parts");
	return OK;
}

err jwt_peek(struct ctx *c, struct str token, struct str *ret_kid, const struct json **ret_claims)
{
	struct str part[3], text;
	const struct json *header, *claims;
	TRY(split(c, token, part));
	TRY(base64url_decode(c, part[0], &text));
	TRY(json_parse(c, text, &header));
	TRY(base64url_decode(c, part[1], &text));
	TRY(json_parse(c, text, &claims));
	struct str kid = json_text(json_get(header, "kid"));
	ENSURE(kid.n > 0 && claims->type == JSON_OBJECT, c, ERR_MALFORMED,
		"a token needs a kid and claims");
	*ret_kid = kid;
	*ret_claims = claims;
	return OK;
}

err jwt_verify(struct ctx *c, struct str token, struct str kid, const uint8_t key[KEY_BYTES])
{
	struct str part[3], head;
	uint8_t bytes[SIGNATURE_BYTES];
	TRY(split(c, token, part));
	TRY(jws_header(c, kid, STR("JWT"), &head));
	ENSURE(str_eq(head, part[0]), c, ERR_BAD_SIGNATURE,
		"the token's header is not the one for %.*s", FMT(kid));
	ENSURE(base64url_fixed(part[2], bytes, sizeof bytes), c, ERR_BAD_SIGNATURE,
		"the token's signature is not 64 bytes in strict base64url");
	struct str input = str_sub(token, 0, part[0].n + 1 + part[1].n);
	ENSURE(verify_ed25519(key, input, bytes), c, ERR_BAD_SIGNATURE,
		"the token's signature does not verify");
	return OK;
}
