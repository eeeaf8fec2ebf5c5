#include "chain/checkpoint.h"

#include "crypto/key.h"
#include "tests/tap.h"

static const char root_b64[] = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="; /* H("") */

static void reads_one_form(struct ctx *c)
{
	struct checkpoint p = {0};
	struct str text = {0}, back = {0};
	is_int(arena_fmt(c, &text, "a.example/log\n0\n%s\n", root_b64), OK, "an empty log");
	is_int(checkpoint_parse(c, text, &p), OK, "is read");
	is_int(p.size, 0, "with its size");
	is_int(checkpoint_text(c, &p, &back), OK, "and written");
	ok(str_eq(text, back), "as it was");
	static const char *const bad[] = {"%s", "a\n0\n%s", "a\n00\n%s\n", "a\n-1\n%s\n",
		"a\n0\n%s\nmore\n", "\n0\n%s\n", "a\n0\n%s=\n", "a\n18446744073709551616\n%s\n",
		"a\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n%.0s"};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	for (size_t i = 0; i < countof(bad); i++) {
		is_int(arena_fmt(c, &text, bad[i], root_b64), OK, "bad %zu", i);
		is_int(checkpoint_parse(c, text, &p), ERR_MALFORMED, "is refused");
	}
#pragma GCC diagnostic pop
}

static void limits_the_origin(struct ctx *c)
{
	struct checkpoint p = {0};
	struct str text = {0};
	char origin[LIMIT_ORIGIN + 2];
	memset(origin, 'o', sizeof origin);
	is_int(arena_fmt(c, &text, "%.*s\n0\n%s\n", (int)LIMIT_ORIGIN, origin, root_b64), OK,
		"the longest origin");
	is_int(checkpoint_parse(c, text, &p), OK, "is read");
	is_int(checkpoint_text(c, &p, &text), OK, "and written");
	is_int(arena_fmt(c, &text, "%.*s\n0\n%s\n", (int)LIMIT_ORIGIN + 1, origin, root_b64), OK,
		"one byte more");
	is_int(checkpoint_parse(c, text, &p), ERR_MALFORMED, "is refused");
}

static void opens_a_head(struct ctx *c)
{
	const uint8_t seed[SEED_BYTES] = {9};
	struct key *secret = NULL;
	struct note_key k, other;
	struct checkpoint p = {.origin = STR("a.example/log"), .size = 5}, back = {0};
	struct str text = {0}, note = {0};
	uint8_t sig[SIGNATURE_BYTES];
	is_int(key_from_seed(c, seed, &secret), OK, "a key");
	is_int(note_key_make(c, p.origin, key_public(secret), &k), OK, "of the log");
	is_int(checkpoint_text(c, &p, &text), OK, "a head");
	key_sign(secret, text, sig);
	is_int(note_write(c, text, &k, sig, &note), OK, "is signed");
	is_int(checkpoint_open(c, note, &k, &back), OK, "and opened");
	is_int(back.size, 5, "with its size");
	is_int(note_key_make(c, STR("b.example/log"), key_public(secret), &other), OK,
		"the key under another name");
	is_int(checkpoint_open(c, note, &other, &back), ERR_BAD_SIGNATURE, "does not open it");
	is_int(note_write(c, text, &other, sig, &note), OK, "nor does a note by that name");
	is_int(checkpoint_open(c, note, &other, &back), ERR_BAD_SIGNATURE,
		"whose origin is another's");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	reads_one_form(&c);
	limits_the_origin(&c);
	opens_a_head(&c);
	return done_testing();
}
