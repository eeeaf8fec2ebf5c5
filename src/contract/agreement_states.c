#include "contract/agreement_states.h"

#include <assert.h>

#define STATES (AGREEMENT_TERMINATED + 1)
#define EVENTS (AGREEMENT_REVOKE + 1)

static const char *const state_names[STATES] = {
	"REQUESTED", "OFFERED", "ACCEPTED", "AGREED", "VERIFIED", "FINALIZED", "TERMINATED"};
static const char *const event_names[EVENTS] = {"a counter-request", "an offer", "an acceptance",
	"an agreement", "a verification", "a finalization", "a termination", "a termination"};

enum sender { NOBODY, S, B, BOTH };

/* Nobody is the zero: what does not stand here is refused. */
static const struct {
	enum sender who;
	enum agreement_state next;
} table[STATES][EVENTS] = {
	// clang-format off
	[AGREEMENT_REQUESTED] = {
		[AGREEMENT_OFFER]     = {S, AGREEMENT_OFFERED},
		[AGREEMENT_AGREE]     = {S, AGREEMENT_AGREED},
		[AGREEMENT_TERMINATE] = {BOTH, AGREEMENT_TERMINATED}},
	[AGREEMENT_OFFERED] = {
		[AGREEMENT_COUNTER]   = {B, AGREEMENT_REQUESTED},
		[AGREEMENT_ACCEPT]    = {B, AGREEMENT_ACCEPTED},
		[AGREEMENT_TERMINATE] = {BOTH, AGREEMENT_TERMINATED}},
	[AGREEMENT_ACCEPTED] = {
		[AGREEMENT_AGREE]     = {S, AGREEMENT_AGREED},
		[AGREEMENT_TERMINATE] = {BOTH, AGREEMENT_TERMINATED}},
	[AGREEMENT_AGREED] = {
		[AGREEMENT_VERIFY]    = {B, AGREEMENT_VERIFIED},
		[AGREEMENT_TERMINATE] = {BOTH, AGREEMENT_TERMINATED}},
	[AGREEMENT_VERIFIED] = {
		[AGREEMENT_FINALIZE]  = {S, AGREEMENT_FINALIZED},
		[AGREEMENT_TERMINATE] = {BOTH, AGREEMENT_TERMINATED}},
	[AGREEMENT_FINALIZED] = {
		[AGREEMENT_REVOKE]    = {BOTH, AGREEMENT_TERMINATED}},
	// clang-format on
};

err agreement_step(struct ctx *c, enum agreement_state state, enum agreement_event event,
	enum agreement_role sender, enum agreement_state *ret)
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

const char *agreement_state_name(enum agreement_state state)
{
	assert((unsigned)state < STATES);
	return state_names[state];
}

bool agreement_state_of(struct str name, enum agreement_state *ret)
{
	for (unsigned i = 0; i < STATES; i++) {
		if (str_is(name, state_names[i])) {
			*ret = (enum agreement_state)i;
			return true;
		}
	}
	return false;
}

bool agreement_is_open(enum agreement_state state)
{
	return state != AGREEMENT_FINALIZED && state != AGREEMENT_TERMINATED;
}
