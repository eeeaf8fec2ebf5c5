/* What the log says of a subject, and where it names a digest: places of acts, to be read by acts_entry. Reads only.
 *
 * A search has no index: it looks at no more than LIMIT_HISTORY_SCAN entries a call and says where to go on. */
#pragma once

#include "act/acts.h"

/* The acts of a subject in their order, behind an entry of the log (-1: all). At most max. */
must_use err history_of(struct ctx *c, struct acts *n, struct str subject, int64_t after,
	size_t max, uint64_t *ret, size_t *ret_n);
/* The acts before `before` (UINT64_MAX: all), the newest first, that hold text somewhere; all of them where it is empty.
 * ret_next is the before of the next call, 0 where nothing is left. */
must_use err history_search(struct ctx *c, struct acts *n, struct str text, uint64_t before,
	size_t max, uint64_t *ret, size_t *ret_n, uint64_t *ret_next);
