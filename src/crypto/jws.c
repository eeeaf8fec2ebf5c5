#include "crypto/jws.h"

#include "base/limits.h"
#include "codec/base64.h"

err jws_digest(struct ctx *c, const struct json *x, struct hash *ret)
{
	struct str bytes;
	TRY(json_canonical(c, x, LIMIT_DOCUMENT, &bytes));
	*ret = hash_of(bytes);
	return OK;
}

err jws_header(struct ctx *c, struct str kid, struct str typ, struct str *ret)
{
	struct buf b;
	struct str header;
	buf_init(&b, c->arena, LIMIT_ACT);
	buf_z(&b, "{\"alg\":\"EdDSA\",\"kid\":");
	json_quote(&b, kid);
	buf_z(&b, ",\"typ\":");
	json_quote(&b, typ);
	buf_char(&b, '}');
	TRY(buf_done(c, &b, &header));
	return base64url_encode(c, header, ret);
}

static err document_header(struct ctx *c, struct str kind, struct str kid, struct str *ret)
{
	struct str typ;
	TRY(arena_fmt(c, &typ, "shugu-%.*s+jws", FMT(kind)));
	return jws_header(c, kid, typ, ret);
}

static err join(struct ctx *c, struct str head, struct str payload, struct str *ret)
{
	struct buf b;
	buf_init(&b, c->arena, head.n + payload.n / 3 * 4 + 8);
	buf_add(&b, head);
	buf_char(&b, '.');
	base64url_add(&b, payload.p, payload.n);
	return buf_done(c, &b, ret);
}

err jws_input(struct ctx *c, struct str kind, struct str kid, struct str payload, struct str *ret)
{
	struct str head;
	TRY(document_header(c, kind, kid, &head));
	return join(c, head, payload, ret);
}

err jws_verify(struct ctx *c, struct str kind, struct str kid, const uint8_t key[KEY_BYTES],
	struct str payload, struct str sig)
{
	struct str head, input, given, rest;
	uint8_t bytes[SIGNATURE_BYTES];
	TRY(document_header(c, kind, kid, &head));
	TRY(join(c, head, payload, &input));
	ENSURE(str_cut(sig, '.', &given, &rest) && rest.n > 0 && rest.p[0] == '.', c,
		ERR_BAD_SIGNATURE, "a signature is not of the form header..signature");
	ENSURE(str_eq(given, head), c, ERR_BAD_SIGNATURE,
		"the signature's header is not the one for '%.*s' by %.*s", FMT(kind), FMT(kid));
	ENSURE(base64url_fixed(str_sub(rest, 1, rest.n), bytes, sizeof bytes), c, ERR_BAD_SIGNATURE,
		"a signature is not 64 bytes in strict base64url");
	ENSURE(verify_ed25519(key, input, bytes), c, ERR_BAD_SIGNATURE,
		"the signature on '%.*s' by %.*s does not verify", FMT(kind), FMT(kid));
	return OK;
}
