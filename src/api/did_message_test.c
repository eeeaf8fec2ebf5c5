#include "api/did_message.h"

#include "base/limits.h"
#include "tests/tap.h"

/* The JWK of RFC 8037, appendix A.2, for the public key of A.1. */
static const char rfc8037_key[] =
	"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

static const char want[] =
	"{\"@context\":[\"https://www.w3.org/ns/did/v1\",\"https://w3id.org/security/suites/"
	"jws-2020/v1\"],"
	"\"id\":\"did:web:localhost%3A7080\",\"verificationMethod\":[{\"id\":"
	"\"did:web:localhost%3A7080#key-1\",\"type\":\"JsonWebKey2020\",\"controller\":"
	"\"did:web:localhost%3A7080\",\"publicKeyJwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":"
	"\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}}],"
	"\"authentication\":[\"did:web:localhost%3A7080#key-1\"],"
	"\"assertionMethod\":[\"did:web:localhost%3A7080#key-1\"],\"service\":["
	"{\"id\":\"did:web:localhost%3A7080#CatalogService\",\"type\":\"CatalogService\","
	"\"serviceEndpoint\":\"http://localhost:7080/dsp/2025-1/catalog\"},"
	"{\"id\":\"did:web:localhost%3A7080#DataService\",\"type\":\"DataService\","
	"\"serviceEndpoint\":\"http://localhost:7080/.well-known/dspace-version\"},"
	"{\"id\":\"did:web:localhost%3A7080#ShuguNode\",\"type\":\"ShuguNode\","
	"\"serviceEndpoint\":\"http://localhost:7080/peer/v1\"}]}";

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct did_key keys[2] = {{.fragment = "key-1"}, {.fragment = "key-2"}};
	ok(str_unhex(str_z(rfc8037_key), keys[0].key, KEY_BYTES), "a key");
	struct did_input in = {.did = STR("did:web:localhost%3A7080"),
		.url = STR("http://localhost:7080"),
		.keys = keys,
		.keys_n = 1};
	struct str text;
	is_int(json_write(&c, did_document_json(&c, &in), false, 1u << 16, &text), OK, "written");
	is_str(arena_z(a, text), want, "a document with one key");
	in.keys_n = 2;
	const struct json *two = did_document_json(&c, &in);
	is_int((intmax_t)json_get(two, "verificationMethod")->n, 2, "two keys");
	ok(str_is(json_text(json_get(two, "authentication")->last),
		   "did:web:localhost%3A7080#key-2"),
		"both stand for the party");
	for (long n = 1; n < 200; n++) {
		arena_fail_after(n);
		const struct json *j = did_document_json(&c, &in);
		if (j == NULL)
			continue;
		arena_fail_after(0);
		ok(n > 10 && json_eq(j, two), "%ld allocations failed one by one", n - 1);
		break;
	}
	return done_testing();
}
