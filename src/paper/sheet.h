/* A sheet: a document to be read by people, before it is a page. What turns G, I or a profile into print makes one; the
 * printed page (render/) and the web page (paper/html) are made of the same one, so nothing is said twice
 * (docs/FORMATS.md, Sheets).
 *
 * Building cleans each text: what has no shape of its own or changes the order of what stands beside it (controls but LF,
 * bidirectional marks, zero-width characters, noncharacters) becomes U+FFFD, so it is seen. Reading is strict: unknown and
 * missing members, a text that is not clean, a row that has not as many cells as its table has columns are refused.
 * Limits: LIMIT_SHEET bytes, LIMIT_SHEET_BLOCKS blocks, LIMIT_SHEET_COLUMNS columns. Pure. Texts are borrowed or lie in the
 * context's arena. */
#pragma once

#include "codec/json.h"

enum sheet_kind {
	SHEET_HEADING, /* text, note */
	SHEET_TEXT,    /* text */
	SHEET_CLAUSE,  /* label, text */
	SHEET_FACTS,   /* facts */
	SHEET_TABLE,   /* columns, rows */
	SHEET_NOTICE,  /* text, note, strong */
	SHEET_QR,      /* payload, text, note */
	SHEET_SIGN,    /* facts: a box each */
	SHEET_KINDS
};

/* note is the same in the other language, small; code is set in small type and may break anywhere. */
struct sheet_fact {
	struct str name, note, value;
	bool code;
};

struct sheet_column {
	struct str name, note;
	int64_t width; /* share of the line, 1 to 100 */
	bool right, code;
};

struct sheet_block {
	struct str type, text, note, label, payload;
	bool strong;
	enum sheet_kind kind;
	struct sheet_fact *facts;
	size_t facts_n;
	struct sheet_column *columns;
	size_t columns_n;
	const struct json *rows; /* of arrays of texts */
	const struct json *columns_json;
};

struct sheet {
	struct str title, note, id, date, footer;
	struct sheet_block *blocks;
	size_t n;
};

/* The whole text is one sheet. ERR_MALFORMED, ERR_UNKNOWN_MEMBER, ERR_MISSING_MEMBER, ERR_BAD_VALUE, ERR_TOO_LARGE. */
must_use err sheet_read(struct ctx *c, struct str text, struct sheet *ret);

/* Building, as codec/json: failures stick, and sheet_done asks. */
struct sheet_draft {
	struct ctx *c;
	struct json *blocks, *open; /* facts, rows or boxes of the block that is being written */
	struct str title, note, id, date, footer;
	bool failed;
};

void sheet_begin(struct ctx *c, struct sheet_draft *d, struct str title, struct str note);
void sheet_heading(struct sheet_draft *d, struct str text, struct str note);
void sheet_paragraph(struct sheet_draft *d, struct str text);
void sheet_clause(struct sheet_draft *d, struct str label, struct str text);
void sheet_notice(struct sheet_draft *d, struct str text, struct str note, bool strong);
void sheet_qr(struct sheet_draft *d, struct str payload, struct str text, struct str note);
/* Facts follow by sheet_fact, boxes for signatures too. An empty value is left out of facts. */
void sheet_facts(struct sheet_draft *d);
void sheet_sign(struct sheet_draft *d);
void sheet_fact(struct sheet_draft *d, struct str name, struct str note, struct str value);
void sheet_code(struct sheet_draft *d, struct str name, struct str note, struct str value);
/* Rows follow by sheet_row, each with n texts. */
void sheet_table(struct sheet_draft *d, const struct sheet_column *columns, size_t n);
void sheet_row(struct sheet_draft *d, const struct str *texts, size_t n);
/* Its text. ERR_TOO_LARGE. */
must_use err sheet_done(struct sheet_draft *d, struct str *ret);
