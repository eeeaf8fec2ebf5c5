/* The DID document of a node (did:web, /.well-known/did.json), built from its keys and its address.
 *
 * Each Ed25519 key is a JsonWebKey2020 under a fragment of its own and stands for authentication and assertion.
 * Services: the catalogue and the version document of the Dataspace Protocol (CatalogService, DataService), and
 * ShuguNode, where the rows between nodes begin. Pure: the caller has the keys; a party reads such documents itself.
 * NULL where memory ran out (see codec/json.h); texts are borrowed. */
#pragma once

#include "codec/json.h"
#include "crypto/verify.h"

struct did_key {
	const char *fragment; /* without '#' */
	uint8_t key[KEY_BYTES];
};

struct did_input {
	struct str did;
	struct str
		url; /* of the node, without a slash at its end; empty: nobody can call it, and it has no services */
	const struct did_key *keys;
	size_t keys_n;
};

struct json *did_document_json(struct ctx *c, const struct did_input *in);
