/* The one way to change state: a command is decided, appended to the log, applied, and what follows from it is done, in
 * the tick that is open. A tick is one transaction (act/commit.h); it opens with the first thing that needs it.
 *
 * One thread. Slices of results live in the context given. Errors: a refusal has changed nothing, and the tick goes on;
 * after a fault the tick is broken: every further call of it fails, and acts_tick_end() gives it up. */
#pragma once

#include "act/commit.h"
#include "act/registry.h"
#include "act/self.h"

/* Opens the log, applies the migrations of act/ and of all modules. log_key, db, self and wiring are borrowed. Bound to
 * c's arena. ERR_CORRUPT. */
must_use err acts_open(struct ctx *c, const struct env *e, struct store *db,
	const struct self *self, const struct key *log_key, const struct wiring *w,
	struct acts **ret);

/* The same over a store that is only read: nothing is migrated, no tick can begin. */
must_use err acts_open_readonly(struct ctx *c, const struct env *e, struct store *db,
	const struct self *self, const struct key *log_key, const struct wiring *w,
	struct acts **ret);

/* Runs a command: guards, decide, append, apply, reactions (LIMIT_REACTION_DEPTH deep). ret_entry may be NULL.
 * A caller that writes node tables of its own for the command does so in a savepoint (acts_mark). */
must_use err acts_do(struct ctx *c, struct acts *n, const struct act *a, struct entry *ret_entry);

/* Who speaks in the acts that follow: those of this actor that seal nothing themselves bear this `sealed`. An empty actor
 * ends it. Both are borrowed. */
void acts_speaker(struct acts *n, struct str actor, const struct json *sealed);

/* Makes sure that a tick is open: before node tables are written. */
must_use err acts_tick(struct ctx *c, struct acts *n);
/* A savepoint around what one request does: acts_keep ends it; acts_undo takes back what it wrote, which is possible
 * only while no act has been appended since (asserted). They do not nest. */
must_use err acts_mark(struct ctx *c, struct acts *n);
must_use err acts_keep(struct ctx *c, struct acts *n);
void acts_undo(struct acts *n);
/* How many acts have been appended since the mark. */
uint64_t acts_since_mark(const struct acts *n);
/* The open tick holds something. */
bool acts_tick_open(const struct acts *n);
/* COMMIT, then sign. Nothing happens where no tick is open. ERR_COMMIT_UNKNOWN: the process must end with 3 and answer
 * nothing. Any other error: nothing of the tick stands. */
must_use err acts_tick_end(struct ctx *c, struct acts *n);

struct store *acts_db(const struct acts *n);
struct commit *acts_log(const struct acts *n);
const struct self *acts_self(const struct acts *n);
const struct env *acts_env(const struct acts *n);
/* The time an act appended now would bear at least. */
int64_t acts_now_ms(const struct acts *n);

/* A partner, or who runs a simulated node, has said what time it is: its clock is at least that from here on. A real clock
 * heeds nobody. */
void acts_advance(struct acts *n, int64_t ms);
/* Does what falls due by itself (the dues of all modules) by the node's clock. Opens a tick where it does something. */
must_use err acts_due(struct ctx *c, struct acts *n);

/* Reads an entry back. ERR_NOT_FOUND. Also of the open tick. */
must_use err acts_entry(struct ctx *c, struct acts *n, uint64_t index, struct entry *ret);
/* E(act), after its tick has ended: docs/FORMATS.md 4. Byte-identical whenever asked. */
must_use err acts_evidence(struct ctx *c, struct acts *n, uint64_t index, struct json **ret);

/* Folds the log into scratch, an empty store, and compares every state table. ret_difference names the first that
 * differs, or is empty. progress may be NULL. */
must_use err acts_replay(
	struct ctx *c, struct acts *n, struct store *scratch, struct str *ret_difference);
