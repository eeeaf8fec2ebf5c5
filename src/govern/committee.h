/* Who decides about a sandbox case: the committee of experts and the observers of authorities, as an act of the secretariat
 * configured them (sandbox.committee), and how their votes count.
 *
 *   {"size", "quorum", "members": [{"id", "name"}], "observers": [{"id", "name", "authority"}]}
 *
 * An id is that of a person who signs in (person:urn:uuid:...), or any other word for an expert whose vote the secretariat
 * records. A member votes on a case once a round (round 0 admits, each evaluation is another), after he has declared that
 * he has no conflict of interest in it; whoever has one does not vote, and what he voted before does not count. Pure. */
#pragma once

#include "codec/json.h"

#define COMMITTEE_MAX 100u

struct committee {
	int64_t size, quorum;
	const struct json *members, *observers;
};

/* Votes that count, by members without a conflict. */
struct tally {
	int64_t yes, no, abstain;
	int64_t agree, object; /* opinions of authorities */
};

/* ERR_BAD_VALUE: what is wrong with it. */
must_use err committee_read(struct ctx *c, const struct json *body, struct committee *ret);
/* A member or an observer by id; NULL. */
const struct json *committee_member(const struct committee *k, struct str id);
const struct json *committee_observer(const struct committee *k, struct str id);
/* ERR_BAD_STATE says how many votes are missing. */
must_use err committee_quorum(struct ctx *c, const struct committee *k, const struct tally *t);
/* More yes than no, with the quorum. */
must_use err committee_for(struct ctx *c, const struct committee *k, const struct tally *t);
must_use err committee_against(struct ctx *c, const struct committee *k, const struct tally *t);
/* An authority has spoken, where there are observers; favourable: none objects. */
must_use err committee_heard(
	struct ctx *c, const struct committee *k, const struct tally *t, bool favourable);
