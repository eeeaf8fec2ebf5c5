#include "govern/registration_states.h"

#include "govern/registration_messages.h"
#include "tests/tap.h"

/* What leads from a state to another, and by whom (A applicant, R registrar, N the node itself); all else is refused. */
static const struct {
	enum registration_state from;
	const char *event;
	char by;
	enum registration_state to;
} rows[] = {
	{REG_NONE, "apply", 'A', REG_SENT},
	{REG_SENT, "receive", 'N', REG_APPLIED},
	{REG_SENT, "bounce", 'N', REG_NOT_APPLIED},
	{REG_SENT, "withdraw", 'A', REG_WITHDRAWN},
	{REG_APPLIED, "accept", 'R', REG_ACCEPTED},
	{REG_APPLIED, "deem", 'N', REG_ACCEPTED},
	{REG_APPLIED, "return", 'R', REG_RETURNED},
	{REG_APPLIED, "refuse", 'R', REG_REFUSED},
	{REG_APPLIED, "withdraw", 'A', REG_WITHDRAWN},
	{REG_RETURNED, "correct", 'A', REG_SENT},
	{REG_RETURNED, "expire", 'R', REG_NOT_APPLIED},
	{REG_RETURNED, "withdraw", 'A', REG_WITHDRAWN},
	{REG_ACCEPTED, "accept", 'R', REG_ACCEPTED},
	{REG_ACCEPTED, "return", 'R', REG_RETURNED},
	{REG_ACCEPTED, "extend", 'R', REG_ACCEPTED},
	{REG_ACCEPTED, "ask", 'R', REG_SUPPLEMENT},
	{REG_ACCEPTED, "review", 'R', REG_REVIEWED},
	{REG_ACCEPTED, "refuse", 'R', REG_REFUSED},
	{REG_ACCEPTED, "withdraw", 'A', REG_WITHDRAWN},
	{REG_SUPPLEMENT, "supply", 'A', REG_ACCEPTED},
	{REG_SUPPLEMENT, "refuse", 'R', REG_REFUSED},
	{REG_SUPPLEMENT, "withdraw", 'A', REG_WITHDRAWN},
	{REG_REVIEWED, "extend", 'R', REG_REVIEWED},
	{REG_REVIEWED, "publish", 'R', REG_PUBLICITY},
	{REG_REVIEWED, "waive", 'R', REG_CLEARED},
	{REG_REVIEWED, "refuse", 'R', REG_REFUSED},
	{REG_REVIEWED, "withdraw", 'A', REG_WITHDRAWN},
	{REG_PUBLICITY, "object", 'R', REG_OBJECTED},
	{REG_PUBLICITY, "clear", 'R', REG_CLEARED},
	{REG_PUBLICITY, "refuse", 'R', REG_REFUSED},
	{REG_PUBLICITY, "withdraw", 'A', REG_WITHDRAWN},
	{REG_OBJECTED, "object", 'R', REG_OBJECTED},
	{REG_OBJECTED, "resolve", 'R', REG_PUBLICITY},
	{REG_OBJECTED, "refuse", 'R', REG_REFUSED},
	{REG_OBJECTED, "withdraw", 'A', REG_WITHDRAWN},
	{REG_CLEARED, "extend", 'R', REG_CLEARED},
	{REG_CLEARED, "deposit", 'R', REG_DEPOSITED},
	{REG_CLEARED, "refuse", 'R', REG_REFUSED},
	{REG_CLEARED, "withdraw", 'A', REG_WITHDRAWN},
	{REG_DEPOSITED, "issue", 'R', REG_REGISTERED},
	{REG_DEPOSITED, "close", 'R', REG_CLOSED},
	{REG_DEPOSITED, "refuse", 'R', REG_REFUSED},
	{REG_REGISTERED, "remark", 'R', REG_REGISTERED},
	{REG_REGISTERED, "contest", 'R', REG_CONTESTED},
	{REG_REGISTERED, "lapse", 'N', REG_LAPSED},
	{REG_REGISTERED, "supersede", 'N', REG_SUPERSEDED},
	{REG_REGISTERED, "cancel", 'N', REG_CANCELLED},
	{REG_CONTESTED, "remark", 'R', REG_CONTESTED},
	{REG_CONTESTED, "notify", 'R', REG_CONTESTED},
	{REG_CONTESTED, "settle", 'R', REG_REGISTERED},
	{REG_CONTESTED, "revoke", 'R', REG_CANCELLED},
	{REG_CONTESTED, "lapse", 'N', REG_LAPSED},
};

static int row_of(enum registration_state s, const char *event)
{
	for (size_t i = 0; i < countof(rows); i++) {
		if (rows[i].from == s && str_is(str_z(rows[i].event), event))
			return (int)i;
	}
	return -1;
}

static char letter(unsigned by)
{
	return by == REG_APPLICANT ? 'A' : by == REG_REGISTRAR ? 'R' : 'N';
}

static void test_step(struct ctx *c, unsigned s, unsigned e, unsigned by)
{
	enum registration_state next = REG_NONE;
	const char *name = registration_event_name((enum registration_event)e);
	int row = row_of((enum registration_state)s, name);
	err got = registration_step(c, (enum registration_state)s, (enum registration_event)e,
		(enum registration_who)by, &next);
	if (row < 0)
		is_int(got, ERR_BAD_STATE, "%s in %s", name,
			registration_state_name((enum registration_state)s));
	else if (rows[row].by != letter(by))
		is_int(got, ERR_FORBIDDEN, "%s by another (%c)", name, letter(by));
	else
		ok(got == OK && next == rows[row].to, "%s leads on from %s", name,
			registration_state_name((enum registration_state)s));
}

int main(void)
{
	struct ctx c = {.arena = NULL};
	enum registration_event e;
	for (unsigned s = 0; s < REG_STATES; s++) {
		for (unsigned v = 0; v < REG_EVENTS; v++) {
			for (unsigned by = REG_APPLICANT; by <= REG_EACH; by++)
				test_step(&c, s, v, by);
		}
		ok(registration_word(registration_state_words,
			   str_z(registration_state_name((enum registration_state)s))) != NULL,
			"a state has words");
	}
	ok(registration_event_read(STR("waive"), &e) && e == REG_WAIVE, "an event by name");
	ok(!registration_event_read(STR("bribe"), &e), "no other");
	ok(registration_is_open(REG_REGISTERED) && !registration_is_open(REG_REFUSED),
		"what is final is not open");
	is_int(registration_event_who(REG_DEEM), REG_EACH, "each node deems for itself");
	return done_testing();
}
