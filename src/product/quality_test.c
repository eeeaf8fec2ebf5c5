#include "product/quality_fixture_test.h"
#include "tests/tap.h"

/* Every indicator, A and B computed by hand: the remarks say how. */
static const char expectation[] =
	"{\"v\":1,\"kind\":\"expectation\",\"columns\":["
	"{\"name\":\"id\",\"title\":\"Number\",\"type\":\"text\",\"pattern\":\"\\\\R9{2}\","
	"\"required\":true,\"unique\":true},"
	"{\"name\":\"parent\",\"refers\":\"id\"},"
	"{\"name\":\"code\",\"format\":\"uscc\"},"
	"{\"name\":\"status\",\"values\":[\"open\",\"closed\"]},"
	"{\"name\":\"region\",\"list\":\"regions\"},"
	"{\"name\":\"remark\",\"security\":\"no-identifiers\"},"
	"{\"name\":\"start\",\"title\":\"Start\",\"type\":\"date\",\"order\":\"rising\","
	"\"period\":{\"from\":\"2026-01-01\",\"to\":\"2026-06-30\"}},"
	"{\"name\":\"end\",\"title\":\"End\",\"type\":\"date\"},"
	"{\"name\":\"amount\",\"title\":\"Amount\",\"type\":\"decimal\",\"min\":0,\"max\":\"100\","
	"\"scale\":2},"
	"{\"name\":\"again\",\"same\":\"amount\"},"
	"{\"name\":\"seen\",\"timely\":{\"days\":30}}],"
	"\"lists\":{\"regions\":{\"source\":\"a register\",\"values\":[\"A\",\"B\"]}},"
	"\"rules\":[{\"name\":\"ends\",\"left\":\"end\",\"is\":\">=\",\"right\":\"start\"},"
	"{\"name\":\"large\",\"left\":\"amount\",\"is\":\">\",\"value\":10,"
	"\"when\":{\"column\":\"status\",\"is\":\"=\",\"value\":\"open\"}}],"
	"\"rows\":{\"expected\":8},\"others\":false,\"readable\":true,"
	"\"lifetime\":{\"from\":\"2026-01-01\",\"to\":\"2027-12-31\"}}";

static const char table[] =
	"id,parent,code,status,region,remark,start,end,amount,again,seen,extra\n"
	"R01,,91330108MAC0DE1T0L,open,A,fine,2026-01-01,2026-01-02,12.50,12.5,2026-11-01,x\n"
	"R02,R01,91330108MAC0DE1T0K,closed,B,call "
	"13800138000,2026-01-03,2026-01-02,100,100,2026-10-01,x\n"
	"R03,R05,,half,C,fine,2026-01-02,2026-01-05,-1,1,2027-01-01,x\n"
	"R03,R99,91330108MAC0DE1T0L,open,A,,2026-07-01,2026-07-01,5.125,,,x\n"
	"R05,,91330108mac0de1t0l,closed,A,fine,2026-02-30,2026-03-01,abc,abc,2026-09-09,x\n"
	",R03,91330108MAC0DE1T0L,open,B,fine,2026-07-02,,100.01,100.01,,x\n";

static const struct {
	const char *code, *said, *how;
} hand[QUALITY_INDICATORS] = {
	{"0101", "3/5=0.600000", "codes: row 2 has a wrong check character, 5 the wrong letters"},
	{"0102", "11/12=0.916667", "extra is not declared"},
	{"0103", "2/12=0.166667", "id and end alone have a title and only values of their type"},
	{"0104", "5/8=0.625000",
		"ends fails in 2 and 5, 6 has no end; large fails in 4 of 1, 4, 6"},
	{"0105", "5/6=0.833333", "C is in no list"},
	{"0106", "4/5=0.800000", "a telephone number in row 2"},
	{"0201", "5/6=0.833333", "row 6 has no id"},
	{"0202", "5/8=0.625000", "5 complete rows of the 8 expected"},
	{"0301", "8/11=0.727273", "3 of 5 codes, 5 of 6 states"},
	{"0302", "17/22=0.772727", "5 of 5 ids, 5 of 6 starts, 5 of 5 ends, 2 of 6 amounts"},
	{"0303", "2/5=0.400000", "both rows of R03"},
	{"0304", "3/5=0.600000", "R01, R02 and R05 occur once"},
	{"0305", "15/58=0.258621", "0, 2, 5, 2, 3 and 3 of 10, 11, 10, 8, 10 and 9 cells"},
	{"0401", "4/5=0.800000", "1 beside -1 in row 3; 12.5 is 12.50"},
	{"0402", "3/4=0.750000", "R99 is nowhere, R05 comes later"},
	{"0501", "3/6=0.500000", "4 and 6 are in July, 5 is no day"},
	{"0502", "1/1=1.000000", "2026-11-01 is the newest that is not in the future"},
	{"0503", "4/6=0.666667", "3 is before 2, 5 is no day"},
	{"0601", "6/6=1.000000", "every row could be read"},
	{"0602", "1/6=0.166667", "row 1 alone is without any fault"},
};

static void by_hand(struct ctx *c)
{
	const struct json *report = fixture_report(c, "t.csv", table, expectation);
	int64_t evaluated = 0;
	const struct json *i = json_get(report, "results")->first;
	for (size_t k = 0; k < countof(hand); k++, i = i == NULL ? NULL : i->next) {
		is_str(arena_z(c->arena, json_text(json_get(i, "code"))), hand[k].code,
			"its place");
		is_str(fixture_said(c, report, hand[k].code), hand[k].said, "%s: %s", hand[k].code,
			hand[k].how);
	}
	ok(i == NULL, "there are no more than twenty");
	ok(json_int(json_get(report, "indicators"), &evaluated) && evaluated == 20,
		"all evaluated");
}

/* Trap: of two indicators less is better, and the report says so. */
static void orientation(struct ctx *c)
{
	const struct json *report = fixture_report(c, "t.csv", table, expectation);
	const struct json *i = json_get(report, "results")->first;
	for (; i != NULL; i = i->next) {
		struct str code = json_text(json_get(i, "code"));
		bool lower = str_is(code, "0303") || str_is(code, "0305");
		ok(str_is(json_text(json_get(i, "orientation")), lower ? "lower" : "higher"),
			"%.*s: %s is better", FMT(code), lower ? "less" : "more");
	}
}

/* Trap: the two ways to count duplicates differ, and both are named. */
static void conventions(struct ctx *c)
{
	static const char x[] =
		"{\"v\":1,\"kind\":\"expectation\",\"columns\":[{\"name\":\"a\"},{\"name\":\"b\"}],"
		"\"unique\":[[\"a\",\"b\"]]}";
	/* Groups: (1,1) three times, (1,2) twice, (2,1) once; (2,) has no whole key. */
	const struct json *report =
		fixture_report(c, "t.csv", "a,b\n1,1\n1,2\n1,1\n1,2\n2,1\n2,\n1,1\n", x);
	static const struct {
		const char *code, *all, *beyond;
		int64_t other;
	} rows[] = {
		{"0303", "5/6=0.833333", "0.500000", 3}, {"0304", "1/6=0.166667", "0.500000", 3}};
	for (size_t i = 0; i < countof(rows); i++) {
		const struct json *one = fixture_indicator(report, rows[i].code),
				  *other = json_get(one, "other");
		int64_t a = -1;
		is_str(fixture_said(c, report, rows[i].code), rows[i].all, "%s", rows[i].code);
		ok(str_is(json_text(json_get(one, "convention")), "all-members"), "its convention");
		ok(str_is(json_text(json_get(other, "convention")), "beyond-first"), "the other");
		ok(json_int(json_get(other, "A"), &a) && a == rows[i].other, "its A");
		ok(str_is(json_text(json_get(other, "X")), rows[i].beyond), "its X");
	}
}

/* Nothing but a column is declared. */
static void undeclared(struct ctx *c)
{
	static const char x[] = "{\"v\":1,\"kind\":\"expectation\",\"columns\":[{\"name\":\"a\"}]}";
	const struct json *report = fixture_report(c, "t.jsonl", "{\"a\":1}\n", x);
	for (size_t k = 0; k < countof(hand); k++) {
		bool of_columns = str_is(str_z(hand[k].code), "0102");
		bool dirty = str_is(str_z(hand[k].code), "0305");
		is_str(fixture_said(c, report, hand[k].code),
			of_columns ? "1/1=1.000000"
			: dirty    ? "0/1=0.000000"
				   : "undeclared",
			"%s", hand[k].code);
	}
	report = fixture_report(c, "t.csv", "a\n", x);
	is_str(fixture_said(c, report, "0305"), "empty", "no row, no cell");
}

static void beyond_the_limit(struct ctx *c)
{
	static const char x[] =
		"{\"v\":1,\"kind\":\"expectation\",\"columns\":[{\"name\":\"a\",\"unique\":true,"
		"\"required\":true}]}";
	struct json *report = NULL;
	struct str rows = STR("a\n1\n2\n3\n1\n");
	is_int(fixture_measure(c, "t.csv", rows, x, 3, &report), OK, "three keys at most");
	is_str(fixture_said(c, report, "0303"), "2/4=0.500000", "are held");
	is_int(fixture_measure(c, "t.csv", rows, x, 2, &report), OK, "two at most");
	is_str(fixture_said(c, report, "0303"), "limit", "are too few for duplicates");
	is_str(fixture_said(c, report, "0304"), "limit", "and for uniqueness");
	is_str(fixture_said(c, report, "0201"), "4/4=1.000000", "all else is told");
	const struct json *keys = json_get(report, "keys");
	ok(json_get(keys, "exceeded")->type == JSON_TRUE, "and the report says so");
}

static void out_of_life(struct ctx *c)
{
	static const char x[] = "{\"v\":1,\"kind\":\"expectation\",\"columns\":[{\"name\":\"a\","
				"\"timely\":{\"days\":0}}],"
				"\"lifetime\":{\"from\":\"2026-11-25\",\"to\":\"2027-01-01\"}}";
	const struct json *report = fixture_report(c, "t.csv", "a\n2026-11-23\n", x);
	is_str(fixture_said(c, report, "0602"), "0/1=0.000000",
		"before its life nothing is usable");
	is_str(fixture_said(c, report, "0502"), "0/1=0.000000", "yesterday is not today");
	report = fixture_report(c, "t.csv", "a\n2026-11-24T23:59:59\n2026-11-25\n", x);
	is_str(fixture_said(c, report, "0502"), "1/1=1.000000", "today, whatever the future says");
}

static void ratios(void)
{
	static const struct {
		uint64_t a, b;
		const char *want;
	} rows[] = {
		{1, 3, "0.333333"},
		{2, 3, "0.666667"},
		{1, 2000000, "0.000001"},
		{1, 2000001, "0.000000"},
		{0, 7, "0.000000"},
		{7, 7, "1.000000"},
		{9007199254740990, 9007199254740991, "1.000000"},
		{3, 2, "1.500000"},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		char got[32];
		quality_ratio(rows[i].a, rows[i].b, got);
		is_str(got, rows[i].want, "%llu of %llu", (unsigned long long)rows[i].a,
			(unsigned long long)rows[i].b);
	}
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(32u << 20);
	struct ctx c = {.arena = a};
	ratios();
	by_hand(&c);
	orientation(&c);
	conventions(&c);
	undeclared(&c);
	beyond_the_limit(&c);
	out_of_life(&c);
	return done_testing();
}
