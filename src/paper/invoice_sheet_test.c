/* Invoices on paper: the five parts, the verdict, amounts, the disclaimer always; what does not verify is not printed. */
#include "paper/invoice_sheet.h"

#include "paper/html.h"
#include "proof/fixture_test.h"
#include "tests/tap.h"

static err made(struct fixture *f, struct str *ret)
{
	return invoice_sheet(f->c, fixture_file(f), STR("https://s.example/verify.html"), ret);
}

static void says(struct str text, const char *what)
{
	ok(str_find_str(text, str_z(what)) < text.n, "it says %s", what);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(4 * LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct fixture f = {.c = &c}, bare = {.c = &c, .no_receipt = true},
		       bent = {.c = &c, .path = "core/I/serial", .value = json_z(&c, "x")},
		       evil = {.c = &c,
			       .path = "I/voucher/mode",
			       .value = json_z(&c, "<script>\u202e\x1b[31m")};
	struct str text = {0}, page = {0};
	struct sheet s;
	is_int(made(&f, &text), OK, "an invoice: %s", c.trouble.detail);
	is_int(sheet_read(&c, text, &s), OK, "is a sheet: %s", c.trouble.detail);
	says(s.title, "数据流通凭证");
	for (size_t i = 0; i < 5; i++)
		says(text, (const char *const[]){"一、场景", "二、实体", "三、交易凭证", "四、登记",
				   "五、监管"}[i]);
	says(text, "双方已存证");
	says(text, "截至 ");
	says(text, "人民币 10,000.01 元");
	says(text, "人民币壹万零陆佰元零壹分");
	says(text, "未登记");
	says(text, "s.example/log");
	says(text, "b.example/log");
	says(text, "https://s.example/verify.html#serial=s.example-");
	says(text, "本凭证不是税务发票,不得用于抵扣、税前扣除或报销。");
	is_int(html_page(&c, &s, &page), OK, "and a page");
	says(page, "本凭证不是税务发票");
	is_int(made(&bare, &text), OK, "one without receipt: %s", c.trouble.detail);
	says(text, "本凭证不是税务发票");
	ok(str_find_str(text, STR("已签收字节")) == text.n, "and it claims no receipt");
	ok(made(&bent, &text) != OK, "one that does not verify is not printed");
	is_int(made(&evil, &text), OK, "a hostile mode: %s", c.trouble.detail);
	is_int(sheet_read(&c, text, &s), OK, "is a clean sheet");
	is_int(html_page(&c, &s, &page), OK, "and a page");
	ok(str_find_str(page, STR("<script")) == page.n, "without its markup");
	says(page, "&lt;script&gt;\xef\xbf\xbd");
	return done_testing();
}
