/* Cases of the reform sandbox: something the rules do not yet allow is tried within limits, under supervision, with the
 * proof kept. A case (urn:uuid) is the fold of the acts sandbox.* about it (docs/FORMATS.md, 12); which step is possible
 * when is the table of sandbox_states, what an act holds that of sandbox_body.
 *
 * The case lives on the node that delivers, for only that node can enforce its limits: secretariat, experts, observers and
 * complainants are people of that node, or speak through its secretariat, whose acts say for whom.
 *
 * Two people take the steps admit and exit: the first yes (sandbox.assent) bears the step as it is meant, the step itself
 * is another person's and must be the same to the byte. Slices live in the context given. */
#pragma once

#include "act/acts.h"
#include "govern/condition.h"
#include "govern/sandbox_states.h"

#define SANDBOX_LIST 256u  /* votes, complaints, exemptions that are read of one case */
#define SANDBOX_OBJECTS 52 /* objects of one case: a mask of them is a JSON integer */

struct sandbox_row {
	struct str id, product; /* product: urn, empty until it is named */
	struct str title;
	enum sandbox_state state;
	bool stopped; /* terminated, or left as stopped */
	int64_t round, extended, incidents;
	int64_t since_ms;            /* of the state */
	int64_t testing_ms;          /* when the test began; 0 */
	int64_t notice_to, until;    /* days; 0 */
	struct str key;              /* the column that names a subject; empty */
	const struct json *opened;   /* body of sandbox.open */
	const struct json *ledger;   /* govern/condition.h */
	const struct json *proposal; /* body of the assent that waits, {step, proposal}, or NULL */
	int64_t at_ms;
	uint64_t index;
};

struct sandbox_vote {
	struct str member, vote, reason, actor;
	int64_t round;
	bool authority;
	int64_t at_ms;
};

struct sandbox_declaration {
	struct str member, reason;
	bool conflict;
	int64_t at_ms;
};

struct sandbox_complaint {
	int64_t number; /* from 1 */
	struct str by, text, answer;
	int64_t at_ms;
};

/* A rule that is relaxed for a product, by whom it may be. */
struct exemption {
	int64_t number; /* from 1 */
	struct str rule, authority, basis;
	const struct json *scope, *conditions; /* {purposes?, counterparties?}; ids of the ledger */
	int64_t from, to;                      /* days, both included */
	int64_t at_ms;
};

/* An object whose subjects were counted. */
struct sandbox_object {
	int64_t revision, bit, rows, subjects;
	struct hash root;
};

must_use err sandbox_find(struct ctx *c, struct store *db, struct str id, struct sandbox_row *ret);
must_use err sandbox_list(struct ctx *c, struct store *db, uint64_t before, size_t max,
	struct sandbox_row *ret, size_t *ret_n);
/* The day in China on which a time lies. */
int64_t sandbox_day(int64_t ms);

/* Takes a step: the act sandbox.<step>; or the first yes of two to it, sandbox.assent, where ret_first. */
must_use err sandbox_take(struct ctx *c, struct acts *n, struct str actor, struct str id,
	struct str step, const struct json *body, struct entry *ret, bool *ret_first);

extern const struct module sandbox_module;
