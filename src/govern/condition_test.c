#include "govern/condition.h"

#include "tests/tap.h"

#include <string.h>

#include "base/limits.h"

static const struct json *parsed(struct ctx *c, const char *text)
{
	const struct json *j = NULL;
	if (json_parse(c, str_z(text), &j) != OK)
		printf("# not JSON: %s\n", text);
	return j;
}

static err add(struct ctx *c, struct json **l, const char *conditions, const char *limits,
	const char *stop)
{
	return condition_add(c, l, parsed(c, conditions), parsed(c, limits), parsed(c, stop));
}

static const char *first(struct ctx *c, const struct json *ledger, const struct case_facts *f)
{
	const struct json *j = NULL;
	struct str why = {"", 0};
	if (condition_ask(c, ledger, f, &j, &why) != OK)
		return "error";
	return j == NULL ? "" : arena_z(c->arena, json_text(json_get(j, "id")));
}

static void test_asking(struct ctx *c)
{
	struct json *l = json_array(c);
	const struct json *j = NULL;
	struct str why;
	struct case_facts f = {.subjects = 1000, .value = 5, .today = 20000};
	is_int(add(c, &l, "[{\"id\":\"answered\",\"pass\":\"complaints.open == 0\"}]",
		       "{\"subjects\":1000,\"value\":5}",
		       "[{\"id\":\"often\",\"when\":\"incidents >= 2 or complaints >= "
		       "3\",\"by\":\"the secretariat\"}]"),
		OK, "conditions, limits and a stop rule");
	is_int((long long)l->n, 4, "are four conditions");
	ok(strcmp(first(c, l, &f), "") == 0, "at its limit a case still meets it");
	f.subjects = 1001;
	ok(strcmp(first(c, l, &f), "limit.subjects") == 0, "one more does not");
	is_int(condition_ask(c, l, &f, &j, &why), OK, "and it is told");
	ok(str_find_str(why, STR("subjects <= 1000")) < why.n &&
			str_find_str(why, STR("{\"subjects\":1001}")) < why.n &&
			str_find_str(why, STR("the committee decides")) < why.n,
		"%.*s", FMT(why));
	f.subjects = CONDITION_SUBJECTS_UNKNOWN;
	ok(strcmp(first(c, l, &f), "limit.subjects") == 0, "what was not counted is not met");
	f.subjects = 0;
	f.incidents = 2;
	ok(strcmp(first(c, l, &f), "often") == 0, "a stop rule stops");
	f.incidents = 1;
	f.open_complaints = 1;
	ok(strcmp(first(c, l, &f), "answered") == 0, "a condition is asked too");
}

static void test_gauges(struct ctx *c)
{
	struct json *l = json_array(c), *g = NULL;
	const struct case_facts f = {.subjects = 400, .days = 3};
	int64_t value = 0, left = 0;
	is_int(add(c, &l, "[]", "{\"subjects\":1000}", "[{\"id\":\"s\",\"when\":\"days > 2\"}]"),
		OK, "a ledger");
	is_int(condition_gauges(c, l, &f, &g), OK, "as gauges");
	ok(g->n == 2 && json_int(json_get(g->first, "value"), &value) && value == 400 &&
			json_int(json_get(g->first, "left"), &left) && left == 600,
		"a limit says what is left");
	ok(str_is(json_text(json_get(g->first, "outcome")), "PASS") &&
			str_is(json_text(json_get(g->last, "outcome")), "FAIL"),
		"and what is met");
	ok(json_get(json_get(g->last, "facts"), "days") != NULL, "with the facts asked for");
	const struct case_facts unknown = {.subjects = CONDITION_SUBJECTS_UNKNOWN};
	is_int(condition_gauges(c, l, &unknown, &g), OK, "without a count");
	ok(str_is(json_text(json_get(g->first, "outcome")), "UNKNOWN") &&
			json_get(g->first, "value") == NULL,
		"nothing is guessed");
}

static void test_refused(struct ctx *c)
{
	static const struct {
		const char *conditions, *limits, *stop;
		err want;
	} cases[] = {
		{"[{\"id\":\"a\",\"pass\":\"heads <= 2\"}]", "{}", "[]", ERR_BAD_VALUE},
		{"[{\"id\":\"a\",\"pass\":\"subjects\"}]", "{}", "[]", ERR_BAD_VALUE},
		{"[{\"id\":\"a\"}]", "{}", "[]", ERR_MISSING_MEMBER},
		{"[{\"id\":\"\",\"pass\":\"days < 2\"}]", "{}", "[]", ERR_BAD_VALUE},
		{"[]", "{\"heads\":3}", "[]", ERR_UNKNOWN_MEMBER},
		{"[]", "{\"days\":-1}", "[]", ERR_BAD_VALUE},
		{"[]", "{\"days\":\"3\"}", "[]", ERR_BAD_VALUE},
		{"[{\"id\":\"limit.days\",\"pass\":\"days < 2\"}]", "{\"days\":3}", "[]",
			ERR_CONFLICT},
		{"[]", "{}", "[{\"id\":\"a\",\"when\":\"days < 2) or (days > 1\"}]", ERR_BAD_VALUE},
	};
	for (size_t i = 0; i < countof(cases); i++) {
		struct json *l = json_array(c);
		is_int(add(c, &l, cases[i].conditions, cases[i].limits, cases[i].stop),
			cases[i].want, "%s %s", cases[i].conditions, cases[i].limits);
	}
	struct json *l = json_array(c);
	for (unsigned i = 0; i < CONDITIONS_MAX; i++) {
		struct str text;
		is_int(arena_fmt(c, &text, "[{\"id\":\"c%u\",\"pass\":\"days < 9\"}]", i), OK,
			"condition %u", i);
		if (add(c, &l, arena_z(c->arena, text), "{}", "[]") != OK)
			ok(false, "%s", c->trouble.detail);
	}
	is_int(add(c, &l, "[]", "{\"days\":3}", "[]"), ERR_TOO_LARGE, "no more than that");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	test_asking(&c);
	test_gauges(&c);
	test_refused(&c);
	return done_testing();
}
