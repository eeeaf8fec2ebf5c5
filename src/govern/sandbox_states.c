#include "govern/sandbox_states.h"

#include <assert.h>

#include "base/buf.h"
#include "govern/sandbox_messages.h"

static const struct {
	const char *name;
	bool runs, silent;
} states[SANDBOX_STATES] = {
	// clang-format off
	[SANDBOX_DRAFT] = {"DRAFT", false, true},
	[SANDBOX_SUBMITTED] = {"SUBMITTED", false, true},
	[SANDBOX_FORM_CHECK] = {"FORM_CHECK", false, true},
	[SANDBOX_RETURNED] = {"RETURNED", false, true},
	[SANDBOX_COMMITTEE] = {"COMMITTEE", false, true},
	[SANDBOX_REJECTED] = {"REJECTED", false, true},
	[SANDBOX_ADMITTED] = {"ADMITTED", false, true},
	[SANDBOX_TEST_PLAN_AGREED] = {"TEST_PLAN_AGREED", false, false},
	[SANDBOX_PUBLIC_NOTICE] = {"PUBLIC_NOTICE", false, false},
	[SANDBOX_TESTING] = {"TESTING", true, false},
	[SANDBOX_INCIDENT] = {"INCIDENT", false, false},
	[SANDBOX_SUSPENDED] = {"SUSPENDED", false, false},
	[SANDBOX_RESUMED] = {"RESUMED", true, false},
	[SANDBOX_TERMINATED] = {"TERMINATED", false, false},
	[SANDBOX_SELF_REPORT] = {"SELF_REPORT", false, false},
	[SANDBOX_EVALUATION] = {"EVALUATION", false, false},
	[SANDBOX_EXIT_PROMOTED] = {"EXIT_PROMOTED", false, true},
	[SANDBOX_EXIT_NORMAL] = {"EXIT_NORMAL", false, true},
	[SANDBOX_EXTENDED] = {"EXTENDED", true, false},
	[SANDBOX_EXIT_STOPPED] = {"EXIT_STOPPED", false, false},
	[SANDBOX_ARCHIVED] = {"ARCHIVED", false, true},
	// clang-format on
};

#define BIT(s) (1u << (s))
#define RUNNING (BIT(SANDBOX_TESTING) | BIT(SANDBOX_RESUMED) | BIT(SANDBOX_EXTENDED))
#define BEFORE (BIT(SANDBOX_ADMITTED) | BIT(SANDBOX_TEST_PLAN_AGREED) | BIT(SANDBOX_PUBLIC_NOTICE))
#define PAUSED (BIT(SANDBOX_INCIDENT) | BIT(SANDBOX_SUSPENDED))
#define ASKED (BIT(SANDBOX_COMMITTEE) | BIT(SANDBOX_EVALUATION))
#define KNOWN (RUNNING | PAUSED | BIT(SANDBOX_PUBLIC_NOTICE))
#define STAYS SANDBOX_STATES

/* From which states a step may be taken, and where it leads. */
static const struct {
	const char *name;
	uint32_t from;
	enum sandbox_state to;
} steps[SANDBOX_STEPS] = {
	// clang-format off
	[SANDBOX_SUBMIT] = {"submit", BIT(SANDBOX_DRAFT) | BIT(SANDBOX_RETURNED), SANDBOX_SUBMITTED},
	[SANDBOX_CHECK] = {"check", BIT(SANDBOX_SUBMITTED), SANDBOX_FORM_CHECK},
	[SANDBOX_RETURN] = {"return", BIT(SANDBOX_FORM_CHECK), SANDBOX_RETURNED},
	[SANDBOX_REFER] = {"refer", BIT(SANDBOX_FORM_CHECK), SANDBOX_COMMITTEE},
	[SANDBOX_ADMIT] = {"admit", BIT(SANDBOX_COMMITTEE), SANDBOX_ADMITTED},
	[SANDBOX_REJECT] = {"reject", BIT(SANDBOX_COMMITTEE), SANDBOX_REJECTED},
	[SANDBOX_PLAN] = {"plan", BIT(SANDBOX_ADMITTED), SANDBOX_TEST_PLAN_AGREED},
	[SANDBOX_NOTICE] = {"notice", BIT(SANDBOX_TEST_PLAN_AGREED), SANDBOX_PUBLIC_NOTICE},
	[SANDBOX_START] = {"start", BIT(SANDBOX_PUBLIC_NOTICE), SANDBOX_TESTING},
	[SANDBOX_REPORT_INCIDENT] = {"incident", RUNNING, SANDBOX_INCIDENT},
	[SANDBOX_SUSPEND] = {"suspend", BIT(SANDBOX_INCIDENT), SANDBOX_SUSPENDED},
	[SANDBOX_RESUME] = {"resume", BIT(SANDBOX_SUSPENDED), SANDBOX_RESUMED},
	[SANDBOX_TERMINATE] = {"terminate", BIT(SANDBOX_SUSPENDED), SANDBOX_TERMINATED},
	[SANDBOX_REPORT] = {"report", RUNNING, SANDBOX_SELF_REPORT},
	[SANDBOX_EVALUATE] = {"evaluate", BIT(SANDBOX_SELF_REPORT), SANDBOX_EVALUATION},
	[SANDBOX_PROMOTE] = {"exit", BIT(SANDBOX_EVALUATION), SANDBOX_EXIT_PROMOTED},
	[SANDBOX_LEAVE] = {"exit", BIT(SANDBOX_EVALUATION), SANDBOX_EXIT_NORMAL},
	[SANDBOX_STOP] = {"exit", BIT(SANDBOX_EVALUATION), SANDBOX_EXIT_STOPPED},
	[SANDBOX_EXTEND] = {"extend", BIT(SANDBOX_EVALUATION), SANDBOX_EXTENDED},
	[SANDBOX_ARCHIVE] = {"archive", BIT(SANDBOX_REJECTED) | BIT(SANDBOX_TERMINATED) | BIT(SANDBOX_EXIT_PROMOTED) | BIT(SANDBOX_EXIT_NORMAL) | BIT(SANDBOX_EXIT_STOPPED), SANDBOX_ARCHIVED},
	[SANDBOX_DECLARE] = {"declare", ASKED, STAYS},
	[SANDBOX_VOTE] = {"vote", ASKED, STAYS},
	[SANDBOX_OPINE] = {"opinion", BIT(SANDBOX_EVALUATION), STAYS},
	[SANDBOX_COMPLAIN] = {"complain", KNOWN, STAYS},
	[SANDBOX_ANSWER] = {"answer", KNOWN | BIT(SANDBOX_SELF_REPORT) | BIT(SANDBOX_EVALUATION), STAYS},
	[SANDBOX_EXEMPT] = {"exempt", BEFORE | RUNNING, STAYS},
	[SANDBOX_SAFEGUARD] = {"safeguard", BEFORE | RUNNING | PAUSED, STAYS},
	[SANDBOX_MEASURE] = {"measure", BEFORE | RUNNING | PAUSED, STAYS},
	// clang-format on
};
_Static_assert(SANDBOX_STATES <= 32, "states are bits");

bool sandbox_may(enum sandbox_state state, enum sandbox_step step)
{
	assert((unsigned)state < SANDBOX_STATES && (unsigned)step < SANDBOX_STEPS);
	return (steps[step].from & BIT(state)) != 0;
}

/* The words of what may be done, each once. */
static struct str possible(struct ctx *c, enum sandbox_state state)
{
	struct buf b;
	const char *last = "";
	buf_init(&b, c->arena, 1000);
	for (unsigned i = 0; i < SANDBOX_STEPS; i++) {
		if (!sandbox_may(state, (enum sandbox_step)i) || steps[i].name == last)
			continue;
		last = steps[i].name;
		buf_add(&b, buf_str(&b).n > 0 ? STR(", ") : STR(""));
		buf_add(&b, str_z(last));
	}
	return buf_str(&b).n > 0 ? buf_str(&b) : STR("nothing");
}

err sandbox_step(
	struct ctx *c, enum sandbox_state state, enum sandbox_step step, enum sandbox_state *ret)
{
	ENSURE(sandbox_may(state, step), c, ERR_BAD_STATE,
		"'%s' is not possible in the state %s; possible is: %.*s", steps[step].name,
		states[state].name, FMT(possible(c, state)));
	*ret = steps[step].to == STAYS ? state : steps[step].to;
	return OK;
}

const char *sandbox_state_name(enum sandbox_state state)
{
	assert((unsigned)state < SANDBOX_STATES);
	return states[state].name;
}

const char *sandbox_state_zh(enum sandbox_state state)
{
	assert((unsigned)state < SANDBOX_STATES);
	return sandbox_words[state].zh;
}

const char *sandbox_state_en(enum sandbox_state state)
{
	assert((unsigned)state < SANDBOX_STATES);
	return sandbox_words[state].en;
}

const char *sandbox_step_name(enum sandbox_step step)
{
	assert((unsigned)step < SANDBOX_STEPS);
	return steps[step].name;
}

bool sandbox_runs(enum sandbox_state state)
{
	assert((unsigned)state < SANDBOX_STATES);
	return states[state].runs;
}

bool sandbox_is_silent(enum sandbox_state state)
{
	assert((unsigned)state < SANDBOX_STATES);
	return states[state].silent;
}
