/* For the tests of acts: a node with one module that knows things that are made, moved and forbidden. */
#pragma once

#include "act/acts.h"
#include "act/fixture_test.h"
#include "act/refusal.h"

static const char *fixture_guard = ""; /* the subject that the guard refuses */

static err thing_decide(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	int64_t n = 0;
	(void)db;
	ENSURE(at_ms > 0, c, ERR_CORRUPT, "no time");
	ENSURE(json_int(json_get(a->body, "n"), &n) && n >= 0, c, ERR_TERM_REFUSES,
		"n must not be negative");
	return OK;
}

static err thing_apply(struct ctx *c, struct store *db, const struct entry *e)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	int64_t n = 0;
	ENSURE(json_int(json_get(e->body, "n"), &n), c, ERR_CORRUPT, "no n");
	TRY(store_prepare(c, db,
		"INSERT INTO thing(subject, total, idx) VALUES (?1, ?2, ?3) ON CONFLICT(subject) "
		"DO UPDATE SET total = total + ?2, idx = ?3",
		&s));
	stmt_text(s, 1, e->subject);
	stmt_int(s, 2, n);
	stmt_int(s, 3, (int64_t)e->index);
	return stmt_run(c, s);
}

static err thing_guard(struct ctx *c, struct store *db, const struct act *a, int64_t at_ms)
{
	(void)db;
	(void)at_ms;
	ENSURE(!str_is(a->subject, fixture_guard), c, ERR_FORBIDDEN, "this thing is forbidden");
	return OK;
}

/* n = 10 makes 9 follow, and so on down while the depth allows; 77 makes a refused command follow, 99 a fault. */
static err thing_react(struct ctx *c, struct acts *m, const struct entry *e)
{
	int64_t n = 0;
	struct json *body = json_object(c);
	(void)json_int(json_get(e->body, "n"), &n);
	ENSURE(n != 99, c, ERR_STORE, "a fault in a reaction");
	if (n != 77 && (n < 7 || n > 10))
		return OK;
	json_set_num(c, &body, "n", n == 77 ? -1 : n - 1);
	const struct act a = {STR("thing.add"), STR("node"), e->subject, body, NULL};
	return acts_do(c, m, &a, NULL);
}

static const struct migration fixture_migrations[] = {
	{"thing-1", "CREATE TABLE thing(subject TEXT PRIMARY KEY, total INTEGER NOT NULL, "
		    "idx INTEGER NOT NULL) STRICT;"},
};
static const struct act_type fixture_types[] = {{"thing.add", thing_decide, thing_apply}};
static const struct guard fixture_guards[] = {{"thing.add", thing_guard}};
static const struct reaction fixture_reactions[] = {{"thing.add", thing_react}};
static const struct module fixture_module = {.name = "thing",
	.types = fixture_types,
	.types_n = 1,
	.migrations = fixture_migrations,
	.migrations_n = 1,
	.guards = fixture_guards,
	.guards_n = 1,
	.reactions = fixture_reactions,
	.reactions_n = 1};
static const struct module *const fixture_modules[] = {&act_module, &fixture_module};
static const struct wiring fixture_wiring = {fixture_modules, 2};
static struct self fixture_self;

__attribute__((unused)) static err fixture_acts(
	struct ctx *c, struct store **ret_db, struct acts **ret)
{
	static const uint8_t seed[SEED_BYTES] = {5};
	struct key *key = NULL;
	TRY(store_open(c, fixture_path, ret_db));
	TRY(key_from_seed(c, seed, &key));
	fixture_self = (struct self){.did = STR("did:web:a.example"),
		.kid = STR("did:web:a.example#key-1"),
		.origin = STR("a.example/log"),
		.key = key};
	return acts_open(c, &env_system, *ret_db, &fixture_self, key, &fixture_wiring, ret);
}

__attribute__((unused)) static err fixture_add(
	struct ctx *c, struct acts *m, const char *subject, int64_t n)
{
	struct json *body = json_object(c);
	json_set_num(c, &body, "n", n);
	const struct act a = {STR("thing.add"), STR("node"), str_z(subject), body, NULL};
	return acts_do(c, m, &a, NULL);
}

__attribute__((unused)) static int64_t fixture_total(
	struct ctx *c, struct store *db, const char *subject)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	if (store_prepare(c, db, "SELECT total FROM thing WHERE subject = ?1", &s) != OK)
		return -2;
	stmt_text(s, 1, str_z(subject));
	return stmt_step(c, s, &row) == OK && row ? stmt_col_int(s, 0) : -1;
}
