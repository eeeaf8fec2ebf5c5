/* Calendar days as whole numbers since 1970-01-01, and as text YYYY-MM-DD (RFC 3339 full-date). Years 1970 to 9999. Pure. */
#pragma once

#include "base/str.h"

#define DAY_TEXT 10u

/* NUL-terminated. */
void day_text(int64_t day, char ret[DAY_TEXT + 1]);
/* The strict form only: the round trip is the identity. */
bool day_parse(struct str text, int64_t *ret_day);
