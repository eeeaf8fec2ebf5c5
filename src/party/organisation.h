/* Organisations: the other parties that this node knows. State is the fold of the acts of party_module (docs/FORMATS.md,
 * 11): a party joins by one invitation and the word of people on both sides, or is registered by the operator as a plain
 * connector with a static bearer. Only approved ones get anything; what a step means in which status is one table.
 *
 * Slices live in the context given. Errors: ERR_NOT_FOUND. */
#pragma once

#include "act/acts.h"
#include "party/card.h"

enum organisation_status {
	ORGANISATION_NONE,
	ORGANISATION_JOINING, /* we asked them */
	ORGANISATION_ASKED,   /* they asked us: a person decides */
	ORGANISATION_APPROVED,
	ORGANISATION_WITHDRAWN, /* by either side, or never approved */
	ORGANISATION_STATUS_MAX
};

enum organisation_event {
	ORGANISATION_JOIN,
	ORGANISATION_ASK,
	ORGANISATION_APPROVE,
	ORGANISATION_BE_APPROVED,
	ORGANISATION_ACKNOWLEDGE,
	ORGANISATION_WITHDRAW,
	ORGANISATION_BE_WITHDRAWN,
	ORGANISATION_REGISTER,
	ORGANISATION_EVENT_MAX
};

struct organisation {
	struct str did, name;
	struct str uscc, kid, origin, vkey; /* empty for a plain connector */
	uint8_t key[KEY_BYTES];             /* of the party; zero for a plain connector */
	struct str
		url; /* of the node, without a slash at its end; of a plain connector its DSP base */
	struct str
		dsp; /* where its Dataspace Protocol begins, pinned: a callbackAddress must lie there */
	struct str assurance; /* as in G (FORMATS 5.1) */
	enum organisation_status status;
	bool joined;   /* has a party key and a log: must bring its evidence */
	bool outbound; /* nobody can call it: what it is told waits until it collects it */
	struct str
		request; /* urn under which its joining waits or waited; empty for a plain connector */
	struct hash secret; /* digest of the invitation's secret */
	uint64_t index;     /* of party.join, party.ask or party.register */
	uint64_t approved;  /* of party.approve or party.approved, once there is one */
	int64_t since_ms;   /* of the present status */
	struct str reason;  /* of a withdrawal */
	int64_t place;      /* in the order in which they became known, from 0 */
};

/* NONE is a step that is refused. */
enum organisation_status organisation_next(
	enum organisation_status from, enum organisation_event event);
/* "joining", "asked", "approved", "withdrawn". */
const char *organisation_word(enum organisation_status status);

must_use err organisation_find(
	struct ctx *c, struct store *db, struct str did, struct organisation *ret);
/* What a person calls a party: its DID, else the name of one that is not withdrawn (ERR_CONFLICT where two have it). */
must_use err organisation_named(
	struct ctx *c, struct store *db, struct str text, struct organisation *ret);
/* One whose joining has that urn. */
must_use err organisation_by_request(
	struct ctx *c, struct store *db, struct str request, struct organisation *ret);
/* One that is not withdrawn and has that party key. */
must_use err organisation_by_key(
	struct ctx *c, struct store *db, const uint8_t key[KEY_BYTES], struct organisation *ret);
/* In the order in which they became known, behind a place (-1: all). */
must_use err organisation_list(struct ctx *c, struct store *db, int64_t after, size_t max,
	struct organisation *ret, size_t *ret_n);
/* Of them those that wait for a person's word. */
must_use err organisation_asked(struct ctx *c, struct store *db, int64_t after, size_t max,
	struct organisation *ret, size_t *ret_n);
/* DIDs of joined parties that can be called and with which something is under way or agreed, up to max. */
must_use err organisation_callable(
	struct ctx *c, struct store *db, size_t max, struct str *ret, size_t *ret_n);
/* An approved party, or ERR_FORBIDDEN. */
must_use err organisation_approved(
	struct ctx *c, struct store *db, struct str did, struct organisation *ret);

/* An address that a party names lies where it was pinned when it joined: no message goes elsewhere. ERR_FORBIDDEN_ADDRESS. */
must_use err organisation_address(
	struct ctx *c, const struct organisation *party, struct str address);

/* For api/auth: the key of a party that joined, approved or not; the approved plain connector of a bearer. */
must_use err organisation_key_of(struct ctx *c, struct store *db, struct str did,
	struct str *ret_kid, uint8_t ret_key[KEY_BYTES], bool *ret_approved);
must_use err organisation_bearer_of(
	struct ctx *c, struct store *db, const struct hash *digest, struct str *ret_did);

/* What an invitation's secret has come to. */
struct invitation_row {
	struct str id; /* urn, the subject of invitation.make */
	int64_t expires_ms;
	struct str used_by; /* DID, or empty */
};
must_use err organisation_invitation(
	struct ctx *c, struct store *db, const struct hash *secret, struct invitation_row *ret);

extern const struct module party_module;
