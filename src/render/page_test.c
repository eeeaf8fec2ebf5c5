/* A sheet as PDF: the same bytes for the same sheet, limits, and what cannot be printed. What stands in it is compared by
 * tests/e2e/print.t with a reader that others wrote. */
#include "render/page.h"

#include "base/limits.h"
#include "tests/tap.h"

static struct fonts fonts;

static err print(struct ctx *c, struct str payload, size_t rows, struct str *ret)
{
	struct sheet_draft d;
	struct sheet s;
	struct str text;
	const struct sheet_column column = {.name = STR("列"), .width = 1};
	sheet_begin(c, &d, STR("标题"), STR("title"));
	d.date = STR("2026-11-24T03:00:00.123Z");
	sheet_heading(&d, STR("一"), STR("one"));
	sheet_qr(&d, payload, STR("扫码"), (struct str){0});
	sheet_table(&d, &column, 1);
	for (size_t i = 0; i < rows; i++)
		sheet_row(&d, &column.name, 1);
	sheet_sign(&d);
	sheet_fact(&d, STR("甲方"), (struct str){0}, STR("日期"));
	TRY(sheet_done(&d, &text));
	TRY(sheet_read(c, text, &s));
	return page_render(c, &fonts, &s, ret);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(256u << 20);
	struct ctx c = {.arena = a};
	struct str one, two, large;
	if (!ok(fonts_open(&c, &fonts) == OK, "fonts: %s", c.trouble.detail))
		return done_testing();
	is_int(print(&c, STR("https://a.example/verify.html"), 3, &one), OK, "a sheet is printed");
	is_int(print(&c, STR("https://a.example/verify.html"), 3, &two), OK, "and again");
	ok(str_eq(one, two), "with the same bytes");
	ok(str_starts(one, STR("%PDF-1.5")) && str_ends(one, STR("%%EOF\n")), "a whole PDF");
	ok(str_find_str(one, STR("(20261124030000Z")) < one.n, "dated as the sheet says");
	is_int(print(&c, STR("x"), 10000, &large), OK, "10,000 rows: %s", c.trouble.detail);
	ok(large.n < LIMIT_PRINT_PDF, "make %zu bytes", large.n);
	struct str long_payload = {arena_alloc(a, 3000), 3000};
	is_int(print(&c, long_payload, 1, &two), ERR_BAD_VALUE, "a payload no code can hold");
	is_int(print(&c, (struct str){0}, 1, &two), ERR_BAD_VALUE, "and none");
	return done_testing();
}
