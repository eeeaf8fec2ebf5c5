/* One value of a table: its type and its place among numbers, told from its text. Pure; no memory, no errors.
 * Numbers: an optional sign, digits without a leading zero, then perhaps a fraction and an exponent. Dates:
 * YYYY-MM-DD or YYYY/MM/DD; datetimes: a date, T or a space, HH:MM, perhaps seconds, fraction, and Z or +HH:MM. */
#pragma once

#include "base/str.h"

enum value_kind {
	VALUE_ANY, /* not told yet */
	VALUE_INTEGER,
	VALUE_DECIMAL,
	VALUE_DATE,
	VALUE_DATETIME,
	VALUE_BOOLEAN, /* true, false, in any case */
	VALUE_TEXT,
	VALUE_CODE, /* digits with a leading zero */
	VALUE_NESTED,
	VALUE_KINDS
};

enum value_kind value_kind_of(struct str text);

/* Sign, power of ten and the first 18 significant digits. */
struct number {
	int sign;
	int64_t magnitude;
	uint64_t lead;
};

/* The number an integer or decimal states. */
struct number value_number(struct str text);
int number_cmp(const struct number *a, const struct number *b);
/* 64 bits of hash, never 0; not secret, the same everywhere. */
uint64_t value_hash(struct str text, enum value_kind kind);
