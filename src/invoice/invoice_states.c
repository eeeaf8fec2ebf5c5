#include "invoice/invoice_states.h"

#include <assert.h>

#define STATES (INVOICE_VOID + 1)
#define EVENTS (INVOICE_VOIDED + 1)

static const char *const state_names[STATES] = {
	"issued", "accepted", "disputed", "corrected", "void"};
static const char *const event_names[EVENTS] = {"acceptance", "dispute", "correction", "voiding"};

enum sender { NOBODY, B, BOTH };

/* Nobody is the zero: what does not stand here is refused. A dispute may be taken back by accepting; an X in force is
 * signed by both and so ends the dispute before it. */
static const struct {
	enum sender who;
	enum invoice_state next;
} table[STATES][EVENTS] = {
	// clang-format off
	[INVOICE_ISSUED] = {
		[INVOICE_ACCEPT]  = {B, INVOICE_ACCEPTED},
		[INVOICE_DISPUTE] = {B, INVOICE_DISPUTED},
		[INVOICE_CORRECT] = {BOTH, INVOICE_CORRECTED},
		[INVOICE_VOIDED]  = {BOTH, INVOICE_VOID}},
	[INVOICE_ACCEPTED] = {
		[INVOICE_DISPUTE] = {BOTH, INVOICE_DISPUTED},
		[INVOICE_CORRECT] = {BOTH, INVOICE_CORRECTED},
		[INVOICE_VOIDED]  = {BOTH, INVOICE_VOID}},
	[INVOICE_DISPUTED] = {
		[INVOICE_ACCEPT]  = {B, INVOICE_ACCEPTED},
		[INVOICE_CORRECT] = {BOTH, INVOICE_CORRECTED},
		[INVOICE_VOIDED]  = {BOTH, INVOICE_VOID}},
	[INVOICE_CORRECTED] = {
		[INVOICE_DISPUTE] = {BOTH, INVOICE_DISPUTED},
		[INVOICE_CORRECT] = {BOTH, INVOICE_CORRECTED},
		[INVOICE_VOIDED]  = {BOTH, INVOICE_VOID}},
	// clang-format on
};

err invoice_step(struct ctx *c, enum invoice_state state, enum invoice_event event,
	enum agreement_role sender, enum invoice_state *ret)
{
	assert((unsigned)state < STATES && (unsigned)event < EVENTS);
	enum sender who = table[state][event].who;
	bool may = who == BOTH || (who == B && sender == AGREEMENT_CONSUMER);
	ENSURE(may, c, ERR_BAD_STATE, "%s by the %s is not possible: the invoice is %s",
		event_names[event], sender == AGREEMENT_PROVIDER ? "provider" : "consumer",
		state_names[state]);
	*ret = table[state][event].next;
	return OK;
}

const char *invoice_state_name(enum invoice_state state)
{
	assert((unsigned)state < STATES);
	return state_names[state];
}
