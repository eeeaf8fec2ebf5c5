#include "party/did.h"

#include "base/limits.h"
#include "codec/base64.h"

static bool is_plain(char ch)
{
	static const struct str others = {".-_:/", 5};
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
	       str_find(others, ch) < others.n;
}

/* Host and path as a DID and an origin can bear them: no query, user, escape or control character, no empty segment. */
static bool plain(struct str host)
{
	for (size_t i = 0; i < host.n; i++) {
		if (!is_plain(host.p[i]))
			return false;
	}
	return host.n > 0 && host.p[0] != ':' && host.p[0] != '/' && !str_ends(host, STR("/")) &&
	       str_find_str(host, STR("//")) == host.n && str_find_str(host, STR("..")) == host.n;
}

/* The port's colon is escaped, slashes become colons (did:web, 2.3); a path holds no colon. */
static err write_did(struct ctx *c, struct str host, struct str *ret)
{
	struct buf b;
	size_t path = str_find(host, '/');
	buf_init(&b, c->arena, LIMIT_DID);
	buf_z(&b, "did:web:");
	for (size_t i = 0; i < host.n; i++) {
		ENSURE(host.p[i] != ':' || i < path, c, ERR_BAD_VALUE, "a path holds no colon");
		if (host.p[i] == ':')
			buf_z(&b, "%3A");
		else
			buf_char(&b, host.p[i] == '/' ? ':' : host.p[i]);
	}
	return buf_done(c, &b, ret);
}

err did_of_url(struct ctx *c, struct str url, struct did_address *ret)
{
	struct str https = STR("https://"), http = STR("http://localhost:");
	struct did_address a = {.loopback = str_starts(url, http)};
	uint64_t port = 0;
	ENSURE(url.n <= LIMIT_URL && (a.loopback || str_starts(url, https)), c, ERR_BAD_VALUE,
		"an address begins with https://, or http://localhost: and a port");
	a.host = str_sub(url, a.loopback ? STR("http://").n : https.n, url.n);
	struct str tail = str_sub(url, http.n, url.n), mark = STR("/simulated");
	if (str_ends(tail, mark))
		tail.n -= mark.n;
	ENSURE(!a.loopback || (str_u64(tail, &port) && port > 0 && port < 65536), c, ERR_BAD_VALUE,
		"http://localhost: is followed by a port and nothing else");
	ENSURE(plain(a.host) && a.host.n + 4 <= LIMIT_ORIGIN, c, ERR_BAD_VALUE,
		"an address names a host, and a path at most");
	TRY(write_did(c, a.host, &a.did));
	*ret = a;
	return OK;
}

static bool holds_text(const struct json *list, struct str text)
{
	for (const struct json *i = list != NULL ? list->first : NULL; i != NULL; i = i->next) {
		if (i->type == JSON_STRING && str_eq(i->text, text))
			return true;
	}
	return false;
}

/* The method of that id has this key, as JsonWebKey2020 writes it (RFC 8037). */
static bool holds_key(const struct json *list, struct str kid, const uint8_t key[KEY_BYTES])
{
	for (const struct json *i = list != NULL ? list->first : NULL; i != NULL; i = i->next) {
		const struct json *jwk = json_get(i, "publicKeyJwk");
		uint8_t x[KEY_BYTES];
		if (str_eq(json_text(json_get(i, "id")), kid) &&
			str_is(json_text(json_get(jwk, "kty")), "OKP") &&
			str_is(json_text(json_get(jwk, "crv")), "Ed25519") &&
			base64url_fixed(json_text(json_get(jwk, "x")), x, sizeof x) &&
			str_eq((struct str){(const char *)x, KEY_BYTES},
				(struct str){(const char *)key, KEY_BYTES}))
			return true;
	}
	return false;
}

/* With an empty url: any. */
static bool holds_node(struct ctx *c, const struct json *list, struct str url)
{
	struct str want;
	if (arena_fmt(c, &want, "%.*s/peer/v1", FMT(url)) != OK)
		return false;
	for (const struct json *i = list != NULL ? list->first : NULL; i != NULL; i = i->next) {
		if (str_is(json_text(json_get(i, "type")), "ShuguNode") &&
			(url.n == 0 || str_eq(json_text(json_get(i, "serviceEndpoint")), want)))
			return true;
	}
	return false;
}

err did_document_check(struct ctx *c, const struct json *document, struct str did, struct str kid,
	const uint8_t key[KEY_BYTES], struct str url)
{
	ENSURE(did.n > 0 && str_eq(json_text(json_get(document, "id")), did), c, ERR_BAD_VALUE,
		"the DID document is not that of %.*s", FMT(did));
	ENSURE(kid.n > 0 && holds_key(json_get(document, "verificationMethod"), kid, key), c,
		ERR_BAD_VALUE, "the DID document does not hold the key under %.*s", FMT(kid));
	ENSURE(holds_text(json_get(document, "assertionMethod"), kid), c, ERR_BAD_VALUE,
		"the DID document does not let %.*s sign", FMT(kid));
	bool named = holds_node(c, json_get(document, "service"), url);
	ENSURE(url.n > 0 || !named, c, ERR_BAD_VALUE,
		"the DID document of a node that cannot be called names a ShuguNode");
	ENSURE(url.n == 0 || named, c, ERR_BAD_VALUE, "the DID document names no ShuguNode at %.*s",
		FMT(url));
	return OK;
}
