/* What one column of a table holds, learnt value by value in one pass and about 60 KiB of memory.
 *
 * Types: integer, decimal, date, datetime, boolean, text, nested (a JSON object or array), empty (no value at all), and
 * mixed where several occur that have no common one. Integers and decimals are decimal, dates and datetimes are
 * datetime; digits with a leading zero (codes) are text and make the integers beside them text.
 * Smallest and largest: numbers by value (18 significant digits), all else by bytes, for ISO dates the order of time.
 * Distinct values: exact up to COLUMN_SKETCH; beyond it estimated from the COLUMN_SKETCH smallest hashes (k minimum
 * values), standard error 3.2 percent.
 * Frequent values: the counters of Misra and Gries (what Space-Saving holds too). A count is at most `missed` below the
 * truth, and a value that is not counted occurs at most `missed` times; only values above that are told.
 * The mean of numbers, and the histogram of numbers, times or (of texts and mixed values) lengths in characters: product/histogram.h.
 * Values count as one where their lengths and 64-bit hashes agree; COLUMN_VALUE bytes of each are kept to be shown. */
#pragma once

#include "codec/json.h"
#include "product/value.h"

#define COLUMN_VALUE 40u
#define COLUMN_SKETCH 1024u
#define COLUMN_TOP 5u

struct column; /* arena-bound */

/* name is borrowed. */
must_use err column_new(struct ctx *c, struct str name, struct column **ret);
struct str column_name(const struct column *col);
/* One value that is there. given: VALUE_ANY for a CSV field or a JSON number, VALUE_BOOLEAN, VALUE_NESTED, VALUE_TEXT for
 * a JSON string, which may be a date or a datetime but no number. */
void column_add(struct column *col, struct str text, enum value_kind given);
/* How much is said: all; without top and spread; name, type and nulls alone. */
enum column_detail { COLUMN_FULL, COLUMN_SHORT, COLUMN_BARE };

/* {name, type, nulls, distinct, exact, min?, max?, top, missed, mean?, histogram?} in c's arena, in valid UTF-8: other bytes become U+FFFD,
 * what is cut ends in an ellipsis. Of rows, those without a value are nulls. */
must_use err column_profile(struct ctx *c, struct column *col, uint64_t rows,
	enum column_detail detail, struct json **ret);
/* False where a value was not UTF-8. */
bool column_is_utf8(const struct column *col);
/* Valid UTF-8 without U+0000, as above, at most max bytes of s. */
must_use err column_clean(struct ctx *c, struct str s, size_t max, struct str *ret);
