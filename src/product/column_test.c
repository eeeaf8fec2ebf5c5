#include "product/column.h"

#include <stdlib.h>

#include "base/arena.h"
#include "tests/tap.h"

static struct column *fresh(struct ctx *c)
{
	struct column *col = NULL;
	is_int(column_new(c, STR("x"), &col), OK, "a column");
	return col;
}

static const char *text_of(struct ctx *c, struct column *col, uint64_t rows)
{
	struct json *o = NULL;
	struct str text = {0};
	if (column_profile(c, col, rows, COLUMN_FULL, &o) != OK ||
		json_canonical(c, o, 1u << 16, &text) != OK)
		return c->trouble.detail;
	return arena_z(c->arena, text);
}

/* Values, separated by spaces; a dot alone is a null. */
static const struct {
	const char *values, *profile;
} cases[] = {
	{"", "{\"distinct\":0,\"exact\":true,\"missed\":0,\"name\":\"x\",\"nulls\":0,\"top\":[],"
	     "\"type\":\"empty\"}"},
	{"9 10 . 9",
		"{\"distinct\":2,\"exact\":true,\"histogram\":{\"counts\":[2,1],\"from\":\"9\","
		"\"of\":\"number\",\"to\":\"11\"},\"max\":\"10\",\"mean\":\"9.333333333\",\"min\":"
		"\"9\",\"missed\":0,\"name\":\"x\",\"nulls\":1,\"top\":[{\"count\":2,\"value\":"
		"\"9\"},{\"count\":1,\"value\":\"10\"}],\"type\":\"integer\"}"},
	{"1 -2.50", "{\"distinct\":2,\"exact\":true,\"histogram\":{\"counts\":[1,0,0,0,0,0,0,0,0,0,"
		    "0,0,0,0,0,0,0,0,1],\"from\":\"-2.6\",\"of\":\"number\",\"to\":\"1.2\"},"
		    "\"max\":\"1\",\"mean\":\"-0.75\",\"min\":\"-2.50\",\"missed\":0,\"name\":"
		    "\"x\",\"nulls\":0,\"top\":[{\"count\":1,\"value\":\"-2.50\"},{\"count\":1,"
		    "\"value\":\"1\"}],\"type\":\"decimal\"}"},
	{"00501 99950", "{\"distinct\":2,\"exact\":true,\"histogram\":{\"counts\":[2],\"from\":"
			"\"5\",\"of\":\"length\",\"to\":\"6\"},\"max\":\"99950\",\"min\":\"00501\","
			"\"missed\":0,\"name\":\"x\",\"nulls\":0,\"top\":[{\"count\":1,\"value\":"
			"\"00501\"},{\"count\":1,\"value\":\"99950\"}],\"type\":\"text\"}"},
	{"true FALSE true",
		"{\"distinct\":2,\"exact\":true,\"missed\":0,\"name\":\"x\",\"nulls\":0,"
		"\"top\":[{\"count\":2,\"value\":\"true\"},{\"count\":1,\"value\":"
		"\"FALSE\"}],\"type\":\"boolean\"}"},
	{"2012-01-02 2011-12-31T10:00",
		"{\"distinct\":2,\"exact\":true,\"histogram\":{\"counts\":[1,0,0,0,0,0,0,0,0,0,0,0,"
		"0,0,0,0,0,0,0,1],\"from\":\"2011-12-31 "
		"10:00:00\",\"of\":\"time\",\"to\":\"2012-01-02 "
		"02:00:00\"},\"max\":\"2012-01-02\",\"min\":\"2011-12-31T10:00\",\"missed\":0,"
		"\"name\":\"x\",\"nulls\":0,\"top\":[{\"count\":1,\"value\":\"2011-12-31T10:00\"},{"
		"\"count\":1,\"value\":\"2012-01-02\"}],\"type\":\"datetime\"}"},
	{"a 1 a",
		"{\"distinct\":2,\"exact\":true,\"histogram\":{\"counts\":[3],\"from\":\"1\","
		"\"of\":\"length\",\"to\":\"2\"},\"missed\":0,\"name\":\"x\",\"nulls\":0,\"top\":[{"
		"\"count\":2,\"value\":\"a\"},{\"count\":1,\"value\":\"1\"}],\"type\":\"mixed\"}"},
};

static void every_case(struct ctx *c)
{
	for (size_t i = 0; i < countof(cases); i++) {
		struct column *col = fresh(c);
		struct str rest = str_z(cases[i].values), one;
		uint64_t rows = 0;
		while (rest.n > 0) {
			if (!str_cut(rest, ' ', &one, &rest)) {
				one = rest;
				rest.n = 0;
			}
			rows++;
			if (!str_is(one, "."))
				column_add(col, one, VALUE_ANY);
		}
		is_str(text_of(c, col, rows), cases[i].profile, "'%s'", cases[i].values);
	}
}

static void given_types(struct ctx *c)
{
	struct column *col = fresh(c);
	column_add(col, STR("12"), VALUE_TEXT);
	ok(strstr(text_of(c, col, 1), "\"type\":\"text\"") != NULL, "a JSON string is no number");
	column_add(col, STR("12"), VALUE_ANY);
	const char *text = text_of(c, col, 2);
	ok(strstr(text, "\"type\":\"mixed\"") != NULL && strstr(text, "\"distinct\":2") != NULL,
		"nor equal to one");
	col = fresh(c);
	column_add(col, STR("2012-01-01"), VALUE_TEXT);
	ok(strstr(text_of(c, col, 1), "\"type\":\"date\"") != NULL, "but may be a date");
	col = fresh(c);
	column_add(col, STR(""), VALUE_NESTED);
	is_str(text_of(c, col, 3), "{\"name\":\"x\",\"nulls\":2,\"type\":\"nested\"}", "nested");
}

static int64_t number_in(struct ctx *c, struct column *col, uint64_t rows, const char *name)
{
	struct json *o = NULL;
	int64_t v = -1;
	if (column_profile(c, col, rows, COLUMN_FULL, &o) == OK)
		(void)json_int(json_get(o, name), &v);
	return v;
}

/* n different numbers, each twice. */
static void distinct_of(struct ctx *c, unsigned n)
{
	struct column *col = fresh(c);
	for (unsigned i = 0; i < 2 * n; i++) {
		char text[16];
		int length = snprintf(text, sizeof text, "%u", i % n);
		column_add(col, (struct str){text, (size_t)length}, VALUE_ANY);
	}
	int64_t got = number_in(c, col, 2 * n, "distinct"), off = got - (int64_t)n;
	bool exact = strstr(text_of(c, col, 2 * n), "\"exact\":true") != NULL;
	if (n <= COLUMN_SKETCH)
		ok(exact && off == 0, "%u different values are counted", n);
	else /* three standard errors */
		ok(!exact && llabs(off) * 1000 < 96ll * n, "%u are estimated as %lld", n,
			(long long)got);
}

/* Three frequent values among 100,000 that occur once. */
static void frequent(struct ctx *c)
{
	struct column *col = fresh(c);
	uint64_t rows = 0;
	for (unsigned i = 0; i < 100000; i++) {
		char text[16];
		int length = snprintf(text, sizeof text, "n%u", i);
		column_add(col, (struct str){text, (size_t)length}, VALUE_ANY);
		rows++;
		static const struct {
			unsigned every;
			struct str value;
		} often[] = {{4, {"often", 5}}, {10, {"more", 4}}, {40, {"some", 4}}};
		for (size_t k = 0; k < countof(often); k++) {
			if (i % often[k].every != 0)
				continue;
			column_add(col, often[k].value, VALUE_ANY);
			rows++;
		}
	}
	struct json *o = NULL;
	is_int(column_profile(c, col, rows, COLUMN_FULL, &o), OK, "a profile");
	const struct json *top = json_get(o, "top");
	int64_t missed = number_in(c, col, rows, "missed");
	ok(missed > 0 && missed <= (int64_t)rows / 96, "missed stays within its bound");
	static const char *const names[] = {"often", "more", "some"};
	static const int64_t truth[] = {25000, 10000, 2500};
	is_int(top->n, 3, "only what certainly is frequent is told");
	const struct json *one = top->first;
	for (size_t i = 0; i < 3 && one != NULL; i++, one = one->next) {
		int64_t count = 0;
		ok(str_is(json_text(json_get(one, "value")), names[i]), "%s", names[i]);
		ok(json_int(json_get(one, "count"), &count) && count <= truth[i] &&
				count + missed >= truth[i],
			"its count brackets the truth");
	}
}

static void unclean(struct ctx *c)
{
	struct column *col = fresh(c);
	ok(column_is_utf8(col), "nothing is UTF-8");
	column_add(col, (struct str){"a\0b", 3}, VALUE_ANY);
	column_add(col, STR("\xb9\xfa"), VALUE_ANY);
	ok(!column_is_utf8(col), "GBK is not");
	const char *text = text_of(c, col, 2);
	ok(strstr(text, "\"a\xef\xbf\xbd"
			"b\"") != NULL,
		"U+0000 is replaced");
	ok(strstr(text, "\"\xef\xbf\xbd\xef\xbf\xbd\"") != NULL, "and so are other bytes");
	struct str cleaned;
	is_int(column_clean(c, STR("a\xe6\x95\xb0\xe8\xb0\xb7"), 3, &cleaned), OK, "cut");
	ok(str_is(cleaned, "a\xe2\x80\xa6"), "within a letter: %.*s", FMT(cleaned));
	is_int(column_clean(c, STR("a\xe6\x95\xb0"), 4, &cleaned), OK, "not cut");
	ok(str_is(cleaned, "a\xe6\x95\xb0"), "it stays");
}

/* Long values count as different where only what is not kept differs. */
static void long_values(struct ctx *c)
{
	struct column *col = fresh(c);
	char one[200], other[200];
	memset(one, 'v', sizeof one);
	memset(other, 'v', sizeof other);
	other[199] = 'w';
	column_add(col, (struct str){one, 200}, VALUE_ANY);
	column_add(col, (struct str){other, 200}, VALUE_ANY);
	column_add(col, (struct str){one, 199}, VALUE_ANY);
	is_int(number_in(c, col, 3, "distinct"), 3, "three long values");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	every_case(&c);
	given_types(&c);
	static const unsigned counts[] = {1, 192, 193, 1023, 1024, 1025, 1536, 5000, 200000};
	for (size_t i = 0; i < countof(counts); i++)
		distinct_of(&c, counts[i]);
	frequent(&c);
	unclean(&c);
	long_values(&c);
	return done_testing();
}
