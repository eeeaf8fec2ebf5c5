/* What the readers of formats share while rows are read. For product/rows*.c alone. */
#pragma once

#include "base/limits.h"
#include "codec/json.h"
#include "product/rows.h"
#include "product/window.h"

#define ROWS_SLOTS (2 * LIMIT_PROFILE_COLUMNS)
#define ROWS_NONE UINT16_MAX

struct rows {
	const struct rows_want *want;
	struct ctx work;
	struct window text;
	struct rows_told told;
	uint32_t *found;
	uint16_t slots[ROWS_SLOTS];  /* wanted column + 1 by the hash of its name; 0: free */
	uint64_t others[ROWS_SLOTS]; /* hashes of names that are not wanted; 0: free */
	struct cell *cells;
	char *kept; /* the texts of the row, LIMIT_PROFILE_LINE */
	size_t kept_n;
	uint16_t *map; /* of each column of the file: the wanted one, or ROWS_NONE */
	size_t map_n;
	bool ragged;
};

/* The wanted column of that name, or ROWS_NONE. */
uint16_t rows_column(const struct rows *r, struct str name);
/* A name of the header; says where its column goes. Beyond the limit it stops. */
void rows_head(struct rows *r, struct str name);
/* Notes a name that is not wanted, once. Beyond the limit it stops. */
void rows_other(struct rows *r, struct str name);
/* A cell of the row; its text is copied where keep is set. Beyond the limit of a row it stops. */
void rows_cell(struct rows *r, uint16_t column, struct str text, enum value_kind given, bool keep);
/* The row is whole: tells it, and begins the next. */
must_use err rows_end(struct rows *r);

typedef err rows_format(struct ctx *c, struct rows *r);
rows_format rows_csv;
rows_format rows_lines;
rows_format rows_sheet;
