/* A dossier as a spreadsheet that people fill in: one sheet `dossier`; row 1 is the header; then one row a field: A its id, B
 * its name in both languages, C the value, D what is meant. Fields with choices offer them as a list.
 *
 * Reading: rows are found by the id in A; a value that is empty takes the field away, a field without a row keeps what it
 * had, and so does a value that did not change. Everything that is wrong is told at once, each with its place
 * (`dossier!C7: ...`), and then nothing is changed: ERR_BAD_VALUE. A file that is no workbook: as codec/xlsx.h. */
#pragma once

#include "base/source.h"
#include "codec/json.h"

#define DOSSIER_SHEET_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

/* The bytes of the workbook, in c's arena. ERR_IO, ERR_TOO_LARGE. */
must_use err dossier_sheet_write(struct ctx *c, const struct json *dossier, struct str *ret);
/* old: the dossier that the sheet changes. ret: the whole new one. */
must_use err dossier_sheet_read(
	struct ctx *c, const struct source *source, const struct json *old, struct json **ret);
