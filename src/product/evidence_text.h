/* The words of a paper that somebody handed in, as lines of UTF-8 for product/claims.h: plain text in any encoding of
 * codec/charset.h, the paragraphs and tables of a .docx (ECMA-376), the rows of a .csv or of the first sheet of an .xlsx, the members of a flat .json. In tables a
 * cell and the next are parted by a tab, so that "label | value" reads as one line.
 *
 * A scan, a picture or a PDF has no words that are read here: ret_read is false, and what it says has to be stated by a person. */
#pragma once

#include "base/source.h"
#include "base/str.h"

struct ctx;

/* At most LIMIT_CLAIMS_TEXT bytes; ERR_TOO_LARGE beyond. ERR_MALFORMED where the file is damaged; ERR_IO. */
must_use err evidence_text(struct ctx *c, const struct source *s, struct str filename,
	struct str *ret, bool *ret_read);
