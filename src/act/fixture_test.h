/* For the tests of this folder: a log in a scratch directory, an act, and the check of a proof. */
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include "act/audit.h"
#include "base/limits.h"

static char fixture_path[64];

__attribute__((unused)) static void fixture_make(void)
{
	char directory[] = "/var/tmp/act_test.XXXXXX";
	ok(mkdtemp(directory) != NULL, "a directory");
	(void)snprintf(fixture_path, sizeof fixture_path, "%s/db", directory);
}

__attribute__((unused)) static void fixture_remove(void)
{
	static const char *const tails[] = {"", "-wal", "-shm"};
	for (size_t i = 0; i < countof(tails); i++) {
		char file[80];
		(void)snprintf(file, sizeof file, "%s%s", fixture_path, tails[i]);
		(void)unlink(file);
	}
	*strrchr(fixture_path, '/') = '\0';
	is_int(rmdir(fixture_path), 0, "nothing else was left");
}

/* Opens the log with a fixed key. */
__attribute__((unused)) static err fixture_open(
	struct ctx *c, struct store **ret_db, struct commit **ret)
{
	static const uint8_t seed[SEED_BYTES] = {5};
	struct key *key = NULL;
	TRY(store_open(c, fixture_path, ret_db));
	TRY(key_from_seed(c, seed, &key));
	return commit_open(c, &env_system, *ret_db, key, STR("a.example/log"), ret);
}

__attribute__((unused)) static err fixture_append(
	struct ctx *c, struct commit *m, int64_t n, uint64_t *ret)
{
	struct json *body = json_object(c);
	json_set_num(c, &body, "n", n);
	struct str subject;
	TRY(arena_fmt(c, &subject, "urn:thing:%lld", (long long)(n % 7)));
	const struct act a = {STR("thing.note"), STR("node"), subject, body, NULL};
	return commit_append(c, m, &a, ret);
}

/* One tick of count acts numbered from from. */
__attribute__((unused)) static err fixture_tick(
	struct ctx *c, struct commit *m, int64_t from, int64_t count)
{
	uint64_t index;
	TRY(commit_begin(c, m));
	for (int64_t n = from; n < from + count; n++)
		TRY(fixture_append(c, m, n, &index));
	return commit_end(c, m);
}

__attribute__((unused)) static err fixture_audit(struct ctx *c, struct store *db, uint64_t *ret)
{
	static const uint8_t seed[SEED_BYTES] = {5};
	struct key *key = NULL;
	struct note_key log;
	TRY(key_from_seed(c, seed, &key));
	TRY(note_key_make(c, STR("a.example/log"), key_public(key), &log));
	return audit_log(c, db, &log, ret);
}
