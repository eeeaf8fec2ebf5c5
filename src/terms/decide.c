#include "terms/decide.h"

#include <assert.h>

#include "codec/time.h"
#include "terms/operand.h"

/* How much of what was asked for is shown, in bytes. */
#define SHOWN 100u

static err purpose_decide(struct ctx *c, const struct terms *t, struct str purpose)
{
	if (t->purposes_n == 0)
		return OK;
	for (size_t i = 0; i < t->purposes_n; i++) {
		if (str_eq(t->purposes[i], purpose))
			return OK;
	}
	const char *of = t->purposes_n == 1 ? "" : "one of these, such as ";
	struct str wanted = operand_cut(t->purposes[0], SHOWN);
	struct str said = t->said[TERM_PURPOSE], asked = operand_cut(purpose, SHOWN);
	if (purpose.n == 0)
		return fail(c, ERR_TERM_REFUSES, "%.*s: no purpose is stated; state %s%.*s",
			FMT(said), of, FMT(wanted));
	return fail(c, ERR_TERM_REFUSES, "%.*s: the purpose is %.*s; state %s%.*s", FMT(said),
		FMT(asked), of, FMT(wanted));
}

static err time_decide(struct ctx *c, const struct terms *t, int64_t now_ms)
{
	char now[TIME_TEXT + 1], from[TIME_TEXT + 1];
	if (now_ms >= t->not_before_ms && now_ms <= t->not_after_ms)
		return OK;
	time_text(now_ms, now);
	if (now_ms > t->not_after_ms)
		return fail(c, ERR_TERM_REFUSES, "%.*s: it is %s; agree anew",
			FMT(t->said[TERM_NOT_AFTER]), now);
	time_text(t->not_before_ms, from);
	return fail(c, ERR_TERM_REFUSES, "%.*s: it is %s; wait until %s",
		FMT(t->said[TERM_NOT_BEFORE]), now, from);
}

/* An agreement from the future is that of a clock ahead of ours: nothing has elapsed. */
static err elapsed_decide(struct ctx *c, const struct terms *t, const struct terms_ask *ask)
{
	if (t->elapsed_ms < 0 || ask->now_ms <= ask->agreed_ms ||
		ask->now_ms - ask->agreed_ms <= t->elapsed_ms)
		return OK;
	char last[TIME_TEXT + 1];
	time_text(ask->agreed_ms + t->elapsed_ms, last);
	return fail(c, ERR_TERM_REFUSES, "%.*s: the last moment was %s; agree anew",
		FMT(t->said[TERM_ELAPSED]), last);
}

static err count_decide(struct ctx *c, const struct terms *t, int64_t used)
{
	if (t->count_max < 0 || used < t->count_max)
		return OK;
	return fail(c, ERR_TERM_REFUSES, "%.*s: %lld of %lld deliveries used; agree anew",
		FMT(t->said[TERM_COUNT]), (long long)used, (long long)t->count_max);
}

static err decide(struct ctx *c, const struct terms *t, const struct terms_ask *ask)
{
	ENSURE(str_is(str_z(ask->action), "use"), c, ERR_TERM_REFUSES,
		"permission use: the action is %.*s; only use is allowed",
		FMT(operand_cut(str_z(ask->action), SHOWN)));
	TRY(purpose_decide(c, t, ask->purpose));
	TRY(time_decide(c, t, ask->now_ms));
	TRY(elapsed_decide(c, t, ask));
	return count_decide(c, t, ask->used);
}

err terms_decide(
	struct ctx *c, const struct terms *t, const struct terms_ask *ask, struct str *ret_why)
{
	assert(ask->now_ms >= 0 && ask->agreed_ms >= 0);
	assert(ask->used >= 0);
	err e = decide(c, t, ask);
	if (e == OK) {
		*ret_why = t->open_ended ? STR("use without constraint")
					 : STR("use; every constraint is met");
		return OK;
	}
	/* Where even this copy does not fit it is still a refusal. */
	TRY(arena_str(c, str_z(c->trouble.detail), ret_why));
	return e;
}
