#include "crypto/key.h"

#include <errno.h>
#include <sys/stat.h>

#include "codec/base64.h"
#include "crypto/equation.h"

struct key {
	struct secret secret;
	uint8_t public[KEY_BYTES];
};

static void wipe(void *ptr)
{
	secret_wipep(&((struct key *)ptr)->secret);
}

err key_from_seed(struct ctx *c, const uint8_t seed[SEED_BYTES], struct key **ret)
{
	struct key *k;
	NEW(c, k);
	TRY(arena_defer(c, wipe, k));
	sign_expand(seed, &k->secret, k->public);
	*ret = k;
	return OK;
}

err key_create(struct ctx *c, const struct env *e, const char *path)
{
	struct stat st;
	cleanup(secret_wipep) struct secret fresh;
	struct buf b;
	ENSURE(stat(path, &st) != 0 && errno == ENOENT, c, ERR_CONFLICT, "a key is there already");
	env_random(e, fresh.seed, sizeof fresh.seed);
	buf_init(&b, c->arena, 64);
	base64_add(&b, fresh.seed, sizeof fresh.seed);
	buf_char(&b, '\n');
	struct str whole;
	TRY(buf_done(c, &b, &whole));
	return file_write(c, e, path, whole, 0600);
}

err key_open(struct ctx *c, const char *path, struct key **ret)
{
	struct stat st;
	struct str text;
	cleanup(secret_wipep) struct secret found;
	TRY(file_read(c, path, 64, &text));
	ENSURE(stat(path, &st) == 0 && (st.st_mode & 077) == 0, c, ERR_FORBIDDEN,
		"others may read %s: chmod 600 it; if they did, count the key as known to them",
		path);
	ENSURE(str_ends(text, STR("\n")) &&
			base64_fixed(str_sub(text, 0, text.n - 1), found.seed, sizeof found.seed),
		c, ERR_CORRUPT,
		"%s does not hold 32 bytes in base64 and a line end: put it back from a copy of "
		"keys/",
		path);
	return key_from_seed(c, found.seed, ret);
}

void key_free(struct key *k)
{
	if (k != NULL)
		wipe(k);
}

const uint8_t *key_public(const struct key *k)
{
	return k->public;
}

void key_sign(const struct key *k, struct str message, uint8_t ret[SIGNATURE_BYTES])
{
	sign_ed25519(&k->secret, message, ret);
	equation_made(k->public, message, ret);
}

err key_sign_jws(struct ctx *c, const struct key *k, struct str kind, struct str kid,
	struct str payload, struct str *ret)
{
	struct str input, dot, tail;
	uint8_t sig[SIGNATURE_BYTES];
	struct buf b;
	TRY(jws_input(c, kind, kid, payload, &input));
	ENSURE(str_cut(input, '.', &dot, &tail), c, ERR_CRYPTO, "a signing input has no dot");
	key_sign(k, input, sig);
	buf_init(&b, c->arena, dot.n + 128);
	buf_add(&b, dot);
	buf_z(&b, "..");
	base64url_add(&b, sig, sizeof sig);
	return buf_done(c, &b, ret);
}

err key_sign_jwt(struct ctx *c, const struct key *k, struct str kid, const struct json *claims,
	struct str *ret)
{
	struct str text, header;
	uint8_t sig[SIGNATURE_BYTES];
	struct buf b;
	TRY(json_canonical(c, claims, 4096, &text));
	TRY(jws_header(c, kid, STR("JWT"), &header));
	buf_init(&b, c->arena, 16384);
	buf_add(&b, header);
	buf_char(&b, '.');
	base64url_add(&b, text.p, text.n);
	key_sign(k, buf_str(&b), sig);
	buf_char(&b, '.');
	base64url_add(&b, sig, sizeof sig);
	return buf_done(c, &b, ret);
}
