#include "act/commit.h"

#include <signal.h>
#include <sys/wait.h>

#include "tests/tap.h"

#include "act/fixture_test.h"

/* The text of E is the canonical form of E. */
static bool is_canonical(struct ctx *c, struct commit *m, uint64_t index, const struct json *e)
{
	struct str text, canonical;
	return commit_evidence_text(c, m, index, &text) == OK &&
	       json_canonical(c, e, 1u << 20, &canonical) == OK && str_eq(text, canonical);
}

/* Checks E(act) from its JSON alone, as a stranger does. */
static bool proves(struct ctx *c, const struct json *e, uint64_t index)
{
	static const uint8_t seed[SEED_BYTES] = {5};
	struct key *key = NULL;
	struct note_key log;
	struct str vkey;
	struct evidence read;
	return key_from_seed(c, seed, &key) == OK &&
	       note_key_make(c, STR("a.example/log"), key_public(key), &log) == OK &&
	       note_key_text(c, &log, &vkey) == OK && evidence_read(c, e, &read) == OK &&
	       read.index == index && evidence_verify(c, &read, vkey, STR("a.example/log")) == OK;
}

static void every_entry_is_proved(struct ctx *c, struct commit *m)
{
	int wrong = 0;
	for (uint64_t i = 0; i < commit_size(m); i += i < 300 ? 1 : 97) {
		struct json *once = NULL, *twice = NULL;
		cleanup(arena_freep) struct arena *a = arena_new(4u << 20);
		struct ctx own = {.arena = a};
		wrong += commit_evidence(&own, m, i, &once) != OK || !proves(&own, once, i) ||
			 commit_evidence(&own, m, i, &twice) != OK || !json_eq(once, twice) ||
			 !is_canonical(&own, m, i, once);
	}
	is_int(wrong, 0, "every entry of %llu is proved, and twice the same",
		(unsigned long long)commit_size(m));
	struct json *none = NULL;
	is_int(commit_evidence(c, m, commit_size(m), &none), ERR_NOT_FOUND,
		"the one behind is not there");
}

static void subjects_are_chains(struct ctx *c, struct commit *m)
{
	struct json *first = NULL, *next = NULL;
	is_int(commit_evidence(c, m, 0, &first), OK, "a subject's first act");
	ok(json_get(json_get(first, "act"), "prev") == NULL, "names none before it");
	is_int(commit_evidence(c, m, 7, &next), OK, "its next");
	struct evidence read = {0};
	struct hash prev;
	ok(hash_parse(json_text(json_get(json_get(next, "act"), "prev")), &prev), "names one");
	is_int(evidence_read(c, first, &read), OK, "the first is read");
	ok(hash_eq(&prev, &read.leaf), "and is the one named");
}

static void ticks(struct ctx *c, struct commit *m)
{
	uint64_t index = 0;
	struct str head = {0};
	is_int(commit_head(c, m, &head), ERR_NOT_FOUND, "an empty log has no head");
	is_int(fixture_append(c, m, 1, &index), ERR_BAD_STATE, "no act without a tick");
	is_int(fixture_tick(c, m, 0, 100), OK, "a tick of 100");
	is_int(fixture_tick(c, m, 100, 1), OK, "one of 1");
	is_int(fixture_tick(c, m, 101, 600), OK, "one that fills two tiles");
	is_int(commit_size(m), 701, "all are there");
	is_int(commit_begin(c, m), OK, "another");
	is_int(fixture_append(c, m, 1, &index), OK, "with an act");
	const struct act bad = {STR("t"), STR("a"), STR("s"), json_null(c), NULL};
	is_int(commit_append(c, m, &bad, &index), ERR_BAD_VALUE, "and one that is refused");
	is_int(commit_abandon(c, m), OK, "is given up");
	is_int(commit_size(m), 701, "and leaves nothing");
	is_int(fixture_tick(c, m, 701, 3), OK, "the next one goes on");
	is_int(commit_head(c, m, &head), OK, "and has a head");
}

/* Appends until killed; each acknowledged tick is told through the pipe. */
static void writer(int pipe_end)
{
	for (;;) {
		cleanup(arena_freep) struct arena *a = arena_new(8u << 20);
		struct ctx c = {.arena = a};
		cleanup(store_closep) struct store *db = NULL;
		struct commit *m = NULL;
		if (fixture_open(&c, &db, &m) != OK)
			_exit(1);
		for (int i = 0; i < 40; i++) {
			if (fixture_tick(&c, m, i, 1 + i % 5) != OK)
				_exit(1);
			uint64_t size = commit_size(m);
			if (write(pipe_end, &size, sizeof size) != sizeof size)
				_exit(1);
		}
	}
}

/* How many entries a killed writer had acknowledged. */
static uint64_t kill_writer(int rounds)
{
	int ends[2];
	uint64_t size = 0, last = 0;
	if (pipe(ends) != 0)
		return 0;
	pid_t pid = fork();
	if (pid == 0)
		writer(ends[1]);
	(void)close(ends[1]);
	while (rounds-- > 0 && read(ends[0], &size, sizeof size) == sizeof size)
		last = size;
	(void)kill(pid, SIGKILL);
	while (read(ends[0], &size, sizeof size) == sizeof size)
		last = size;
	(void)waitpid(pid, NULL, 0);
	(void)close(ends[0]);
	return last;
}

static void survives_kill(void)
{
	int wrong = 0;
	for (int round = 0; round < 20; round++) {
		uint64_t acknowledged = kill_writer(1 + round * 3), size = 0;
		cleanup(arena_freep) struct arena *a = arena_new(8u << 20);
		struct ctx c = {.arena = a};
		cleanup(store_closep) struct store *db = NULL;
		struct commit *m = NULL;
		wrong += acknowledged == 0 || fixture_open(&c, &db, &m) != OK ||
			 commit_size(m) < acknowledged || fixture_audit(&c, db, &size) != OK ||
			 size != commit_size(m);
	}
	is_int(wrong, 0, "20 kills: every acknowledged act is there and the audit agrees");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	fixture_make();
	{
		cleanup(store_closep) struct store *db = NULL;
		struct commit *m = NULL;
		is_int(fixture_open(&c, &db, &m), OK, "a log opens");
		ticks(&c, m);
		every_entry_is_proved(&c, m);
		subjects_are_chains(&c, m);
	}
	survives_kill();
	fixture_remove();
	return done_testing();
}
