#include "act/pass.h"

#include "tests/tap.h"

#include "act/acts_fixture_test.h"

#define DAY_MS 86400000ll

static int64_t asked[16], due_ms;
static size_t asked_n;

/* Remembers when it was asked; makes one act when its time has come. */
static err thing_due(struct ctx *c, struct acts *n, int64_t now_ms, size_t *ret_n)
{
	*ret_n = 0;
	if (asked_n < countof(asked))
		asked[asked_n++] = now_ms;
	if (due_ms == 0 || now_ms < due_ms)
		return OK;
	due_ms = 0;
	*ret_n = 1;
	return fixture_add(c, n, "urn:due", 1);
}

static const struct due dues[] = {{"things", thing_due}};
static const struct module due_module = {.name = "due", .dues = dues, .dues_n = 1};
static const struct module *const modules[] = {&act_module, &fixture_module, &due_module};
static const struct wiring wiring = {modules, countof(modules)};

static int64_t time_of(const char *text)
{
	cleanup(arena_freep) struct arena *a = arena_new(1 << 16);
	struct ctx c = {.arena = a};
	int64_t ms = -1;
	bool is_day;
	ok(pass_read(&c, str_z(text), &ms, &is_day) == OK, "%s is read", text);
	return ms;
}

static void test_read(struct ctx *c)
{
	int64_t ms;
	bool is_day;
	ok(pass_read(c, STR("2026-04-15"), &ms, &is_day) == OK && is_day &&
			ms == time_of("2026-04-15T09:00:00+08:00"),
		"a date is its morning in China");
	ok(pass_read(c, STR("2026-04-15T01:00:00Z"), &ms, &is_day) == OK && !is_day &&
			ms == time_of("2026-04-15T09:00:00+08:00"),
		"a time is that time");
	static const char *const bad[] = {"", "today", "2026-04-31", "2026-04-15 09:00:00",
		"2026-04-15T09:00:00", "1969-01-01"};
	for (size_t i = 0; i < countof(bad); i++)
		is_int(pass_read(c, str_z(bad[i]), &ms, &is_day), ERR_BAD_VALUE, "'%s' is refused",
			bad[i]);
}

static void test_pass(struct ctx *c, struct acts *n)
{
	int64_t start = env_now_ms(acts_env(n));
	asked_n = 0;
	due_ms = time_of("2026-04-03T00:00:00+08:00");
	ok(pass_to(c, n, STR("2026-04-05")) == OK && acts_tick_end(c, n) == OK, "four days pass");
	/* Midnights of the 2nd to the 5th (that of the 3rd twice, as it had something), and the end. */
	is_int((long long)asked_n, 6, "each midnight is asked, and the end");
	is_int((long long)asked[1], (long long)time_of("2026-04-03T00:00:00+08:00"), "in order");
	struct entry e;
	ok(acts_entry(c, n, 0, &e) == OK && e.at_ms == time_of("2026-04-03T00:00:00+08:00"),
		"what fell due bears the time at which it did");
	ok(env_now_ms(acts_env(n)) >= start + 3 * DAY_MS, "the clock has moved");
	is_int(pass_to(c, n, STR("2026-04-04")), ERR_BAD_VALUE, "it does not go back");
	ok(pass_to(c, n, STR("2026-04-05")) == OK && acts_tick_end(c, n) == OK,
		"the day it shows is no way back");
	acts_advance(n, 0);
	ok(env_now_ms(acts_env(n)) >= start + 3 * DAY_MS, "an older time changes nothing");
	acts_advance(n, time_of("2026-05-01"));
	ok(env_now_ms(acts_env(n)) >= time_of("2026-05-01"), "that of a partner moves it");
}

static void test_file(struct ctx *c)
{
	char directory[] = "/var/tmp/pass_test.XXXXXX", path[64];
	int64_t ms = 1;
	ok(mkdtemp(directory) != NULL, "a directory");
	ok(pass_kept(c, directory, &ms) == OK && ms == 0, "nothing is kept yet");
	ok(pass_keep(c, &env_system, directory, 1775005200123) == OK &&
			pass_kept(c, directory, &ms) == OK && ms == 1775005200123,
		"what is kept is read again");
	(void)snprintf(path, sizeof path, "%s/clock", directory);
	ok(file_write(c, &env_system, path, STR("yesterday"), 0600) == OK &&
			pass_kept(c, directory, &ms) == ERR_CORRUPT,
		"and not what is damaged");
	(void)unlink(path);
	is_int(rmdir(directory), 0, "nothing else is left");
}

int main(void)
{
	static const uint8_t seed[SEED_BYTES] = {5};
	cleanup(arena_freep) struct arena *a = arena_new(1 << 22);
	struct ctx c = {.arena = a};
	struct store *db = NULL;
	struct acts *n = NULL;
	struct key *key = NULL;
	struct env_clock k;
	struct env e = env_simulated(&k, time_of("2026-04-01"));
	fixture_make();
	fixture_self.origin = STR("a.example/simulated/log");
	ok(store_open(&c, fixture_path, &db) == OK && key_from_seed(&c, seed, &key) == OK &&
			acts_open(&c, &e, db, &fixture_self, key, &wiring, &n) == OK,
		"a simulated node");
	test_read(&c);
	test_pass(&c, n);
	test_file(&c);
	store_closep(&db);
	ok(store_open(&c, fixture_path, &db) == OK &&
			acts_open(&c, &env_system, db, &fixture_self, key, &wiring, &n) == OK &&
			pass_to(&c, n, STR("2999-01-01")) == ERR_SIMULATED,
		"a real clock is nobody's to set");
	store_closep(&db);
	fixture_remove();
	return done_testing();
}
