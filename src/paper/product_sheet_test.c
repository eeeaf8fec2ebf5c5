/* A product as a sheet: what it is, what its description lacks, terms in words, columns; hostile names as text. */
#include "paper/product_sheet.h"

#include "base/limits.h"
#include "paper/sheet.h"
#include "tests/tap.h"

static struct ctx c;

static void says(struct str text, const char *what)
{
	ok(str_find_str(text, str_z(what)) < text.n, "it says %s", what);
}

static struct str column(int i)
{
	struct str s = {0};
	if (arena_fmt(&c, &s,
		    "{\"name\":\"c%d\",\"type\":\"integer\",\"distinct\":7,\"nulls\":3,\"min\":-5,"
		    "\"max\":\"z\"}",
		    i) != OK)
		return STR("");
	return s;
}

/* A product of so many columns; its sheet. */
static err made(const char *name, int columns, struct str *ret)
{
	struct str text;
	const struct json *p;
	struct buf b;
	buf_init(&b, c.arena, 1u << 18);
	for (int i = 0; i < columns; i++) {
		buf_add(&b, i > 0 ? STR(",") : STR(""));
		buf_add(&b, column(i));
	}
	TRY(arena_fmt(&c, &text,
		"{\"product\":\"urn:uuid:1\",\"name\":\"%s\",\"revision\":2,\"mediaType\":\"text/"
		"csv\","
		"\"object\":{\"size\":4711,\"sha256\":\"aa\"},\"price\":{\"net\":1000001,\"rate\":"
		"600,\"tax\":60000},"
		"\"terms\":{\"permission\":[{\"action\":\"use\"}]},\"scenario\":{\"territory\":"
		"\"CN\"},"
		"\"dossier\":{\"source\":\"stations\"},\"at\":\"2026-11-24T03:00:00.000Z\","
		"\"profile\":{\"rows\":4000,\"columns\":[%.*s]}}",
		name, FMT(buf_str(&b))));
	TRY(json_parse(&c, text, &p));
	return product_sheet(&c, p, ret);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(4 * LIMIT_REQUEST_ARENA);
	struct str text = {0};
	struct sheet s;
	c = (struct ctx){.arena = a};
	is_int(made("rain", 2, &text), OK, "a product: %s", c.trouble.detail);
	is_int(sheet_read(&c, text, &s), OK, "is a sheet: %s", c.trouble.detail);
	ok(str_is(s.title, "rain"), "named as the product");
	says(text, "4711 字节");
	says(text, "人民币 10,600.01 元");
	says(text, "stations");
	says(text, "未填写");
	says(text, "使用条款:");
	says(text, "共 4000 行、2 列");
	says(text, "\"c1\",\"integer\",\"7\",\"3\",\"-5\",\"z\"");
	is_int(made("rain", PRODUCT_COLUMNS, &text), OK, "as many columns as are shown");
	ok(str_find_str(text, STR("仅列出")) == text.n, "all are");
	is_int(made("rain", PRODUCT_COLUMNS + 1, &text), OK, "one more");
	says(text, "仅列出前 100 列");
	ok(str_find_str(text, STR("\"c100\"")) == text.n, "is not shown");
	is_int(made("<b>\\u2066\\n", 0, &text), OK, "a hostile name, no columns");
	is_int(sheet_read(&c, text, &s), OK, "is a clean sheet");
	is_int(product_sheet(&c, json_object(&c), &text), ERR_BAD_VALUE, "no product");
	return done_testing();
}
