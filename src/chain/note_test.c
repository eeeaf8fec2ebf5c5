#include "chain/note.h"

#include "crypto/key.h"
#include "tests/tap.h"

/* Well formed, but its id belongs to another key. */
static const char example_key[] =
	"example.com/foo+530c903d+ATKgnOTA9jQzBcRAIXlApZv0VH2g4Ddz1TnCBEZR8w8I";

static void keys(struct ctx *c, struct note_key *k)
{
	struct str text = {0};
	is_int(note_key_make(c, STR("a.example/log"), k->key, k), OK, "a key with a name");
	is_int(note_key_text(c, k, &text), OK, "is written");
	struct note_key back = {0};
	is_int(note_key_parse(c, text, &back), OK, "and read");
	ok(str_eq(back.name, k->name), "with its name");
	ok(memcmp(back.id, k->id, 4) == 0, "its id");
	ok(memcmp(back.key, k->key, KEY_BYTES) == 0, "and its bytes");
	static const char *const bad_names[] = {"", "a b", "a+b", "a\nb", "\xff",
		"a\xc2\xa0"
		"b",
		"\xe3\x80\x80", "a\xe2\x80\x8a",
		"a\xe2\x80\xa8"
		"b",
		"\xe1\x9a\x80x"};
	for (size_t i = 0; i < countof(bad_names); i++)
		is_int(note_key_make(c, str_z(bad_names[i]), k->key, &back), ERR_BAD_VALUE,
			"bad name %zu", i);
	is_int(note_key_make(c, STR("a\xe2\x80\x94\xe6\x95\xb0"), k->key, &back), OK,
		"a dash and a character that is no space are a name");
	char *bent = arena_z(c->arena, text);
	bent[k->name.n + 1] = bent[k->name.n + 1] == '0' ? '1' : '0';
	is_int(note_key_parse(c, str_z(bent), &back), ERR_MALFORMED, "another id is refused");
	is_int(note_key_parse(c, str_sub(text, 0, text.n - 1), &back), ERR_MALFORMED,
		"a cut key is refused");
	is_int(note_key_parse(c, STR("a+b"), &back), ERR_MALFORMED, "and a short one");
}

static void notes(struct ctx *c, const struct key *secret, const struct note_key *k)
{
	struct str text = STR("one\n\ntwo\n"), note = {0}, back = {0};
	uint8_t sig[SIGNATURE_BYTES];
	key_sign(secret, text, sig);
	is_int(note_write(c, text, k, sig, &note), OK, "a note is written");
	is_int(note_open(c, note, k, &back), OK, "and opened");
	ok(str_eq(back, text), "with its text, split at the last empty line");
	struct str more = {0};
	is_int(arena_fmt(c, &more, "%.*s\xe2\x80\x94 other AAAAAAE=\n", FMT(note)), OK,
		"another's line");
	is_int(note_open(c, more, k, &back), OK, "is passed over");
	static const char *const bad[] = {"", "one", "one\ttwo\n", "one\r\n", "\xff\n"};
	for (size_t i = 0; i < countof(bad); i++)
		is_int(note_write(c, str_z(bad[i]), k, sig, &more), ERR_BAD_VALUE,
			"what could not be opened is not written: %zu", i);
	int good = 0;
	for (size_t i = 0; i < note.n; i++) {
		char *bent = arena_z(c->arena, note);
		bent[i] = bent[i] == 'A' ? 'B' : 'A';
		good += note_open(c, (struct str){bent, note.n}, k, &back) == OK;
		good += note_open(c, str_sub(note, 0, i), k, &back) == OK;
	}
	is_int(good, 0, "no changed byte and no cut opens");
	is_int(arena_fmt(c, &more, "%.*s\xe2\x80\x94 %.*s %s\n", FMT(note), FMT(k->name), "AAAA"),
		OK, "a short one");
	is_int(note_open(c, more, k, &back), ERR_MALFORMED, "is refused");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(16u << 20);
	struct ctx c = {.arena = a};
	const uint8_t seed[SEED_BYTES] = {7};
	struct key *secret = NULL;
	struct note_key k = {0};
	is_int(key_from_seed(&c, seed, &secret), OK, "a key");
	memcpy(k.key, key_public(secret), KEY_BYTES);
	keys(&c, &k);
	notes(&c, secret, &k);
	is_int(note_key_parse(&c, str_z(example_key), &k), ERR_MALFORMED,
		"a key whose id is not its own");
	return done_testing();
}
