/* The first sheet of a workbook (.xlsx, ECMA-376 transitional or strict), read cell by cell as a stream.
 *
 * What is kept in memory are the strings that cells share (at most LIMIT_XLSX_STRINGS bytes of them, LIMIT_XLSX_STRINGS_N)
 * and which styles show dates; everything else passes by. Numbers are told as they are written in the file (which may have
 * 17 digits where Excel shows 15), dates and times by their number format as codec/time_serial.h writes them, booleans as true and
 * false. A formula is its stored value. Cells come in the order of the file, which must be ascending; cells without a value,
 * hidden sheets before the first visible one, phonetic readings and everything but values are passed over.
 * Nothing is written anywhere; the archive's limits are those of codec/zip.h, those of XML codec/xml.h.
 * Errors: ERR_MALFORMED says what is wrong, ERR_TOO_LARGE which limit; ERR_IO. */
#pragma once

#include "codec/zip.h"

enum xlsx_kind { XLSX_TEXT, XLSX_NUMBER, XLSX_BOOLEAN, XLSX_TIME, XLSX_ERROR };

struct xlsx_cell {
	uint32_t row, column; /* from 0 */
	enum xlsx_kind kind;
	struct str text; /* UTF-8, not empty; lives until the next cell */
};

/* What it answers ends the reading where it is not OK, and is passed on. */
typedef err xlsx_cell_fn(void *arg, const struct xlsx_cell *cell);

struct xlsx;

/* Reads what stands before the sheet: names, styles, shared strings. Bound to c's arena; its own memory, at most
 * LIMIT_XLSX_MEMORY, is freed with it. part_max: how many bytes any one part of it may have (LIMIT_XLSX_SHEET, or fewer). */
must_use err xlsx_open(
	struct ctx *c, const struct source *source, uint64_t part_max, struct xlsx **ret);
/* The name of the first visible sheet. */
struct str xlsx_sheet(const struct xlsx *x);
/* Tells the cells of it; once. */
must_use err xlsx_read(struct ctx *c, struct xlsx *x, xlsx_cell_fn *cell, void *arg);
/* "B7": letters of a column and the number of a row, from 0; NUL-terminated. */
void xlsx_place(uint32_t row, uint32_t column, char ret[16]);
