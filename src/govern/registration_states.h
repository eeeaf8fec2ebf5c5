/* Which step is possible in which state of a registration, and who may do it: one table (guide, art. 14 to 37). Pure. */
#pragma once

#include "base/err.h"
#include "base/str.h"

/* In the order of registration_state_words. */
enum registration_state {
	REG_NONE,
	REG_SENT, /* at the applicant: not yet received */
	REG_APPLIED,
	REG_RETURNED,
	REG_ACCEPTED,
	REG_SUPPLEMENT,
	REG_REVIEWED,
	REG_PUBLICITY,
	REG_OBJECTED,
	REG_CLEARED,
	REG_DEPOSITED,
	REG_REGISTERED,
	REG_CONTESTED,
	REG_CLOSED, /* a cancellation that was carried out */
	REG_REFUSED,
	REG_NOT_APPLIED,
	REG_WITHDRAWN,
	REG_LAPSED,
	REG_SUPERSEDED,
	REG_CANCELLED,
	REG_STATES
};

enum registration_event {
	REG_APPLY,
	REG_RECEIVE, /* the registrar's proof that it has it */
	REG_BOUNCE,  /* the registrar's node would not take it */
	REG_RETURN,
	REG_CORRECT,
	REG_EXPIRE,
	REG_ACCEPT,
	REG_DEEM,
	REG_EXTEND,
	REG_ASK,
	REG_SUPPLY,
	REG_REVIEW,
	REG_PUBLISH,
	REG_WAIVE,
	REG_OBJECT,
	REG_RESOLVE,
	REG_CLEAR,
	REG_DEPOSIT,
	REG_ISSUE,
	REG_CLOSE,
	REG_REFUSE,
	REG_WITHDRAW,
	REG_REMARK,
	REG_CONTEST,
	REG_NOTIFY,
	REG_SETTLE,
	REG_REVOKE,
	REG_LAPSE,
	REG_SUPERSEDE,
	REG_CANCEL,
	REG_EVENTS
};

/* EACH: what a node works out for itself on both sides, and tells nobody. */
enum registration_who { REG_NOBODY, REG_APPLICANT, REG_REGISTRAR, REG_EACH };

/* The state after it. ERR_BAD_STATE where this may not happen in that state, ERR_FORBIDDEN where another does it. */
must_use err registration_step(struct ctx *c, enum registration_state state,
	enum registration_event event, enum registration_who by, enum registration_state *ret);
/* Whether anything is possible any more. */
bool registration_is_open(enum registration_state state);
const char *registration_state_name(enum registration_state state);
const char *registration_event_name(enum registration_event event);
/* False where there is none of that name. */
bool registration_event_read(struct str name, enum registration_event *ret);
/* Who does it, whatever the state. */
enum registration_who registration_event_who(enum registration_event event);
