/* Times as spreadsheets keep them: days since 1900 (or 1904) with a fraction, as decimal text. Pure; no memory. */
#pragma once

#include "base/str.h"

#define TIME_SERIAL_TEXT 19u

/* YYYY-MM-DD, or YYYY-MM-DD HH:MM:SS where there is a fraction, to the nearest second; HH:MM:SS alone below one day.
 * NUL-terminated. False for what is no such number, 29 February 1900 (which there was not) and years beyond 9999. */
bool time_serial(struct str serial, bool since_1904, char ret[TIME_SERIAL_TEXT + 1]);
/* True where a number format (ECMA-376, 18.8.31) shows a date or a time of day; durations such as [h]:mm are none. */
bool time_serial_format(struct str code);
/* The formats that have a number alone, those of Chinese and Japanese editions among them. */
bool time_serial_builtin(uint64_t id);

/* Seconds since 0000-03-01 that the face of a date or datetime shows (product/value.h says which texts those are): without
 * regard to its offset. False for what is none. */
bool time_face(struct str text, int64_t *ret_seconds);
/* YYYY-MM-DD, with HH:MM:SS behind a space unless date_only; NUL-terminated. seconds: 0 to those of 9999. */
void time_face_text(int64_t seconds, bool date_only, char ret[TIME_SERIAL_TEXT + 1]);
