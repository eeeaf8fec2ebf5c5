/* How a person signs in: by a link that is good once and for LIMIT_LINK_MS, which opens a session that ends LIMIT_SIGNED_IN_MS
 * after it was opened, or LIMIT_SIGNED_IN_IDLE_MS after it was last used, or with the person's removal or change of role.
 * Link and session are each known by a token: 32 random bytes in b64u. The node keeps their SHA-256 alone (tables n_link,
 * n_session: they are the node's, not state), and compares in constant time.
 *
 * While there is no person at all, a link without person may be made; who uses it becomes the first owner.
 * Errors: ERR_UNAUTHENTICATED for a token that is not good, whatever the reason. */
#pragma once

#include "party/person.h"

#define SESSION_TOKEN_LENGTH 43u /* characters of a token */

struct session {
	struct person person;
	int64_t expires_ms; /* at the latest */
};

/* A link of this person, which makes his others void; id empty: for the first owner, ERR_BAD_STATE where there is a
 * person. ERR_BAD_STATE for one who is removed. */
must_use err session_link(struct ctx *c, struct acts *n, struct str id, struct str *ret_token,
	int64_t *ret_expires_ms);
/* Uses up a link. The person of the session is the link's; the first owner is added under that name ("owner" where it is
 * empty). Of more than LIMIT_SIGNED_IN sessions of one person the oldest ends. */
must_use err session_open(struct ctx *c, struct acts *n, struct str link, struct str name,
	struct str *ret_token, struct session *ret);
/* Who speaks, by the token of his session; notes once a minute that it is in use. */
must_use err session_find(struct ctx *c, struct acts *n, struct str token, struct session *ret);
/* Signs out. A token that is not good is nothing. */
must_use err session_end(struct ctx *c, struct acts *n, struct str token);

extern const struct module session_module;
