#include "act/audit.h"

#include "tests/tap.h"

#include "act/fixture_test.h"

static err change(struct ctx *c, struct store *db, const char *text)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, text, &s));
	return stmt_run(c, s);
}

/* Each change stands alone: it is rolled back after the audit has found it. */
static const char *const changes[] = {
	"UPDATE entry SET act = CAST(replace(act, '300', '301') AS BLOB) WHERE idx = 300",
	"UPDATE entry SET salt = zeroblob(32) WHERE idx = 5",
	"UPDATE entry SET salt = zeroblob(31) WHERE idx = 5",
	"DELETE FROM entry WHERE idx = 0",
	"DELETE FROM entry WHERE idx = 511",
	"UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 0 AND n = 1",
	"DELETE FROM tile WHERE level = 0 AND n = 0",
	"UPDATE head SET root = zeroblob(32) WHERE size = 300",
	"UPDATE head SET edge = zeroblob(length(edge)) WHERE size = 300",
	"UPDATE head SET edge = zeroblob(32) WHERE size = 512",
	"UPDATE head SET sig = zeroblob(64) WHERE size = 100",
	"DELETE FROM head WHERE size = 512",
	"DELETE FROM entry WHERE idx >= 256",
	"UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 1",
	"DELETE FROM tile WHERE level = 1",
	"UPDATE tile SET hashes = CAST(hashes || zeroblob(32) AS BLOB) WHERE level = 1",
	"INSERT INTO tile(level, n, hashes) VALUES (0, 2, zeroblob(32))",
	"INSERT INTO head(size, root) VALUES (513, zeroblob(32))",
};

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	fixture_make();
	{
		cleanup(store_closep) struct store *db = NULL;
		struct commit *m = NULL;
		uint64_t size = 0;
		is_int(fixture_open(&c, &db, &m), OK, "a log");
		is_int(fixture_audit(&c, db, &size), OK, "an empty one is sound");
		is_int(fixture_tick(&c, m, 0, 100), OK, "100 acts");
		is_int(fixture_tick(&c, m, 100, 200), OK, "to 300, across two tiles");
		is_int(fixture_tick(&c, m, 300, 212), OK, "to 512");
		is_int(fixture_audit(&c, db, &size), OK, "are sound");
		is_int(size, 512, "all of them");
		for (size_t i = 0; i < countof(changes); i++) {
			is_int(store_begin(&c, db), OK, "change %zu", i);
			is_int(change(&c, db, changes[i]), OK, "%s", changes[i]);
			is_int(fixture_audit(&c, db, &size), ERR_CORRUPT, "is found");
			store_rollback(db);
		}
		is_int(fixture_audit(&c, db, &size), OK, "undone, all is sound again");
	}
	fixture_remove();
	return done_testing();
}
