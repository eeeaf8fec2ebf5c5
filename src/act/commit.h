/* The evidence log of a node: acts go in by ticks, a tick is one transaction, its head is signed after COMMIT.
 *
 * Tables (the log's own, not state): entry(idx, subject, at, salt, act), tile(level, n, hashes) by tlog-tiles,
 * head(size, root, sig, edge) one row a commit; a signature is stored with the next commit and made again, byte for byte,
 * where that did not happen (Ed25519 is deterministic). edge is the tree's right edge, kept where a commit's entries lie
 * in more than one tile, so that a proof of an act never reads more than one tile a level. One writer, one thread. */
#pragma once

#include "act/envelope.h"
#include "base/env.h"
#include "chain/tiles.h"
#include "chain/tree.h"
#include "crypto/key.h"
#include "proof/evidence.h"
#include "store/store.h"

struct commit;

/* Makes the tables and loads the right edge. key and db are borrowed and must outlive it; origin is the log's name.
 * Bound to c's arena. ERR_CORRUPT where the stored edge does not give the stored root. */
must_use err commit_open(struct ctx *c, const struct env *e, struct store *db,
	const struct key *key, struct str origin, struct commit **ret);

/* The same of a store that is only read: no tick may begin. */
must_use err commit_open_readonly(struct ctx *c, const struct env *e, struct store *db,
	const struct key *key, struct str origin, struct commit **ret);

/* Opens a tick. ERR_BAD_STATE where one is open. */
must_use err commit_begin(struct ctx *c, struct commit *m);
/* Appends one act within the tick and gives its index. An act that is refused (ERR_BAD_VALUE, ERR_TOO_LARGE) leaves
 * nothing and the tick goes on; after any other failure the tick must be abandoned. */
must_use err commit_append(
	struct ctx *c, struct commit *m, const struct act *a, uint64_t *ret_index);
/* The time the next act will bear: that at which the open tick began (or the clock), or that of the last entry where it
 * is later. All acts of a tick bear one time. */
int64_t commit_next_ms(const struct commit *m);
/* Within an open tick of a simulated node: the acts that follow bear at least this time. Else nothing. */
void commit_advance(struct commit *m, int64_t ms);
/* Time and leaf hash of the entry appended last by this process. */
void commit_last(const struct commit *m, int64_t *ret_at_ms, struct hash *ret_leaf);
/* Canonical bytes and salt of an entry, also of the open tick. ERR_NOT_FOUND. */
must_use err commit_entry(struct ctx *c, struct commit *m, uint64_t index, struct str *ret_act,
	struct hash *ret_salt);
/* Writes tiles and head, commits, signs. On failure nothing of the tick is acknowledged: before COMMIT the tick
 * is abandoned; where COMMIT itself failed the outcome is unknown and the process must end. */
must_use err commit_end(struct ctx *c, struct commit *m);
/* Gives the tick up: the log stands as after the last commit. */
must_use err commit_abandon(struct ctx *c, struct commit *m);

/* Entries that are durable. */
uint64_t commit_size(const struct commit *m);
/* The signed head of the newest commit; ERR_NOT_FOUND before the first. */
must_use err commit_head(struct ctx *c, struct commit *m, struct str *ret_note);
/* E(act) of docs/FORMATS.md 4, under the head of the commit that holds it. ERR_NOT_FOUND. */
must_use err commit_evidence(struct ctx *c, struct commit *m, uint64_t index, struct json **ret);
/* The same as canonical text. */
must_use err commit_evidence_text(struct ctx *c, struct commit *m, uint64_t index, struct str *ret);
/* The consistency path between two sizes, old <= size, as an array of hex. Empty where old is 0 or the same. ERR_NOT_FOUND
 * where size is larger than the log. */
must_use err commit_path(
	struct ctx *c, struct commit *m, uint64_t old, uint64_t size, struct json **ret_path);
/* The hashes of a tile, and the entries of a bundle each behind its length in two bytes (tlog-tiles), of the log as it is
 * durable now. ERR_NOT_FOUND where it is not as large. */
must_use err commit_tile(struct ctx *c, struct commit *m, const struct tile *t, struct str *ret);
must_use err commit_bundle(struct ctx *c, struct commit *m, const struct tile *t, struct str *ret);
