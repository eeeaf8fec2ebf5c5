/* Rows on pages: counted the same whether drawn or not; long rows are broken, heads repeated. */
#include "render/flow.h"

#include <cairo-pdf.h>

#include "tests/tap.h"

static int y_of(struct flow *f, const struct flow_row *row)
{
	int from = f->y;
	is_int(flow_row(f, row), OK, "a row is placed");
	return f->y - from;
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(16u << 20);
	struct ctx c = {.arena = a};
	struct fonts fonts;
	if (!ok(fonts_open(&c, &fonts) == OK, "fonts: %s", c.trouble.detail))
		return done_testing();
	struct sheet s = {.title = STR("标题")};
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(NULL, NULL, 596, 842);
	cairo_t *cr = cairo_create(surface);
	struct flow f = {.c = &c, .fonts = &fonts, .cr = cr, .sheet = &s};
	struct flow_row row = {.n = 1, .pad_y = FLOW_POINTS(2), .grid = true};
	row.cells[0] =
		(struct flow_cell){.text = STR("数据"), .width = FLOW_WIDTH, .style = FONT_TEXT};

	flow_begin(&f);
	int one = y_of(&f, &row);
	ok(one > FLOW_POINTS(14) && one < FLOW_POINTS(24), "one line of text");
	row.height_min = FLOW_POINTS(100);
	is_int(y_of(&f, &row), FLOW_POINTS(104), "a row that must be higher is");
	row.height_min = 0;
	is_int(flow_need(&f, FLOW_POINTS(100)), OK, "room for more");
	is_int(f.page, 1, "stays on its page");
	is_int(flow_need(&f, FLOW_POINTS(700)), OK, "no room");
	is_int(f.page, 2, "breaks the page");

	char *lines = arena_alloc(a, 4000);
	memset(lines, '\n', 4000);
	row.cells[0].text = (struct str){lines, 4000};
	flow_begin(&f);
	is_int(flow_row(&f, &row), OK, "4,000 lines in one cell");
	ok(f.page > 60 && f.page < 120, "are broken over %d pages", f.page);

	int pages[2];
	for (int i = 0; i < 2; i++) {
		struct flow_row head = row;
		head.cells[0].text = STR("列名");
		row.cells[0].text = STR("x");
		f.draw = i == 1;
		flow_begin(&f);
		f.head = &head;
		for (int k = 0; k < 300; k++)
			if (flow_row(&f, &row) != OK)
				break;
		f.head = NULL;
		is_int(flow_end(&f), OK, "the end");
		pages[i] = f.page;
	}
	is_int(pages[0], pages[1], "drawn or counted, the pages are the same");
	is_int(cairo_status(cr), CAIRO_STATUS_SUCCESS, "and cairo is content");
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	return done_testing();
}
