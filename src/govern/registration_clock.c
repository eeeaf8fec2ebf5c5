#include "govern/registration_clock.h"

/* A clock that the calendar does not reach has no day, and is told all the same. */
static err working(struct ctx *c, int64_t from, int64_t n, int64_t *ret)
{
	err e = calendar_add_working_days(c, from, n, ret);
	if (e == ERR_CALENDAR)
		*ret = 0;
	return e == ERR_CALENDAR ? OK : e;
}

static err finish(struct ctx *c, const struct registration_dates *d, struct registration_due *ret)
{
	const struct calendar_period term = {
		REGISTRATION_FINISH_WD + d->extension, CALENDAR_WORKING_DAYS};
	struct deadline due = {.stands = false};
	*ret = (struct registration_due){.what = "finish", .who = REG_REGISTRAR};
	err e = deadline_due(c, d->accepted, term, d->pauses, d->pauses_n, &due);
	if (e == ERR_CALENDAR)
		return OK;
	ret->stands = due.stands;
	ret->day = due.stands ? 0 : due.due;
	return e;
}

static int64_t rank(const struct registration_due *d)
{
	return d->stands ? INT64_MAX : d->day;
}

static void put(struct registration_due *all, size_t *n, struct registration_due d)
{
	size_t at = *n;
	for (; at > 0 && rank(&all[at - 1]) > rank(&d); at--)
		all[at] = all[at - 1];
	all[at] = d;
	(*n)++;
}

/* What is particular to the state. */
static err own_clock(struct ctx *c, enum registration_state state,
	const struct registration_dates *d, struct registration_due *ret)
{
	struct registration_due r = {.what = NULL};
	if (state == REG_APPLIED) {
		r = (struct registration_due){.what = "accept", .who = REG_REGISTRAR};
		TRY(working(c, d->received, REGISTRATION_ACCEPT_WD, &r.day));
	} else if (state == REG_RETURNED) {
		r = (struct registration_due){"correct", REG_APPLICANT, 0, d->correct_by, false};
	} else if (state == REG_SUPPLEMENT && d->supply_by > 0) {
		r = (struct registration_due){"supplement", REG_APPLICANT, 0, d->supply_by, false};
	} else if (state == REG_PUBLICITY) {
		r = (struct registration_due){
			"publicity", REG_REGISTRAR, 0, d->publicity_to, false};
	} else if (state == REG_OBJECTED) {
		r = (struct registration_due){.what = "investigate", .who = REG_REGISTRAR};
		TRY(working(c, d->objected, REGISTRATION_INVESTIGATE_WD, &r.day));
	} else if (state == REG_CONTESTED && !d->notified) {
		r = (struct registration_due){.what = "notify", .who = REG_REGISTRAR};
		TRY(working(c, d->contested, REGISTRATION_NOTIFY_WD, &r.day));
	} else if (state == REG_REGISTERED) {
		r = (struct registration_due){
			"renew", REG_APPLICANT, registration_renew_from(d->to), d->to - 1, false};
	}
	*ret = r;
	return OK;
}

err registration_clocks(struct ctx *c, enum registration_state state,
	const struct registration_dates *d, struct registration_due *ret, size_t *ret_n)
{
	struct registration_due own, end;
	size_t n = 0;
	TRY(own_clock(c, state, d, &own));
	if (own.what != NULL)
		put(ret, &n, own);
	if (state >= REG_ACCEPTED && state <= REG_DEPOSITED) {
		TRY(finish(c, d, &end));
		put(ret, &n, end);
	}
	if (state == REG_REGISTERED || state == REG_CONTESTED)
		put(ret, &n, (struct registration_due){"lapse", REG_EACH, 0, d->to, false});
	*ret_n = n;
	return OK;
}

err registration_accept_by(struct ctx *c, int64_t received, int64_t *ret)
{
	return calendar_add_working_days(c, received, REGISTRATION_ACCEPT_WD, ret);
}

err registration_deemed_on(struct ctx *c, int64_t received, int64_t *ret)
{
	return calendar_add_working_days(c, received, REGISTRATION_ACCEPT_WD + 1, ret);
}

int64_t registration_valid_to(int64_t deposited)
{
	return calendar_add_plain(
		deposited, (struct calendar_period){REGISTRATION_VALID_YEARS, CALENDAR_YEARS});
}

/* The day of the same number six months before, else the last of that month: from which six months lead here, or not yet beyond. */
int64_t registration_renew_from(int64_t to)
{
	const struct calendar_period half = {REGISTRATION_RENEW_MONTHS, CALENDAR_MONTHS};
	int64_t day = to - 185;
	while (calendar_add_plain(day, half) < to)
		day++;
	return calendar_add_plain(day, half) > to ? day - 1 : day;
}
