#include "api/did_message.h"

#include <assert.h>

#include "codec/base64.h"

static struct json *text_of(struct ctx *c, struct str head, const char *tail)
{
	struct str s;
	return arena_fmt(c, &s, "%.*s%s", FMT(head), tail) == OK ? json_str(c, s) : NULL;
}

static struct json *fragment_of(struct ctx *c, struct str did, const char *fragment)
{
	struct str s;
	return arena_fmt(c, &s, "%.*s#%s", FMT(did), fragment) == OK ? json_str(c, s) : NULL;
}

static struct json *method_json(struct ctx *c, struct str did, const struct did_key *k)
{
	struct json *o = json_object(c), *jwk = json_object(c);
	struct str x;
	bool written = base64url_encode(c, (struct str){(const char *)k->key, KEY_BYTES}, &x) == OK;
	json_set(&jwk, "kty", json_z(c, "OKP"));
	json_set(&jwk, "crv", json_z(c, "Ed25519"));
	json_set(&jwk, "x", written ? json_str(c, x) : NULL);
	json_set(&o, "id", fragment_of(c, did, k->fragment));
	json_set(&o, "type", json_z(c, "JsonWebKey2020"));
	json_set(&o, "controller", json_str(c, did));
	json_set(&o, "publicKeyJwk", jwk);
	return o;
}

static struct json *service_json(
	struct ctx *c, const struct did_input *in, const char *type, const char *path)
{
	struct json *o = json_object(c);
	json_set(&o, "id", fragment_of(c, in->did, type));
	json_set(&o, "type", json_z(c, type));
	json_set(&o, "serviceEndpoint", text_of(c, in->url, path));
	return o;
}

struct json *did_document_json(struct ctx *c, const struct did_input *in)
{
	struct json *o = json_object(c), *context = json_array(c), *methods = json_array(c),
		    *services = json_array(c), *ids = json_array(c), *more_ids = json_array(c);
	assert(in->keys_n > 0 && str_starts(in->did, STR("did:web:")));
	assert(!str_ends(in->url, STR("/")));
	json_push(&context, json_z(c, "https://www.w3.org/ns/did/v1"));
	json_push(&context, json_z(c, "https://w3id.org/security/suites/jws-2020/v1"));
	for (size_t i = 0; i < in->keys_n; i++) {
		json_push(&methods, method_json(c, in->did, &in->keys[i]));
		json_push(&ids, fragment_of(c, in->did, in->keys[i].fragment));
		json_push(&more_ids, fragment_of(c, in->did, in->keys[i].fragment));
	}
	if (in->url.n > 0) {
		json_push(&services, service_json(c, in, "CatalogService", "/dsp/2025-1/catalog"));
		json_push(&services,
			service_json(c, in, "DataService", "/.well-known/dspace-version"));
		json_push(&services, service_json(c, in, "ShuguNode", "/peer/v1"));
	}
	json_set(&o, "@context", context);
	json_set(&o, "id", json_str(c, in->did));
	json_set(&o, "verificationMethod", methods);
	json_set(&o, "authentication", ids);
	json_set(&o, "assertionMethod", more_ids);
	if (in->url.n > 0)
		json_set(&o, "service", services);
	return o;
}
