#include "govern/registration_states.h"

#include <assert.h>

#include "govern/registration_messages.h"

static const struct {
	const char *name;
	enum registration_who who;
} events[REG_EVENTS] = {
	[REG_APPLY] = {"apply", REG_APPLICANT},
	[REG_RECEIVE] = {"receive", REG_EACH},
	[REG_BOUNCE] = {"bounce", REG_EACH},
	[REG_RETURN] = {"return", REG_REGISTRAR},
	[REG_CORRECT] = {"correct", REG_APPLICANT},
	[REG_EXPIRE] = {"expire", REG_REGISTRAR},
	[REG_ACCEPT] = {"accept", REG_REGISTRAR},
	[REG_DEEM] = {"deem", REG_EACH},
	[REG_EXTEND] = {"extend", REG_REGISTRAR},
	[REG_ASK] = {"ask", REG_REGISTRAR},
	[REG_SUPPLY] = {"supply", REG_APPLICANT},
	[REG_REVIEW] = {"review", REG_REGISTRAR},
	[REG_PUBLISH] = {"publish", REG_REGISTRAR},
	[REG_WAIVE] = {"waive", REG_REGISTRAR},
	[REG_OBJECT] = {"object", REG_REGISTRAR},
	[REG_RESOLVE] = {"resolve", REG_REGISTRAR},
	[REG_CLEAR] = {"clear", REG_REGISTRAR},
	[REG_DEPOSIT] = {"deposit", REG_REGISTRAR},
	[REG_ISSUE] = {"issue", REG_REGISTRAR},
	[REG_CLOSE] = {"close", REG_REGISTRAR},
	[REG_REFUSE] = {"refuse", REG_REGISTRAR},
	[REG_WITHDRAW] = {"withdraw", REG_APPLICANT},
	[REG_REMARK] = {"remark", REG_REGISTRAR},
	[REG_CONTEST] = {"contest", REG_REGISTRAR},
	[REG_NOTIFY] = {"notify", REG_REGISTRAR},
	[REG_SETTLE] = {"settle", REG_REGISTRAR},
	[REG_REVOKE] = {"revoke", REG_REGISTRAR},
	[REG_LAPSE] = {"lapse", REG_EACH},
	[REG_SUPERSEDE] = {"supersede", REG_EACH},
	[REG_CANCEL] = {"cancel", REG_EACH},
};

/* REG_NONE is the zero: what does not stand here is refused. A late acceptance or return, done in time and told after the
 * applicant had counted the case as accepted, stands (the rule of days is in registration_facts). */
static const enum registration_state table[REG_STATES][REG_EVENTS] = {
	// clang-format off
	[REG_NONE] = {[REG_APPLY] = REG_SENT},
	[REG_SENT] = {
		[REG_RECEIVE] = REG_APPLIED, [REG_BOUNCE] = REG_NOT_APPLIED, [REG_WITHDRAW] = REG_WITHDRAWN},
	[REG_APPLIED] = {
		[REG_ACCEPT] = REG_ACCEPTED, [REG_DEEM] = REG_ACCEPTED, [REG_RETURN] = REG_RETURNED,
		[REG_REFUSE] = REG_REFUSED, [REG_WITHDRAW] = REG_WITHDRAWN},
	[REG_RETURNED] = {
		[REG_CORRECT] = REG_SENT, [REG_EXPIRE] = REG_NOT_APPLIED, [REG_WITHDRAW] = REG_WITHDRAWN},
	[REG_ACCEPTED] = {
		[REG_ACCEPT] = REG_ACCEPTED, [REG_RETURN] = REG_RETURNED,
		[REG_EXTEND] = REG_ACCEPTED, [REG_ASK] = REG_SUPPLEMENT, [REG_REVIEW] = REG_REVIEWED,
		[REG_REFUSE] = REG_REFUSED, [REG_WITHDRAW] = REG_WITHDRAWN},
	[REG_SUPPLEMENT] = {
		[REG_SUPPLY] = REG_ACCEPTED, [REG_REFUSE] = REG_REFUSED, [REG_WITHDRAW] = REG_WITHDRAWN},
	[REG_REVIEWED] = {
		[REG_EXTEND] = REG_REVIEWED, [REG_PUBLISH] = REG_PUBLICITY, [REG_WAIVE] = REG_CLEARED,
		[REG_REFUSE] = REG_REFUSED, [REG_WITHDRAW] = REG_WITHDRAWN},
	[REG_PUBLICITY] = {
		[REG_OBJECT] = REG_OBJECTED, [REG_CLEAR] = REG_CLEARED,
		[REG_REFUSE] = REG_REFUSED, [REG_WITHDRAW] = REG_WITHDRAWN},
	[REG_OBJECTED] = {
		[REG_OBJECT] = REG_OBJECTED, [REG_RESOLVE] = REG_PUBLICITY,
		[REG_REFUSE] = REG_REFUSED, [REG_WITHDRAW] = REG_WITHDRAWN},
	[REG_CLEARED] = {
		[REG_EXTEND] = REG_CLEARED, [REG_DEPOSIT] = REG_DEPOSITED,
		[REG_REFUSE] = REG_REFUSED, [REG_WITHDRAW] = REG_WITHDRAWN},
	[REG_DEPOSITED] = {
		[REG_ISSUE] = REG_REGISTERED, [REG_CLOSE] = REG_CLOSED, [REG_REFUSE] = REG_REFUSED},
	[REG_REGISTERED] = {
		[REG_REMARK] = REG_REGISTERED, [REG_CONTEST] = REG_CONTESTED, [REG_LAPSE] = REG_LAPSED,
		[REG_SUPERSEDE] = REG_SUPERSEDED, [REG_CANCEL] = REG_CANCELLED},
	[REG_CONTESTED] = {
		[REG_REMARK] = REG_CONTESTED, [REG_NOTIFY] = REG_CONTESTED, [REG_SETTLE] = REG_REGISTERED,
		[REG_REVOKE] = REG_CANCELLED, [REG_LAPSE] = REG_LAPSED},
	// clang-format on
};

err registration_step(struct ctx *c, enum registration_state state, enum registration_event event,
	enum registration_who by, enum registration_state *ret)
{
	assert((unsigned)state < REG_STATES && (unsigned)event < REG_EVENTS);
	enum registration_who who = events[event].who;
	ENSURE(table[state][event] != REG_NONE, c, ERR_BAD_STATE,
		"%s is not possible: the registration is %s", events[event].name,
		registration_state_name(state));
	ENSURE(who == by, c, ERR_FORBIDDEN, "%s is done by %s", events[event].name,
		who == REG_APPLICANT   ? "the applicant"
		: who == REG_REGISTRAR ? "the registrar"
				       : "the node itself");
	*ret = table[state][event];
	return OK;
}

bool registration_is_open(enum registration_state state)
{
	for (unsigned e = 0; e < REG_EVENTS; e++) {
		if (table[state][e] != REG_NONE)
			return true;
	}
	return false;
}

const char *registration_state_name(enum registration_state state)
{
	assert((unsigned)state < REG_STATES);
	return registration_state_words[state].id;
}

const char *registration_event_name(enum registration_event event)
{
	assert((unsigned)event < REG_EVENTS);
	return events[event].name;
}

bool registration_event_read(struct str name, enum registration_event *ret)
{
	for (unsigned e = 0; e < REG_EVENTS; e++) {
		if (!str_is(name, events[e].name))
			continue;
		*ret = (enum registration_event)e;
		return true;
	}
	return false;
}

enum registration_who registration_event_who(enum registration_event event)
{
	assert((unsigned)event < REG_EVENTS);
	return events[event].who;
}
