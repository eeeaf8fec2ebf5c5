#include "act/outbox.h"

#include "tests/tap.h"

#include "act/acts_fixture_test.h"
#include "base/limits.h"

static struct outbox_row rows[16];
static size_t rows_n;
static int64_t next_ms;

static err put(struct ctx *c, struct acts *n, const char *peer, const char *subject, int64_t delay)
{
	const struct outbox_row row = {.index = 3,
		.peer = str_z(peer),
		.kind = STR("thing.tell"),
		.subject = str_z(subject)};
	return outbox_put(c, n, &row, delay);
}

static size_t due(struct ctx *c, struct acts *n, int64_t now)
{
	return outbox_due(c, n, now, rows, countof(rows), &rows_n, &next_ms) == OK ? rows_n : 99;
}

static void test_held(struct ctx *c, struct acts *n)
{
	struct outbox_row row;
	int64_t now = acts_now_ms(n) + 1000;
	ok(put(c, n, "shut", "one", 0) == OK && put(c, n, "shut", "one", 0) == OK &&
			put(c, n, "shut", "two", 0) == OK && acts_tick_end(c, n) == OK,
		"three rows for who cannot be called");
	ok(outbox_of_peer(c, n, STR("shut"), rows, countof(rows), &rows_n) == OK && rows_n == 2 &&
			str_is(rows[0].subject, "one") && str_is(rows[1].subject, "two"),
		"are the first of two lines");
	const struct outbox_row first = rows[0], other = rows[1];
	ok(outbox_hold(c, n, &first) == OK && outbox_hold(c, n, &other) == OK &&
			acts_tick_end(c, n) == OK,
		"they are held");
	is_int((long long)due(c, n, now), 0, "due no more");
	ok(outbox_of_peer(c, n, STR("shut"), rows, countof(rows), &rows_n) == OK && rows_n == 2,
		"but there");
	is_int((long long)due(c, n, now + LIMIT_UNDELIVERED_MS), 2, "until they are given up");
	ok(outbox_find(c, n, first.id, &row) == OK && row.index == 3, "one is found");
	ok(outbox_done(c, n, first.id) == OK && acts_tick_end(c, n) == OK, "it is answered");
	is_int(outbox_find(c, n, first.id, &row), ERR_NOT_FOUND, "and is no more");
	is_int((long long)due(c, n, now), 1, "the next of its line follows");
	ok(outbox_done(c, n, rows[0].id) == OK && outbox_done(c, n, other.id) == OK &&
			acts_tick_end(c, n) == OK,
		"all are answered");
}

static void test_answers(struct ctx *c, struct acts *n)
{
	struct outbox_answer got[4];
	size_t got_n = 0;
	const struct outbox_answer one = {STR("7.3"), STR("{}"), 200},
				   again = {STR("7.3"), STR(""), 404};
	ok(outbox_answer_keep(c, n, STR("shut"), &one) == OK &&
			outbox_answer_keep(c, n, STR("shut"), &again) == OK &&
			acts_tick_end(c, n) == OK,
		"an answer is kept, and a later one instead");
	ok(outbox_answers(c, n, STR("shut"), got, countof(got), &got_n) == OK && got_n == 1 &&
			got[0].status == 404 && str_is(got[0].row, "7.3"),
		"it is there");
	ok(outbox_answers(c, n, STR("other"), got, countof(got), &got_n) == OK && got_n == 0,
		"for nobody else");
	ok(outbox_answers_drop(c, n, STR("shut")) == OK && acts_tick_end(c, n) == OK &&
			outbox_answers(c, n, STR("shut"), got, countof(got), &got_n) == OK &&
			got_n == 0,
		"and goes");
}

static void test_lines(struct ctx *c, struct acts *n)
{
	uint64_t turn = outbox_turn(n);
	int64_t now = acts_now_ms(n) + 1000;
	ok(put(c, n, "b", "one", 0) == OK && put(c, n, "b", "one", 0) == OK &&
			put(c, n, "b", "two", 0) == OK && put(c, n, "c", "one", 5000) == OK,
		"four rows");
	ok(outbox_turn(n) > turn, "turn the counter");
	ok(acts_tick_end(c, n) == OK, "and stand");
	is_int((long long)due(c, n, now), 2, "one of each line may go, the late one not");
	ok(str_is(rows[0].subject, "one"), "the first of its line");
	is_int((long long)rows[0].index, 3, "with its act");
	ok(next_ms > now && next_ms < now + 5000, "the late one is announced");
	ok(outbox_done(c, n, rows[0].id) == OK && acts_tick_end(c, n) == OK, "it is done");
	is_int((long long)due(c, n, now), 2, "the next of its line follows");
	is_int((long long)due(c, n, now + 5000), 3, "and later the late one");
	ok(outbox_list(c, n, -1, rows, countof(rows), &rows_n) == OK && rows_n == 3,
		"three are listed");
}

static void test_retry(struct ctx *c, struct acts *n)
{
	int64_t now = acts_now_ms(n) + 10000;
	is_int((long long)due(c, n, now), 3, "three wait");
	struct outbox_row row = rows[0];
	ok(outbox_retry(c, n, &row, now) == OK, "one is tried again");
	is_int((long long)due(c, n, now), 2, "not at once");
	is_int((long long)next_ms - now, 50, "but after 50 ms");
	is_int((long long)due(c, n, now + 50), 3, "then it goes");
	ok(outbox_wake(c, n, row.peer) == OK, "its peer came back");
	ok(acts_tick_end(c, n) == OK, "that stands");
	row.tries = 30;
	ok(outbox_retry(c, n, &row, now) == OK && due(c, n, now) == 2 && next_ms == now + 60000,
		"waits grow to a minute");
	uint64_t before = commit_size(acts_log(n));
	ok(outbox_retry(c, n, &row, row.created_ms + LIMIT_UNDELIVERED_MS) == OK &&
			acts_tick_end(c, n) == OK && commit_size(acts_log(n)) == before,
		"seven days long");
	ok(outbox_retry(c, n, &row, row.created_ms + LIMIT_UNDELIVERED_MS + 1) == OK &&
			acts_tick_end(c, n) == OK && commit_size(acts_log(n)) == before + 1,
		"then it is logged that it was not delivered");
	is_int((long long)due(c, n, INT64_MAX), 2, "and the row is gone");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	struct store *db = NULL;
	struct acts *n = NULL;
	fixture_make();
	ok(fixture_acts(&c, &db, &n) == OK, "opens");
	test_held(&c, n);
	test_answers(&c, n);
	test_lines(&c, n);
	test_retry(&c, n);
	store_close(db);
	fixture_remove();
	return done_testing();
}
