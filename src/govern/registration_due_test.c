#include "govern/registration_due.h"

#include "tests/tap.h"

#include "govern/fixture_test.h"

static size_t queued(struct ctx *c, int which, const char *text)
{
	struct json *q = NULL;
	int64_t day = 0;
	if (!day_parse(str_z(text), &day) || registration_queue(c, nodes[which].db, day, &q) != OK)
		return 99;
	return json_get(q, "due")->n;
}

static void test_silence(struct ctx *c)
{
	struct str id = {0};
	struct registration r;
	ok(fixture_apply(c, FIXTURE_CLAIM, &id) == OK, "an application on Monday");
	is_int((long long)queued(c, REGISTRAR, "2026-03-04"), 0, "not due on Wednesday");
	is_int((long long)queued(c, REGISTRAR, "2026-03-05"), 1, "due on Thursday");
	fixture_day("2026-03-05");
	ok(fixture_due(c) == OK, "on Thursday");
	is_str(fixture_state(c, REGISTRAR, id), "applied", "there is time until its end");
	fixture_day("2026-03-06");
	ok(fixture_due(c) == OK, "on Friday");
	is_str(fixture_state(c, REGISTRAR, id), "accepted", "silence counts as acceptance");
	is_str(fixture_state(c, APPLICANT, id), "accepted", "at the applicant too");
	is_int(fixture_step(c, REGISTRAR, id, "return",
		       "{\"corrections\":[\"x\"],\"limit\":\"2026-04-01\"}"),
		ERR_GONE, "and cannot be returned");
	fixture_day("2026-03-20");
	ok(fixture_due(c) == OK, "two weeks later");
	ok(registration_find(c, nodes[REGISTRAR].db, id, &r) == OK && r.overdue == 0,
		"the tenth working day is not over");
	fixture_day("2026-03-21");
	ok(fixture_due(c) == OK, "on Saturday");
	ok(registration_find(c, nodes[REGISTRAR].db, id, &r) == OK && r.overdue > 0,
		"what was missed is said");
	ok(registration_find(c, nodes[APPLICANT].db, id, &r) == OK && r.overdue > 0,
		"to the applicant as well");
	is_int((long long)queued(c, REGISTRAR, "2026-03-21"), 1, "the queue holds it");
	size_t n = 0;
	ok(registration_overdue_count(c, nodes[REGISTRAR].db, &n) == OK && n == 1,
		"one for doctor");
	struct inbox_page p = {.at = -1, .id = {"", 0}, .max = 10};
	const struct inbox_kind *const kinds[] = {&registration_inbox};
	const struct inbox in = {kinds, 1};
	ok(inbox_list(c, nodes[REGISTRAR].db, &in, &p) == OK && p.n == 1, "one in the inbox");
	size_t did = 9;
	ok(registration_due_run(c, nodes[REGISTRAR].n, fixture_now, &did) == OK && did == 0,
		"it is said once");
	ok(fixture_step(c, REGISTRAR, id, "extend", "{\"days\":5,\"reason\":\"large\"}") == OK,
		"a late extension");
	ok(registration_find(c, nodes[REGISTRAR].db, id, &r) == OK && r.overdue == 0,
		"a step ends it");
}

static void test_late_word(struct ctx *c)
{
	struct str id = {0};
	struct registration r;
	fixture_day("2026-04-13");
	ok(fixture_due(c) == OK && fixture_apply(c, FIXTURE_CLAIM, &id) == OK, "an application");
	fixture_day("2026-04-16");
	ok(registration_find(c, nodes[REGISTRAR].db, id, &r) == OK, "its row");
	ok(registration_do(c, nodes[REGISTRAR].n, STR("operator"), &r, REG_ACCEPT, json_object(c),
		   NULL) == OK,
		"accepted on the last day, not yet told");
	fixture_day("2026-04-17");
	ok(fixture_due(c) == OK, "the day after");
	is_str(fixture_state(c, APPLICANT, id), "accepted", "the applicant counts it as accepted");
	ok(fixture_carry(c, REGISTRAR) == OK, "then the word comes");
	ok(registration_find(c, nodes[APPLICANT].db, id, &r) == OK &&
			json_get(json_get(r.facts, "accepted"), "deemed")->type == JSON_FALSE,
		"and what was done in time stands");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64 << 20);
	struct ctx c = {.arena = a};
	ok(fixture_open(&c) == OK && fixture_office(&c) == OK, "two nodes");
	test_silence(&c);
	test_late_word(&c);
	ok(fixture_replays(&c, APPLICANT) && fixture_replays(&c, REGISTRAR), "both logs replay");
	fixture_close();
	return done_testing();
}
