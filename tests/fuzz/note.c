/* Fuzzes what strangers send of the chain: notes, verifier keys, checkpoints, proof files, tile paths. Every form is the
 * only one of its meaning, so what is read is written again byte for byte. A text signed here opens as itself and under
 * no other key; what was not signed never opens. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "chain/tiles.h"
#include "chain/tlogproof.h"
#include "crypto/key.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void checkpoint_again(struct ctx *c, struct str input)
{
	struct checkpoint p;
	struct str text;
	if (checkpoint_parse(c, input, &p) != OK)
		return;
	err e = checkpoint_text(c, &p, &text);
	assert(e == OK && str_eq(text, input));
}

static void vkey_again(struct ctx *c, struct str input)
{
	struct note_key k;
	struct str text;
	if (note_key_parse(c, input, &k) != OK)
		return;
	assert(key_is_sound(k.key));
	err e = note_key_text(c, &k, &text);
	assert(e == OK && str_eq(text, input));
}

static void proof_again(struct ctx *c, struct str input, const struct note_key *k)
{
	struct tlogproof p;
	struct checkpoint at;
	struct str text;
	struct hash leaf = hash_empty();
	if (tlogproof_parse(c, input, &p) != OK)
		return;
	err e = tlogproof_text(c, &p, &text);
	assert(e == OK && str_eq(text, input));
	e = tlogproof_verify(c, &p, &leaf, k, &at);
	assert(e != OK);
}

static void path_again(struct str input)
{
	struct tile t;
	char path[TILES_PATH + 1];
	if (!tile_path_parse(input, &t))
		return;
	tile_path(&t, path);
	assert(str_is(input, path));
}

/* Any input as the text of a note: not written, or it opens as itself. */
static void signed_and_opened(struct ctx *c, struct str input, const struct key *secret,
	const struct note_key *k, const struct note_key *other)
{
	uint8_t sig[SIGNATURE_BYTES];
	struct str note, text = {0};
	key_sign(secret, input, sig);
	if (note_write(c, input, k, sig, &note) != OK)
		return;
	err e = note_open(c, note, other, &text);
	assert(e != OK && text.p == NULL);
	e = note_open(c, note, k, &text);
	assert(e == OK && str_eq(text, input));
	char *bent = arena_z(c->arena, note);
	assert(bent != NULL);
	bent[0] ^= 1;
	e = note_open(c, (struct str){bent, note.n}, k, &text);
	assert(e != OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	if (n > LIMIT_TLOG_PROOF + 1)
		return 0;
	cleanup(arena_freep) struct arena *a = arena_new(16u << 20);
	struct ctx c = {.arena = a};
	static const uint8_t seed[SEED_BYTES] = {1}, foreign[SEED_BYTES] = {2};
	struct key *secret = NULL, *stranger = NULL;
	struct note_key k, other;
	struct str input = {(const char *)bytes, n}, text = {0};
	err e = key_from_seed(&c, seed, &secret);
	assert(e == OK);
	e = key_from_seed(&c, foreign, &stranger);
	assert(e == OK);
	e = note_key_make(&c, STR("fuzz.example/log"), key_public(secret), &k);
	assert(e == OK);
	e = note_key_make(&c, k.name, key_public(stranger), &other);
	assert(e == OK);
	checkpoint_again(&c, input);
	vkey_again(&c, input);
	proof_again(&c, input, &k);
	path_again(input);
	e = note_open(&c, input, &other, &text);
	assert(e != OK && text.p == NULL);
	signed_and_opened(&c, input, secret, &k, &other);
	return 0;
}
