#include "act/tables.h"

#include "tests/tap.h"

int main(void)
{
	ok(tables_is_state(STR("agreement")) && tables_is_state(STR("refusal")), "state");
	ok(!tables_is_state(STR("n_outbox")) && !tables_is_state(STR("n_migration")),
		"node tables");
	ok(!tables_is_state(STR("entry")) && !tables_is_state(STR("tile")) &&
			!tables_is_state(STR("head")),
		"the log's own");
	ok(!tables_is_state(STR("sqlite_sequence")), "SQLite's own");
	return done_testing();
}
