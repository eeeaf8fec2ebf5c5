#include "render/page.h"

#include <cairo-pdf.h>
#include <qrencode.h>

#include "base/limits.h"
#include "render/flow.h"

#define PAD_X FLOW_POINTS(6)
#define PAD_Y FLOW_POINTS(4)
#define QR_SIDE FLOW_POINTS(96)
#define PT(u) ((u) / (1.0 * PANGO_SCALE))

static err one(struct flow *f, const struct flow_cell *cell, int before, int after)
{
	struct flow_row row = {.n = 1, .before = before, .after = after};
	row.cells[0] = *cell;
	row.cells[0].width = FLOW_WIDTH;
	return flow_row(f, &row);
}

static err draw_title(struct flow *f)
{
	const struct sheet *s = f->sheet;
	TRY(one(f, &(struct flow_cell){.text = s->title, .style = FONT_TITLE, .align = FLOW_CENTER},
		0, FLOW_POINTS(1)));
	if (s->note.n > 0)
		TRY(one(f,
			&(struct flow_cell){.text = s->note,
				.style = FONT_SUBTITLE,
				.align = FLOW_CENTER,
				.colour = FLOW_GREY},
			0, FLOW_POINTS(2)));
	if (s->id.n > 0)
		TRY(one(f,
			&(struct flow_cell){
				.text = s->id, .style = FONT_SUBTITLE, .align = FLOW_CENTER},
			FLOW_POINTS(2), 0));
	f->y += FLOW_POINTS(8);
	return OK;
}

static err draw_heading(struct flow *f, const struct sheet_block *b)
{
	struct flow_row row = {.n = 2, .before = FLOW_POINTS(10), .after = FLOW_POINTS(4)};
	TRY(flow_need(f, FLOW_POINTS(70)));
	row.cells[0] = (struct flow_cell){
		.text = b->text, .width = FLOW_WIDTH * 2 / 3, .style = FONT_HEADING};
	row.cells[1] = (struct flow_cell){.text = b->note,
		.width = FLOW_WIDTH / 3,
		.style = FONT_SUBTITLE,
		.align = FLOW_END,
		.colour = FLOW_GREY};
	return flow_row(f, &row);
}

static err draw_clause(struct flow *f, const struct sheet_block *b)
{
	const int label = FLOW_POINTS(34);
	struct flow_row row = {.n = 2, .before = FLOW_POINTS(1), .after = FLOW_POINTS(3)};
	row.cells[0] = (struct flow_cell){.text = b->label, .width = label, .style = FONT_TEXT};
	row.cells[1] = (struct flow_cell){
		.text = b->text, .width = FLOW_WIDTH - label, .style = FONT_TEXT};
	return flow_row(f, &row);
}

static err draw_fact(struct flow *f, const struct sheet_fact *fact)
{
	const int key = FLOW_POINTS(120);
	struct flow_row row = {.n = 2, .pad_x = PAD_X, .pad_y = PAD_Y, .grid = true};
	row.cells[0] = (struct flow_cell){.text = fact->name,
		.note = fact->note,
		.width = key,
		.style = FONT_KEY,
		.fill = true};
	row.cells[1] = (struct flow_cell){.text = fact->value,
		.width = FLOW_WIDTH - key,
		.style = fact->code ? FONT_CODE : FONT_VALUE};
	return flow_row(f, &row);
}

static err draw_facts(struct flow *f, const struct sheet_block *b)
{
	for (size_t i = 0; i < b->facts_n; i++)
		TRY(draw_fact(f, &b->facts[i]));
	f->y += FLOW_POINTS(4);
	return OK;
}

static void table_widths(const struct sheet_block *b, struct flow_row *row)
{
	int64_t all = 0;
	for (size_t i = 0; i < b->columns_n; i++)
		all += b->columns[i].width;
	for (size_t i = 0; i < b->columns_n; i++)
		row->cells[i].width = (int)(FLOW_WIDTH * b->columns[i].width / all);
	row->n = b->columns_n;
}

static err draw_table(struct flow *f, const struct sheet_block *b)
{
	struct flow_row head = {
		.pad_x = FLOW_POINTS(3), .pad_y = FLOW_POINTS(3), .grid = true, .whole = true};
	struct flow_row row = {.pad_x = FLOW_POINTS(3), .pad_y = FLOW_POINTS(2), .grid = true};
	table_widths(b, &head);
	table_widths(b, &row);
	for (size_t i = 0; i < b->columns_n; i++) {
		head.cells[i].text = b->columns[i].name;
		head.cells[i].note = b->columns[i].note;
		head.cells[i].style = FONT_CELL;
		head.cells[i].fill = true;
		row.cells[i].style = b->columns[i].code ? FONT_CELL_CODE : FONT_CELL;
		row.cells[i].align = b->columns[i].right ? FLOW_END : FLOW_START;
	}
	TRY(flow_need(f, FLOW_POINTS(60)));
	TRY(flow_row(f, &head));
	f->head = &head;
	for (const struct json *r = b->rows->first; r != NULL; r = r->next) {
		size_t i = 0;
		for (const struct json *cell = r->first; cell != NULL; cell = cell->next)
			row.cells[i++].text = cell->text;
		TRY(flow_row(f, &row));
	}
	f->head = NULL;
	f->y += FLOW_POINTS(4);
	return OK;
}

static err draw_notice(struct flow *f, const struct sheet_block *b)
{
	struct flow_row row = {.n = 1,
		.pad_x = FLOW_POINTS(8),
		.pad_y = FLOW_POINTS(6),
		.before = FLOW_POINTS(8),
		.after = FLOW_POINTS(4),
		.grid = true,
		.line = b->strong ? FLOW_RED : FLOW_INK};
	row.cells[0] = (struct flow_cell){.text = b->text,
		.note = b->note,
		.width = FLOW_WIDTH,
		.style = FONT_TEXT,
		.align = b->strong ? FLOW_CENTER : FLOW_START,
		.colour = b->strong ? FLOW_RED : FLOW_INK};
	return flow_row(f, &row);
}

/* One dark square a module, as vectors; the quiet zone is the paper. */
static void draw_modules(struct flow *f, const QRcode *code)
{
	const int x0 = FLOW_LEFT + FLOW_WIDTH - QR_SIDE;
	const int side = QR_SIDE / code->width;
	cairo_set_source_rgb(f->cr, 0, 0, 0);
	for (int i = 0; i < code->width * code->width; i++) {
		if ((code->data[i] & 1) != 0)
			cairo_rectangle(f->cr, PT(x0 + i % code->width * side),
				PT(f->y + i / code->width * side), PT(side), PT(side));
	}
	cairo_fill(f->cr);
}

static err draw_qr(struct flow *f, const struct sheet_block *b)
{
	const int gap = FLOW_POINTS(14);
	struct flow_row row = {
		.n = 1, .height_min = QR_SIDE, .after = FLOW_POINTS(8), .whole = true};
	QRcode *code = b->payload.n > 0 && b->payload.n < 2048
			       ? QRcode_encodeData((int)b->payload.n,
					 (const unsigned char *)b->payload.p, 0, QR_ECLEVEL_M)
			       : NULL;
	ENSURE(code != NULL, f->c, ERR_BAD_VALUE, "a QR code cannot hold its 'payload'");
	f->y += FLOW_POINTS(8);
	err e = flow_need(f, QR_SIDE + FLOW_POINTS(12));
	if (e == OK && f->draw)
		draw_modules(f, code);
	QRcode_free(code);
	TRY(e);
	row.cells[0] = (struct flow_cell){.text = b->text,
		.note = b->note,
		.width = FLOW_WIDTH - QR_SIDE - gap,
		.style = FONT_VALUE};
	return flow_row(f, &row);
}

/* Two boxes a line, high enough for a seal of 42 mm. */
static err draw_sign(struct flow *f, const struct sheet_block *b)
{
	for (size_t i = 0; i < b->facts_n; i += 2) {
		struct flow_row row = {.pad_x = FLOW_POINTS(10),
			.pad_y = FLOW_POINTS(10),
			.height_min = FLOW_POINTS(130),
			.before = FLOW_POINTS(12),
			.grid = true,
			.whole = true};
		for (size_t k = i; k < i + 2 && k < b->facts_n; k++) {
			struct str text;
			TRY(arena_fmt(f->c, &text, "%.*s\n\n%.*s", FMT(b->facts[k].name),
				FMT(b->facts[k].value)));
			row.cells[row.n++] = (struct flow_cell){
				.text = text, .width = FLOW_WIDTH / 2, .style = FONT_TEXT};
		}
		TRY(flow_row(f, &row));
	}
	return OK;
}

static err draw_block(struct flow *f, const struct sheet_block *b)
{
	switch (b->kind) {
	case SHEET_HEADING:
		return draw_heading(f, b);
	case SHEET_TEXT:
		return one(f, &(struct flow_cell){.text = b->text, .style = FONT_TEXT},
			FLOW_POINTS(1), FLOW_POINTS(4));
	case SHEET_CLAUSE:
		return draw_clause(f, b);
	case SHEET_FACTS:
		return draw_facts(f, b);
	case SHEET_TABLE:
		return draw_table(f, b);
	case SHEET_NOTICE:
		return draw_notice(f, b);
	case SHEET_QR:
		return draw_qr(f, b);
	case SHEET_SIGN:
		return draw_sign(f, b);
	case SHEET_KINDS:
		break;
	}
	__builtin_unreachable();
}

static err draw_all(struct flow *f)
{
	flow_begin(f);
	TRY(draw_title(f));
	for (size_t i = 0; i < f->sheet->n; i++)
		TRY(draw_block(f, &f->sheet->blocks[i]));
	TRY(flow_end(f));
	f->pages = f->page;
	return OK;
}

static cairo_status_t keep(void *arg, const unsigned char *bytes, unsigned n)
{
	struct buf *b = arg;
	buf_add(b, (struct str){(const char *)bytes, n});
	return b->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/* The date of the sheet, to the second: cairo would otherwise take the clock. */
static err describe(struct ctx *c, cairo_surface_t *surface, const struct sheet *s)
{
	struct str date;
	TRY(arena_fmt(c, &date, "%.*sZ", FMT(str_sub(s->date, 0, 19))));
	const char *title = arena_z(c->arena, s->title);
	ENSURE(title != NULL, c, ERR_TOO_LARGE, "the sheet is too large");
	cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "shugu");
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date.p);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, date.p);
	return OK;
}

static err draw_twice(struct flow *f, cairo_surface_t *surface)
{
	TRY(describe(f->c, surface, f->sheet));
	TRY(draw_all(f));
	f->draw = true;
	return draw_all(f);
}

err page_render(
	struct ctx *c, const struct fonts *fonts, const struct sheet *s, struct str *ret_pdf)
{
	struct buf pdf;
	buf_init(&pdf, c->arena, LIMIT_PRINT_PDF);
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(keep, &pdf, 595.276, 841.89);
	cairo_t *cr = cairo_create(surface);
	struct flow f = {.c = c, .fonts = fonts, .cr = cr, .sheet = s};
	err e = draw_twice(&f, surface);
	cairo_status_t drawn = cairo_status(cr);
	cairo_surface_finish(surface);
	cairo_status_t finished = cairo_surface_status(surface);
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	TRY(e);
	ENSURE(drawn == CAIRO_STATUS_SUCCESS && finished == CAIRO_STATUS_SUCCESS, c, ERR_TOO_LARGE,
		"the PDF cannot be made: %s",
		cairo_status_to_string(drawn != CAIRO_STATUS_SUCCESS ? drawn : finished));
	return buf_done(c, &pdf, ret_pdf);
}
