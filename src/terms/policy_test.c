#include "terms/policy.h"

#include "base/limits.h"
#include "tests/tap.h"

#define USE(constraints) "{\"permission\":[{\"action\":\"use\",\"constraint\":[" constraints "]}]}"
#define ATOM(left, relation, right) \
	"{\"leftOperand\":\"" left "\",\"operator\":\"" relation "\",\"rightOperand\":" right "}"
#define FULL \
	"{\"@id\":\"urn:x\",\"@type\":\"Offer\",\"target\":\"urn:y\"," \
	"\"prohibition\":[],\"obligation\":[],\"permission\":[{\"action\":\"use\",\"duty\":[]," \
	"\"constraint\":[" ATOM("purpose", "isAnyOf", "[\"a\",\"b\"]") "," ATOM( \
		"dateTime", "gteq", "\"2026-01-01T00:00:00Z\"") "," ATOM("dateTime", "lt", \
		"\"2027-01-01T00:00:00Z\"") "," ATOM("elapsedTime", "lteq", \
		"\"P30D\"") "," ATOM("count", "lteq", "\"3\"") "]}]}"

static const struct json *parsed(struct ctx *c, const char *text)
{
	const struct json *j = NULL;
	if (json_parse(c, str_z(text), &j) != OK)
		printf("# not JSON: %s\n", text);
	return j;
}

static struct terms compiled(struct ctx *c, const char *text)
{
	struct terms t = {.count_max = -9};
	ok(terms_compile(c, parsed(c, text), &t) == OK, "%.150s", text);
	return t;
}

static void understood(struct ctx *c)
{
	struct terms t = compiled(c, FULL);
	ok(!t.open_ended && t.purposes_n == 2 && str_is(t.purposes[1], "b"), "purposes");
	is_int(t.not_before_ms, 1767225600000, "from");
	is_int(t.not_after_ms, 1798761599999, "lt leaves out the instant itself");
	is_int(t.elapsed_ms, 2592000000, "elapsed");
	is_int(t.count_max, 3, "count");
	ok(str_is(t.said[TERM_COUNT], "count lteq 3"), "the constraint as it was said");
	ok(str_is(t.said[TERM_PURPOSE], "purpose isAnyOf a and 1 more"), "purposes are shortened");
	t = compiled(c, USE(""));
	ok(t.open_ended && t.count_max == -1 && t.elapsed_ms == -1 && t.purposes_n == 0 &&
			t.not_before_ms == 0 && t.not_after_ms == INT64_MAX,
		"without constraint it is open-ended");
	t = compiled(c, USE(ATOM("count", "lteq", "5") "," ATOM("count", "lt", "3") "," ATOM(
				"count", "lteq", "4")));
	ok(t.count_max == 2 && str_is(t.said[TERM_COUNT], "count lt 3"), "the narrowest stands");
	t = compiled(c, USE(ATOM("dateTime", "gt", "\"2026-01-01T00:00:00Z\"") "," ATOM(
				"dateTime", "gteq", "\"2025-01-01T00:00:00Z\"")));
	is_int(t.not_before_ms, 1767225600001, "gt leaves out the instant, the later one stands");
	t = compiled(c, "{\"permission\":[{\"action\":\"odrl:use\",\"constraint\":[" ATOM(
				"http://www.w3.org/ns/odrl/2/count", "odrl:lteq",
				"{\"@value\":\"2\",\"@type\":\"xsd:integer\"}") "]}]}");
	is_int(t.count_max, 2, "prefixed names and typed values");
	t = compiled(c, USE(ATOM("elapsedTime", "lt", "\"PT1S\"")));
	is_int(t.elapsed_ms, 999, "lt of a duration");
	t = compiled(c, USE(ATOM("purpose", "isAnyOf", "\"a\"")));
	is_int(t.purposes_n, 1, "an array of one without its brackets");
}

static void not_understood(struct ctx *c)
{
	static const struct {
		const char *policy, *says;
	} rows[] = {
		{"null", "a policy must be an object"},
		{"[]", "a policy must be an object"},
		{"{}", "'permission' must be an array of one"},
		{"{\"permission\":[]}", "array of one"},
		{"{\"permission\":{\"action\":\"use\"}}", "array of one"},
		{"{\"permission\":[{\"action\":\"use\"},{\"action\":\"use\"}]}", "array of one"},
		{"{\"permission\":[{}]}", "action"},
		{"{\"permission\":[{\"action\":\"sell\"}]}",
			"action sell is not understood; use is"},
		{"{\"permission\":[{\"action\":\"use\",\"target\":\"urn:x\"}]}", "'target'"},
		{"{\"permission\":[{\"action\":\"use\",\"duty\":[{\"action\":\"compensate\"}]}]}",
			"duty of compensate"},
		{"{\"permission\":[{\"action\":\"use\"}],\"prohibition\":[{\"action\":\"sell\"}]}",
			"prohibition of sell"},
		{"{\"permission\":[{\"action\":\"use\"}],\"obligation\":[{\"action\":\"delete\"}]}",
			"obligation of delete"},
		{"{\"permission\":[{\"action\":\"use\"}],\"profile\":\"urn:p\"}", "'profile'"},
		{"{\"permission\":[{\"action\":\"use\"}],\"@type\":\"Ticket\"}", "type Ticket"},
		{"{\"permission\":[{\"action\":\"use\"}],\"@id\":[]}", "'@id'"},
		{USE("{\"or\":[]}"), "'or' is not understood in a constraint"},
		{USE("{\"leftOperand\":\"count\",\"operator\":\"lteq\"}"),
			"rightOperand is missing"},
		{USE("{\"operator\":\"lteq\",\"rightOperand\":\"1\"}"), "lacks leftOperand"},
		{USE(ATOM("spatial", "eq", "\"CN\"")), "leftOperand spatial"},
		{USE(ATOM("count", "eq", "\"1\"")), "operator eq is not understood with count"},
		{USE(ATOM("count", "gteq", "\"1\"")), "operator gteq"},
		{USE(ATOM("count", "lt", "\"0\"")), "count lt 0 allows nothing"},
		{USE(ATOM("count", "lteq", "\"many\"")), "count lteq many: expected is"},
		{USE(ATOM("dateTime", "eq", "\"2026-01-01T00:00:00Z\"")), "operator eq"},
		{USE(ATOM("dateTime", "lteq", "\"soon\"")), "dateTime lteq soon: expected is"},
		{USE(ATOM("elapsedTime", "gt", "\"P1D\"")), "operator gt"},
		{USE(ATOM("elapsedTime", "lteq", "\"P1M\"")), "elapsedTime lteq P1M: expected is"},
		{USE(ATOM("elapsedTime", "lt", "\"PT0S\"")), "allows nothing"},
		{USE(ATOM("purpose", "neq", "\"a\"")),
			"operator neq is not understood with purpose"},
		{USE(ATOM("purpose", "eq", "[\"a\"]")), "purpose eq (a value): expected is"},
		{USE(ATOM("purpose", "isAnyOf", "[]")), "purpose isAnyOf: expected is"},
		{USE(ATOM("purpose", "isAnyOf", "[\"a\",1]")), "purpose isAnyOf 1: expected is"},
		{USE(ATOM("purpose", "eq", "\"a\"") "," ATOM("purpose", "eq", "\"a\"")),
			"a second constraint on purpose"},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		struct terms t = {.count_max = -9};
		c->trouble = (struct trouble){0};
		err e = terms_compile(c, parsed(c, rows[i].policy), &t);
		bool named = strstr(c->trouble.detail, rows[i].says) != NULL;
		if (!ok(e == ERR_TERM_REFUSES && named && t.count_max == -9, "refused: %.120s",
			    rows[i].policy))
			printf("# said: %s\n", c->trouble.detail);
	}
	struct terms t;
	is_int(terms_compile(c, NULL, &t), ERR_TERM_REFUSES, "no policy at all");
}

static void purposes_limit(struct ctx *c)
{
	for (size_t n = LIMIT_TERMS_PURPOSES; n <= LIMIT_TERMS_PURPOSES + 1; n++) {
		struct buf b;
		struct terms t;
		buf_init(&b, c->arena, 4096);
		buf_z(&b, "{\"permission\":[{\"action\":\"use\",\"constraint\":[{\"leftOperand\":"
			  "\"purpose\",\"operator\":\"isAnyOf\",\"rightOperand\":[\"0\"");
		for (size_t i = 1; i < n; i++)
			buf_fmt(&b, ",\"%zu\"", i);
		buf_z(&b, "]}]}]}");
		buf_char(&b, '\0');
		err e = terms_compile(c, parsed(c, buf_str(&b).p), &t);
		is_int(e, n > LIMIT_TERMS_PURPOSES ? ERR_TERM_REFUSES : OK, "%zu purposes", n);
	}
}

#define NODES 64u

/* The values of a tree in order. */
static size_t nodes_of(struct json *j, struct json **list, size_t n)
{
	if (n < NODES)
		list[n++] = j;
	for (struct json *i = j->first; i != NULL; i = i->next)
		n = nodes_of(i, list, n);
	return n;
}

/* What may stand in these places without harm. */
static bool is_harmless(const struct json *j)
{
	static const char *const texts[] = {"@id", "target", "rightOperand", ""};
	static const char *const lists[] = {
		"prohibition", "obligation", "duty", "constraint", "rightOperand"};
	bool harmless = false;
	for (size_t i = 0; i < countof(texts) && j->type == JSON_STRING; i++)
		harmless |= str_is(j->name, texts[i]);
	for (size_t i = 0; i < countof(lists) && j->type == JSON_ARRAY; i++)
		harmless |= str_is(j->name, lists[i]);
	return harmless || (j->type == JSON_NUMBER && str_is(j->name, "rightOperand"));
}

/* Every value becomes another one, everywhere; whatever is not harmless refuses and says why. */
static void mutated(const char *text)
{
	static const char *const others[] = {"null", "true", "0", "-1", "1.5", "\"\"", "\"x\"",
		"\"\\u0001%s%n\"", "[]", "[[]]", "[null]", "[\"x\"]", "{}", "{\"x\":1}",
		"{\"@value\":[]}", "{\"@id\":null}", "{\"@type\":{}}", "[{\"action\":\"use\"},0]"};
	int tried = 0, wrong = 0;
	size_t n = 1;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < countof(others); k++) {
			cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
			struct ctx c = {.arena = a};
			struct json *tree = json_copy(&c, parsed(&c, text)), *list[NODES];
			struct json other = *parsed(&c, others[k]);
			n = nodes_of(tree, list, 0);
			other.next = list[i]->next;
			other.name = list[i]->name;
			*list[i] = other;
			struct terms t;
			err e = terms_compile(&c, tree, &t);
			bool fine = e == OK ? is_harmless(list[i])
					    : e == ERR_TERM_REFUSES && c.trouble.detail[0] != '\0';
			if (!fine)
				printf("# value %zu as %s: %d\n", i, others[k], e);
			wrong += !fine;
			tried++;
		}
	}
	ok(n > 25 && n < NODES && tried == (int)(n * countof(others)), "%d mutants", tried);
	is_int(wrong, 0, "each refuses with its reason, or does no harm");
}

/* A member more, in every object. */
static void one_more(const char *text)
{
	int objects = 0, refused = 0;
	size_t n = 1;
	for (size_t i = 0; i < n; i++) {
		cleanup(arena_freep) struct arena *a = arena_new(1u << 20);
		struct ctx c = {.arena = a};
		struct json *tree = json_copy(&c, parsed(&c, text)), *list[NODES];
		n = nodes_of(tree, list, 0);
		if (list[i]->type != JSON_OBJECT)
			continue;
		struct terms t;
		json_set(&list[i], "surprise", json_z(&c, "x"));
		objects++;
		refused += terms_compile(&c, tree, &t) == ERR_TERM_REFUSES &&
			   strstr(c.trouble.detail, "'surprise'") != NULL;
	}
	is_int(objects, 7, "policy, permission, five constraints");
	is_int(refused, objects, "an unknown member in any of them refuses and is named");
}

static void equal(struct ctx *c)
{
	struct terms a = compiled(c, FULL), b;
	ok(terms_equal(&a, &a), "equal to itself");
	b = compiled(c, USE(ATOM("count", "lt", "4") "," ATOM(
				"elapsedTime", "eq", "\"PT720H\"") "," ATOM("dateTime", "lteq",
				"\"2027-01-01T07:59:59.999+08:00\"") "," ATOM("dateTime", "gteq",
				"\"2026-01-01T00:00:00.000Z\"") "," ATOM("purpose", "isAnyOf",
				"[\"b\",\"a\",\"b\"]")));
	ok(terms_equal(&a, &b) && terms_equal(&b, &a), "the same said differently");
	struct terms other = a;
	other.count_max++;
	ok(!terms_equal(&a, &other), "another count");
	other = a;
	other.purposes_n = 1;
	ok(!terms_equal(&a, &other) && !terms_equal(&other, &a), "a purpose less");
	other.purposes_n = 0;
	ok(!terms_equal(&a, &other) && !terms_equal(&other, &a), "every purpose");
}

static void bound(struct ctx *c)
{
	struct json *j = NULL;
	struct terms t;
	const struct json *offer = parsed(c, USE(ATOM("elapsedTime", "lteq", "\"P30D\"")));
	ok(terms_bind(c, offer, 1767225600000, &j) == OK, "an offer of 30 days is bound");
	ok(json_eq(j, parsed(c, USE(ATOM("dateTime", "lteq", "\"2026-01-31T00:00:00.000Z\"")))),
		"and says when it ends");
	ok(terms_compile(c, j, &t) == OK && t.elapsed_ms == -1, "and is understood");
	is_int(t.not_after_ms, 1767225600000 + 2592000000, "to the millisecond");
	struct json *twice = NULL;
	ok(terms_bind(c, j, 5, &twice) == OK && json_eq(j, twice), "bound twice is bound once");
	ok(terms_bind(c, parsed(c, USE(ATOM("elapsedTime", "lt", "\"PT1S\""))), 0, &j) == OK &&
			terms_compile(c, j, &t) == OK && t.not_after_ms == 999,
		"lt remains lt");
	ok(terms_bind(c, parsed(c, USE(ATOM("elapsedTime", "eq", "\"PT1S\""))), 0, &j) == OK &&
			terms_compile(c, j, &t) == OK && t.not_after_ms == 1000,
		"eq is how long it may be");
	is_int(terms_bind(c, offer, 253402300799999 - 2592000000, &j), OK, "to the last time");
	is_int(terms_bind(c, offer, 253402300799999 - 2592000000 + 1, &j), ERR_TERM_REFUSES,
		"not beyond");
	is_int(terms_bind(c, offer, INT64_MAX, &j), ERR_TERM_REFUSES, "nor far beyond");
	is_int(terms_bind(c, NULL, 0, &j), ERR_TERM_REFUSES, "nothing is not bound");
	is_int(terms_bind(c, parsed(c, "{\"permission\":[{\"action\":\"use\"}]}"), 0, &j), OK,
		"without constraints there is nothing to do");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(4u << 20);
	struct ctx c = {.arena = a};
	understood(&c);
	not_understood(&c);
	purposes_limit(&c);
	mutated(FULL);
	one_more(FULL);
	equal(&c);
	bound(&c);
	return done_testing();
}
