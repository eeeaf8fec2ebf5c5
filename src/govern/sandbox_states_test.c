#include "govern/sandbox_states.h"

#include "tests/tap.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"

/* Every step that is allowed, written down anew: FROM STEP TO. What does not stand here is refused. */
static const struct {
	enum sandbox_state from;
	enum sandbox_step step;
	enum sandbox_state to;
} moves[] = {
	{SANDBOX_DRAFT, SANDBOX_SUBMIT, SANDBOX_SUBMITTED},
	{SANDBOX_RETURNED, SANDBOX_SUBMIT, SANDBOX_SUBMITTED},
	{SANDBOX_SUBMITTED, SANDBOX_CHECK, SANDBOX_FORM_CHECK},
	{SANDBOX_FORM_CHECK, SANDBOX_RETURN, SANDBOX_RETURNED},
	{SANDBOX_FORM_CHECK, SANDBOX_REFER, SANDBOX_COMMITTEE},
	{SANDBOX_COMMITTEE, SANDBOX_ADMIT, SANDBOX_ADMITTED},
	{SANDBOX_COMMITTEE, SANDBOX_REJECT, SANDBOX_REJECTED},
	{SANDBOX_ADMITTED, SANDBOX_PLAN, SANDBOX_TEST_PLAN_AGREED},
	{SANDBOX_TEST_PLAN_AGREED, SANDBOX_NOTICE, SANDBOX_PUBLIC_NOTICE},
	{SANDBOX_PUBLIC_NOTICE, SANDBOX_START, SANDBOX_TESTING},
	{SANDBOX_TESTING, SANDBOX_REPORT_INCIDENT, SANDBOX_INCIDENT},
	{SANDBOX_RESUMED, SANDBOX_REPORT_INCIDENT, SANDBOX_INCIDENT},
	{SANDBOX_EXTENDED, SANDBOX_REPORT_INCIDENT, SANDBOX_INCIDENT},
	{SANDBOX_INCIDENT, SANDBOX_SUSPEND, SANDBOX_SUSPENDED},
	{SANDBOX_SUSPENDED, SANDBOX_RESUME, SANDBOX_RESUMED},
	{SANDBOX_SUSPENDED, SANDBOX_TERMINATE, SANDBOX_TERMINATED},
	{SANDBOX_TESTING, SANDBOX_REPORT, SANDBOX_SELF_REPORT},
	{SANDBOX_RESUMED, SANDBOX_REPORT, SANDBOX_SELF_REPORT},
	{SANDBOX_EXTENDED, SANDBOX_REPORT, SANDBOX_SELF_REPORT},
	{SANDBOX_SELF_REPORT, SANDBOX_EVALUATE, SANDBOX_EVALUATION},
	{SANDBOX_EVALUATION, SANDBOX_PROMOTE, SANDBOX_EXIT_PROMOTED},
	{SANDBOX_EVALUATION, SANDBOX_LEAVE, SANDBOX_EXIT_NORMAL},
	{SANDBOX_EVALUATION, SANDBOX_STOP, SANDBOX_EXIT_STOPPED},
	{SANDBOX_EVALUATION, SANDBOX_EXTEND, SANDBOX_EXTENDED},
	{SANDBOX_REJECTED, SANDBOX_ARCHIVE, SANDBOX_ARCHIVED},
	{SANDBOX_TERMINATED, SANDBOX_ARCHIVE, SANDBOX_ARCHIVED},
	{SANDBOX_EXIT_PROMOTED, SANDBOX_ARCHIVE, SANDBOX_ARCHIVED},
	{SANDBOX_EXIT_NORMAL, SANDBOX_ARCHIVE, SANDBOX_ARCHIVED},
	{SANDBOX_EXIT_STOPPED, SANDBOX_ARCHIVE, SANDBOX_ARCHIVED},
};

static bool expected(enum sandbox_state from, enum sandbox_step step, enum sandbox_state *to)
{
	for (size_t i = 0; i < countof(moves); i++) {
		if (moves[i].from != from || moves[i].step != step)
			continue;
		*to = moves[i].to;
		return true;
	}
	return false;
}

static void test_moves(struct ctx *c)
{
	size_t wrong = 0, taken = 0;
	for (unsigned s = 0; s < SANDBOX_STATES; s++) {
		for (unsigned i = 0; i < SANDBOX_DECLARE; i++) {
			enum sandbox_state to = SANDBOX_STATES, want = SANDBOX_STATES;
			bool may = expected(s, i, &want);
			err e = sandbox_step(c, s, i, &to);
			wrong += may != (e == OK) || to != want || (!may && e != ERR_BAD_STATE);
			taken += e == OK;
		}
	}
	is_int(wrong, 0, "every step of every state is allowed or refused as it should");
	is_int(taken, countof(moves), "and no move is missing");
}

static void test_sides(struct ctx *c)
{
	enum sandbox_state to;
	size_t moved = 0;
	for (unsigned s = 0; s < SANDBOX_STATES; s++) {
		for (unsigned i = SANDBOX_DECLARE; i < SANDBOX_STEPS; i++)
			moved += sandbox_step(c, s, i, &to) == OK && to != s;
		for (unsigned i = 0; i < SANDBOX_STEPS && s == SANDBOX_ARCHIVED; i++)
			ok(!sandbox_may(s, i), "an archived case knows no %s",
				sandbox_step_name(i));
	}
	is_int(moved, 0, "what is said beside moves nothing");
	ok(sandbox_may(SANDBOX_COMMITTEE, SANDBOX_VOTE) &&
			sandbox_may(SANDBOX_EVALUATION, SANDBOX_VOTE) &&
			!sandbox_may(SANDBOX_TESTING, SANDBOX_VOTE),
		"votes are cast where the committee is asked");
	ok(!sandbox_may(SANDBOX_COMMITTEE, SANDBOX_EXEMPT) &&
			!sandbox_may(SANDBOX_SUSPENDED, SANDBOX_EXEMPT) &&
			sandbox_may(SANDBOX_ADMITTED, SANDBOX_EXEMPT),
		"exemptions need an admitted case that is not halted");
	is_int(sandbox_step(c, SANDBOX_EVALUATION, SANDBOX_START, &to), ERR_BAD_STATE, "refused");
	ok(strstr(c->trouble.detail, "possible is: exit, extend, declare, vote, opinion, answer") !=
			NULL,
		"with what is possible: %s", c->trouble.detail);
}

static void test_words(void)
{
	size_t runs = 0;
	for (unsigned s = 0; s < SANDBOX_STATES; s++) {
		ok(sandbox_state_zh(s)[0] != '\0' && sandbox_state_en(s)[0] != '\0', "%s has words",
			sandbox_state_name(s));
		ok(!sandbox_runs(s) || !sandbox_is_silent(s), "what runs is not silent");
		runs += sandbox_runs(s);
	}
	is_int(runs, 3, "TESTING, RESUMED and EXTENDED deliver");
	ok(!sandbox_is_silent(SANDBOX_EXIT_STOPPED) && !sandbox_is_silent(SANDBOX_TERMINATED),
		"what was stopped stays stopped");
}

int main(void)
{
	struct ctx c = {.arena = arena_new(LIMIT_REQUEST_ARENA)};
	test_moves(&c);
	test_sides(&c);
	test_words();
	arena_free(c.arena);
	return done_testing();
}
