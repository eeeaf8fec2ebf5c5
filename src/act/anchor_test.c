#include "act/anchor.h"

#include "tests/tap.h"

#include "act/acts_fixture_test.h"

static const struct module *const modules[] = {&anchor_module};
static const struct wiring wiring = {modules, 1};

static err anchor(struct ctx *c, struct acts *n, const char *digest, bool more)
{
	struct json *body = json_object(c);
	json_set_str(c, &body, "digest", str_z(digest));
	if (more)
		json_set_num(c, &body, "n", 1);
	const struct act a = {STR("evidence.anchor"), STR("operator"), STR("report"), body, NULL};
	return acts_do(c, n, &a, NULL);
}

int main(void)
{
	static const uint8_t seed[SEED_BYTES] = {5};
	static const char *const bad[] = {"", "sha256:", "sha256:00",
		"SHA256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"sha256:E3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8550"};
	const char *good =
		"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
	cleanup(arena_freep) struct arena *a = arena_new(16u << 20);
	struct ctx c = {.arena = a};
	struct self self = {.origin = STR("a.example/log")};
	struct store *db = NULL;
	struct acts *n = NULL;
	struct key *key = NULL;
	fixture_make();
	ok(store_open(&c, fixture_path, &db) == OK && key_from_seed(&c, seed, &key) == OK &&
			acts_open(&c, &env_system, db, &self, key, &wiring, &n) == OK,
		"opens");
	for (size_t i = 0; i < countof(bad); i++)
		is_int(anchor(&c, n, bad[i], false), ERR_BAD_VALUE, "refuses '%s'", bad[i]);
	is_int(anchor(&c, n, good, true), ERR_UNKNOWN_MEMBER, "refuses another member");
	ok(anchor(&c, n, good, false) == OK && acts_tick_end(&c, n) == OK &&
			commit_size(acts_log(n)) == 1,
		"takes a digest");
	store_close(db);
	fixture_remove();
	return done_testing();
}
