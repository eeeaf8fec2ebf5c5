/* did:web (W3C CCG): the name that belongs to an address, and what a DID document must say to be taken for the one of a
 * party. Nothing is fetched here: documents are handed over (DESIGN, Identity). Pure. */
#pragma once

#include "codec/json.h"
#include "crypto/verify.h"

/* An address of a node: https://HOST[:PORT][/PATH], or http://localhost:PORT; no slash at its end. */
struct did_address {
	struct str host; /* what stands behind the scheme */
	struct str did;
	bool loopback;
};

/* ERR_BAD_VALUE where it is none. */
must_use err did_of_url(struct ctx *c, struct str url, struct did_address *ret);

/* The document is that of did, holds key under kid for assertions, and names the node at url as its ShuguNode; with an
 * empty url (a node that nobody can call) it names none. Unknown members pass. ERR_BAD_VALUE, naming what is missing. */
must_use err did_document_check(struct ctx *c, const struct json *document, struct str did,
	struct str kid, const uint8_t key[KEY_BYTES], struct str url);
