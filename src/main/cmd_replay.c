/* shugu replay: folds the log into an empty store and compares every state table with the one in use. */
#include <stdio.h>
#include <unistd.h>

#include "main/command.h"

static void remove_scratch(void *path)
{
	static const char *const tails[] = {"", "-wal", "-shm"};
	char file[4096];
	for (size_t i = 0; i < countof(tails); i++) {
		(void)snprintf(file, sizeof file, "%s%s", (const char *)path, tails[i]);
		(void)unlink(file);
	}
}

static void close_scratch(void *db)
{
	store_close(db);
}

static err open_scratch(struct ctx *c, const char *directory, struct store **ret)
{
	struct str path;
	TRY(arena_fmt(c, &path, "%s/replay-%ld.db", directory, (long)getpid()));
	char *file = arena_z(c->arena, path);
	ENSURE(file != NULL, c, ERR_MEMORY, "no memory");
	TRY(arena_defer(c, remove_scratch, file));
	TRY(store_open(c, file, ret));
	return arena_defer(c, close_scratch, *ret);
}

static err run(struct ctx *c, const struct options *o)
{
	struct node *n;
	struct store *scratch;
	struct str difference;
	ENSURE(o->n == 0, c, ERR_USAGE, "replay takes no argument");
	TRY(node_open_readonly(c, &env_system, o->data, &n));
	TRY(open_scratch(c, o->data, &scratch));
	TRY(acts_replay(c, n->acts, scratch, &difference));
	ENSURE(difference.n == 0, c, ERR_VERDICT, "the log makes another state: %.*s",
		FMT(difference));
	unsigned long long size = commit_size(acts_log(n->acts));
	if (o->json) {
		struct json *j = json_object(c);
		json_set_num(c, &j, "entries", (int64_t)size);
		return command_print(c, j);
	}
	printf("%llu acts fold to the state that is stored\n", size);
	return OK;
}

const struct command cmd_replay = {
	"replay", "", "Folds the log anew and compares every table of state.", NULL, 0, run};
