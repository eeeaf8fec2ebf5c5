/* Forms that a value of a column may have to have: named formats, each that of a standard, and patterns of characters.
 *
 * A value has the shape of a format or not, and where the format has a check of its own (check character, calendar), passes it
 * or not. Named are: date (YYYY-MM-DD, GB/T 7408.1), datetime (a date, T or a space, a time of day), uscc (GB 32100),
 * id-card (GB 11643), bank-card (ISO/IEC 7812), phone (a mobile number of the mainland, 86 or +86 before it or not), email,
 * region (six digits as GB/T 2260 has them), uuid (RFC 9562).
 *
 * A pattern is a row of items, each of which may stand with {n} or {n,m} behind it: 9 a digit, A a letter A-Z, a a letter a-z,
 * X a letter A-Z or a digit, . any character, \c the ASCII character c, and every other ASCII character but letters, digits
 * and braces itself. It describes the whole value. It has at most FORMAT_PATTERN_PLACES places when written out, and is
 * matched in one pass with one word of state: there is nothing in it that can explode. Pure. */
#pragma once

#include "base/arena.h"

#define FORMAT_PATTERN_PLACES 63u

enum format {
	FORMAT_NONE,
	FORMAT_DATE,
	FORMAT_DATETIME,
	FORMAT_USCC,
	FORMAT_ID_CARD,
	FORMAT_BANK_CARD,
	FORMAT_PHONE,
	FORMAT_EMAIL,
	FORMAT_REGION,
	FORMAT_UUID,
	FORMATS
};

enum format_verdict { FORMAT_GOOD, FORMAT_SHAPE, FORMAT_CHECK };

struct identifiers;

/* The names, by enum format, with NULL at the end; that of FORMAT_NONE is "". */
extern const char *const format_names[FORMATS + 1];
/* Does it have a check beside its shape? */
bool format_has_check(enum format f);
/* ids: identifiers_open for the day on which is judged; what it finds is counted in it. */
enum format_verdict format_judge(enum format f, struct str value, struct identifiers *ids);

struct pattern; /* arena-bound */

/* ERR_BAD_VALUE says what is wrong with it. */
must_use err pattern_read(struct ctx *c, struct str text, struct pattern **ret);
/* value is UTF-8; what is not counts as one character for each leading byte. */
bool pattern_matches(const struct pattern *p, struct str value);
