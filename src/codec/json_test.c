#include "codec/json.h"

#include "base/limits.h"
#include "tests/tap.h"

/* After RFC 8259 and the usual test suites: what a strict reader takes, and how it is written canonically. */
static const char *const good[][2] = {
	{"{}", "{}"},
	{" [ ] \n", "[]"},
	{"\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"",
		"\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\""},
	{"[true,false,0,-1,9007199254740991]", "[true,false,0,-1,9007199254740991]"},
	{"{\"b\":1,\"a\":{\"d\":2,\"c\":[]}}", "{\"a\":{\"c\":[],\"d\":2},\"b\":1}"},
	{"\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\""},
	{"\"\\b\\t\\n\\u000b\\f\\r\\u007f\"", "\"\\b\\t\\n\\u000b\\f\\r\x7f\""},
	/* RFC 8785, 3.2.3: the sorting example. */
	{"{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,"
	 "\"\\u00f6\":7}",
		"{\"\\r\":2,\"1\":4,\"\xc2\x80\":6,\"\xc3\xb6\":7,\"\xe2\x82\xac\":1,"
		"\"\xf0\x9f\x98\x80\":5,"
		"\"\xef\xac\xb3\":3}"},
};

static const char *const bad[] = {"", " ", "nul", "nulll", "[1,]", "[,1]", "[1 2]", "{\"a\":1,}",
	"{\"a\"}", "{\"a\":}", "{a:1}", "{'a':1}", "01", "-", "-01", "1.", ".5", "1e", "1e+", "+1",
	"0x1", "NaN", "Infinity", "\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"",
	"\"\\udc00\"", "\"\\u0000\"", "\"\n\"", "\"\x01\"", "\xef\xbb\xbf{}", "\"\xff\"",
	"\"\xed\xa0\x80\"", "{} {}", "[1]]", "[", "{", "{\"a\":1,\"a\":2}",
	"{\"a\":1,\"\\u0061\":2}", "tru", "\"\\", "\"\\u", "[1", "{\"a\":1", "/**/1", "1 //",
	"\"\\ud83d\\ude0\""};

static const char *const not_canonical[] = {"null", "1.0", "1e3", "-0", "9007199254740992",
	"-9007199254740992", "[1.5]", "{\"a\":null}"};

static void reads_and_writes(struct ctx *c)
{
	for (size_t i = 0; i < countof(good); i++) {
		const struct json *j = NULL;
		struct str out = {0};
		is_int(json_parse(c, str_z(good[i][0]), &j), OK, "good %zu is read", i);
		is_int(json_canonical(c, j, 4096, &out), OK, "and written");
		ok(str_is(out, good[i][1]), "canonically: %.*s", FMT(out));
		is_int(json_parse_canonical(c, out, &j), OK, "and that is canonical");
	}
}

static void refuses(struct ctx *c)
{
	for (size_t i = 0; i < countof(bad); i++) {
		const struct json *j = NULL;
		is_int(json_parse(c, str_z(bad[i]), &j), ERR_MALFORMED, "bad %zu is refused", i);
		ok(j == NULL, "and gives nothing");
	}
	for (size_t i = 0; i < countof(not_canonical); i++) {
		const struct json *j = NULL;
		struct str out;
		is_int(json_parse(c, str_z(not_canonical[i]), &j), OK, "%s is JSON",
			not_canonical[i]);
		is_int(json_canonical(c, j, 100, &out), ERR_BAD_VALUE,
			"but not of the canonical subset");
		is_int(json_parse_canonical(c, str_z(not_canonical[i]), &j), ERR_MALFORMED,
			"so that no canonical text says it");
	}
	const struct json *j = NULL;
	is_int(json_parse_canonical(c, STR("{\"b\":1,\"a\":2}"), &j), ERR_MALFORMED,
		"another order is refused");
	is_int(json_parse_canonical(c, STR("[1, 2]"), &j), ERR_MALFORMED, "a space is refused");
	is_int(json_parse(c, (struct str){"[1]\0", 4}, &j), ERR_MALFORMED,
		"a NUL behind is refused");
}

/* depth arrays in one another, or values in one array. */
static err of_size(struct ctx *c, size_t depth, size_t values)
{
	struct buf b;
	struct str s;
	const struct json *j;
	buf_init(&b, c->arena, 4u << 20);
	for (size_t i = 0; i < depth; i++)
		buf_char(&b, '[');
	for (size_t i = 0; i < values; i++)
		buf_z(&b, i == 0 ? "1" : ",1");
	for (size_t i = 0; i < depth; i++)
		buf_char(&b, ']');
	TRY(buf_done(c, &b, &s));
	return json_parse(c, s, &j);
}

static void keeps_its_limits(struct ctx *c)
{
	is_int(of_size(c, LIMIT_JSON_DEPTH, 0), OK, "depth n");
	is_int(of_size(c, LIMIT_JSON_DEPTH + 1, 0), ERR_MALFORMED, "depth n + 1");
	is_int(of_size(c, 100000, 0), ERR_MALFORMED, "depth as an attack");
	is_int(of_size(c, 1, LIMIT_JSON_VALUES - 1), OK, "n values");
	is_int(of_size(c, 1, LIMIT_JSON_VALUES), ERR_TOO_LARGE, "n + 1 values");
}

static void finds_duplicates_among_many(struct ctx *c)
{
	for (int twice = 0; twice < 2; twice++) {
		struct buf b;
		const struct json *j;
		buf_init(&b, c->arena, 1u << 20);
		for (int i = 0; i < 500; i++)
			buf_fmt(&b, "%c\"m%d\":1", i == 0 ? '{' : ',', i);
		buf_z(&b, twice ? ",\"m250\":1}" : "}");
		is_int(json_parse(c, buf_str(&b), &j), twice ? ERR_MALFORMED : OK,
			"500 members, twice %d", twice);
	}
}

static void outlives_its_input(struct ctx *c)
{
	char input[] = "{\"name\":[\"text\",12]}";
	const struct json *j = NULL;
	struct str out = {0};
	is_int(json_parse(c, str_z(input), &j), OK, "a tree is read");
	memset(input, 'x', sizeof input - 1);
	is_int(json_write(c, j, false, 100, &out), OK, "and written when its input is gone");
	ok(str_is(out, "{\"name\":[\"text\",12]}"), "as it was: %.*s", FMT(out));
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	reads_and_writes(&c);
	refuses(&c);
	keeps_its_limits(&c);
	finds_duplicates_among_many(&c);
	outlives_its_input(&c);
	return done_testing();
}
