/* Fuzzes DID documents as partners hand them over: the document as it came, for the party that it names itself, and a document of ours
 * with one member replaced by what came. It is taken only where every part of it says so; a refusal has a reason. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "api/did_message.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "party/did.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void checked(struct ctx *c, const struct json *j, struct str did, struct str kid,
	const uint8_t key[KEY_BYTES], struct str url)
{
	struct str longer;
	err e = did_document_check(c, j, did, kid, key, url);
	if (e != OK) {
		assert(e == ERR_BAD_VALUE && c->trouble.detail[0] != '\0');
		return;
	}
	assert(did.p != NULL && str_eq(json_text(json_get(j, "id")), did));
	assert(url.n == 0 || did_document_check(c, j, did, kid, key, (struct str){NULL, 0}) != OK);
	if (arena_fmt(c, &longer, "%.*sx", FMT(did)) == OK)
		assert(did_document_check(c, j, longer, kid, key, url) != OK);
}

/* The party, key and address that the document names first: with them it may be good. */
static void own_words(struct ctx *c, const struct json *j)
{
	const struct json *methods = json_get(j, "verificationMethod");
	const struct json *services = json_get(j, "service");
	struct str url = {NULL, 0};
	for (const struct json *s = services != NULL ? services->first : NULL; s != NULL;
		s = s->next) {
		struct str end = json_text(json_get(s, "serviceEndpoint"));
		if (str_is(json_text(json_get(s, "type")), "ShuguNode") &&
			str_ends(end, STR("/peer/v1")))
			url = str_sub(end, 0, end.n - STR("/peer/v1").n);
	}
	for (const struct json *m = methods != NULL ? methods->first : NULL; m != NULL;
		m = m->next) {
		uint8_t key[KEY_BYTES];
		if (base64url_fixed(
			    json_text(json_get(json_get(m, "publicKeyJwk"), "x")), key, sizeof key))
			checked(c, j, json_text(json_get(j, "id")), json_text(json_get(m, "id")),
				key, url);
	}
}

static void ours(struct ctx *c, const struct json *j, uint8_t which)
{
	static const char *const members[] = {
		"id", "verificationMethod", "assertionMethod", "service"};
	static const uint8_t key[KEY_BYTES] = {9};
	struct did_key k = {.fragment = "key-1"};
	struct str did = STR("did:web:b.example"), kid = STR("did:web:b.example#key-1");
	struct str url = STR("https://b.example");
	memcpy(k.key, key, sizeof k.key);
	struct json *good = did_document_json(
		c, &(struct did_input){.did = did, .url = url, .keys = &k, .keys_n = 1});
	assert(good != NULL && did_document_check(c, good, did, kid, key, url) == OK);
	json_set(&good, members[which % countof(members)], json_copy(c, j));
	checked(c, good, did, kid, key, url);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const struct json *j = NULL;
	if (n > 65536 || n < 2)
		return 0;
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	if (json_parse(&c, (struct str){(const char *)bytes + 1, n - 1}, &j) != OK)
		return 0;
	own_words(&c, j);
	ours(&c, j, bytes[0]);
	return 0;
}
