#include "rules/predicate.h"

#include "base/limits.h"
#include "tests/tap.h"

#include "rules/fixture_test.h"

static void taken(struct ctx *c, const struct fact_catalogue *k)
{
	static const char *const rows[] = {"yes", "not yes", "not (yes)",
		"(yes and yes) or not yes", "n == 1", "1 + n >= 2 + 3", "t == 'a'", "t != ''",
		"t in ['a', 'b']", "t in []", "l covers ['a']", "d <= 2026-01-01", "age(d) < 90",
		"days(d, today) == 0", "known(t)", "has('contract')", "any('contract', its.n == n)",
		"any('contract', its.n > 1 and (yes or its.to < d))", "true or false",
		"  yes  and\n yes"};
	for (size_t i = 0; i < countof(rows); i++) {
		const struct predicate *p = NULL;
		is_int(predicate_read(c, k, str_z(rows[i]), &p), OK, "taken: %s", rows[i]);
	}
}

static void refused(struct ctx *c, const struct fact_catalogue *k)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{"", "a value must stand here"},
		{"n", "neither true nor false"},
		{"yes yes", "character 5"},
		{"yes and", "a value must stand here"},
		{"yes and n", "neither true nor false"},
		{"nosuch == 1", "no fact nosuch"},
		{"its.n == 1", "any() alone"},
		{"any('contract', its.x == 1)", "no claim x"},
		{"any('nosuch', true)", "no kind of evidence nosuch"},
		{"any('contract', any('contract', true))", "evidence of evidence"},
		{"any('contract')", "a comma"},
		{"any('contract', n)", "neither true nor false"},
		{"t == 1", "== does not go between text and int"},
		{"t < 'a'", "< does not go between"},
		{"l == l", "== does not go between"},
		{"l in l", "in does not go between"},
		{"t + 1 == 2", "only numbers"},
		{"age(n) < 1", "no day"},
		{"days(d) < 1", "second day"},
		{"t == 'a", "does not end"},
		{"t in ['a'", "a comma or ]"},
		{"d == 2026-02-29", "neither a number nor a day"},
		{"n == 99999999999999999999", "neither a number nor a day"},
		{"(yes", ") must stand here"},
		{"known(1)", "no fact 1"},
		{"known('a')", "a value must stand here"},
		{"yes == yes == yes", "nothing more"},
		{"YES", "a value must stand here"},
		{"not n", "neither true nor false"},
	};
	for (size_t i = 0; i < countof(rows); i++) {
		const struct predicate *p = NULL;
		is_int(predicate_read(c, k, str_z(rows[i].text), &p), ERR_BAD_VALUE, "refused: %s",
			rows[i].text);
		ok(strstr(c->trouble.detail, rows[i].why) != NULL, "it says %s (%s)", rows[i].why,
			c->trouble.detail);
		ok(p == NULL, "and gives nothing");
	}
}

static void limits(struct ctx *c, const struct fact_catalogue *k)
{
	char text[LIMIT_PREDICATE + 2];
	const struct predicate *p;
	for (unsigned deep = LIMIT_PREDICATE_DEPTH - 1; deep <= LIMIT_PREDICATE_DEPTH; deep++) {
		memset(text, '(', deep);
		memcpy(text + deep, "yes", 3);
		memset(text + deep + 3, ')', deep);
		is_int(predicate_read(c, k, (struct str){text, 2 * deep + 3}, &p),
			deep < LIMIT_PREDICATE_DEPTH ? OK : ERR_BAD_VALUE, "%u parentheses", deep);
	}
	memset(text, ' ', sizeof text);
	memcpy(text, "yes", 3);
	is_int(predicate_read(c, k, (struct str){text, LIMIT_PREDICATE}, &p), OK,
		"as long as allowed");
	is_int(predicate_read(c, k, (struct str){text, LIMIT_PREDICATE + 1}, &p), ERR_TOO_LARGE,
		"one more");
}

int main(void)
{
	struct ctx c = {.arena = arena_new(8u << 20)};
	struct fact_catalogue k = fixture_catalogue(&c);
	taken(&c, &k);
	refused(&c, &k);
	limits(&c, &k);
	arena_free(c.arena);
	return done_testing();
}
