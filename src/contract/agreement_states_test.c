#include "contract/agreement_states.h"

#include "base/limits.h"
#include "tests/tap.h"

struct step {
	const char *from;
	enum agreement_event event;
	enum agreement_role sender;
	const char *to;
};

#define P AGREEMENT_PROVIDER
#define C AGREEMENT_CONSUMER

/* Every step there is (Dataspace Protocol 2025-1, negotiation), and no other. */
static const struct step steps[] = {
	{"REQUESTED", AGREEMENT_OFFER, P, "OFFERED"},
	{"REQUESTED", AGREEMENT_AGREE, P, "AGREED"},
	{"REQUESTED", AGREEMENT_TERMINATE, P, "TERMINATED"},
	{"REQUESTED", AGREEMENT_TERMINATE, C, "TERMINATED"},
	{"OFFERED", AGREEMENT_COUNTER, C, "REQUESTED"},
	{"OFFERED", AGREEMENT_ACCEPT, C, "ACCEPTED"},
	{"OFFERED", AGREEMENT_TERMINATE, P, "TERMINATED"},
	{"OFFERED", AGREEMENT_TERMINATE, C, "TERMINATED"},
	{"ACCEPTED", AGREEMENT_AGREE, P, "AGREED"},
	{"ACCEPTED", AGREEMENT_TERMINATE, P, "TERMINATED"},
	{"ACCEPTED", AGREEMENT_TERMINATE, C, "TERMINATED"},
	{"AGREED", AGREEMENT_VERIFY, C, "VERIFIED"},
	{"AGREED", AGREEMENT_TERMINATE, P, "TERMINATED"},
	{"AGREED", AGREEMENT_TERMINATE, C, "TERMINATED"},
	{"VERIFIED", AGREEMENT_FINALIZE, P, "FINALIZED"},
	{"VERIFIED", AGREEMENT_TERMINATE, P, "TERMINATED"},
	{"VERIFIED", AGREEMENT_TERMINATE, C, "TERMINATED"},
	{"FINALIZED", AGREEMENT_REVOKE, P, "TERMINATED"},
	{"FINALIZED", AGREEMENT_REVOKE, C, "TERMINATED"},
};

static const struct step *expected(
	const char *from, enum agreement_event event, enum agreement_role sender)
{
	for (size_t i = 0; i < countof(steps); i++) {
		if (strcmp(steps[i].from, from) == 0 && steps[i].event == event &&
			steps[i].sender == sender)
			return &steps[i];
	}
	return NULL;
}

static void check_state(struct ctx *c, enum agreement_state from)
{
	for (unsigned event = 0; event <= AGREEMENT_REVOKE; event++) {
		for (unsigned sender = 0; sender <= AGREEMENT_CONSUMER; sender++) {
			enum agreement_state to = AGREEMENT_REQUESTED;
			const struct step *want =
				expected(agreement_state_name(from), event, sender);
			err e = agreement_step(c, from, event, sender, &to);
			is_int(e, want != NULL ? OK : ERR_BAD_STATE, "%s, event %u, sender %u",
				agreement_state_name(from), event, sender);
			if (want != NULL)
				is_str(agreement_state_name(to), want->to, "leads to %s", want->to);
		}
	}
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	for (unsigned s = 0; s <= AGREEMENT_TERMINATED; s++) {
		enum agreement_state back = AGREEMENT_REQUESTED;
		check_state(&c, s);
		ok(agreement_state_of(str_z(agreement_state_name(s)), &back) && back == s,
			"%s is read back", agreement_state_name(s));
		ok(agreement_is_open(s) == (s < AGREEMENT_FINALIZED), "open or not");
	}
	enum agreement_state none;
	ok(!agreement_state_of(STR("STARTED"), &none), "no other name is a state");
	is_int(agreement_step(&c, AGREEMENT_FINALIZED, AGREEMENT_TERMINATE, P, &none),
		ERR_BAD_STATE, "what is final is not terminated");
	is_str(c.trouble.detail,
		"a termination of the provider is not possible in the state FINALIZED",
		"a refusal says what, who and where");
	return done_testing();
}
