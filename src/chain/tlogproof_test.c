#include "chain/tlogproof.h"

#include "crypto/key.h"
#include "tests/tap.h"

#define LEAVES 11u

static struct hash leaf(uint64_t i)
{
	return hash_leaf((struct str){(const char *)&i, sizeof i});
}

static err subtree(void *arg, struct ctx *c, unsigned level, uint64_t index, struct hash *ret)
{
	struct hash left, right;
	*ret = leaf(index);
	if (level == 0)
		return OK;
	TRY(subtree(arg, c, level - 1, 2 * index, &left));
	TRY(subtree(arg, c, level - 1, 2 * index + 1, &right));
	*ret = hash_node(&left, &right);
	return OK;
}

static void head(struct ctx *c, struct str origin, const struct key *secret,
	const struct note_key *k, struct str *ret)
{
	struct checkpoint p = {.origin = origin, .size = LEAVES};
	struct str text = {0};
	uint8_t sig[SIGNATURE_BYTES];
	is_int(tree_root_at(c, LEAVES, subtree, NULL, &p.root), OK, "a root");
	is_int(checkpoint_text(c, &p, &text), OK, "a head");
	key_sign(secret, text, sig);
	is_int(note_write(c, text, k, sig, ret), OK, "signed");
}

static bool same(const struct tlogproof *a, const struct tlogproof *b)
{
	return str_eq(a->extra, b->extra) && a->index == b->index && a->path.n == b->path.n &&
	       memcmp(a->path.path, b->path.path, a->path.n * sizeof(struct hash)) == 0 &&
	       str_eq(a->checkpoint, b->checkpoint);
}

/* Each leaf, written, read and verified; then no other leaf, index or path. */
static void proves(struct ctx *c, struct str note, const struct note_key *k)
{
	int wrong = 0;
	for (uint64_t i = 0; i < LEAVES; i++) {
		struct tlogproof p = {.index = i, .checkpoint = note}, back = {0};
		struct checkpoint at = {0};
		struct str text = {0};
		struct hash mine = leaf(i), other = leaf(i + 1);
		p.extra = i % 2 == 0 ? STR("\x00 aside") : (struct str){0};
		wrong += tree_prove_inclusion(c, i, LEAVES, subtree, NULL, &p.path) != OK ||
			 tlogproof_text(c, &p, &text) != OK ||
			 tlogproof_parse(c, text, &back) != OK || !same(&p, &back);
		wrong += tlogproof_verify(c, &back, &mine, k, &at) != OK || at.size != LEAVES;
		wrong += tlogproof_verify(c, &back, &other, k, &at) != ERR_BAD_PROOF;
		back.index++;
		wrong += tlogproof_verify(c, &back, &mine, k, &at) != ERR_BAD_PROOF;
		back = p;
		back.path.path[0].b[3] ^= 4;
		wrong += tlogproof_verify(c, &back, &mine, k, &at) != ERR_BAD_PROOF;
		back = p;
		back.path.n--;
		wrong += tlogproof_verify(c, &back, &mine, k, &at) != ERR_BAD_PROOF;
	}
	is_int(wrong, 0, "each of %u leaves is proved by its file, and by no changed one", LEAVES);
}

/* No changed or cut file proves; only the extra line, which nothing authenticates, may change. */
static void mutations(struct ctx *c, struct str note, const struct note_key *k)
{
	struct tlogproof p = {.index = 6, .checkpoint = note}, back;
	struct checkpoint at;
	struct str text = {0};
	struct hash mine = leaf(6);
	int good = 0;
	is_int(tree_prove_inclusion(c, 6, LEAVES, subtree, NULL, &p.path), OK, "a path");
	is_int(tlogproof_text(c, &p, &text), OK, "a file");
	for (size_t i = 0; i < text.n; i++) {
		char *bent = arena_z(c->arena, text);
		bent[i] = bent[i] == 'A' ? 'B' : 'A';
		good += tlogproof_parse(c, (struct str){bent, text.n}, &back) == OK &&
			tlogproof_verify(c, &back, &mine, k, &at) == OK;
		good += tlogproof_parse(c, str_sub(text, 0, i), &back) == OK &&
			tlogproof_verify(c, &back, &mine, k, &at) == OK;
	}
	is_int(good, 0, "none of %zu changed and cut files proves", 2 * text.n);
}

static void refuses_other_forms(struct ctx *c)
{
	static const char *const bad[] = {"", "c2sp.org/tlog-proof@v2\nindex 0\n\nx\n",
		"c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v1\n",
		"c2sp.org/tlog-proof@v1\r\nindex 0\n\nx\n",
		"c2sp.org/tlog-proof@v1\n\nindex 0\n\nx\n",
		"c2sp.org/tlog-proof@v1\nindex 00\n\nx\n",
		"c2sp.org/tlog-proof@v1\nindex -1\n\nx\n",
		"c2sp.org/tlog-proof@v1\nindex  1\n\nx\n", "c2sp.org/tlog-proof@v1\nindex 0\n\n",
		"c2sp.org/tlog-proof@v1\nindex 18446744073709551616\n\nx\n",
		"c2sp.org/tlog-proof@v1\nindex 0\nextra AA==\n\nx\n",
		"c2sp.org/tlog-proof@v1\nextra \nindex 0\n\nx\n",
		"c2sp.org/tlog-proof@v1\nextra AB==\nindex 0\n\nx\n",
		"c2sp.org/tlog-proof@v1\nextra AA\nindex 0\n\nx\n",
		"c2sp.org/tlog-proof@v1\nextra AA==\nextra AA==\nindex 0\n\nx\n",
		"c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nx\n"};
	struct tlogproof p = {.index = 77};
	for (size_t i = 0; i < countof(bad); i++)
		is_int(tlogproof_parse(c, str_z(bad[i]), &p), ERR_MALFORMED, "other form %zu", i);
	is_int(p.index, 77, "a refusal writes nothing");
	is_int(tlogproof_parse(c, STR("c2sp.org/tlog-proof@v1\nindex 0\n\nx\n"), &p), OK,
		"an empty path is a form of its own");
	is_int(p.path.n, 0, "of no hashes");
}

static void holds_limits(struct ctx *c)
{
	struct tlogproof p = {.checkpoint = STR("x\n")}, back;
	struct str text = {0}, more = {0};
	p.path.n = countof(p.path.path);
	is_int(tlogproof_text(c, &p, &text), OK, "the longest path is written");
	is_int(tlogproof_parse(c, text, &back), OK, "and read");
	is_int(back.path.n, countof(p.path.path), "whole");
	size_t end = str_find_str(text, STR("\n\n"));
	is_int(arena_fmt(c, &more, "%.*s\n%.*s%s", (int)end, text.p, 44,
		       "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", text.p + end),
		OK, "one hash more");
	is_int(tlogproof_parse(c, more, &back), ERR_MALFORMED, "is refused");
	size_t room = LIMIT_TLOG_PROOF - (text.n - p.checkpoint.n);
	char *large = arena_alloc(c->arena, room + 1);
	memset(large, 'x', room + 1);
	p.checkpoint = (struct str){large, room};
	is_int(tlogproof_text(c, &p, &text), OK, "the largest file is written");
	is_int(text.n, LIMIT_TLOG_PROOF, "at the limit");
	is_int(tlogproof_parse(c, text, &back), OK, "and read");
	p.checkpoint.n++;
	is_int(tlogproof_text(c, &p, &more), ERR_TOO_LARGE, "one byte more is not written");
	char *over = arena_alloc(c->arena, text.n + 1);
	memcpy(over, text.p, text.n);
	is_int(tlogproof_parse(c, (struct str){over, text.n + 1}, &back), ERR_TOO_LARGE,
		"nor read");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(32u << 20);
	struct ctx c = {.arena = a};
	const uint8_t seed[SEED_BYTES] = {5}, foreign[SEED_BYTES] = {6};
	struct key *secret = NULL, *stranger = NULL;
	struct note_key k = {0}, unknown = {0};
	struct str note = {0}, forged = {0};
	is_int(key_from_seed(&c, seed, &secret), OK, "a log's key");
	is_int(key_from_seed(&c, foreign, &stranger), OK, "a stranger's");
	is_int(note_key_make(&c, STR("a.example/log"), key_public(secret), &k), OK, "named");
	is_int(note_key_make(&c, STR("a.example/log"), key_public(stranger), &unknown), OK,
		"under the same name");
	head(&c, k.name, secret, &k, &note);
	head(&c, k.name, stranger, &unknown, &forged);
	proves(&c, note, &k);
	mutations(&c, note, &k);
	struct tlogproof p = {.index = 2, .checkpoint = forged};
	struct checkpoint at;
	struct hash mine = leaf(2);
	is_int(tree_prove_inclusion(&c, 2, LEAVES, subtree, NULL, &p.path), OK, "a good path");
	is_int(tlogproof_verify(&c, &p, &mine, &k, &at), ERR_BAD_SIGNATURE,
		"under a stranger's head proves nothing");
	refuses_other_forms(&c);
	holds_limits(&c);
	key_free(secret);
	key_free(stranger);
	return done_testing();
}
