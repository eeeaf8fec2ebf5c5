/* Who asks. Over TCP: `Authorization: Bearer` with the operator's token, a session, a party's self-issued JWT, or the
 * static bearer of a plain connector; over the control socket the caller is the operator. Without that field the cookie of a
 * person who is signed in (api/session).
 *
 * A JWT is signed by the party key, header kid, claims {iss: did, sub: did, aud: our did, iat, exp, jti}; it lives at most
 * LIMIT_SKEW_MS, is taken once (jti, written down in n_token, so that a new start does not forget it), and opens a session:
 * an opaque bearer of LIMIT_SESSION_MS, bound to the party and its key, kept in memory, and void as soon as key_of answers
 * another key or no longer "approved".
 * Tokens are compared by digest and never logged. One thread. */
#pragma once

#include "api/route.h"

/* What a party is to this node; wired to party/. */
struct auth_source {
	/* Key of a known party. ERR_NOT_FOUND. */
	err (*key_of)(struct ctx *c, struct store *db, struct str did, struct str *ret_kid,
		uint8_t ret_key[KEY_BYTES], bool *ret_approved);
	/* The approved plain connector with a bearer of that digest. ERR_NOT_FOUND. */
	err (*bearer_of)(
		struct ctx *c, struct store *db, const struct hash *digest, struct str *ret_did);
};

struct auth;
struct passes;

struct who {
	struct str caller; /* "operator", a DID, the actor of a person, or empty */
	bool is_operator;
	unsigned role;             /* of a person who is signed in; 0: no person */
	const struct json *sealed; /* what his acts seal */
	bool is_known; /* a party whose signature or bearer was checked; without it caller is only claimed */
	bool is_peer; /* known and approved */
	bool is_fresh; /* by a token that was written down as taken: the answer hangs on the COMMIT */
	struct str session; /* to be announced, or empty */
};

/* operator_token: what DIR/keys/operator.token holds. Bound to c's arena. Reads what was written down of
 * tokens: the store is migrated. */
must_use err auth_new(struct ctx *c, struct acts *n, struct str operator_token,
	const struct auth_source *source, struct auth **ret);
/* Without an Authorization field and a cookie: nobody, OK. ERR_UNAUTHENTICATED for a bearer or cookie that is not good,
 * ERR_FORBIDDEN for what session_guard refuses. */
must_use err auth_who(struct ctx *c, struct auth *a, struct exchange *x, struct who *ret);
/* The same, and over the control socket in the name of a party where the header Shugu-As names one: for a message that
 * stands in a parcel of it that was checked (a NULL: this process is that of the command, and checked it itself). Else
 * ERR_FORBIDDEN. */
must_use err auth_who_asks(
	struct ctx *c, struct auth *a, struct acts *n, struct exchange *x, struct who *ret);
/* What came in parcels that were checked. */
struct passes *auth_passes(struct auth *a);
/* The caller may use this route, by its scope and roles: ERR_UNAUTHENTICATED, ERR_FORBIDDEN. */
must_use err auth_allow(struct ctx *c, const struct route *route, const struct who *who);
/* A fresh self-issued token of this node for that party. */
must_use err auth_token(struct ctx *c, struct acts *n, struct str audience, struct str *ret);
