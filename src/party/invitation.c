#include "party/invitation.h"

#include "base/limits.h"
#include "codec/base64.h"

static const struct str prefix = {"shugu-invite:", 13};

static struct str secret_bytes(const struct invitation *in)
{
	return (struct str){(const char *)in->secret, INVITATION_SECRET};
}

err invitation_write(struct ctx *c, const struct invitation *in, struct str *ret)
{
	struct json *o = card_json(c, &in->card);
	struct str bytes, secret, text;
	TRY(base64url_encode(c, secret_bytes(in), &secret));
	json_set_num(c, &o, "v", 1);
	json_set_str(c, &o, "secret", secret);
	TRY(json_canonical(c, o, INVITATION_TEXT, &bytes));
	TRY(base64url_encode(c, bytes, &text));
	return arena_fmt(c, ret, "%.*s%.*s", FMT(prefix), FMT(text));
}

static struct str without_space(struct str s)
{
	while (s.n > 0 && (unsigned char)s.p[0] <= ' ')
		s = str_sub(s, 1, s.n);
	while (s.n > 0 && (unsigned char)s.p[s.n - 1] <= ' ')
		s.n--;
	return s;
}

err invitation_read(struct ctx *c, struct str text, struct invitation *ret)
{
	struct invitation in;
	struct str bytes;
	const struct json *j;
	int64_t v = 0;
	text = without_space(text);
	ENSURE(str_starts(text, prefix) && text.n <= 2 * INVITATION_TEXT, c, ERR_MALFORMED,
		"an invitation begins with %.*s", FMT(prefix));
	err e = base64url_decode(c, str_sub(text, prefix.n, text.n), &bytes);
	if (e == OK)
		e = json_parse_canonical(c, bytes, &j);
	ENSURE(e == OK, c, ERR_MALFORMED, "this invitation was not copied whole");
	ENSURE(json_int(json_get(j, "v"), &v) && v == 1, c, ERR_BAD_VALUE,
		"this invitation is of another version");
	ENSURE(base64url_fixed(json_text(json_get(j, "secret")), in.secret, INVITATION_SECRET), c,
		ERR_BAD_VALUE, "this invitation has no secret");
	in.digest = hash_of(secret_bytes(&in));
	j = json_copy_without(c, json_copy_without(c, j, "secret"), "v");
	TRY(card_read(c, j, &in.card));
	*ret = in;
	return OK;
}

err invitation_digest(struct ctx *c, struct str secret, struct hash *ret)
{
	uint8_t bytes[INVITATION_SECRET];
	ENSURE(base64url_fixed(secret, bytes, sizeof bytes), c, ERR_BAD_VALUE,
		"secret must be %u bytes in base64url", INVITATION_SECRET);
	*ret = hash_of((struct str){(const char *)bytes, sizeof bytes});
	return OK;
}
