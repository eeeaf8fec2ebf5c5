/* Unified social credit code (统一社会信用代码, GB 32100-2015): 18 characters, the last a check character.
 *
 * Layout: 1 registering authority, 1 category, 6 digits of region, 9 of organisation code (GB 11714, whose last
 * character is a check character of its own), 1 check character. Letters are upper case; I, O, S, V and Z do not occur.
 * A check character proves no identity: it only finds slips of the pen (DESIGN, Identity). */
#pragma once

#include "base/str.h"

#define USCC_TEXT 18u

/* Why a code is refused; USCC_GOOD otherwise. */
enum uscc_verdict { USCC_GOOD, USCC_LENGTH, USCC_CHARACTER, USCC_REGION, USCC_CHECK };

enum uscc_verdict uscc_check(struct str code);
/* msgid: one sentence for a person, never NULL. */
const char *uscc_explain(enum uscc_verdict verdict);
