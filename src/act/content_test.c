#include "act/content.h"

#include "tests/tap.h"

#include "act/acts_fixture_test.h"
#include "base/limits.h"

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	struct store *db = NULL;
	struct acts *n = NULL;
	struct hash h, again;
	struct str back, large = {NULL, LIMIT_DOCUMENT};
	const struct json *j = NULL;
	struct json *o = json_object(&c);
	fixture_make();
	ok(fixture_acts(&c, &db, &n) == OK && acts_tick(&c, n) == OK, "opens");
	ok(content_put(&c, db, STR("abc"), &h) == OK &&
			content_put(&c, db, STR("abc"), &again) == OK,
		"a content, twice");
	ok(hash_eq(&h, &again), "has one digest");
	ok(content_get(&c, db, &h, &back) == OK && str_is(back, "abc"), "and is given back");
	json_set_num(&c, &o, "b", 2);
	json_set_num(&c, &o, "a", 1);
	ok(content_put_json(&c, db, o, &h) == OK && content_get(&c, db, &h, &back) == OK,
		"a document");
	ok(str_is(back, "{\"a\":1,\"b\":2}"), "is kept in canonical form");
	ok(content_get_json(&c, db, &h, &j) == OK && json_eq(j, o), "and read again");
	h.b[0] ^= 1;
	is_int(content_get(&c, db, &h, &back), ERR_NOT_FOUND, "what is not there");
	large.p = arena_alloc(a, LIMIT_DOCUMENT + 1);
	is_int(content_put(&c, db, large, &h), OK, "as large as may be");
	large.n++;
	is_int(content_put(&c, db, large, &h), ERR_TOO_LARGE, "and one byte more");
	ok(acts_tick_end(&c, n) == OK, "ends");
	store_close(db);
	fixture_remove();
	return done_testing();
}
