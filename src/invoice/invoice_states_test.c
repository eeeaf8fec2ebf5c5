#include "invoice/invoice_states.h"

#include "tests/tap.h"

/* Each state and event, by consumer and provider: the letter of the next state, or '-'. */
static const char *const rows[5][4] = {
	/* accept, dispute, correct, void; first the consumer's, then the provider's */
	{"A-", "D-", "CC", "VV"}, /* issued */
	{"--", "DD", "CC", "VV"}, /* accepted */
	{"A-", "--", "CC", "VV"}, /* disputed */
	{"--", "DD", "CC", "VV"}, /* corrected */
	{"--", "--", "--", "--"}, /* void */
};

int main(void)
{
	static const char letters[] = "IADCV";
	struct ctx c = {.arena = NULL};
	for (unsigned s = 0; s < 5; s++) {
		for (unsigned e = 0; e < 4; e++) {
			for (unsigned by = 0; by < 2; by++) {
				enum invoice_state next = INVOICE_ISSUED;
				err got = invoice_step(&c, (enum invoice_state)s,
					(enum invoice_event)e,
					by == 0 ? AGREEMENT_CONSUMER : AGREEMENT_PROVIDER, &next);
				char want = rows[s][e][by];
				is_int(got, want == '-' ? ERR_BAD_STATE : OK,
					"state %u, event %u, sender %u", s, e, by);
				ok(want == '-' || letters[next] == want, "and the state after it");
			}
		}
	}
	is_str(invoice_state_name(INVOICE_VOID), "void", "a state has a name");
	return done_testing();
}
