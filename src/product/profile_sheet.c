/* The first visible sheet of a workbook. The first row that holds anything is the header, and the table reaches from its
 * first cell to its last; a header cell that is empty names its column "". Rows without any cell are none. */
#include "codec/xlsx.h"
#include "product/profile_parts.h"

struct sheet {
	struct profile *p;
	bool begun, header;
	bool ragged;    /* the row that is read is */
	uint32_t row;   /* that is read */
	uint32_t first; /* column of the table in the sheet */
	uint64_t errors;
};

static err take_header(struct sheet *s, const struct xlsx_cell *cell)
{
	struct profile *p = s->p;
	if (p->columns_n == 0)
		s->first = cell->column;
	while (p->stopped == NULL && p->columns_n < cell->column - s->first)
		TRY(profile_add_column(p, STR("")));
	return p->stopped == NULL ? profile_add_column(p, cell->text) : OK;
}

static const enum value_kind kinds[] = {
	[XLSX_TEXT] = VALUE_TEXT,
	[XLSX_NUMBER] = VALUE_ANY,
	[XLSX_BOOLEAN] = VALUE_BOOLEAN,
	[XLSX_TIME] = VALUE_ANY,
	[XLSX_ERROR] = VALUE_TEXT,
};

static void begin_row(struct sheet *s, uint32_t row)
{
	s->header = !s->begun;
	s->begun = true;
	s->row = row;
	s->ragged = false;
	s->p->rows += !s->header;
}

static err take_cell(void *arg, const struct xlsx_cell *cell)
{
	struct sheet *s = arg;
	struct profile *p = s->p;
	if (!s->begun || cell->row != s->row)
		begin_row(s, cell->row);
	if (s->header)
		TRY(take_header(s, cell));
	ENSURE(p->stopped == NULL, &p->work, ERR_TOO_LARGE, "%s", p->stopped);
	if (s->header)
		return OK;
	s->errors += cell->kind == XLSX_ERROR;
	bool outside = cell->column < s->first || cell->column - s->first >= p->columns_n;
	p->ragged += outside && !s->ragged;
	s->ragged = s->ragged || outside;
	if (!outside)
		column_add(p->columns[cell->column - s->first], cell->text, kinds[cell->kind]);
	return OK;
}

static err read_sheet(struct profile *p, struct sheet *s, struct xlsx **ret)
{
	struct source source;
	TRY(source_of_file(&p->work, p->fd, &source));
	TRY(xlsx_open(&p->work, &source, LIMIT_XLSX_SHEET, ret));
	return xlsx_read(&p->work, *ret, take_cell, s);
}

err profile_sheet(struct ctx *c, struct profile *p, struct json **o)
{
	struct sheet s = {.p = p};
	struct xlsx *x = NULL;
	struct str name = {"", 0};
	TRY(profile_stop(c, p, read_sheet(p, &s, &x)));
	if (x != NULL)
		TRY(column_clean(c, xlsx_sheet(x), LIMIT_NAME, &name));
	json_set(o, "format", json_z(c, "xlsx"));
	json_set_str(c, o, "sheet", name);
	json_set_num(c, o, "ragged", (int64_t)p->ragged);
	json_set_num(c, o, "errors", (int64_t)s.errors);
	return OK;
}
