/* The log on a disk that breaks: at every single write and sync of a tick, for once and for good. Nothing that was
 * acknowledged is lost, nothing that was not is signed, and what is said of the failure is what happened. */
#include "act/commit.h"

#include "disk/vfs.h"
#include "tests/tap.h"

#include "act/fixture_test.h"

static struct {
	int failed, unknown, refused, wrong;
	uint64_t acknowledged;
} seen;

/* One tick; false where the process would end. */
static bool tick(struct ctx *c, struct commit *m)
{
	err e = fixture_tick(c, m, (int64_t)seen.acknowledged, 3);
	if (e == OK) {
		seen.acknowledged += 3;
		return true;
	}
	seen.failed++;
	if (e == ERR_COMMIT_UNKNOWN) {
		seen.unknown++;
		return false;
	}
	seen.refused += e == ERR_DISK_FULL || e == ERR_STORE;
	seen.wrong += commit_size(m) != seen.acknowledged;
	return commit_abandon(c, m) == OK;
}

/* Five ticks while the n-th operation breaks; whether it came to that. */
static bool run(enum vfs_kind kind, int n, bool lasting)
{
	cleanup(arena_freep) struct arena *a = arena_new(16u << 20);
	struct ctx c = {.arena = a};
	cleanup(store_closep) struct store *db = NULL;
	struct commit *m = NULL;
	if (fixture_open(&c, &db, &m) != OK || commit_size(m) < seen.acknowledged) {
		seen.wrong++;
		return false;
	}
	seen.acknowledged = commit_size(m); /* what was unknown is decided now */
	vfs_break(kind, n, lasting);
	for (int i = 0; i < 5 && tick(&c, m); i++)
		;
	vfs_mend();
	return vfs_broke();
}

/* What a fresh start finds: all that was acknowledged, and an audit that agrees. */
static void look(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(16u << 20);
	struct ctx c = {.arena = a};
	cleanup(store_closep) struct store *db = NULL;
	struct commit *m = NULL;
	uint64_t size = 0;
	seen.wrong += fixture_open(&c, &db, &m) != OK || commit_size(m) < seen.acknowledged ||
		      fixture_audit(&c, db, &size) != OK || size != commit_size(m);
}

static void breaks(enum vfs_kind kind, bool lasting, const char *what)
{
	int n = 1;
	seen.failed = seen.unknown = seen.refused = seen.wrong = 0;
	while (n < 400 && run(kind, n, lasting)) {
		look();
		n++;
	}
	ok(n > 5 && n < 400, "%s: each of %d places in five ticks", what, n - 1);
	ok(seen.failed >= n - 1 || !lasting, "%d ticks failed", seen.failed);
	is_int(seen.wrong, 0, "nothing acknowledged is lost, and the audit agrees each time");
	ok(seen.unknown + seen.refused == seen.failed,
		"%d times the outcome was unknown, %d times refused", seen.unknown, seen.refused);
}

int main(void)
{
	ok(vfs_install(), "a disk that can break");
	fixture_make();
	breaks(VFS_SHORT_WRITE, false, "a short write");
	breaks(VFS_SHORT_WRITE, true, "short writes from then on");
	breaks(VFS_FULL, false, "a full disk for a moment");
	breaks(VFS_FULL, true, "a full disk");
	breaks(VFS_SYNC, false, "a failing sync");
	breaks(VFS_SYNC, true, "failing syncs from then on");
	fixture_remove();
	return done_testing();
}
