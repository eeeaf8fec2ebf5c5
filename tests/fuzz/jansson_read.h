/* jansson's side of the comparison in jansson.h; a file of its own, because jansson and codec/json use the same names. */
#pragma once

#include "base/buf.h"

enum jansson_answer {
	JANSSON_REFUSES,
	JANSSON_RANGE, /* it refuses a number that it cannot hold */
	JANSSON_READS
};

struct jansson_read {
	enum jansson_answer answer;
	size_t depth, values;
};

/* Reads text and writes what was read: n, t, f, i<integer>, r for any other number, s<length>:<text>, [...], {name value
 * ...} in the order of the text. It is told to take any value, not objects and arrays alone, and to refuse duplicate
 * members, as we do; it refuses U+0000 in text by itself, as we do. */
struct jansson_read jansson_read(struct str text, struct buf *dump);
