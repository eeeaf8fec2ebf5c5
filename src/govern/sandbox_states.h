/* Who goes where: the states of a case of the reform sandbox and the steps between them, as one table. The states are the
 * neutral ones of published processes (an application, a committee, a bounded test, an evaluation); what is local (who
 * sits on the committee, its quorum, days of notice) is configured by acts and stands nowhere here. Pure. */
#pragma once

#include "base/err.h"
#include "base/str.h"

enum sandbox_state {
	SANDBOX_DRAFT,
	SANDBOX_SUBMITTED,
	SANDBOX_FORM_CHECK,
	SANDBOX_RETURNED,
	SANDBOX_COMMITTEE,
	SANDBOX_REJECTED,
	SANDBOX_ADMITTED,
	SANDBOX_TEST_PLAN_AGREED,
	SANDBOX_PUBLIC_NOTICE,
	SANDBOX_TESTING,
	SANDBOX_INCIDENT,
	SANDBOX_SUSPENDED,
	SANDBOX_RESUMED,
	SANDBOX_TERMINATED,
	SANDBOX_SELF_REPORT,
	SANDBOX_EVALUATION,
	SANDBOX_EXIT_PROMOTED,
	SANDBOX_EXIT_NORMAL,
	SANDBOX_EXTENDED,
	SANDBOX_EXIT_STOPPED,
	SANDBOX_ARCHIVED,
	SANDBOX_STATES
};

/* Steps, in the order of a case's life. Those from DECLARE on leave the state as it is. */
enum sandbox_step {
	SANDBOX_SUBMIT,
	SANDBOX_CHECK,
	SANDBOX_RETURN,
	SANDBOX_REFER,
	SANDBOX_ADMIT,
	SANDBOX_REJECT,
	SANDBOX_PLAN,
	SANDBOX_NOTICE,
	SANDBOX_START,
	SANDBOX_REPORT_INCIDENT,
	SANDBOX_SUSPEND,
	SANDBOX_RESUME,
	SANDBOX_TERMINATE,
	SANDBOX_REPORT,
	SANDBOX_EVALUATE,
	SANDBOX_PROMOTE, /* the three results of the act sandbox.exit */
	SANDBOX_LEAVE,
	SANDBOX_STOP,
	SANDBOX_EXTEND,
	SANDBOX_ARCHIVE,
	SANDBOX_DECLARE,
	SANDBOX_VOTE,
	SANDBOX_OPINE,
	SANDBOX_COMPLAIN,
	SANDBOX_ANSWER,
	SANDBOX_EXEMPT,
	SANDBOX_SAFEGUARD,
	SANDBOX_MEASURE,
	SANDBOX_STEPS
};

/* The state after it. ERR_BAD_STATE says what is possible instead. */
must_use err sandbox_step(
	struct ctx *c, enum sandbox_state state, enum sandbox_step step, enum sandbox_state *ret);
/* Whether it may be taken there. */
bool sandbox_may(enum sandbox_state state, enum sandbox_step step);
/* "TESTING", and for people; the word of a step as commands and routes have it ("exit" for three of them). */
const char *sandbox_state_name(enum sandbox_state state);
const char *sandbox_state_zh(enum sandbox_state state);
const char *sandbox_state_en(enum sandbox_state state);
const char *sandbox_step_name(enum sandbox_step step);
/* The test runs: what the conditions allow may be delivered. */
bool sandbox_runs(enum sandbox_state state);
/* The case says nothing of the product (yet, or any more). */
bool sandbox_is_silent(enum sandbox_state state);
