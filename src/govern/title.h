/* Certificates of title from outside: of registrars without a node, of offices of intellectual property, of exchanges. One is
 * entered with number, date, issuer and the digest of its scan, and is *claimed* until a named person has recorded how it was
 * checked. State is the fold of title.enter, title.check and title.end (docs/FORMATS.md, 29).
 *
 * Slices live in the context given. */
#pragma once

#include "act/acts.h"

/* Each kind has an issuer, a longest term and a register of pledges of its own; years 0: none is set. */
struct title_kind {
	const char *id, *zh, *en;
	const char *issuer;
	int64_t years;
	const char *pledge_zh, *pledge_en;
};
extern const struct title_kind title_kinds[]; /* ended by a row without id */

enum title_state { TITLE_CLAIMED, TITLE_CHECKED, TITLE_ENDED };

struct title {
	struct str id, number, product;
	enum title_state state;
	int64_t at_ms;
	uint64_t last;
	const struct json *facts; /* as entered, with "checked" and "ended" */
};

/* By id or number. ERR_NOT_FOUND. */
must_use err title_find(struct ctx *c, struct store *db, struct str id, struct title *ret);
/* Newest first, behind that key. */
must_use err title_list(struct ctx *c, struct store *db, int64_t at, struct str id, size_t max,
	struct title *ret, size_t *ret_n);
/* "claimed", "checked", "ended". */
const char *title_state_name(enum title_state state);

must_use err title_enter(struct ctx *c, struct acts *n, struct str actor, const struct json *body,
	struct entry *ret);
/* {by, how}: who checked it, and how. */
must_use err title_check(struct ctx *c, struct acts *n, struct str actor, const struct title *t,
	const struct json *body, struct entry *ret);
must_use err title_end(struct ctx *c, struct acts *n, struct str actor, const struct title *t,
	const struct json *body, struct entry *ret);
/* As an item of evidence of kind title_certificate for the rules. */
must_use err title_evidence(struct ctx *c, const struct title *t, struct json **ret);

extern const struct module title_module;
