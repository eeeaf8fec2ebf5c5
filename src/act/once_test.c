#include "act/once.h"

#include "tests/tap.h"

#include "act/acts_fixture_test.h"

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	struct store *db = NULL;
	struct acts *n = NULL;
	struct hash one = hash_of(STR("one")), two = hash_of(STR("two"));
	bool found = true;
	uint64_t index = 0;
	fixture_make();
	ok(fixture_acts(&c, &db, &n) == OK && acts_tick(&c, n) == OK, "opens");
	ok(once_find(&c, db, STR("b"), STR("k"), &one, &found, &index) == OK && !found,
		"a new key");
	ok(once_keep(&c, db, STR("b"), STR("k"), &one, 41) == OK, "is kept");
	ok(once_find(&c, db, STR("b"), STR("k"), &one, &found, &index) == OK && found &&
			index == 41,
		"and gives the stored act");
	is_int(once_find(&c, db, STR("b"), STR("k"), &two, &found, &index), ERR_CONFLICT,
		"for something else it is refused");
	ok(once_find(&c, db, STR("c"), STR("k"), &two, &found, &index) == OK && !found,
		"another caller's key is another");
	ok(acts_tick_end(&c, n) == OK, "ends");
	store_close(db);
	fixture_remove();
	return done_testing();
}
