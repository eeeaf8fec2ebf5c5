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

/* What stands at which places: as text, so that a test is one line. */
static const char *of(struct ctx *c, struct acts *n, const char *subject, int64_t after)
{
	static char said[64];
	uint64_t at[8];
	size_t found = 0, used = 0;
	if (history_of(c, n, str_z(subject), after, 8, at, &found) != OK)
		return "refused";
	said[0] = '\0';
	for (size_t i = 0; i < found; i++)
		used += (size_t)snprintf(said + used, sizeof said - used, "%d ", (int)at[i]);
	return said;
}

/* The same of a search, and behind it where to go on. */
static const char *search(
	struct ctx *c, struct acts *n, const char *text, uint64_t before, size_t max)
{
	static char said[64];
	uint64_t at[8], next = 99;
	size_t found = 0, used = 0;
	if (history_search(c, n, str_z(text), before, max, at, &found, &next) != OK)
		return "refused";
	for (size_t i = 0; i < found; i++)
		used += (size_t)snprintf(said + used, sizeof said - used, "%d ", (int)at[i]);
	(void)snprintf(said + used, sizeof said - used, "then %d", (int)next);
	return said;
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
	bool made = true;
	fixture_make();
	fixture_self.origin = STR("a.example/log");
	ok(store_open(&c, fixture_path, &db) == OK && key_from_seed(&c, seed, &key) == OK &&
			acts_open(&c, &env, db, &fixture_self, key, &fixture_wiring, &n) == OK,
		"opens");
	is_str(search(&c, n, "", UINT64_MAX, 8), "then 0", "an empty log holds nothing");
	ok(make(&c, n, "urn:a", 1) == OK && make(&c, n, "urn:b", 2) == OK &&
			make(&c, n, "urn:a", 300) == OK && acts_tick_end(&c, n) == OK,
		"three acts of two things");
	is_str(of(&c, n, "urn:a", -1), "0 2 ", "a thing has its own, in their order");
	is_str(of(&c, n, "urn:a", 0), "2 ", "those behind one");
	is_str(of(&c, n, "urn:c", -1), "", "or none");
	is_str(search(&c, n, "\"n\":300", UINT64_MAX, 8), "2 then 0",
		"a text is found where it stands");
	is_str(search(&c, n, "urn:%", UINT64_MAX, 8), "then 0", "and is no pattern");
	is_str(search(&c, n, "urn:", UINT64_MAX, 2), "2 1 then 1",
		"the newest first, where to go on");
	is_str(search(&c, n, "urn:", 1, 2), "0 then 0", "to the end");
	for (unsigned i = 0; i < LIMIT_HISTORY_SCAN; i++)
		made = made && make(&c, n, "urn:many", 1) == OK;
	ok(made && acts_tick_end(&c, n) == OK, "many acts");
	is_str(search(&c, n, "urn:b", UINT64_MAX, 8), "then 3",
		"a search looks at so many, no more");
	is_str(search(&c, n, "urn:b", 3, 8), "1 then 0", "and goes on");
	store_close(db);
	fixture_remove();
	return done_testing();
}
