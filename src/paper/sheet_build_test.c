/* What is built can be read, whatever stands in its texts; limits at n and n + 1. */
#include "base/limits.h"
#include "paper/sheet.h"
#include "tests/tap.h"

static const struct str evil[] = {{"<script>alert(1)</script>", 25}, {"a\0b\x1b[31m\r\n", 10},
	{"\xff\xfe", 2}, {"\u202e\u2066", 6}};

static void hostile(struct ctx *c)
{
	struct sheet_draft d;
	struct sheet s;
	struct str text;
	const struct sheet_column columns[] = {{.name = evil[0], .width = 2, .right = true},
		{.name = evil[1], .note = evil[3], .width = 1, .code = true}};
	sheet_begin(c, &d, evil[1], evil[3]);
	d.date = STR("2026-11-24T03:00:00.000Z");
	d.id = evil[2];
	d.footer = evil[3];
	sheet_heading(&d, evil[0], evil[1]);
	sheet_paragraph(&d, evil[1]);
	sheet_clause(&d, evil[2], evil[3]);
	sheet_facts(&d);
	sheet_fact(&d, evil[0], evil[1], evil[2]);
	sheet_code(&d, evil[1], (struct str){0}, evil[3]);
	sheet_fact(&d, evil[1], evil[2], (struct str){0});
	sheet_table(&d, columns, 2);
	sheet_row(&d, evil, 2);
	sheet_row(&d, evil + 2, 2);
	sheet_notice(&d, evil[0], evil[1], true);
	sheet_qr(&d, STR("x"), evil[0], evil[1]);
	sheet_sign(&d);
	sheet_fact(&d, evil[0], (struct str){0}, evil[1]);
	is_int(sheet_done(&d, &text), OK, "hostile texts are built");
	is_int(sheet_read(c, text, &s), OK, "and read: %s", c->trouble.detail);
	is_int((intmax_t)s.n, SHEET_KINDS, "every block");
	is_int((intmax_t)s.blocks[3].facts_n, 2, "without the empty fact");
	is_int((intmax_t)s.blocks[4].rows->n, 2, "with both rows");
	ok(str_is(s.blocks[0].text, "<script>alert(1)</script>"), "markup stays text");
}

static err of_rows(size_t n, struct sheet *ret)
{
	static struct arena *a;
	arena_free(a);
	a = arena_new(8 * LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct sheet_draft d;
	struct str text;
	const struct sheet_column column = {.name = STR("n"), .width = 1};
	sheet_begin(&c, &d, STR("t"), (struct str){0});
	d.date = STR("2026-11-24T03:00:00.000Z");
	sheet_table(&d, &column, 1);
	for (size_t i = 0; i < n; i++)
		sheet_row(&d, &column.name, 1);
	TRY(sheet_done(&d, &text));
	err e = sheet_read(&c, text, ret);
	return e;
}

static err of_blocks(unsigned n)
{
	cleanup(arena_freep) struct arena *a = arena_new(8 * LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct sheet_draft d;
	struct sheet s;
	struct str text;
	sheet_begin(&c, &d, STR("t"), (struct str){0});
	d.date = STR("2026-11-24T03:00:00.000Z");
	for (unsigned i = 0; i < n; i++)
		sheet_paragraph(&d, STR("p"));
	TRY(sheet_done(&d, &text));
	return sheet_read(&c, text, &s);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct sheet s = {0};
	hostile(&c);
	is_int(of_rows(10000, &s), OK, "10,000 rows");
	is_int((intmax_t)s.blocks[0].rows->n, 10000, "are read");
	is_int(of_blocks(LIMIT_SHEET_BLOCKS), OK, "as many blocks as allowed");
	is_int(of_blocks(LIMIT_SHEET_BLOCKS + 1), ERR_TOO_LARGE, "and one more");
	cleanup(arena_freep) struct arena *small = arena_new(4096);
	struct ctx few = {.arena = small};
	struct sheet_draft d;
	struct str text;
	sheet_begin(&few, &d, STR("t"), (struct str){0});
	d.date = STR("2026-11-24T03:00:00.000Z");
	for (int i = 0; i < 100; i++) {
		sheet_facts(&d);
		sheet_fact(&d, STR("n"), STR("m"), STR("a\x01"));
	}
	is_int(sheet_done(&d, &text), ERR_TOO_LARGE, "no memory is said at the end");
	return done_testing();
}
