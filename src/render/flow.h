/* Rows of cells on pages of A4 with margins of 2 cm: the one way in which anything gets onto paper.
 *
 * A row has its cells beside each other; a paragraph is a row of one. Where a row does not fit it begins a page, and where
 * it is longer than half a page it is broken between lines, each cell by itself, as often as needed. While a head is set
 * (the column names of a table) it is repeated on each new page. All measures are Pango units, 1/1024 of a point.
 *
 * The same calls are made twice: first nothing is drawn and the pages are counted (draw false), then with their number
 * known. Lives as long as its drawing; errors of cairo stick to its context. */
#pragma once

#include "base/limits.h"
#include "paper/sheet.h"
#include "render/fonts.h"

#define FLOW_POINTS(n) ((n)*PANGO_SCALE)
#define FLOW_WIDTH FLOW_POINTS(482)  /* between the margins */
#define FLOW_LEFT FLOW_POINTS(57)    /* 2 cm */
#define FLOW_TOP FLOW_POINTS(57)     /* of the body; the running head lies above */
#define FLOW_BOTTOM FLOW_POINTS(778) /* of the body; the foot lies below */
#define FLOW_CELLS LIMIT_SHEET_COLUMNS

enum flow_align { FLOW_START, FLOW_CENTER, FLOW_END };
enum flow_colour { FLOW_INK, FLOW_GREY, FLOW_RED };

struct flow_cell {
	struct str text, note; /* the note stands below, small and grey */
	int width;
	enum font_style style;
	enum flow_align align;
	enum flow_colour colour;
	bool fill;
};

struct flow_row {
	struct flow_cell cells[FLOW_CELLS];
	size_t n;
	int pad_x, pad_y, height_min, before, after;
	bool grid, whole; /* lines around each cell; never broken while it fits on a page */
	enum flow_colour line;
};

struct flow {
	struct ctx *c;
	const struct fonts *fonts;
	cairo_t *cr;
	const struct sheet *sheet;
	bool draw;
	int y, page, pages;
	const struct flow_row *head; /* or NULL */
};

void flow_begin(struct flow *f);
/* Draws a row and moves down. ERR_TOO_LARGE. */
must_use err flow_row(struct flow *f, const struct flow_row *row);
/* A page break where less than this is left. */
must_use err flow_need(struct flow *f, int height);
/* The last page's foot. */
must_use err flow_end(struct flow *f);
void flow_colour(cairo_t *cr, enum flow_colour colour);
