/* What is known of a registration, as one JSON object folded from its steps (docs/FORMATS.md, 29), and which steps its days
 * and contents allow. Pure: facts and a step in, facts or a refusal out; state and who are registration_states'.
 *
 * A step is {step, day, content}; day is that of China on which it counts. Facts are never longer than LIMIT_DOCUMENT. */
#pragma once

#include "codec/json.h"
#include "codec/day.h"
#include "govern/registration_clock.h"
#include "govern/registration_rules.h"

#define REGISTRATION_STEPS_MAX 200u

/* What a step says; members that its event does not have are empty. */
struct registration_content {
	struct str kind, name, overview, source, origin, basis, platform, territory, product,
		previous, reason, limit, by, outcome, place, ground, code, from, to, description,
		sourcing, title, dossier, evidence;
	int64_t days;
	bool official;
	const struct json *holder, *rights, *corrections, *remarks, *remark;
};

/* Members by the event, strictly: ERR_UNKNOWN_MEMBER, ERR_MISSING_MEMBER, ERR_BAD_VALUE. */
must_use err registration_content_read(struct ctx *c, enum registration_event event,
	const struct json *content, struct registration_content *ret);
/* Whether days and contents allow it. ERR_BAD_STATE, ERR_BAD_VALUE; ERR_GONE for what comes too late. */
must_use err registration_check(struct ctx *c, enum registration_state state,
	const struct json *facts, enum registration_event event, int64_t day,
	const struct json *content);
/* The facts after it; facts may be NULL before the first. entry: where the act stands in the log. */
must_use err registration_fold(struct ctx *c, const struct json *facts,
	enum registration_event event, int64_t day, const struct json *content, uint64_t entry,
	struct json **ret);
must_use err registration_dates_read(
	struct ctx *c, const struct json *facts, struct registration_dates *ret);
/* A member that is a day; 0 where there is none. */
int64_t registration_day(const struct json *o, const char *name);
