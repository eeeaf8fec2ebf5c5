#include "act/acts.h"

#include "tests/tap.h"

#include "act/acts_fixture_test.h"

static void test_commands(struct ctx *c, struct acts *n, struct store *db)
{
	ok(acts_tick_end(c, n) == OK && !acts_tick_open(n), "a tick of nothing is nothing");
	ok(fixture_add(c, n, "urn:a", 3) == OK && fixture_add(c, n, "urn:a", 4) == OK, "two acts");
	is_int(fixture_total(c, db, "urn:a"), 7, "were applied in the open tick");
	is_int((long long)commit_size(acts_log(n)), 0, "but are not durable");
	ok(acts_tick_end(c, n) == OK, "the tick ends");
	is_int((long long)commit_size(acts_log(n)), 2, "and they are");
	is_int(fixture_add(c, n, "urn:a", -1), ERR_TERM_REFUSES, "decide refuses");
	fixture_guard = "urn:g";
	is_int(fixture_add(c, n, "urn:g", 1), ERR_FORBIDDEN, "a guard refuses");
	const struct act unknown = {
		STR("thing.eat"), STR("node"), STR("urn:a"), json_object(c), NULL};
	is_int(acts_do(c, n, &unknown, NULL), ERR_BAD_VALUE, "an unknown type is refused");
	ok(acts_tick_end(c, n) == OK, "the tick of refusals ends");
	is_int((long long)commit_size(acts_log(n)), 2, "and added nothing");
	is_int(fixture_total(c, db, "urn:a"), 7, "and changed nothing");
}

static void test_reactions(struct ctx *c, struct acts *n, struct store *db)
{
	ok(fixture_add(c, n, "urn:r", 9) == OK && acts_tick_end(c, n) == OK,
		"a chain of reactions");
	is_int(fixture_total(c, db, "urn:r"), 9 + 8 + 7 + 6, "each follows the one before");
	ok(fixture_add(c, n, "urn:s", 77) == OK && acts_tick_end(c, n) == OK,
		"a reaction that is refused");
	is_int(fixture_total(c, db, "urn:s"), 77, "refuses itself alone");
	uint64_t before = commit_size(acts_log(n));
	ok(fixture_add(c, n, "urn:t", 1) == OK, "an act, then a fault in the same tick");
	is_int(fixture_add(c, n, "urn:t", 99), ERR_STORE, "is a fault");
	is_int(fixture_add(c, n, "urn:t", 1), ERR_STORE, "and all that follows fails");
	ok(acts_tick_end(c, n) != OK, "the tick is given up");
	is_int((long long)commit_size(acts_log(n)), (long long)before, "with all its acts");
	is_int(fixture_total(c, db, "urn:t"), -1, "and their state");
	ok(fixture_add(c, n, "urn:t", 1) == OK && acts_tick_end(c, n) == OK, "the next tick works");
}

static void test_depth(struct ctx *c, struct acts *n, struct store *db)
{
	uint64_t before = commit_size(acts_log(n));
	is_int(fixture_add(c, n, "urn:d", 10), ERR_CORRUPT, "reactions deeper than the limit");
	ok(acts_tick_end(c, n) != OK, "give the tick up");
	is_int((long long)commit_size(acts_log(n)), (long long)before, "and leave nothing");
	is_int(fixture_total(c, db, "urn:d"), -1, "of it");
}

static void test_mark(struct ctx *c, struct acts *n, struct store *db)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	ok(acts_mark(c, n) == OK, "a mark");
	ok(store_prepare(c, db, "INSERT INTO n_content VALUES (x'00', x'01')", &s) == OK &&
			stmt_run(c, s) == OK,
		"a node row");
	stmt_resetp(&s);
	acts_undo(n);
	ok(acts_mark(c, n) == OK && fixture_add(c, n, "urn:m", 5) == OK, "a mark and an act");
	is_int((long long)acts_since_mark(n), 1, "which counts");
	ok(acts_keep(c, n) == OK && acts_tick_end(c, n) == OK, "are kept");
	ok(store_prepare(c, db, "SELECT 1 FROM n_content", &s) == OK &&
			stmt_step(c, s, &row) == OK && !row,
		"what was undone is not there");
	is_int(fixture_total(c, db, "urn:m"), 5, "what was kept is");
}

static void test_evidence(struct ctx *c, struct acts *n)
{
	struct entry e;
	struct json *shown = NULL;
	struct evidence read;
	struct str vkey;
	struct note_key log;
	ok(acts_entry(c, n, 1, &e) == OK, "an entry is read back");
	ok(str_is(e.type, "thing.add"), "its type");
	ok(str_is(e.subject, "urn:a"), "its subject");
	ok(acts_evidence(c, n, 1, &shown) == OK && evidence_read(c, shown, &read) == OK, "E of it");
	ok(note_key_make(c, STR("a.example/log"), key_public(fixture_self.key), &log) == OK &&
			note_key_text(c, &log, &vkey) == OK &&
			evidence_verify(c, &read, vkey, STR("a.example/log")) == OK,
		"verifies");
	ok(hash_eq(&read.leaf, &e.leaf), "and has the leaf of the entry");
	is_int(acts_entry(c, n, 10000, &e), ERR_NOT_FOUND, "an entry that is not there");
}

static void test_replay(struct ctx *c, struct acts *n, struct store *db)
{
	struct store *scratch = NULL, *second = NULL;
	struct str difference;
	cleanup(stmt_resetp) struct stmt *s = NULL;
	ok(store_open(c, ":memory:", &scratch) == OK, "a scratch store");
	ok(acts_replay(c, n, scratch, &difference) == OK, "the log replays");
	ok(str_is(difference, ""), "and makes the same state");
	ok(store_prepare(c, db, "UPDATE thing SET total = total + 1 WHERE subject = 'urn:m'", &s) ==
				OK &&
			acts_tick(c, n) == OK && stmt_run(c, s) == OK,
		"state that no act made");
	stmt_resetp(&s);
	ok(acts_tick_end(c, n) == OK && store_open(c, ":memory:", &second) == OK, "is stored");
	ok(acts_replay(c, n, second, &difference) == OK, "a replay");
	ok(str_find_str(difference, STR("thing")) < difference.n, "names the table that differs");
	store_close(scratch);
	store_close(second);
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	struct store *db = NULL;
	struct acts *n = NULL;
	fixture_make();
	ok(fixture_acts(&c, &db, &n) == OK, "opens");
	test_commands(&c, n, db);
	test_reactions(&c, n, db);
	test_depth(&c, n, db);
	test_mark(&c, n, db);
	test_evidence(&c, n);
	test_replay(&c, n, db);
	store_close(db);
	fixture_remove();
	return done_testing();
}
