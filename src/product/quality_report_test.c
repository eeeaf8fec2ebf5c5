#include "product/claims.h"
#include "product/evidence_text.h"
#include "product/quality_fixture_test.h"
#include "tests/tap.h"

static const char x[] = "{\"v\":1,\"kind\":\"expectation\",\"title\":\"T\",\"columns\":[{\"name\":"
			"\"a\",\"required\":true}]}";

static const char *canonical(struct ctx *c, const struct json *report)
{
	struct str text = {0};
	return json_canonical(c, report, 1u << 20, &text) == OK ? arena_z(c->arena, text)
								: c->trouble.detail;
}

static void has(struct ctx *c, const char *report, const char *part, const char *what)
{
	struct str all = str_z(report);
	(void)c;
	ok(str_find_str(all, str_z(part)) < all.n, "%s: %s", what, part);
}

static void head(struct ctx *c)
{
	const char *said = canonical(c, fixture_report(c, "t.csv", "a,b\n1,2\n,3\n4\n", x));
	has(c, said, "\"kind\":\"quality\"", "its kind");
	has(c, said, "\"standard\":\"GB/T 36344-2018\"", "its standard");
	has(c, said, "\"tool\":\"shugu\"", "what made it");
	has(c, said, "\"version\":\"9.9\"", "in which version");
	has(c, said, "\"issued\":\"2026-11-24\"", "as of when");
	has(c, said, "\"sample\":{\"plan\":\"all-rows\",\"rows\":3}", "the sample is all rows");
	has(c, said, "\"columns\":2", "columns of the file");
	has(c, said,
		"\"file\":{\"name\":\"t.csv\",\"sha256\":"
		"\"0c6d389b18899989a3e427ff7a0461be140a0117a6b5e89bc244aef59b8be26d\",\"size\":13}",
		"which file");
	has(c, said, "\"title\":\"T\"", "by which expectation");
	has(c, said,
		"{\"A\":2,\"B\":3,\"X\":\"0.666667\",\"code\":\"0201\",\"group\":\"completeness\","
		"\"name\":{"
		"\"en\":\"elements "
		"assigned\",\"zh\":\"\xe6\x95\xb0\xe6\x8d\xae\xe5\x85\x83\xe7\xb4\xa0"
		"\xe5\xae\x8c\xe6\x95\xb4\xe6\x80\xa7\"},\"orientation\":\"higher\"}",
		"an indicator");
	has(c, said,
		"\"dirty\":{\"reasons\":[{\"column\":\"a\",\"count\":1,\"first\":[2],\"reason\":"
		"\"missing\"},"
		"{\"count\":1,\"first\":[3],\"reason\":\"ragged\"}],\"rows\":2}",
		"what is dirty");
	has(c, said, "\"complete\":true", "and that it was read to its end");
}

/* As evidence the report claims how many indicators it has, and its day: product/claims.h reads it like any flat paper. */
static void claims(struct ctx *c)
{
	const char *said = canonical(c, fixture_report(c, "t.csv", "a\n1\n\n2\n", x));
	struct source source = source_of_text(str_z(said));
	struct json *claims = NULL, *twice = NULL;
	struct str text;
	bool is_read = false;
	is_int(evidence_text(c, &source, STR("report.json"), &text, &is_read), OK, "its words");
	ok(is_read, "can be read");
	is_int(claims_read(c, text, &claims, &twice), OK, "its claims");
	is_str(canonical(c, claims),
		"{\"indicators\":4,\"issued\":\"2026-11-24\",\"version\":\"9.9\"}",
		"the model, 0201, 0202 and 0305; NA does not count");
	is_int((long long)twice->n, 0, "it says nothing twice");
}

/* The same file and day give the same report, to the byte. */
static void repeated(struct ctx *c)
{
	const char *rows = "a\n1\n1\n2\n";
	is_str(canonical(c, fixture_report(c, "t.csv", rows, x)),
		canonical(c, fixture_report(c, "t.csv", rows, x)), "equal files, equal reports");
}

static void damaged(struct ctx *c)
{
	size_t n = 4 + 2 * (LIMIT_CSV_FIELD + 2);
	char *bytes = arena_alloc(c->arena, n);
	struct json *report = NULL;
	for (size_t i = 0; i < n; i++)
		bytes[i] = 'y';
	bytes[1] = bytes[3] = '\n';
	bytes[0] = 'a';
	is_int(fixture_measure(c, "t.csv", (struct str){bytes, n}, x, 10, &report), OK,
		"a file with a field that is too long");
	const char *said = canonical(c, report);
	has(c, said, "\"complete\":false", "is not read to its end");
	has(c, said, "\"stopped\":\"a field is longer than is read\"", "for this");
	has(c, said, "\"rows\":1", "and says what was read");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	head(&c);
	claims(&c);
	repeated(&c);
	damaged(&c);
	return done_testing();
}
