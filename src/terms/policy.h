/* Usage terms: an ODRL 2.2 policy in the profile of the Dataspace Protocol, compiled once into a plain struct.
 *
 * Fail-closed: what is not understood refuses (ERR_TERM_REFUSES), and the detail names it. Understood is one permission to
 * `use`, all of whose constraints hold together (docs/FORMATS.md, 10):
 *   purpose      eq, isAnyOf               one such constraint
 *   dateTime     lt, lteq, gt, gteq        xsd:dateTime with seconds and zone, to the millisecond
 *   elapsedTime  eq, lt, lteq              xsd:duration of days, hours, minutes, seconds, from the agreement on
 *   count        lt, lteq                  deliveries
 * Of several constraints on the same side of a value the narrowest stands. Names may bear the prefix odrl: or its IRI.
 * Members that say whom and what a policy is about (@id, @type, target, assigner, assignee, timestamp) are passed over.
 * Pure: no clock, no I/O. Purposes and texts lie in the context's arena or are borrowed from the policy. */
#pragma once

#include "codec/json.h"

/* One row a kind of constraint; the order in which they are asked. */
enum term_kind {
	TERM_PURPOSE,
	TERM_NOT_BEFORE,
	TERM_NOT_AFTER,
	TERM_ELAPSED,
	TERM_COUNT,
	TERM_KINDS
};

struct terms {
	bool open_ended;            /* without constraint */
	const struct str *purposes; /* any of them; none: every purpose */
	size_t purposes_n;
	int64_t not_before_ms; /* first and last millisecond allowed; 0 and INT64_MAX without */
	int64_t not_after_ms;
	int64_t elapsed_ms; /* the last one allowed, from the agreement on; -1 without */
	int64_t count_max;  /* deliveries in all; -1 without */
	/* The constraint as the policy has it, e.g. "count lteq 1", for explanations; n = 0 where there is none. Long
	 * values are shortened. */
	struct str said[TERM_KINDS];
};

/* policy may be NULL or of any shape. ret is written on success only. */
must_use err terms_compile(struct ctx *c, const struct json *policy, struct terms *ret);

/* Do they allow the same? True also where a peer has written the same thing differently (order, P1D for PT24H). The trees
 * themselves are compared with json_eq. */
bool terms_equal(const struct terms *a, const struct terms *b);

/* The terms of an agreement made at agreed_ms from those of an offer: a copy in which each elapsedTime is the dateTime at
 * which it ends. ERR_TERM_REFUSES where terms_compile refuses the policy, or the end lies beyond the year 9999. */
must_use err terms_bind(
	struct ctx *c, const struct json *policy, int64_t agreed_ms, struct json **ret);
