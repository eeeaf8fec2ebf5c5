#include "delivery/delivery_states.h"

#include <string.h>

#include "base/limits.h"
#include "tests/tap.h"

struct step {
	const char *from;
	enum delivery_event event;
	enum agreement_role sender;
	const char *to;
};

#define P AGREEMENT_PROVIDER
#define C AGREEMENT_CONSUMER

/* Every step there is (Dataspace Protocol 2025-1, transfer), and no other. */
static const struct step steps[] = {
	{"REQUESTED", DELIVERY_START, P, "STARTED"},
	{"REQUESTED", DELIVERY_TERMINATE, P, "TERMINATED"},
	{"REQUESTED", DELIVERY_TERMINATE, C, "TERMINATED"},
	{"STARTED", DELIVERY_COMPLETE, P, "COMPLETED"},
	{"STARTED", DELIVERY_COMPLETE, C, "COMPLETED"},
	{"STARTED", DELIVERY_SUSPEND, P, "SUSPENDED"},
	{"STARTED", DELIVERY_SUSPEND, C, "SUSPENDED"},
	{"STARTED", DELIVERY_TERMINATE, P, "TERMINATED"},
	{"STARTED", DELIVERY_TERMINATE, C, "TERMINATED"},
	{"SUSPENDED", DELIVERY_RESUME, P, "STARTED"},
	{"SUSPENDED", DELIVERY_RESUME, C, "STARTED"},
	{"SUSPENDED", DELIVERY_TERMINATE, P, "TERMINATED"},
	{"SUSPENDED", DELIVERY_TERMINATE, C, "TERMINATED"},
};

static const struct step *expected(
	const char *from, enum delivery_event event, enum agreement_role sender)
{
	for (size_t i = 0; i < countof(steps); i++) {
		if (strcmp(steps[i].from, from) == 0 && steps[i].event == event &&
			steps[i].sender == sender)
			return &steps[i];
	}
	return NULL;
}

static void check_state(struct ctx *c, enum delivery_state from)
{
	for (unsigned event = 0; event <= DELIVERY_TERMINATE; event++) {
		for (unsigned sender = 0; sender <= AGREEMENT_CONSUMER; sender++) {
			enum delivery_state to = DELIVERY_REQUESTED;
			const struct step *want =
				expected(delivery_state_name(from), event, sender);
			err e = delivery_step(c, from, event, sender, &to);
			is_int(e, want != NULL ? OK : ERR_BAD_STATE, "%s, event %u, sender %u",
				delivery_state_name(from), event, sender);
			if (want != NULL)
				is_str(delivery_state_name(to), want->to, "leads to %s", want->to);
		}
	}
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	for (unsigned s = 0; s <= DELIVERY_TERMINATED; s++) {
		enum delivery_state back = DELIVERY_REQUESTED;
		check_state(&c, s);
		ok(delivery_state_of(str_z(delivery_state_name(s)), &back) && back == s,
			"%s is read back", delivery_state_name(s));
		ok(delivery_is_open(s) == (s < DELIVERY_COMPLETED), "open or not");
		bool open = delivery_is_open(s);
		is_int(delivery_receipted(s, STR("complete")), open ? DELIVERY_COMPLETED : s,
			"a complete receipt completes what is open");
		is_int(delivery_receipted(s, STR("refused")), open ? DELIVERY_TERMINATED : s,
			"a refusing one ends it");
	}
	enum delivery_state none;
	ok(!delivery_state_of(STR("FINALIZED"), &none), "no other name is a state");
	is_int(delivery_step(&c, DELIVERY_REQUESTED, DELIVERY_COMPLETE, C, &none), ERR_BAD_STATE,
		"what has not begun is not completed");
	is_str(c.trouble.detail,
		"a completion of the consumer is not possible in the state REQUESTED",
		"a refusal says what, who and where");
	return done_testing();
}
