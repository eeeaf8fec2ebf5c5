/* Time that people set: the clock of a simulated node moves on, and what falls due on the way is done (docs/FORMATS.md, 24).
 *
 * A time is RFC 3339, or a date: then it is 09:00 of that day in China (UTC+8). The clock never goes back; what lies behind it
 * by less than LIMIT_SKEW_MS, or on the day it shows, leaves it as it is. Where the clock stands when no act bears it yet is
 * kept in DIR/clock. */
#pragma once

#include "act/acts.h"

/* ERR_BAD_VALUE for what is no time. ret_is_day: it was a date. */
must_use err pass_read(struct ctx *c, struct str text, int64_t *ret_ms, bool *ret_is_day);
/* Moves the clock; what falls due (acts_due) is done day by day, at midnight in China, and at the end, in the tick that is
 * open or opens; the caller ends it. ERR_SIMULATED where the clock is real, ERR_BAD_VALUE for a time that is over. */
must_use err pass_to(struct ctx *c, struct acts *n, struct str text);
/* DIR/clock. Reading answers 0 where there is none. */
must_use err pass_keep(struct ctx *c, const struct env *e, const char *directory, int64_t ms);
must_use err pass_kept(struct ctx *c, const char *directory, int64_t *ret_ms);
