#include "govern/sandbox_view.h"

#include "tests/tap.h"

#include "govern/sandbox_fixture_test.h"

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(16 * LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct deal d;
	struct sandbox_row r;
	struct json *j = NULL;
	int64_t left = 0;
	is_int(box_open(&c, &d), OK, "two houses");
	is_int(box_plan(&c, &d, "{\"subjects\":4}"), OK, "a plan");
	is_int(box_measure(&c, &d, 1, "id\na\nb\n"), OK, "two subjects");
	is_int(box_start(&c, &d), OK, "a test");
	is_int(sandbox_find(&c, d.p.s.db, STR(BOX), &r), OK, "the case");
	is_int(sandbox_view(&c, d.p.s.db, &r, house_now, &j), OK, "is shown");
	ok(str_is(json_text(json_get(j, "state")), "TESTING") &&
			json_text(json_get(j, "stateZh")).n > 0 &&
			str_is(json_text(json_get(j, "productName")), "weather") &&
			str_is(json_text(json_get(j, "until")), "2027-03-01"),
		"with state, words, product and end");
	const struct json *gauge = json_get(j, "conditions")->first;
	ok(str_is(json_text(json_get(gauge, "id")), "limit.subjects") &&
			json_int(json_get(gauge, "left"), &left) && left == 4,
		"nothing is delivered yet");
	is_int((long long)json_get(j, "votes")->n, 2, "two votes");
	is_int((long long)json_get(j, "declarations")->n, 2, "two declarations");
	is_int((long long)json_get(j, "objects")->n, 1, "an object");
	ok(json_get(j, "waitsForSecond") == NULL, "nothing waits");
	is_int((long long)json_get(j, "possible")->n, 7, "and what is possible");
	deal_close(&d);
	return done_testing();
}
