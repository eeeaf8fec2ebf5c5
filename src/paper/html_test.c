#include "paper/html.h"

#include "tests/tap.h"

static bool has(struct str page, const char *what)
{
	return str_find_str(page, str_z(what)) < page.n;
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(16u << 20);
	struct ctx c = {.arena = a};
	struct sheet_draft d;
	struct sheet s;
	struct str text, page = {0};
	const struct str evil = STR("</title><script>alert('x')</script>\"&");
	const struct sheet_column column = {.name = evil, .note = evil, .width = 1};
	sheet_begin(&c, &d, evil, evil);
	d.date = STR("2026-11-24T03:00:00.000Z");
	d.id = d.footer = evil;
	sheet_heading(&d, evil, evil);
	sheet_paragraph(&d, evil);
	sheet_clause(&d, evil, evil);
	sheet_facts(&d);
	sheet_code(&d, evil, evil, evil);
	sheet_table(&d, &column, 1);
	sheet_row(&d, &evil, 1);
	sheet_notice(&d, evil, evil, true);
	sheet_qr(&d, evil, evil, evil);
	sheet_sign(&d);
	sheet_fact(&d, evil, (struct str){0}, evil);
	ok(sheet_done(&d, &text) == OK && sheet_read(&c, text, &s) == OK, "a hostile sheet");
	is_int(html_page(&c, &s, &page), OK, "is a page");
	ok(!has(page, "<script") && !has(page, "'x'"), "in which nothing of it is markup");
	ok(has(page, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;"), "but text");
	ok(has(page, "default-src 'none'; style-src 'sha256-"), "with a policy of its own");
	ok(has(page, "<title>&lt;/title&gt;") && !has(page, "<title><bdi>"), "and a title");
	ok(str_ends(page, STR("</html>\n")), "to its end");
	return done_testing();
}
