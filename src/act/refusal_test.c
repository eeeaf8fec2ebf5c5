#include "act/refusal.h"

#include "tests/tap.h"

#include "act/acts_fixture_test.h"
#include "base/limits.h"

static int64_t clock_ms = 1700000000000ll;

static int64_t fixed_now(void *arg)
{
	(void)arg;
	return clock_ms;
}

static uint64_t refuse(struct ctx *c, struct acts *n, const char *party, const char *subject)
{
	uint64_t before = commit_size(acts_log(n));
	if (refusal_record(c, n, str_z(party), str_z(subject), ERR_TERM_REFUSES,
		    STR("count lteq 1")) != OK ||
		acts_tick_end(c, n) != OK)
		return 99;
	return commit_size(acts_log(n)) - before;
}

int main(void)
{
	static const uint8_t seed[SEED_BYTES] = {5};
	cleanup(arena_freep) struct arena *a = arena_new(200u << 20);
	struct ctx c = {.arena = a};
	struct env env = env_system;
	struct store *db = NULL;
	struct acts *n = NULL;
	struct entry e;
	struct key *key = NULL;
	int64_t times = 0;
	fixture_make();
	env.now_ms = fixed_now;
	fixture_self.origin = STR("a.example/log");
	ok(store_open(&c, fixture_path, &db) == OK && key_from_seed(&c, seed, &key) == OK &&
			acts_open(&c, &env, db, &fixture_self, key, &fixture_wiring, &n) == OK,
		"opens");
	is_int((long long)refuse(&c, n, "b", "urn:x"), 1, "the first refusal is an act");
	is_int((long long)refuse(&c, n, "b", "urn:x"), 0, "the second is counted");
	is_int((long long)refuse(&c, n, "b", "urn:y"), 1, "another subject is another refusal");
	is_int((long long)refuse(&c, n, "d", "urn:x"), 1, "so is another party");
	clock_ms += LIMIT_REFUSAL_REPEAT_MS;
	is_int((long long)refuse(&c, n, "b", "urn:x"), 1, "after an hour the repeats are an act");
	ok(acts_entry(&c, n, 3, &e) == OK && str_is(e.type, "refusal.repeat") &&
			json_int(json_get(e.body, "n"), &times) && times == 2,
		"which says how many");
	char subject[32];
	uint64_t acts = 0;
	for (int i = 0; i < LIMIT_REFUSAL_ACTS_DAY + 5; i++) {
		(void)snprintf(subject, sizeof subject, "urn:n%d", i);
		acts += refuse(&c, n, "flood", subject);
	}
	is_int((long long)acts, LIMIT_REFUSAL_ACTS_DAY, "a party makes at most so many a day");
	clock_ms += 86400001;
	is_int((long long)refuse(&c, n, "flood", "urn:z"), 1, "the next day it may again");
	store_close(db);
	fixture_remove();
	return done_testing();
}
