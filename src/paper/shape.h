/* Characters that have no shape of their own, or change the order of those beside them: what a printed or shown text must
 * not hold, because a reader could not see it. Controls (C0 but LF, DEL, C1), bidirectional marks and isolates, zero-width
 * characters, line and paragraph separators, variation selectors, tags, private use, noncharacters. Pure. */
#pragma once

#include "base/arena.h"

#define SHAPE_REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* True where the code point is one of these. */
bool shape_is_hidden(uint32_t code_point);
/* The text with each of them, and each byte that is not UTF-8, as U+FFFD; the text itself where there is none.
 * ERR_TOO_LARGE. */
must_use err shape_clean(struct ctx *c, struct str text, struct str *ret);
/* True where shape_clean would change nothing. */
bool shape_is_clean(struct str text);
