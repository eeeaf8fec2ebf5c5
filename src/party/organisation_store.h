/* The tables of party/: organisation, one row a DID, and invitation, one row a secret. Both are state. */
#pragma once

#include "party/organisation.h"

extern const struct migration organisation_migrations[];
#define ORGANISATION_MIGRATIONS 3u

enum organisation_by { BY_DID, BY_REQUEST, BY_BEARER, BY_NAME, BY_ORIGIN };

/* The first by that; ret_n tells how many there are (2: more than one). BY_NAME and BY_ORIGIN pass over withdrawn ones.
 * bearer is hex. */
must_use err organisation_store_by(struct ctx *c, struct store *db, enum organisation_by by,
	struct str text, unsigned *ret_n, struct organisation *ret);
/* One that is not withdrawn. */
must_use err organisation_store_by_key(struct ctx *c, struct store *db,
	const uint8_t key[KEY_BYTES], bool *ret_found, struct organisation *ret);
must_use err organisation_store_list(struct ctx *c, struct store *db, int64_t after, size_t max,
	struct organisation *ret, size_t *ret_n);
must_use err organisation_store_asked(struct ctx *c, struct store *db, int64_t after, size_t max,
	struct organisation *ret, size_t *ret_n);
/* DIDs of joined parties that can be called and with which something is under way or agreed. */
must_use err organisation_store_callable(
	struct ctx *c, struct store *db, size_t max, struct str *ret, size_t *ret_n);
must_use err organisation_store_count(struct ctx *c, struct store *db, int64_t *ret);

/* Writes the row anew. bearer: hex, or empty. */
must_use err organisation_store_put(
	struct ctx *c, struct store *db, const struct organisation *o, struct str bearer);
/* A step of status. reason may be empty. */
must_use err organisation_store_step(struct ctx *c, struct store *db, struct str did,
	enum organisation_status status, int64_t at_ms, struct str reason);
must_use err organisation_store_confirm(
	struct ctx *c, struct store *db, struct str did, struct str assurance, uint64_t index);

must_use err organisation_store_invite(
	struct ctx *c, struct store *db, struct str secret, struct str id, int64_t expires_ms);
must_use err organisation_store_use(
	struct ctx *c, struct store *db, struct str secret, struct str did);
must_use err organisation_store_invitation(struct ctx *c, struct store *db, struct str secret,
	bool *ret_found, struct invitation_row *ret);
