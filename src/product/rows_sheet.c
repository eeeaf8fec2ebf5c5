/* Rows of the first visible sheet of a workbook: as in profile_sheet.c, the first row that holds anything is the header, and
 * the table reaches from its first cell to its last. */
#include "codec/xlsx.h"
#include "product/rows_parts.h"

struct sheet {
	struct rows *r;
	bool begun, header;
	uint32_t row;   /* that is read */
	uint32_t first; /* column of the table in the sheet */
};

static void take_head(struct sheet *s, const struct xlsx_cell *cell)
{
	struct rows *r = s->r;
	if (r->map_n == 0)
		s->first = cell->column;
	while (r->told.stopped == NULL && r->map_n < cell->column - s->first)
		rows_head(r, STR(""));
	if (r->told.stopped == NULL)
		rows_head(r, cell->text);
}

static void take_value(struct sheet *s, const struct xlsx_cell *cell)
{
	static const enum value_kind kinds[] = {
		[XLSX_TEXT] = VALUE_TEXT,
		[XLSX_NUMBER] = VALUE_ANY,
		[XLSX_BOOLEAN] = VALUE_BOOLEAN,
		[XLSX_TIME] = VALUE_ANY,
		[XLSX_ERROR] = VALUE_TEXT,
	};
	struct rows *r = s->r;
	r->told.malformed += cell->kind == XLSX_ERROR;
	if (cell->column < s->first || cell->column - s->first >= r->map_n)
		r->ragged = true;
	else
		rows_cell(r, r->map[cell->column - s->first], cell->text, kinds[cell->kind], true);
}

static err take_cell(void *arg, const struct xlsx_cell *cell)
{
	struct sheet *s = arg;
	struct rows *r = s->r;
	if (!s->begun || cell->row != s->row) {
		if (s->begun && !s->header)
			TRY(rows_end(r));
		s->header = !s->begun;
		s->begun = true;
		s->row = cell->row;
	}
	if (s->header)
		take_head(s, cell);
	else
		take_value(s, cell);
	ENSURE(r->told.stopped == NULL, &r->work, ERR_TOO_LARGE, "%s", r->told.stopped);
	return OK;
}

static err read_sheet(struct rows *r, struct sheet *s)
{
	struct source source;
	struct xlsx *x = NULL;
	TRY(source_of_file(&r->work, r->want->fd, &source));
	TRY(xlsx_open(&r->work, &source, LIMIT_XLSX_SHEET, &x));
	TRY(xlsx_read(&r->work, x, take_cell, s));
	return s->begun && !s->header ? rows_end(r) : OK;
}

err rows_sheet(struct ctx *c, struct rows *r)
{
	struct sheet s = {.r = r};
	err e = read_sheet(r, &s);
	if (e == OK || err_is_fault(e))
		return e;
	r->told.stopped = arena_z(c->arena, str_z(r->work.trouble.detail));
	ENSURE(r->told.stopped != NULL, c, ERR_TOO_LARGE, "no memory for rows");
	return OK;
}
