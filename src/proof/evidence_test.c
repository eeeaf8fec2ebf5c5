#include "proof/evidence.h"

#include "proof/fixture_test.h"
#include "tests/tap.h"

/* Computed apart from this code, by hashlib: salt of 32 zero bytes, act {}. */
#define LEAF "e0e5702ba834155ab700b73098b65534a405dccf2930b153ab258b7f8ba1b517"

static void leaf(void)
{
	struct hash salt = {{0}}, want = {{0}};
	struct hash have = evidence_leaf(STR("{}"), &salt);
	ok(hash_parse(STR(LEAF), &want) && hash_eq(&have, &want), "the leaf hash of {}");
	salt.b[31] = 1;
	have = evidence_leaf(STR("{}"), &salt);
	ok(!hash_eq(&have, &want), "depends on the salt");
}

static void reading(struct ctx *c, const struct json *issue)
{
	struct evidence e = {0};
	is_int(evidence_read(c, issue, &e), OK, "E is read");
	ok(str_is(e.type, "invoice.issue") && e.index == 3, "its act and place");
	static const char *const members[] = {"act", "salt", "index", "path", "head"};
	for (size_t i = 0; i < countof(members); i++)
		is_int(evidence_read(c, json_copy_without(c, issue, members[i]), &e),
			ERR_MISSING_MEMBER, "without %s", members[i]);
	struct json *more = json_copy(c, issue);
	json_set_num(c, &more, "more", 1);
	is_int(evidence_read(c, more, &e), ERR_UNKNOWN_MEMBER, "with more");
	struct json *path = json_array(c);
	for (size_t i = 0; i < LIMIT_PROOF_HASHES; i++)
		json_push(&path, json_str(c, fixture_hex(c, "x")));
	struct json *longer = json_copy(c, issue);
	json_set(&longer, "path", json_copy(c, path));
	is_int(evidence_read(c, longer, &e), OK, "the longest path is read");
	json_push(&path, json_str(c, fixture_hex(c, "x")));
	json_set(&longer, "path", path);
	is_int(evidence_read(c, longer, &e), ERR_BAD_VALUE, "one more is refused");
	char *text = arena_alloc(c->arena, LIMIT_ACT);
	memset(text, 'x', LIMIT_ACT);
	struct json *big = fixture_set(
		c, issue, STR("act/body/text"), json_str(c, (struct str){text, LIMIT_ACT}));
	is_int(evidence_read(c, big, &e), ERR_TOO_LARGE, "an act too large");
}

static void verifying(struct ctx *c, const struct json *issue, struct str vkey, struct str other)
{
	struct evidence e = {0};
	is_int(evidence_read(c, issue, &e), OK, "E");
	is_int(evidence_verify(c, &e, vkey, STR("s.example/log")), OK, "holds under its log's key");
	is_int((intmax_t)e.verified.size, 6, "in a tree of six");
	ok(evidence_verify(c, &e, other, STR("b.example/log")) != OK, "under another not");
	ok(evidence_verify(c, &e, vkey, STR("b.example/log")) != OK, "nor as another log");
	for (uint64_t i = 0; i < 8; i++) {
		struct evidence moved = e;
		moved.index = i;
		is_int(evidence_verify(c, &moved, vkey, STR("s.example/log")),
			i == 3 ? OK : ERR_BAD_PROOF, "at place %d", (int)i);
	}
	e.leaf.b[0] ^= 1;
	is_int(evidence_verify(c, &e, vkey, STR("s.example/log")), ERR_BAD_PROOF, "another act");
}

static void holding(struct ctx *c, const struct json *core)
{
	struct evidence e = {0};
	struct hash d = {{0}}, none = {{0}};
	struct str sig = json_text(json_get(json_get(core, "sigs"), "I.provider"));
	is_int(jws_digest(c, json_get(core, "I"), &d), OK, "D(I)");
	is_int(evidence_read(c, json_get(core, "issue"), &e), OK, "E");
	is_int(evidence_holds(c, &e, "invoice.issue", &d, "provider", sig), OK, "holds I");
	is_int(evidence_holds(c, &e, "invoice.accept", &d, "provider", sig), ERR_BAD_DIGEST,
		"is no acceptance");
	is_int(evidence_holds(c, &e, "invoice.issue", &none, "provider", sig), ERR_BAD_DIGEST,
		"no other document");
	is_int(evidence_holds(c, &e, "invoice.issue", &d, "consumer", sig), ERR_BAD_DIGEST,
		"no signature of the consumer");
	is_int(evidence_holds(c, &e, "invoice.issue", &d, "provider", STR("x")), ERR_BAD_DIGEST,
		"no other signature");
}

int main(void)
{
	struct ctx c = {.arena = arena_new(LIMIT_REQUEST_ARENA)};
	struct fixture f = {.c = &c};
	struct str text = fixture_file(&f);
	const struct json *j = NULL;
	ok(json_parse(&c, text, &j) == OK, "a file");
	const struct json *core = json_get(j, "core"), *g = json_get(core, "G");
	leaf();
	reading(&c, json_get(core, "issue"));
	verifying(&c, json_get(core, "issue"), json_text(json_get(json_get(g, "provider"), "log")),
		json_text(json_get(json_get(g, "consumer"), "log")));
	holding(&c, core);
	arena_free(c.arena);
	return done_testing();
}
