#include "codec/csv.h"

#include "base/buf.h"
#include "tests/tap.h"

/* Reads text in windows of step bytes and writes it as [field|field] rows. */
static struct str rows_of(struct ctx *c, struct str text, size_t step, uint64_t *ret_odd)
{
	struct buf b;
	struct csv r;
	struct str field, out = {0};
	buf_init(&b, c->arena, 1u << 20);
	if (csv_open(c, csv_guess(text), &r) != OK)
		return STR("no memory");
	size_t from = 0, end = 0;
	bool in_row = false;
	for (;;) {
		enum csv_step s = csv_next(&r, &field);
		if (s == CSV_MORE) {
			from = end - csv_rest(&r).n;
			end = end + step < text.n ? end + step : text.n;
			csv_feed(&r, str_sub(text, from, end - from), end == text.n);
			continue;
		}
		if (s == CSV_END || s == CSV_TOO_LONG)
			break;
		buf_z(&b, in_row ? "|" : "[");
		buf_add(&b, field);
		in_row = s == CSV_FIELD;
		if (s == CSV_ROW)
			buf_z(&b, "]");
	}
	*ret_odd = r.odd;
	return buf_done(c, &b, &out) == OK ? out : STR("too large");
}

static const struct {
	const char *text, *rows;
	uint64_t odd;
} cases[] = {
	{"", "", 0},
	{"\n\r\n", "", 0},
	{"a,b\n1,2\n", "[a|b][1|2]", 0},
	{"a,b\r\n1,2", "[a|b][1|2]", 0},
	{"\xef\xbb\xbf"
	 "a,b\n",
		"[a|b]", 0},
	{"\xef\xbb\xbf", "", 0},
	{"a\n\n\nb\n", "[a][b]", 0},
	{"a,\n,b\n,", "[a|][|b][|]", 0},
	{"a;b,c;d\n", "[a|b,c|d]", 0},
	{"a\tb\n1\t2\r\n", "[a|b][1|2]", 0},
	{"\"a,b\",c\n", "[a,b|c]", 0},
	{"\"a\nb\r\n\",c\n", "[a\nb\r\n|c]", 0},
	{"\"say \"\"no\"\"\",\"\"\"\"\r\n\"\"\n", "[say \"no\"|\"][]", 0},
	{"a\"b,c\"\n", "[a\"b|c\"]", 0},
	{"\"a\"b,c\n", "[ab|c]", 1},
	{"\"a\",\"b,c\n", "[a|b,c\n]", 1},
	{"a\rb\n", "[a\rb]", 0},
	{"a\r", "[a]", 0},
	{"\"a\"\r", "[a]", 0},
	{"\"", "[]", 1},
};

static void every_case(struct ctx *c)
{
	for (size_t i = 0; i < countof(cases); i++) {
		struct str text = str_z(cases[i].text);
		for (size_t step = 1; step <= text.n + 1; step++) {
			uint64_t odd = 0;
			struct str got = rows_of(c, text, step, &odd);
			if (str_is(got, cases[i].rows) && odd == cases[i].odd)
				continue;
			ok(false, "case %zu in windows of %zu: %.*s", i, step, FMT(got));
		}
		ok(true, "case %zu in windows of every length", i);
	}
}

/* head, then n times 'x', then tail, read as one window; what the first field gives. */
static enum csv_step long_field(
	struct ctx *c, const char *head, size_t n, const char *tail, size_t *ret_n)
{
	struct buf b;
	struct csv r;
	struct str text, field = {0};
	buf_init(&b, c->arena, 1u << 20);
	buf_z(&b, head);
	for (size_t i = 0; i < n; i++)
		buf_char(&b, 'x');
	buf_z(&b, tail);
	if (buf_done(c, &b, &text) != OK || csv_open(c, ',', &r) != OK)
		return CSV_END;
	csv_feed(&r, text, true);
	enum csv_step s = csv_next(&r, &field);
	*ret_n = field.n;
	return s;
}

static void limits(struct ctx *c)
{
	size_t n = 0, max = LIMIT_CSV_FIELD;
	is_int(long_field(c, "", max, ",", &n), CSV_FIELD, "the longest field");
	is_int(n, max, "is whole");
	is_int(long_field(c, "", max + 1, ",", &n), CSV_TOO_LONG, "a longer one is not read");
	is_int(long_field(c, "\"", max - 1, "\"\"\"\n", &n), CSV_ROW, "the longest quoted one");
	is_int(n, max, "is whole");
	is_int(long_field(c, "\"", max, "\"\"\"\n", &n), CSV_TOO_LONG, "a longer one is not");
	is_int(long_field(c, "\"", max, "\"y\n", &n), CSV_TOO_LONG, "nor with bytes behind it");
	is_int(long_field(c, "\"", 4 * max, "", &n), CSV_TOO_LONG, "nor one that never ends");
	struct csv r;
	struct str field;
	char *endless = arena_alloc(c->arena, 3 * max);
	memset(endless, 'x', 3 * max);
	is_int(csv_open(c, ',', &r), OK, "a reader");
	csv_feed(&r, (struct str){endless, max}, false);
	is_int(csv_next(&r, &field), CSV_MORE, "asks for the rest of a field");
	csv_feed(&r, (struct str){endless, 3 * max}, false);
	is_int(csv_next(&r, &field), CSV_TOO_LONG, "but not for ever");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	is_int(csv_guess(STR("")), ',', "comma where nothing tells");
	is_int(csv_guess(STR("\"a,b,c\";d\n,,,,")), ';', "quotes and later lines do not count");
	every_case(&c);
	limits(&c);
	return done_testing();
}
