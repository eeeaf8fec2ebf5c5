/* What the pass over the rows and the report share. For product/quality*.c alone. */
#pragma once

#include "product/quality.h"
#include "product/rows.h"

struct identifiers;

/* In the order of the standard. */
enum indicator {
	Q_STANDARD,
	Q_MODEL,
	Q_METADATA,
	Q_RULES,
	Q_REFERENCE,
	Q_SECURITY,
	Q_ELEMENTS,
	Q_RECORDS,
	Q_CONTENT,
	Q_FORM,
	Q_DUPLICATES,
	Q_UNIQUE,
	Q_DIRTY,
	Q_SAME,
	Q_RELATED,
	Q_PERIOD,
	Q_TIMELY,
	Q_ORDER,
	Q_ACCESS,
	Q_USABLE,
	Q_END
};

struct quality_words {
	const char *code, *zh, *en, *group; /* group: one of quality_groups */
	bool lower;                         /* less is better */
};

extern const struct quality_words quality_words[QUALITY_INDICATORS];

/* What is wrong with a cell; its name in the report: quality_faults. */
enum fault {
	FAULT_MISSING,
	FAULT_CHARACTERS,
	FAULT_FORMAT,
	FAULT_CHECK,
	FAULT_TYPE,
	FAULT_PATTERN,
	FAULT_RANGE,
	FAULT_LENGTH,
	FAULT_SCALE,
	FAULT_VALUE,
	FAULT_LIST,
	FAULT_SECURITY,
	FAULT_SAME,
	FAULT_PERIOD,
	FAULT_ORDER,
	FAULT_REFERENCE,
	FAULTS
};

extern const char *const quality_faults[FAULTS];

/* How often, and in which rows first. */
struct fault_rows {
	uint64_t n;
	uint64_t first[LIMIT_QUALITY_ROWS];
};

struct quality_column {
	const struct expected_column *e;
	struct fault_rows faults[FAULTS];
	bool has_form;     /* type, pattern, range, length or scale is declared */
	bool orders;       /* its values are to be read as ordered */
	bool has_previous; /* for order: */
	struct ordered previous;
	bool has_newest; /* for timely: not behind the day */
	int64_t newest;
	struct keyset *targets; /* its values, where another column refers to it */
	struct keyset
		*pending; /* its values that were not in the other column when they were read */
};

struct quality_key {
	struct keyset *set;
	uint64_t members, beyond_first;
	struct fault_rows faults;
};

struct tally {
	uint64_t a, b;
	bool declared, limited;
};

struct quality {
	struct ctx *c;
	const struct quality_ask *ask;
	const struct expectation *x;
	struct identifiers *ids; /* for formats, and for what must not be there */
	struct quality_column *columns;
	struct quality_key *keys;
	struct fault_rows *rules;
	struct fault_rows ragged;
	struct keyset_budget budget;
	struct tally t[QUALITY_INDICATORS];
	uint64_t beyond_first; /* over all keys: the other convention */
	uint64_t dirty_rows, unreadable_rows;
	int64_t day_end_ms;
	struct rows_told told;
	/* Of the row: */
	uint64_t row;
	bool row_dirty, row_unreadable, row_lacks;
};

/* Notes a fault of a row. */
void quality_fault(struct fault_rows *f, uint64_t row);
/* A row that is whole (rows_want.row). */
must_use err quality_row(void *arg, const struct row *row);
must_use err quality_report(struct ctx *c, const struct quality *q, struct json **ret);
