/* Agreements: rows 1-4 of the protocol, both roles. One row a negotiation; it becomes an agreement when G exists. State is
 * the fold of the acts of contract_module (docs/FORMATS.md, 12); who may do what in which state is the table in
 * agreement_states.c. Slices live in the context given. */
#pragma once

#include "contract/assent.h"

enum agreement_role { AGREEMENT_PROVIDER, AGREEMENT_CONSUMER };

/* The states of the Dataspace Protocol 2025-1 that we enter; ours alone is that AGREED is by G and VERIFIED by both
 * signatures. */
enum agreement_state {
	AGREEMENT_REQUESTED,
	AGREEMENT_OFFERED,
	AGREEMENT_ACCEPTED,
	AGREEMENT_AGREED,
	AGREEMENT_VERIFIED,
	AGREEMENT_FINALIZED,
	AGREEMENT_TERMINATED
};

/* Where an act that a document names stands. */
struct place {
	struct str origin;
	uint64_t index;
	struct hash leaf;
	bool known;
};

struct agreement_row {
	struct str negotiation; /* our pid, urn:uuid */
	struct str peer_pid;    /* theirs; empty until known */
	struct str peer;        /* DID; of a link its urn */
	struct str agreement;   /* @id of the agreement; empty before G */
	enum agreement_role role;
	enum agreement_state state;
	struct str offer, product; /* urns */
	int64_t revision;
	struct hash root, sha256;
	int64_t size, chunk, net, rate;
	const struct json *terms;
	struct str purpose; /* of the scenario */
	struct hash
		document; /* D(G): act/content has G, and the two signatures under the digests below */
	struct hash provider_signature, consumer_signature;
	bool has_document;
	int64_t open_until_ms, agreed_ms, receipt_within;
	struct place offered, conclude,
		concluded;  /* entries "offer", "conclude", "concluded" of I */
	struct str deliver; /* consumer: the delivery to ask for once final, or empty */
	struct str reason;  /* why terminated */
	struct str order;   /* consumer: the order that led here, or empty */
	struct str address; /* where the peer's callbacks (provider) or its provider's paths lie */
	const struct json *object, *price, *scenario; /* as in G; NULL at a plain connector's */
	struct hash policy; /* D of the `agreement` of the ContractAgreementMessage */
	bool joined;        /* the peer has a log: it brings evidence, and G bears its keys */
	/* Towards a plain connector a state of ours is entered when the peer has answered: the one that waits for it. */
	bool waits;
	enum agreement_state waiting;
	int64_t at_ms;
	uint64_t index; /* of the entry that began it */
};

/* The peer is a person who took by a link (row N): the link's urn stands in place of a DID, and nobody can be told. */
bool agreement_by_link(struct str peer);
/* How many agreements a link has made. */
must_use err agreement_linked(struct ctx *c, struct store *db, struct str link, int64_t *ret);
/* By our pid, or by the agreement's id. ERR_NOT_FOUND. */
must_use err agreement_find(
	struct ctx *c, struct store *db, struct str id, struct agreement_row *ret);
/* The newest final agreement with that peer on that product in that role; ERR_NOT_FOUND. */
must_use err agreement_current(struct ctx *c, struct store *db, enum agreement_role role,
	struct str peer, struct str product, struct agreement_row *ret);
/* By the peer's pid, in a role of ours. ERR_NOT_FOUND. */
must_use err agreement_of_peer(struct ctx *c, struct store *db, enum agreement_role role,
	struct str peer, struct str peer_pid, struct agreement_row *ret);
/* by_person: a person decides about each step of this node; else what may be agreed at once is. binding: what concluding
 * an agreement needs beside that. */
struct agreement_rules {
	bool by_person;
	struct binding binding;
	int64_t open_for_s; /* how long an offer of ours stands; 0: as LIMIT_AGREEMENT_OPEN_ has it */
};
must_use err agreement_rules(struct ctx *c, struct store *db, struct agreement_rules *ret);
/* What waits for a signature of ours and was open until before now_ms, at most max of them. */
must_use err agreement_unsigned(struct ctx *c, struct store *db, int64_t now_ms, size_t max,
	struct agreement_row *ret, size_t *ret_n);
/* Newest first, those begun before that entry of the log (INT64_MAX: all). */
must_use err agreement_list(struct ctx *c, struct store *db, uint64_t before, size_t max,
	struct agreement_row *ret, size_t *ret_n);

extern const struct module contract_module;
