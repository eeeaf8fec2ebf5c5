/* The serial of an invoice: <origin host>-<year>-<8 digits>, consecutive in each year (docs/FORMATS.md, 5.5). Pure. */
#pragma once

#include "base/arena.h"

/* Host is what stands in origin before its first '/'. ERR_BAD_VALUE for a number beyond 8 digits. */
must_use err serial_text(
	struct ctx *c, struct str origin, int64_t year, int64_t number, struct str *ret);
/* ERR_BAD_VALUE. */
must_use err serial_read(struct ctx *c, struct str serial, int64_t *ret_year, int64_t *ret_number);
