#include "party/did.h"

#include "tests/tap.h"

#include "base/limits.h"
#include "party/fixture_test.h"

static void test_addresses(struct ctx *c)
{
	static const struct {
		const char *url, *did, *host;
	} good[] = {
		{"https://a.example", "did:web:a.example", "a.example"},
		{"https://a.example:8443", "did:web:a.example%3A8443", "a.example:8443"},
		{"https://a.example/data/node", "did:web:a.example:data:node",
			"a.example/data/node"},
		{"http://localhost:7081", "did:web:localhost%3A7081", "localhost:7081"},
	};
	static const char *const bad[] = {"", "https://", "http://a.example", "ftp://a.example",
		"https://a.example/", "https://a.example//b", "https://a.example?x",
		"https://u@a.example", "https://a.example/%41", "https://a.example/b:c",
		"https://:80", "http://localhost:", "http://localhost:0", "http://localhost:65536",
		"http://localhost:80/x", "http://localhost:08", "https://a.example/../b",
		"https://a b"};
	struct did_address a;
	for (size_t i = 0; i < countof(good); i++)
		ok(did_of_url(c, str_z(good[i].url), &a) == OK && str_is(a.did, good[i].did) &&
				str_is(a.host, good[i].host) &&
				a.loopback == (good[i].url[4] == ':'),
			"%s", good[i].url);
	for (size_t i = 0; i < countof(bad); i++)
		is_int(did_of_url(c, str_z(bad[i]), &a), ERR_BAD_VALUE, "not '%s'", bad[i]);
}

/* A document in which one member is another. */
static err check_without(struct ctx *c, const struct self *s, const char *member)
{
	const struct json *j = house_document(c, s);
	j = json_copy_without(c, j, member);
	return did_document_check(c, j, s->did, s->kid, key_public(s->key), s->url);
}

static void test_document(struct ctx *c)
{
	static const char *const needed[] = {
		"id", "verificationMethod", "assertionMethod", "service"};
	uint8_t seed[SEED_BYTES] = {9}, other[KEY_BYTES] = {1};
	struct key *key = NULL;
	ok(key_from_seed(c, seed, &key) == OK, "a key");
	const struct self s = {.did = STR("did:web:a.example"),
		.kid = STR("did:web:a.example#key-1"),
		.url = STR("https://a.example"),
		.key = key};
	is_int(check_without(c, &s, "nothing"), OK, "a document is taken");
	for (size_t i = 0; i < countof(needed); i++)
		is_int(check_without(c, &s, needed[i]), ERR_BAD_VALUE, "not without %s", needed[i]);
	const struct json *j = house_document(c, &s);
	is_int(did_document_check(c, j, s.did, s.kid, other, s.url), ERR_BAD_VALUE, "another key");
	is_int(did_document_check(
		       c, j, s.did, STR("did:web:a.example#key-2"), key_public(key), s.url),
		ERR_BAD_VALUE, "another name of the key");
	is_int(did_document_check(c, j, s.did, s.kid, key_public(key), STR("https://b.example")),
		ERR_BAD_VALUE, "another address");
	is_int(did_document_check(c, j, s.did, s.kid, key_public(key), STR("")), ERR_BAD_VALUE,
		"a ShuguNode of who cannot be called");
	is_int(did_document_check(c, json_copy_without(c, j, "service"), s.did, s.kid,
		       key_public(key), STR("")),
		OK, "who names none");
	is_int(did_document_check(c, NULL, s.did, s.kid, key_public(key), s.url), ERR_BAD_VALUE,
		"no document");
	key_free(key);
}

int main(void)
{
	struct ctx c = {.arena = arena_new(LIMIT_REQUEST_ARENA)};
	test_addresses(&c);
	test_document(&c);
	arena_free(c.arena);
	return done_testing();
}
