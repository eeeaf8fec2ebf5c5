/* What the footer of a Parquet file says: rows, row groups, columns. No page of data is read.
 *
 * A file (parquet-format 2.11, README.md "File format" and parquet.thrift) is "PAR1", data, FileMetaData in Thrift's
 * compact protocol (thrift-compact-protocol.md), its length as 4 bytes (little-endian), "PAR1". Where the last word is
 * "PARE" the footer is encrypted, and nothing of it can be read. Columns are the children of the schema's root; what
 * is a group or repeats is nested. The rows of the row groups must add up to those of the file, and the schema must be
 * one tree; fields that are not known here are passed over. Every length is checked against the bytes that are there,
 * so the work is linear in the footer.
 * Limits: LIMIT_PARQUET_FOOTER bytes, LIMIT_PARQUET_DEPTH structs and lists within each other, LIMIT_PARQUET_ELEMENTS of
 * the schema. Errors: ERR_MALFORMED says what is wrong, ERR_TOO_LARGE which limit; ERR_IO. */
#pragma once

#include "base/arena.h"
#include "base/source.h"

enum parquet_kind {
	PARQUET_NONE, /* not used by a column */
	PARQUET_BOOLEAN,
	PARQUET_INTEGER,
	PARQUET_DECIMAL, /* binary floating point, too */
	PARQUET_DATE,
	PARQUET_TIME,
	PARQUET_DATETIME,
	PARQUET_TEXT,
	PARQUET_BYTES,
	PARQUET_NESTED,
	PARQUET_KINDS
};

struct parquet_column {
	struct str name; /* as it stands there: not necessarily UTF-8 */
	enum parquet_kind kind;
	bool nullable;
};

struct parquet {
	uint64_t rows, row_groups;
	struct str created_by; /* empty where it is not said */
	struct parquet_column *columns;
	size_t columns_n;
};

/* Lives in c's arena, which must hold the footer. */
must_use err parquet_read(struct ctx *c, const struct source *source, struct parquet *ret);
