#include "act/history.h"

#include "tests/tap.h"

#include "act/acts_fixture_test.h"
#include "base/limits.h"

static err make(struct ctx *c, struct acts *n, const char *subject, int64_t number)
{
	struct json *body = json_object(c);
	json_set_num(c, &body, "n", number);
	const struct act a = {STR("thing.add"), STR("operator"), str_z(subject), body, NULL};
	return acts_do(c, n, &a, NULL);
}

int main(void)
{
	static const uint8_t seed[SEED_BYTES] = {6};
	cleanup(arena_freep) struct arena *a = arena_new(200u << 20);
	struct ctx c = {.arena = a};
	struct env env = env_system;
	struct store *db = NULL;
	struct acts *n = NULL;
	struct key *key = NULL;
	uint64_t at[8] = {0}, next = 1;
	size_t found = 0;
	fixture_make();
	fixture_self.origin = STR("a.example/log");
	ok(store_open(&c, fixture_path, &db) == OK && key_from_seed(&c, seed, &key) == OK &&
			acts_open(&c, &env, db, &fixture_self, key, &fixture_wiring, &n) == OK,
		"opens");
	ok(history_search(&c, n, STR(""), UINT64_MAX, 8, at, &found, &next) == OK && found == 0 &&
			next == 0,
		"an empty log holds nothing");
	ok(make(&c, n, "urn:a", 1) == OK && make(&c, n, "urn:b", 2) == OK &&
			make(&c, n, "urn:a", 300) == OK && acts_tick_end(&c, n) == OK,
		"three acts of two things");
	ok(history_of(&c, n, STR("urn:a"), 0, 8, at, &found) == OK && found == 2 && at[0] == 0 &&
			at[1] == 2,
		"a thing has its own, in their order");
	ok(history_of(&c, n, STR("urn:a"), 1, 8, at, &found) == OK && found == 1 && at[0] == 2,
		"from an offset on");
	ok(history_of(&c, n, STR("urn:c"), 0, 8, at, &found) == OK && found == 0, "or none");
	ok(history_search(&c, n, STR("\"n\":300"), UINT64_MAX, 8, at, &found, &next) == OK &&
			found == 1 && at[0] == 2 && next == 0,
		"a text is found where it stands");
	ok(history_search(&c, n, STR("urn:%"), UINT64_MAX, 8, at, &found, &next) == OK &&
			found == 0,
		"and is no pattern");
	ok(history_search(&c, n, STR("urn:"), UINT64_MAX, 2, at, &found, &next) == OK &&
			found == 2 && at[0] == 2 && at[1] == 1 && next == 1,
		"the newest first, and where to go on");
	ok(history_search(&c, n, STR("urn:"), next, 2, at, &found, &next) == OK && found == 1 &&
			at[0] == 0 && next == 0,
		"to the end");
	for (unsigned i = 0; i < LIMIT_HISTORY_SCAN; i++) {
		if (make(&c, n, "urn:many", 1) != OK)
			ok(false, "an act");
	}
	ok(acts_tick_end(&c, n) == OK, "many acts");
	ok(history_search(&c, n, STR("urn:b"), UINT64_MAX, 8, at, &found, &next) == OK &&
			found == 0 && next == 3,
		"a search looks at so many and no more");
	ok(history_search(&c, n, STR("urn:b"), next, 8, at, &found, &next) == OK && found == 1 &&
			next == 0,
		"and goes on");
	store_close(db);
	fixture_remove();
	return done_testing();
}
