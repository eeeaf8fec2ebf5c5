/* Times as text: RFC 3339 in UTC with exactly three digits of milliseconds, e.g. 2026-11-24T03:00:00.123Z. */
#pragma once

#include "base/arena.h"

#define TIME_TEXT 24u

/* ms since 1970; years 1970 to 9999; NUL-terminated. */
void time_text(int64_t ms, char ret[TIME_TEXT + 1]);
/* The strict form above only: the round trip is the identity. */
bool time_parse(struct str text, int64_t *ret_ms);
/* Any RFC 3339 time with seconds (fraction and numeric offset allowed), for others' messages. */
bool time_parse_rfc3339(struct str text, int64_t *ret_ms);
/* IMF-fixdate of RFC 9110, e.g. for Date and Last-Modified; NUL-terminated. */
void time_http(int64_t ms, char ret[30]);
bool time_parse_http(struct str text, int64_t *ret_ms);
/* time_text in the arena. */
must_use err time_str(struct ctx *c, int64_t ms, struct str *ret);
