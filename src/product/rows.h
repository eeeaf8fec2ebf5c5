/* The rows of a table, one after the other, whatever its format: CSV (first row: the header), JSON lines, and the first
 * visible sheet of an xlsx workbook, by the file's name as in product/profile.h; of its columns those that are wanted.
 *
 * One pass, constant memory (some 3 MiB; of a workbook its shared strings). The bytes are hashed as they pass; a workbook's
 * are read a second time for it. Where the header names a wanted column twice, the first one counts. A limit or a damaged file
 * ends the reading by stopped: that is no failure, and what was read up to there was told. Errors: ERR_NOT_FOUND where the format
 * is none of these, ERR_IO, ERR_MEMORY, and what the receiver answers. */
#pragma once

#include "codec/charset.h"
#include "crypto/hash.h"
#include "product/value.h"

struct cell {
	struct str text;
	enum value_kind given; /* as of column_add */
};

/* Is nothing there? An empty field, a missing member, null, the empty string. */
bool cell_is_empty(const struct cell *cell);

struct row {
	uint64_t number;          /* from 1; the header is none */
	const struct cell *cells; /* as many as columns are wanted; they live until the next row */
	bool ragged;              /* it has more or fewer fields than the header */
};

typedef err row_fn(void *arg, const struct row *row);

struct rows_want {
	int fd;
	struct str filename;
	enum charset given; /* or CHARSET_UNKNOWN */
	const struct str *columns;
	size_t columns_n; /* at most LIMIT_PROFILE_COLUMNS, each another name */
	row_fn *row;
	void *arg;
};

struct rows_told {
	const char *format;
	enum charset charset; /* CHARSET_UNKNOWN: not of text */
	uint64_t rows, ragged;
	uint64_t malformed; /* lines that are no objects; cells of a workbook that are errors */
	uint64_t replaced;  /* places that were no characters of the encoding */
	const uint32_t *
		found; /* of each wanted column: how often the header names it; JSON lines: 1 where it occurs */
	uint64_t others; /* columns that are not wanted */
	uint64_t size;
	struct hash digest;
	const char *stopped; /* or NULL */
};

must_use err rows_read(struct ctx *c, const struct rows_want *want, struct rows_told *ret);
