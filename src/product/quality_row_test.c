#include "product/quality_fixture_test.h"
#include "tests/tap.h"

#define COLUMN(members) \
	"{\"v\":1,\"kind\":\"expectation\",\"columns\":[{\"name\":\"a\"," members \
	"},{\"name\":\"b\"}]}"

static void finds(struct ctx *c, const char *name, const char *expectation, const char *table,
	const char *want, const char *what)
{
	const struct json *report = fixture_report(c, name, table, expectation);
	is_str(fixture_reasons(c, report), want, "%s", what);
}

static void of_form(struct ctx *c)
{
	finds(c, "t.csv", COLUMN("\"type\":\"integer\""), "a\n1\n1.5\n007\n-3\n", "type a: 2 [2 3]",
		"whole numbers");
	finds(c, "t.jsonl", COLUMN("\"type\":\"integer\""), "{\"a\":1}\n{\"a\":\"1\"}\n",
		"type a: 1 [2]", "a text is no number");
	finds(c, "t.jsonl", COLUMN("\"type\":\"boolean\""), "{\"a\":true}\n{\"a\":\"true\"}\n",
		"type a: 1 [2]", "nor a boolean");
	finds(c, "t.jsonl", COLUMN("\"type\":\"text\""), "{\"a\":\"x\"}\n{\"a\":{}}\n",
		"type a: 1 [2]", "an object is no text");
	finds(c, "t.csv", COLUMN("\"type\":\"datetime\""),
		"a\n2026-01-01T00:00:00Z\n2026-01-01\n2026-02-30 10:00\n", "type a: 2 [2 3]",
		"times");
	finds(c, "t.csv", COLUMN("\"min\":\"2026-01-01\",\"max\":\"2026-12-31\""),
		"a\n2025-12-31\n2026-01-01\n2026-12-31\n2027-01-01\n5\n", "range a: 3 [1 4 5]",
		"a range of days");
	finds(c, "t.csv", COLUMN("\"min\":-1.5,\"max\":10"), "a\n-1.50\n-1.51\n10.0\n10.01\n",
		"range a: 2 [2 4]", "a range of numbers");
	finds(c, "t.csv", COLUMN("\"length\":{\"min\":1,\"max\":2}"),
		"a\n\xe6\x95\xb0\xe8\xb0\xb7\nabc\n", "length a: 1 [2]", "lengths in characters");
	finds(c, "t.csv", COLUMN("\"scale\":1"), "a\n1\n1.5\n1.55\n1e3\nx\n", "scale a: 3 [3 4 5]",
		"digits behind the point");
	finds(c, "t.csv", COLUMN("\"pattern\":\"AA9{1,2}\""), "a\nAB1\nAB123\n", "pattern a: 1 [2]",
		"patterns");
}

static void of_content(struct ctx *c)
{
	finds(c, "t.csv", COLUMN("\"required\":true"), "a,b\n,1\nx,\n\"\",2\n",
		"missing a: 2 [1 3]", "missing values");
	finds(c, "t.csv", COLUMN("\"required\":true"), "b\n1\n2\n", "missing a: 2 [1 2]",
		"a missing column");
	finds(c, "t.csv", COLUMN("\"format\":\"id-card\""),
		"a\n11010519491231002X\n110105194912310021\n1101051949123100\n",
		"format a: 1 [3]; check a: 1 [2]", "a shape and a check character");
	finds(c, "t.csv", COLUMN("\"values\":[\"x\",1]"), "a\nx\n1\ny\n", "value a: 1 [3]",
		"allowed values");
	finds(c, "t.csv", COLUMN("\"security\":\"no-identifiers\""),
		"a\nfine\nmail a@example.org\n11010519491231002X\n138****8000\n",
		"security a: 2 [2 3]", "what shall not be there");
	finds(c, "t.csv", COLUMN("\"same\":\"b\""), "a,b\n1,1.0\n1,2\n1,\nx,x\n", "same a: 1 [2]",
		"the same twice");
	finds(c, "t.csv", COLUMN("\"required\":false"), "a\nok\nb\x01ell\n\xff\n\xef\xbf\xbd\n",
		"characters a: 3 [2 3 4]", "control characters, no UTF-8, what was replaced");
}

static void of_order(struct ctx *c)
{
	finds(c, "t.csv", COLUMN("\"order\":\"rising\""), "a\n1\n1\n\n9\n2\n3\n", "order a: 1 [4]",
		"rising: against the value before");
	finds(c, "t.csv", COLUMN("\"order\":\"strictly-rising\""), "a\n1\n1\n2\n", "order a: 1 [2]",
		"strictly");
	finds(c, "t.csv", COLUMN("\"order\":\"falling\""),
		"a\n2026-03-01\n2026-02-28\n2026-03-01\n", "order a: 1 [3]", "falling");
	finds(c, "t.csv", COLUMN("\"order\":\"rising\""), "a\n1\nx\n2026-01-01\n3\n",
		"order a: 3 [2 3 4]", "of what cannot be compared");
}

static void of_rows(struct ctx *c)
{
	finds(c, "t.csv", COLUMN("\"unique\":true"), "a,b\n1,1\n1\n2,2,2\n1,3\n",
		"duplicate a: 2 [2 4]; ragged : 2 [2 3]", "duplicates and ragged rows");
	finds(c, "t.csv", COLUMN("\"refers\":\"b\""), "a,b\n9,1\n1,2\n7,3\n9,3\n,4\n",
		"reference a: 3 [1 3]", "each value that is nowhere, with its first row");
	finds(c, "t.csv",
		"{\"v\":1,\"kind\":\"expectation\",\"columns\":[{\"name\":\"a\"},{\"name\":\"b\"}],"
		"\"rules\":["
		"{\"name\":\"r\",\"left\":\"a\",\"is\":\"!=\",\"right\":\"b\"}]}",
		"a,b\n1,1.0\n1,x\n1,2\n1,\n", "rule r: 1 [1]", "a comparison of two columns");
}

static void at_most(struct ctx *c)
{
	struct buf b;
	buf_init(&b, c->arena, 4096);
	buf_z(&b, "a,b\n");
	for (unsigned i = 0; i < LIMIT_QUALITY_ROWS + 1; i++)
		buf_z(&b, "x,1\n");
	finds(c, "t.csv", COLUMN("\"type\":\"integer\""), arena_z(c->arena, buf_str(&b)),
		"type a: 21 [1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20]",
		"twenty rows are named");
	buf_init(&b, c->arena, 4096);
	buf_z(&b, "a,b\n");
	for (unsigned i = 0; i < LIMIT_QUALITY_ROWS + 5; i++)
		buf_fmt(&b, "%u,x\n", 100 + i);
	finds(c, "t.csv", COLUMN("\"refers\":\"b\""), arena_z(c->arena, buf_str(&b)),
		"reference a: 25 [1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20]",
		"the first twenty of references too");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	of_form(&c);
	of_content(&c);
	of_order(&c);
	of_rows(&c);
	at_most(&c);
	return done_testing();
}
