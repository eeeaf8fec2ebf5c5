/* Direct identifiers of people in the bytes of a file: identity numbers (GB 11643, with their check character), mobile numbers, bank
 * cards (ISO/IEC 7812 by length, prefix and Luhn) and e-mail addresses, looked for in every byte, not in a sample.
 *
 * Numbers stand alone: not within a longer number, a word or a fraction. Cards also in groups of four, mobile numbers as
 * 3-4-4 and behind 86, identity numbers as 6-8-4; groups are parted by one space or hyphen. The text is one in which ASCII stands for itself (UTF-8,
 * GB18030); others are converted before. A line is looked at whole up to IDENTIFIERS_WINDOW bytes. Pure; one pass. */
#pragma once

#include "base/arena.h"

#define IDENTIFIERS_WINDOW (256u << 10)

enum identifier {
	IDENTIFIER_ID_CARD,
	IDENTIFIER_PHONE,
	IDENTIFIER_BANK_CARD,
	IDENTIFIER_EMAIL,
	IDENTIFIERS
};

struct identifiers_found {
	uint64_t n[IDENTIFIERS];
	uint64_t first[IDENTIFIERS]; /* where the first one stands, in bytes; only where n > 0 */
	uint64_t minors;             /* identity numbers of people under 14 on the day */
	uint64_t bytes;
};

/* idCard, phone, bankCard, email. */
extern const char *const identifier_names[IDENTIFIERS];

struct identifiers; /* arena-bound */

/* today: a day as codec/day.h counts. */
must_use err identifiers_open(struct ctx *c, int64_t today, struct identifiers **ret);
void identifiers_feed(struct identifiers *s, struct str bytes);
/* Looks at what is left; feeding on is not allowed. */
struct identifiers_found identifiers_done(struct identifiers *s);
/* One value, for what does not come as a file (a cell of a sheet). */
void identifiers_value(struct identifiers *s, struct str value);
