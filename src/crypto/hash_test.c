#include "crypto/hash.h"

#include "tests/tap.h"

static bool is_hash(struct hash h, const char *hex)
{
	struct hash want;
	return hash_parse(str_z(hex), &want) && hash_eq(&h, &want);
}

static void streams(struct ctx *c)
{
	struct hash_stream *s = NULL;
	is_int(hash_open(c, &s), OK, "a stream opens");
	hash_update(s, "a", 1);
	hash_update(s, "bc", 2);
	struct hash h = hash_finish(s), want = hash_of(STR("abc"));
	ok(hash_eq(&h, &want), "in parts as in one");
	h = hash_finish(s);
	want = hash_empty();
	ok(hash_eq(&h, &want), "and starts anew");
}

int main(void)
{
	/* FIPS 180-4 examples, and RFC 6962's tree of one empty entry. */
	ok(is_hash(hash_of(STR("abc")),
		   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
		"abc");
	ok(is_hash(hash_of2(STR("a"), STR("bc")),
		   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
		"a and bc");
	ok(is_hash(hash_empty(),
		   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
		"the empty tree");
	ok(is_hash(hash_leaf(STR("")),
		   "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
		"the leaf of an empty entry");
	struct hash zero = {{0}}, node = hash_node(&zero, &zero);
	char bytes[65] = {1};
	struct hash want = hash_of((struct str){bytes, 65});
	ok(hash_eq(&node, &want), "a node is 01, left, right");
	struct hash h;
	ok(!hash_parse(STR("00"), &h), "short hex is refused");
	ok(ct_equal("abc", "abc", 3), "equal bytes");
	ok(!ct_equal("abc", "abd", 3), "other bytes");
	cleanup(arena_freep) struct arena *a = arena_new(1u << 16);
	struct ctx c = {.arena = a};
	streams(&c);
	return done_testing();
}
