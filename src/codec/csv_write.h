/* CSV that a spreadsheet opens as it is meant: a byte order mark, so that Excel reads UTF-8; lines end in CRLF; quoted as
 * RFC 4180 has it, only where a field needs it.
 *
 * A field that a spreadsheet would take for a formula, because it begins with = + - @ TAB or CR (OWASP, CSV injection),
 * gets an apostrophe before it, unless it is a plain number: an optional sign, digits, and a fraction or none. What is
 * written so is for eyes; who must have the exact text takes JSON. Bytes are written as they are. Failures stick in the buf. */
#pragma once

#include "base/buf.h"

/* The mark. */
void csv_write_begin(struct buf *b);
/* One row of n fields, at least one. A row of one empty field is written "", so that it is none of an empty line. */
void csv_write_row(struct buf *b, const struct str *fields, size_t n);
