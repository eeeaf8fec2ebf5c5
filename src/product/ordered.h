/* Where a value of a table stands among others of its kind: numbers by value (18 significant digits), dates and datetimes by
 * time, all else by bytes. A time without an offset is taken as one in the offset of those it is compared with. Pure. */
#pragma once

#include "product/value.h"

enum ordered_kind { ORDERED_NUMBER, ORDERED_TIME, ORDERED_TEXT };

struct ordered {
	enum ordered_kind kind;
	struct number number;
	int64_t time;    /* milliseconds since 1970-01-01T00:00Z, any year of the calendar */
	struct str text; /* borrowed */
};

/* given: as of column_add; VALUE_TEXT may be a date or a datetime but no number. */
struct ordered ordered_of(struct str text, enum value_kind given);
/* False where the kinds differ. ret: < 0, 0, > 0. */
bool ordered_cmp(const struct ordered *a, const struct ordered *b, int *ret);
/* A date or a datetime as value.h reads them that is one of the calendar (no 30 February, no 25:00). Of a date ret is its
 * first millisecond. */
bool ordered_time(struct str text, int64_t *ret_ms);
