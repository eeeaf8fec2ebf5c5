#include "store/store.h"

#include "tests/tap.h"

static const struct migration steps[] = {
	{"pair", "CREATE TABLE pair(b TEXT, a INTEGER, v BLOB, PRIMARY KEY(a, b)) STRICT"},
	{"n-loose", "CREATE TABLE n_loose(x ANY) STRICT"},
};
static const struct migration other[] = {
	{"loose", "CREATE TABLE n_loose(y ANY) STRICT"},
};

static err run(struct ctx *c, struct store *db, const char *text)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare_once(c, db, text, &s));
	return stmt_run(c, s);
}

static struct hash digest(struct ctx *c, struct store *db, const char *table)
{
	struct hash h = {{0}};
	is_int(store_digest_table(c, db, str_z(table), &h), OK, "a digest of %s", table);
	return h;
}

static bool same(struct ctx *c, struct store *a, struct store *b, const char *table)
{
	struct hash x = digest(c, a, table), y = digest(c, b, table);
	return hash_eq(&x, &y);
}

static const char *difference(struct ctx *c, struct store *a, struct store *b, const char *table)
{
	struct str text = {0};
	if (store_first_difference(c, a, b, str_z(table), &text) != OK)
		return "failed";
	return arena_z(c->arena, text);
}

static void lists(struct ctx *c, struct store *db)
{
	struct str *names = NULL;
	size_t n = 0;
	struct hash h;
	is_int(store_tables(c, db, &names, &n), OK, "the tables");
	ok(n == 3 && str_is(names[0], "n_loose") && str_is(names[1], "n_migration") &&
			str_is(names[2], "pair"),
		"sorted");
	is_int(store_digest_table(c, db, STR("none"), &h), ERR_NOT_FOUND, "no such table");
	is_int(store_digest_table(c, db, STR("pair\" --"), &h), ERR_BAD_VALUE, "no name");
	is_int(store_digest_table(c, db, STR(""), &h), ERR_BAD_VALUE, "nor that");
}

static void compares(struct ctx *c, struct store *a, struct store *b)
{
	is_int(run(c, a, "INSERT INTO pair VALUES ('x', 2, x'00'), ('y', 1, NULL)"), OK, "rows");
	is_int(run(c, b, "INSERT INTO pair VALUES ('y', 1, NULL)"), OK, "one of them");
	ok(!same(c, a, b, "pair"), "differ");
	is_str(difference(c, a, b, "pair"), "pair, row 2: a=2 b=x against no row", "a missing row");
	is_str(difference(c, b, a, "pair"), "pair, row 2: no row against a=2 b=x", "both ways");
	is_int(run(c, b, "INSERT INTO pair VALUES ('x', 2, x'01')"), OK, "another value");
	is_str(difference(c, a, b, "pair"), "pair, row 2: a=2 b=x, v=00 against a=2 b=x, v=01",
		"is named");
	is_int(run(c, b, "UPDATE pair SET v = x'00' WHERE a = 2"), OK, "made equal");
	ok(same(c, a, b, "pair"), "whatever the order of writing");
	is_str(difference(c, a, b, "pair"), "", "no difference");
}

static void kinds(struct ctx *c, struct store *a, struct store *b)
{
	ok(same(c, a, b, "n_loose"), "empty and equal");
	is_int(run(c, a, "INSERT INTO n_loose VALUES (1), (NULL)"), OK, "a number");
	is_int(run(c, b, "INSERT INTO n_loose VALUES ('1'), ('')"), OK, "its text");
	ok(!same(c, a, b, "n_loose"), "are two things");
	is_str(difference(c, a, b, "n_loose"), "n_loose, row 1: rowid=1, x=1 against rowid=1, x=1",
		"named by the row");
}

int main(void)
{
	cleanup(arena_freep) struct arena *arena = arena_new(4u << 20);
	struct ctx c = {.arena = arena};
	cleanup(store_closep) struct store *a = NULL;
	cleanup(store_closep) struct store *b = NULL;
	cleanup(store_closep) struct store *d = NULL;
	ok(store_open(&c, ":memory:", &a) == OK && store_open(&c, ":memory:", &b) == OK &&
			store_open(&c, ":memory:", &d) == OK,
		"three stores");
	ok(store_migrate(&c, a, steps, 2) == OK && store_migrate(&c, b, steps, 2) == OK &&
			store_migrate(&c, d, other, 1) == OK,
		"with tables");
	lists(&c, a);
	compares(&c, a, b);
	kinds(&c, a, b);
	is_str(difference(&c, a, d, "n_loose"), "n_loose: the columns differ", "other columns");
	return done_testing();
}
