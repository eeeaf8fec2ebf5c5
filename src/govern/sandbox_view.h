/* A sandbox case as people and pages see it: JSON with the words of its states in zh and en (docs/FORMATS.md, 30). Reads the
 * store only; trees live in the context given. */
#pragma once

#include "govern/sandbox.h"

/* {id, title, state, stateZh, stateEn, since, product?, possible:[steps], at}. */
must_use err sandbox_view_brief(
	struct ctx *c, struct store *db, const struct sandbox_row *r, struct json **ret);
/* The case in full: beside that application, ledger as gauges, facts, committee, tally, votes, declarations, complaints,
 * exemptions, objects, and the first yes that waits for a second person. */
must_use err sandbox_view(struct ctx *c, struct store *db, const struct sandbox_row *r,
	int64_t now_ms, struct json **ret);
