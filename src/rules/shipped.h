/* The rules that the program was built with (rules/build.mjs), compressed. Pure. */
#pragma once

#include "rules/rule_set.h"

extern const unsigned char rules_packed[];
extern const size_t rules_packed_n, rules_unpacked_n;

/* The files, by name, in the arena; the set that rules_shipped_set gives lives in it. ERR_CORRUPT where the table is not what it
 * was built from. */
must_use err rules_shipped(struct ctx *c, const struct rule_file **ret, size_t *ret_n);
must_use err rules_shipped_set(struct ctx *c, struct rule_set *ret);
