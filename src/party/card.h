/* The card of a party: the facts that two organisations exchange when they meet (docs/FORMATS.md, 11). Reading checks
 * all that the card alone can show: the check character of the code, that the DID and the log's name belong to the
 * address, that the keys are keys. It proves no identity. Texts are borrowed from the tree. Pure. */
#pragma once

#include "act/self.h"
#include "codec/json.h"

struct card {
	struct str name, uscc, did, url, kid, key_text, vkey, origin;
	uint8_t key[KEY_BYTES];
	uint8_t log_key[KEY_BYTES];
	bool outbound; /* nobody can call it: its address is a name alone, and it collects what it is told */
	bool loopback; /* its address is on this machine */
};

/* ERR_UNKNOWN_MEMBER, ERR_MISSING_MEMBER, ERR_BAD_VALUE. */
must_use err card_read(struct ctx *c, const struct json *j, struct card *ret);
struct json *card_json(struct ctx *c, const struct card *card);
must_use err card_of_self(struct ctx *c, const struct self *self, struct card *ret);
/* Real parties meet real ones, simulated ones simulated ones: ERR_SIMULATED. */
must_use err card_same_kind(struct ctx *c, const struct self *self, struct str did);
/* The card is of another than ourselves and may be called by us: ERR_CONFLICT for our own DID, keys or log, ERR_FORBIDDEN_ADDRESS
 * for loopback that init did not allow. */
must_use err card_admit(struct ctx *c, const struct self *self, const struct card *card);
