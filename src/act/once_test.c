#include "act/once.h"

#include "tests/tap.h"

#include "act/acts_fixture_test.h"
#include "base/limits.h"

#define NOW 1790000000000ll

static err find(struct ctx *c, struct store *db, const char *scope, const char *asked, int64_t at,
	bool *ret_found, struct once *ret)
{
	struct hash digest = hash_of(str_z(asked));
	return once_find(c, db, str_z(scope), STR("k"), &digest, at, ret_found, ret);
}

static void ages(struct ctx *c, struct store *db)
{
	struct hash one = hash_of(STR("one"));
	struct once got = {.index = 0};
	bool found = false;
	const struct once none = {.index = 0};
	ok(find(c, db, "b", "two", NOW + LIMIT_ONCE_MS, &found, &got) == ERR_KEY_REUSED,
		"to its last millisecond");
	ok(find(c, db, "b", "two", NOW + LIMIT_ONCE_MS + 1, &found, &got) == OK && !found,
		"and not longer");
	ok(once_keep(c, db, STR("b"), STR("k"), &one, NOW + LIMIT_ONCE_MS + 1, &none) == OK,
		"then it may be used anew");
}

/* The quota: LIMIT_ONCE are kept, the oldest goes. */
static void quota(struct ctx *c, struct store *db)
{
	struct hash one = hash_of(STR("one"));
	const struct once none = {.index = 0};
	struct once got;
	bool found = false, ok_all = true;
	char key[24];
	int64_t at = NOW + LIMIT_ONCE_MS + 2;
	for (unsigned i = 0; i < LIMIT_ONCE - 1; i++) {
		struct arena *a = arena_new(1u << 16);
		struct ctx own = {.arena = a};
		snprintf(key, sizeof key, "q%u", i);
		ok_all = ok_all && once_keep(&own, db, STR("q"), str_z(key), &one, at, &none) == OK;
		arena_free(a);
	}
	ok(ok_all, "as many as are kept");
	ok(find(c, db, "b", "one", at, &found, &got) == OK && found, "the first of them is there");
	ok(once_keep(c, db, STR("q"), STR("more"), &one, at, &none) == OK, "one more");
	ok(find(c, db, "b", "one", at, &found, &got) == OK && !found, "and it is not");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	struct store *db = NULL;
	struct acts *n = NULL;
	struct hash one = hash_of(STR("one"));
	struct once got = {.index = 0};
	bool found = true;
	const struct once what = {.index = 41, .subject = STR("s")}, secret = {.told_once = true};
	fixture_make();
	ok(fixture_acts(&c, &db, &n) == OK && acts_tick(&c, n) == OK, "opens");
	ok(find(&c, db, "b", "one", NOW, &found, &got) == OK && !found, "a new key");
	ok(once_keep(&c, db, STR("b"), STR("k"), &one, NOW, &what) == OK, "is kept");
	ok(find(&c, db, "b", "one", NOW, &found, &got) == OK && found && got.index == 41 &&
			str_is(got.subject, "s") && !got.told_once,
		"and gives what came of it");
	is_int(find(&c, db, "b", "two", NOW, &found, &got), ERR_KEY_REUSED,
		"for something else it is refused");
	ok(find(&c, db, "c", "two", NOW, &found, &got) == OK && !found,
		"another caller's key is another");
	ok(once_keep(&c, db, STR("c"), STR("k"), &one, NOW, &secret) == OK &&
			find(&c, db, "c", "one", NOW, &found, &got) == OK && got.told_once,
		"what is told once is marked");
	ages(&c, db);
	quota(&c, db);
	ok(acts_tick_end(&c, n) == OK, "ends");
	store_close(db);
	fixture_remove();
	return done_testing();
}
