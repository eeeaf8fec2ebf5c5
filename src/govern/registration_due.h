/* What is due in registrations, and what has passed: nothing misses a day silently. What follows from silence is done by the
 * node (deemed acceptance on both sides, the end of corrections and of publicity at the registrar, lapse); whatever else has
 * passed becomes registration.overdue, and stands in the queue, the inbox and shugu doctor. */
#pragma once

#include "govern/registration.h"

/* A struct due (act/registry.h). */
must_use err registration_due_run(struct ctx *c, struct acts *n, int64_t now_ms, size_t *ret_n);

/* {day, due:[{id, role, party, state, what, article, zh, en, who, day|unknown, overdue}]}: what is due up to that day and
 * what has passed, the earliest first. */
must_use err registration_queue(struct ctx *c, struct store *db, int64_t day, struct json **ret);
/* How many are overdue, for doctor. */
must_use err registration_overdue_count(struct ctx *c, struct store *db, size_t *ret);
