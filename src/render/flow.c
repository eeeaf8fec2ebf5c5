#include "render/flow.h"

#include <assert.h>
#include <limits.h>

#include "render/page_messages.h"

#define LEADING(h) ((h)*122 / 100)
#define FOLD 4096u
#define HAIR FLOW_POINTS(1) / 2
#define FOOT_Y FLOW_POINTS(790)
#define HEAD_Y FLOW_POINTS(32)
#define PT(u) ((u) / (1.0 * PANGO_SCALE))

/* One cell while its row is laid out: which lines are still to come. */
struct shown {
	PangoLayout *layout;
	PangoLayoutIter *iter;
	bool more;
	int height; /* of all its lines */
};

void flow_colour(cairo_t *cr, enum flow_colour colour)
{
	switch (colour) {
	case FLOW_INK:
		cairo_set_source_rgb(cr, 0.10, 0.10, 0.12);
		return;
	case FLOW_GREY:
		cairo_set_source_rgb(cr, 0.42, 0.44, 0.48);
		return;
	case FLOW_RED:
		cairo_set_source_rgb(cr, 0.66, 0.09, 0.10);
		return;
	}
}

/* A code that is broken gets no hyphen, which would become part of it; what stands behind from is a note. */
static void set_attributes(PangoLayout *l, size_t from)
{
	PangoAttrList *list = pango_attr_list_new();
	pango_attr_list_insert(list, pango_attr_insert_hyphens_new(FALSE));
	PangoAttribute *size = pango_attr_size_new_absolute(FLOW_POINTS(15) / 2);
	PangoAttribute *grey = pango_attr_foreground_new(27500, 29000, 31500);
	size->start_index = grey->start_index = (guint)from;
	pango_attr_list_insert(list, size);
	pango_attr_list_insert(list, grey);
	pango_layout_set_attributes(l, list);
	pango_attr_list_unref(list);
}

/* Pango takes quadratic time for a line without end: a break after FOLD bytes, between characters. */
static err fold(struct ctx *c, struct str s, struct str *ret)
{
	struct buf b;
	if (s.n <= FOLD)
		return OK;
	buf_init(&b, c->arena, 2 * s.n);
	for (size_t i = 0, line = 0; i < s.n; i++) {
		if (line >= FOLD && ((unsigned char)s.p[i] & 0xc0) != 0x80) {
			buf_char(&b, '\n');
			line = 0;
		}
		line = s.p[i] == '\n' ? 0 : line + 1;
		buf_char(&b, s.p[i]);
	}
	return buf_done(c, &b, ret);
}

static err open_cell(struct flow *f, const struct flow_cell *cell, int pad, struct shown *ret)
{
	struct str text = cell->text;
	if (cell->note.n > 0)
		TRY(arena_fmt(f->c, &text, "%.*s\n%.*s", FMT(cell->text), FMT(cell->note)));
	ENSURE(text.n < INT_MAX / 2, f->c, ERR_TOO_LARGE, "a text is too long");
	if (cell->note.n == 0)
		TRY(fold(f->c, text, &text));
	PangoLayout *l = pango_layout_new(f->fonts->context);
	pango_layout_set_font_description(l, f->fonts->styles[cell->style]);
	pango_layout_set_auto_dir(l, FALSE);
	pango_layout_set_width(l, cell->width - 2 * pad);
	pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_alignment(l, cell->align == FLOW_CENTER ? PANGO_ALIGN_CENTER
				      : cell->align == FLOW_END  ? PANGO_ALIGN_RIGHT
								 : PANGO_ALIGN_LEFT);
	pango_layout_set_text(l, text.n > 0 ? text.p : "", (int)text.n);
	set_attributes(l, cell->note.n > 0 ? cell->text.n : text.n);
	ret->layout = l;
	ret->iter = pango_layout_get_iter(l);
	ret->more = true;
	ret->height = 0;
	PangoLayoutIter *i = pango_layout_get_iter(l);
	do {
		PangoRectangle logical;
		pango_layout_iter_get_line_extents(i, NULL, &logical);
		ret->height += LEADING(logical.height);
	} while (pango_layout_iter_next_line(i));
	pango_layout_iter_free(i);
	return OK;
}

static void close_cell(struct shown *s)
{
	pango_layout_iter_free(s->iter);
	g_object_unref(s->layout);
}

static void draw_line(
	struct flow *f, const struct flow_cell *cell, PangoLayoutIter *i, int x, int y)
{
	PangoRectangle logical;
	pango_layout_iter_get_line_extents(i, NULL, &logical);
	int up = pango_layout_iter_get_baseline(i) - logical.y;
	int lead = (LEADING(logical.height) - logical.height) / 2;
	PangoLayoutLine *line = pango_layout_iter_get_line_readonly(i);
	flow_colour(f->cr, cell->colour);
	cairo_move_to(f->cr, PT(x + logical.x), PT(y + lead + up));
	pango_cairo_show_layout_line(f->cr, line);
	int bold = font_bold(cell->style);
	if (bold == 0)
		return;
	cairo_move_to(f->cr, PT(x + logical.x), PT(y + lead + up));
	pango_cairo_layout_line_path(f->cr, line);
	cairo_set_line_width(f->cr, bold / 100.0);
	cairo_stroke(f->cr);
}

/* As many lines as fit, at least one where forced; the height they take. */
static int draw_lines(struct flow *f, const struct flow_cell *cell, struct shown *s, int x, int y,
	int room, bool forced, bool draw)
{
	int used = 0;
	while (s->more) {
		PangoRectangle logical;
		pango_layout_iter_get_line_extents(s->iter, NULL, &logical);
		int h = LEADING(logical.height);
		if (used + h > room && !(forced && used == 0))
			break;
		if (draw)
			draw_line(f, cell, s->iter, x, y + used);
		used += h;
		s->more = pango_layout_iter_next_line(s->iter);
	}
	return used;
}

static void draw_grid(struct flow *f, const struct flow_row *row, int y, int height, bool fills)
{
	int x = FLOW_LEFT;
	cairo_set_line_width(f->cr, PT(HAIR));
	for (size_t i = 0; i < row->n; i++) {
		cairo_rectangle(f->cr, PT(x), PT(y), PT(row->cells[i].width), PT(height));
		if (fills && row->cells[i].fill) {
			cairo_set_source_rgb(f->cr, 0.945, 0.95, 0.96);
			cairo_fill(f->cr);
		} else if (!fills && row->grid) {
			if (row->line == FLOW_INK)
				cairo_set_source_rgb(f->cr, 0.62, 0.64, 0.68);
			else
				flow_colour(f->cr, row->line);
			cairo_stroke(f->cr);
		}
		cairo_new_path(f->cr);
		x += row->cells[i].width;
	}
}

/* What of the row fits here: drawn and moved past. True where lines are left. */
static bool draw_part(struct flow *f, const struct flow_row *row, struct shown *cells, bool forced)
{
	int room = FLOW_BOTTOM - f->y - 2 * row->pad_y, tallest = 0, x = FLOW_LEFT;
	bool more = false;
	if (f->draw) { /* fills lie under the text: the height is that of the tallest cell, measured first */
		int fill = 0;
		for (size_t i = 0; i < row->n; i++)
			fill = cells[i].height > fill ? cells[i].height : fill;
		fill = fill < room ? fill : room;
		fill = fill < row->height_min ? row->height_min : fill;
		draw_grid(f, row, f->y, fill + 2 * row->pad_y, true);
	}
	for (size_t i = 0; i < row->n; i++) {
		int used = draw_lines(f, &row->cells[i], &cells[i], x + row->pad_x,
			f->y + row->pad_y, room, forced, f->draw);
		cells[i].height -= used;
		tallest = used > tallest ? used : tallest;
		more = more || cells[i].more;
		x += row->cells[i].width;
	}
	tallest = tallest < row->height_min ? row->height_min : tallest;
	if (f->draw)
		draw_grid(f, row, f->y, tallest + 2 * row->pad_y, false);
	f->y += tallest + 2 * row->pad_y;
	return more;
}

static void rule(struct flow *f, int y)
{
	cairo_set_source_rgb(f->cr, 0.62, 0.64, 0.68);
	cairo_set_line_width(f->cr, PT(HAIR));
	cairo_move_to(f->cr, PT(FLOW_LEFT), PT(y));
	cairo_line_to(f->cr, PT(FLOW_LEFT + FLOW_WIDTH), PT(y));
	cairo_stroke(f->cr);
}

/* Text outside the body: at most two lines, cut. */
static err draw_aside(struct flow *f, struct str text, int x, int y, int width, bool right)
{
	const struct flow_cell cell = {.text = text,
		.width = width,
		.style = FONT_NOTE,
		.align = right ? FLOW_END : FLOW_START,
		.colour = FLOW_GREY};
	struct shown s;
	TRY(open_cell(f, &cell, 0, &s));
	(void)draw_lines(f, &cell, &s, x, y, FLOW_POINTS(20), true, true);
	close_cell(&s);
	return OK;
}

static err draw_foot(struct flow *f)
{
	struct str text;
	if (!f->draw)
		return OK;
	rule(f, FOOT_Y);
	TRY(draw_aside(f, f->sheet->footer, FLOW_LEFT, FOOT_Y + FLOW_POINTS(4),
		FLOW_WIDTH - FLOW_POINTS(90), false));
	TRY(arena_fmt(f->c, &text, PAGE_OF, f->page, f->pages));
	TRY(draw_aside(f, text, FLOW_LEFT + FLOW_WIDTH - FLOW_POINTS(85), FOOT_Y + FLOW_POINTS(4),
		FLOW_POINTS(85), true));
	cairo_show_page(f->cr);
	return OK;
}

static err draw_head(struct flow *f)
{
	if (!f->draw)
		return OK;
	TRY(draw_aside(f, f->sheet->title, FLOW_LEFT, HEAD_Y, FLOW_WIDTH / 2, false));
	TRY(draw_aside(f, f->sheet->id, FLOW_LEFT + FLOW_WIDTH / 2, HEAD_Y, FLOW_WIDTH / 2, true));
	rule(f, HEAD_Y + FLOW_POINTS(13));
	return OK;
}

static err place(struct flow *f, const struct flow_row *row);

static err next_page(struct flow *f)
{
	const struct flow_row *head = f->head;
	TRY(draw_foot(f));
	f->page++;
	f->y = FLOW_TOP;
	TRY(draw_head(f));
	f->head = NULL;
	if (head != NULL)
		TRY(place(f, head));
	f->head = head;
	return OK;
}

static err parts(struct flow *f, const struct flow_row *row, struct shown *cells)
{
	int tallest = row->height_min, top = f->y;
	for (size_t i = 0; i < row->n; i++)
		tallest = cells[i].height > tallest ? cells[i].height : tallest;
	tallest += 2 * row->pad_y;
	bool keep = row->whole || tallest <= (FLOW_BOTTOM - FLOW_TOP) / 2;
	bool narrow = FLOW_BOTTOM - f->y < 2 * row->pad_y + FLOW_POINTS(16);
	if (top > FLOW_TOP && f->y + tallest > FLOW_BOTTOM && (keep || narrow))
		TRY(next_page(f));
	while (draw_part(f, row, cells, true))
		TRY(next_page(f));
	return OK;
}

static err place(struct flow *f, const struct flow_row *row)
{
	struct shown cells[FLOW_CELLS];
	size_t n = 0;
	err e = OK;
	assert(row->n <= FLOW_CELLS);
	while (n < row->n && e == OK) {
		e = open_cell(f, &row->cells[n], row->pad_x, &cells[n]);
		if (e == OK)
			n++;
	}
	if (e == OK)
		e = parts(f, row, cells);
	while (n > 0)
		close_cell(&cells[--n]);
	return e;
}

void flow_begin(struct flow *f)
{
	f->y = FLOW_TOP;
	f->page = 1;
	f->head = NULL;
}

err flow_row(struct flow *f, const struct flow_row *row)
{
	if (f->y > FLOW_TOP)
		f->y += row->before;
	TRY(place(f, row));
	f->y += row->after;
	return OK;
}

err flow_need(struct flow *f, int height)
{
	return f->y > FLOW_TOP && f->y + height > FLOW_BOTTOM ? next_page(f) : OK;
}

err flow_end(struct flow *f)
{
	return draw_foot(f);
}
