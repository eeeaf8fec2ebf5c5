#include "govern/deadline.h"

/* The day after which counting goes on: day itself where no suspension takes it out. */
static int64_t behind_pauses(const struct deadline_pause *pauses, size_t n, int64_t day)
{
	for (size_t i = 0; i < n; i++) {
		if (day > pauses[i].from && day <= pauses[i].to)
			return pauses[i].to;
	}
	return day - 1;
}

err deadline_due(struct ctx *c, int64_t start, struct calendar_period term,
	const struct deadline_pause *pauses, size_t pauses_n, struct deadline *ret)
{
	struct deadline d = {.due = start};
	bool by_working = term.unit == CALENDAR_WORKING_DAYS;
	ENSURE(by_working || term.unit == CALENDAR_DAYS, c, ERR_BAD_VALUE,
		"a term that can be suspended is counted in days or working days");
	ENSURE(term.n >= 1, c, ERR_BAD_VALUE, "a term has at least one day");
	for (int64_t day = start + 1; d.counted < term.n; day++) {
		bool counts = true;
		int64_t behind = behind_pauses(pauses, pauses_n, day);
		if (behind == DEADLINE_LASTS) {
			d.stands = true;
			*ret = d;
			return OK;
		}
		if (behind >= day) {
			day = behind;
			continue;
		}
		if (by_working)
			TRY(calendar_is_working(c, day, &counts));
		if (counts)
			d = (struct deadline){.due = day, .counted = d.counted + 1};
	}
	TRY(calendar_next_working(c, d.due, &d.due));
	*ret = d;
	return OK;
}
