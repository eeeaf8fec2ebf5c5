#include "terms/operand.h"

#include "base/limits.h"
#include "tests/tap.h"

static const struct json *parsed(struct ctx *c, const char *text)
{
	const struct json *j = NULL;
	if (json_parse(c, str_z(text), &j) != OK)
		printf("# not JSON: %s\n", text);
	return j;
}

static void durations(struct ctx *c)
{
	static const struct {
		const char *text;
		int64_t ms; /* -1: refused */
	} rows[] = {{"\"P30D\"", 2592000000}, {"\"PT0S\"", 0}, {"\"P1DT2H3M4S\"", 93784000},
		{"\"PT90M\"", 5400000}, {"\"P030D\"", 2592000000},
		{"\"P36525D\"", LIMIT_TERMS_ELAPSED_MS}, {"\"P36525DT1S\"", -1},
		{"\"P36526D\"", -1}, {"\"PT99999999999S\"", -1}, {"\"P9999999999D\"", -1},
		{"\"P1M\"", -1}, {"\"P1Y\"", -1}, {"\"P4W\"", -1}, {"\"P\"", -1}, {"\"PT\"", -1},
		{"\"P1DT\"", -1}, {"\"PTT1S\"", -1}, {"\"PT1ST1S\"", -1}, {"\"PT1S1M\"", -1},
		{"\"PT1S1S\"", -1}, {"\"P1H\"", -1}, {"\"PT1D\"", -1}, {"\"-P1D\"", -1},
		{"\"PT1.5S\"", -1}, {"\"P1D \"", -1}, {"\"\"", -1}, {"30", -1}, {"null", -1},
		{"{\"@value\":\"P1D\",\"@type\":\"xsd:duration\"}", 86400000},
		{"{\"@value\":\"P1D\",\"@type\":\"xsd:string\"}", -1},
		{"{\"@value\":\"P1D\",\"@type\":\"duration\"}", -1},
		{"{\"@value\":\"P1D\",\"@type\":7}", -1},
		{"{\"@value\":\"P1D\",\"@language\":\"en\"}", -1}, {"{\"@id\":\"P1D\"}", -1}};
	for (size_t i = 0; i < countof(rows); i++) {
		int64_t ms = -1;
		bool read = operand_duration(parsed(c, rows[i].text), &ms);
		ok(read == (rows[i].ms >= 0) && ms == rows[i].ms, "duration %s", rows[i].text);
	}
	int64_t ms;
	ok(!operand_duration(NULL, &ms), "no duration where there is no value");
}

static void times(struct ctx *c)
{
	static const struct {
		const char *text;
		int64_t ms; /* -1: refused */
	} rows[] = {{"\"1970-01-01T00:00:00Z\"", 0}, {"\"1970-01-01T00:00:01.5Z\"", 1500},
		{"\"1970-01-01T08:00:00.001+08:00\"", 1}, {"\"1970-01-01T00:00:00.0005Z\"", -1},
		{"\"1970-01-01T00:00:00\"", -1}, {"\"1970-01-01T00:00Z\"", -1},
		{"\"1970-01-01\"", -1}, {"\"1969-12-31T23:59:59Z\"", -1}, {"1000", -1},
		{"{\"@value\":\"1970-01-01T00:00:01Z\"}", 1000},
		{"{\"@value\":\"1970-01-01T00:00:01Z\",\"@type\":"
		 "\"http://www.w3.org/2001/XMLSchema#dateTime\"}",
			1000},
		{"{\"@value\":\"1970-01-01T00:00:01Z\",\"@type\":\"xsd:date\"}", -1}};
	for (size_t i = 0; i < countof(rows); i++) {
		int64_t ms = -1;
		bool read = operand_time(parsed(c, rows[i].text), &ms);
		ok(read == (rows[i].ms >= 0) && ms == rows[i].ms, "time %s", rows[i].text);
	}
}

static void counts(struct ctx *c)
{
	static const struct {
		const char *text;
		int64_t n; /* -1: refused */
	} rows[] = {{"1", 1}, {"\"1\"", 1}, {"0", 0}, {"\"9007199254740991\"", 9007199254740991},
		{"\"9007199254740992\"", -1}, {"-1", -1}, {"\"-1\"", -1}, {"\"01\"", -1},
		{"1.0", -1}, {"\"1.5\"", -1}, {"1e3", -1}, {"\"\"", -1}, {"true", -1}, {"[1]", -1},
		{"{\"@value\":\"3\",\"@type\":\"xsd:integer\"}", 3},
		{"{\"@value\":3,\"@type\":\"xsd:double\"}", -1}, {"{\"@id\":\"3\"}", -1}};
	for (size_t i = 0; i < countof(rows); i++) {
		int64_t n = -1;
		bool read = operand_count(parsed(c, rows[i].text), &n);
		ok(read == (rows[i].n >= 0) && n == rows[i].n, "count %s", rows[i].text);
	}
}

static void texts(struct ctx *c)
{
	struct str s;
	ok(operand_text(parsed(c, "\"a\""), &s) && str_is(s, "a"), "a text");
	ok(operand_text(parsed(c, "{\"@id\":\"urn:x\"}"), &s) && str_is(s, "urn:x"), "a reference");
	ok(operand_text(parsed(c, "{\"@value\":\"b\"}"), &s) && str_is(s, "b"), "a wrapped text");
	ok(!operand_text(parsed(c, "{\"@id\":\"a\",\"@value\":\"a\"}"), &s), "not both");
	ok(!operand_text(parsed(c, "\"\""), &s), "not the empty text");
	char *text = arena_alloc(c->arena, LIMIT_NAME + 4);
	memset(text, 'x', LIMIT_NAME + 2);
	text[0] = text[LIMIT_NAME + 1] = '"';
	ok(operand_text(parsed(c, text), &s) && s.n == LIMIT_NAME, "a text as long as a name");
	text[LIMIT_NAME + 1] = 'x';
	text[LIMIT_NAME + 2] = '"';
	ok(!operand_text(parsed(c, text), &s), "and none longer");
}

static void shown(void)
{
	ok(str_is(operand_cut(STR("\xe7\x94\xa8\xe9\x80\x94"), 5), "\xe7\x94\xa8"),
		"cut between characters");
	ok(str_is(operand_cut(STR("abc"), 3), "abc"), "not cut where it fits");
	ok(str_is(operand_cut(STR("abc"), 0), ""), "cut to nothing");
	ok(str_is(operand_show(NULL, 9), "(a value)"), "what is no text is called a value");
	ok(str_is(operand_name(STR("odrl:use")), "use"), "a prefix");
	ok(str_is(operand_name(STR("http://www.w3.org/ns/odrl/2/use")), "use"), "an IRI");
	ok(str_is(operand_name(STR("odrl:odrl:use")), "odrl:use"), "one prefix");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
	struct ctx c = {.arena = a};
	durations(&c);
	times(&c);
	counts(&c);
	texts(&c);
	shown();
	return done_testing();
}
