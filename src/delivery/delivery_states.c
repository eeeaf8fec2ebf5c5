#include "delivery/delivery_states.h"

#include <assert.h>

#define STATES (DELIVERY_TERMINATED + 1)
#define EVENTS (DELIVERY_TERMINATE + 1)

static const char *const state_names[STATES] = {
	"REQUESTED", "STARTED", "SUSPENDED", "COMPLETED", "TERMINATED"};
static const char *const event_names[EVENTS] = {
	"a start", "a completion", "a suspension", "a resumption", "a termination"};

enum sender { NOBODY, S, B, BOTH };

/* Nobody is the zero: what does not stand here is refused. */
static const struct {
	enum sender who;
	enum delivery_state next;
} table[STATES][EVENTS] = {
	// clang-format off
	[DELIVERY_REQUESTED] = {
		[DELIVERY_START]     = {S, DELIVERY_STARTED},
		[DELIVERY_TERMINATE] = {BOTH, DELIVERY_TERMINATED}},
	[DELIVERY_STARTED] = {
		[DELIVERY_COMPLETE]  = {BOTH, DELIVERY_COMPLETED},
		[DELIVERY_SUSPEND]   = {BOTH, DELIVERY_SUSPENDED},
		[DELIVERY_TERMINATE] = {BOTH, DELIVERY_TERMINATED}},
	[DELIVERY_SUSPENDED] = {
		[DELIVERY_RESUME]    = {BOTH, DELIVERY_STARTED},
		[DELIVERY_TERMINATE] = {BOTH, DELIVERY_TERMINATED}},
	// clang-format on
};

err delivery_step(struct ctx *c, enum delivery_state state, enum delivery_event event,
	enum agreement_role sender, enum delivery_state *ret)
{
	assert((unsigned)state < STATES && (unsigned)event < EVENTS);
	enum sender who = table[state][event].who;
	bool may = who == BOTH || who == (sender == AGREEMENT_PROVIDER ? S : B);
	ENSURE(may, c, ERR_BAD_STATE, "%s of the %s is not possible in the state %s",
		event_names[event], sender == AGREEMENT_PROVIDER ? "provider" : "consumer",
		state_names[state]);
	*ret = table[state][event].next;
	return OK;
}

enum delivery_state delivery_receipted(enum delivery_state state, struct str result)
{
	if (!delivery_is_open(state))
		return state;
	return str_is(result, "refused") ? DELIVERY_TERMINATED : DELIVERY_COMPLETED;
}

const char *delivery_state_name(enum delivery_state state)
{
	assert((unsigned)state < STATES);
	return state_names[state];
}

bool delivery_state_of(struct str name, enum delivery_state *ret)
{
	for (unsigned i = 0; i < STATES; i++) {
		if (str_is(name, state_names[i])) {
			*ret = (enum delivery_state)i;
			return true;
		}
	}
	return false;
}

bool delivery_is_open(enum delivery_state state)
{
	return state != DELIVERY_COMPLETED && state != DELIVERY_TERMINATED;
}
