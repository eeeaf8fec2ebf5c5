#include "store/blobs.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Leaf hashes are written in pieces of one tile. */
#define LEAVES_BATCH TILES_WIDTH

err blob_io(struct ctx *c, const char *what, int number)
{
	if (number == ENOSPC || number == EDQUOT)
		return fail(c, ERR_DISK_FULL, "%s: %s", what, strerror(number));
	if (number == ENOENT)
		return fail(c, ERR_NOT_FOUND, "no such object");
	return fail(c, ERR_IO, "%s: %s", what, strerror(number));
}

err blob_put_at(struct ctx *c, int fd, const void *bytes, size_t n, uint64_t at)
{
	const char *p = bytes;
	while (n > 0) {
		ssize_t put = pwrite(fd, p, n, (off_t)at);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return blob_io(c, "write an object", put < 0 ? errno : EIO);
		p += put;
		n -= (size_t)put;
		at += (uint64_t)put;
	}
	return OK;
}

err blob_get_at(struct ctx *c, int fd, void *bytes, size_t n, uint64_t at, size_t *ret_n)
{
	size_t have = 0;
	while (have < n) {
		ssize_t got = pread(fd, (char *)bytes + have, n - have, (off_t)(at + have));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return blob_io(c, "read an object", errno);
		if (got == 0)
			break;
		have += (size_t)got;
	}
	*ret_n = have;
	return OK;
}

uint64_t blob_chunks(uint64_t size)
{
	return size / LIMIT_CHUNK + (size % LIMIT_CHUNK != 0);
}

void blob_name(const struct hash *root, const char *suffix, char ret[BLOB_NAME])
{
	char hex[2 * HASH_BYTES + 1];
	for (size_t i = 0; i < HASH_BYTES; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", root->b[i]);
	int n = snprintf(ret, BLOB_NAME, "%.2s/%s%s", hex, hex, suffix);
	assert(n > 0 && (unsigned)n < BLOB_NAME);
}

/* Makes a directory in another; there already is as good. */
static err directory(struct ctx *c, const struct env *e, int parent, const char *name)
{
	if (mkdirat(parent, name, 0700) == 0)
		return env_sync(c, e, parent);
	return errno == EEXIST ? OK : blob_io(c, "make a directory for objects", errno);
}

err blob_dir_open(struct ctx *c, const char *blobs_dir, int *ret_dir)
{
	if (mkdir(blobs_dir, 0700) != 0 && errno != EEXIST)
		return blob_io(c, "make the directory of objects", errno);
	cleanup(fd_closep) int dir = open(blobs_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return blob_io(c, "open the directory of objects", errno);
	if (mkdirat(dir, "tmp", 0700) != 0 && errno != EEXIST)
		return blob_io(c, "make the directory of temporary objects", errno);
	*ret_dir = dir;
	dir = -1;
	return OK;
}

/* Installing holds a shared lock on the directory, sweeping an exclusive one for each removal. */
static err locked(struct ctx *c, int dir, int how)
{
	while (flock(dir, how) != 0) {
		if (errno != EINTR)
			return blob_io(c, "lock the directory of objects", errno);
	}
	return OK;
}

static void dir_unlockp(const int *dir)
{
	(void)flock(*dir, LOCK_UN);
}

/* The time from which the sweep counts. */
static err touch(struct ctx *c, const struct env *e, int dir, const char *name)
{
	int64_t ms = env_now_ms(e);
	const struct timespec at = {.tv_sec = ms / 1000, .tv_nsec = (ms % 1000) * 1000000};
	const struct timespec times[2] = {at, at};
	if (utimensat(dir, name, times, AT_SYMLINK_NOFOLLOW) != 0)
		return blob_io(c, "set the time of an object", errno);
	return OK;
}

static err sync_subdirectory(struct ctx *c, const struct env *e, int dir, const char *name)
{
	cleanup(fd_closep) int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return blob_io(c, "open a directory of objects", errno);
	return env_sync(c, e, fd);
}

static bool is_there(int dir, const char *name)
{
	struct stat st;
	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
}

err blob_install(struct ctx *c, const struct env *e, int dir, const struct hash *root,
	const char *const temporaries[2])
{
	char object[BLOB_NAME], leaves[BLOB_NAME], sub[3];
	blob_name(root, "", object);
	blob_name(root, ".tiles", leaves);
	(void)snprintf(sub, sizeof sub, "%.2s", object);
	TRY(directory(c, e, dir, sub));
	TRY(locked(c, dir, LOCK_SH));
	cleanup(dir_unlockp) int lock = dir;
	(void)lock;
	if (is_there(dir, object) && is_there(dir, leaves)) {
		(void)unlinkat(dir, temporaries[0], 0);
		(void)unlinkat(dir, temporaries[1], 0);
	} else {
		if (renameat(dir, temporaries[1], dir, leaves) != 0 ||
			renameat(dir, temporaries[0], dir, object) != 0)
			return blob_io(c, "rename an object", errno);
	}
	TRY(touch(c, e, dir, object));
	return sync_subdirectory(c, e, dir, sub);
}

/* What is being taken. The temporaries go with it, whether it came to an end or not. */
struct taking {
	int dir, object, leaves;
	char names[2][BLOB_NAME];
	struct tree tree;
	struct hash_stream *whole;
	struct hash *batch; /* the newest leaves, not written yet */
	char *chunk;
	uint64_t size;
};

static void taking_donep(struct taking *t)
{
	fd_closep(&t->object);
	fd_closep(&t->leaves);
	for (int i = 0; i < 2; i++) {
		if (t->names[i][0] != '\0')
			(void)unlinkat(t->dir, t->names[i], 0);
	}
	fd_closep(&t->dir);
}

static err temporary(struct ctx *c, const struct env *e, int dir, char name[BLOB_NAME], int *ret_fd)
{
	uint8_t bytes[16];
	env_random(e, bytes, sizeof bytes);
	char made[BLOB_NAME] = "tmp/";
	for (size_t i = 0; i < sizeof bytes; i++)
		(void)snprintf(made + 4 + 2 * i, 3, "%02x", bytes[i]);
	int fd = openat(dir, made, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return blob_io(c, "create a temporary object", errno);
	memcpy(name, made, BLOB_NAME);
	*ret_fd = fd;
	return OK;
}

/* name: of a file that is to be the object; NULL: a temporary one is made. */
static err taking_open(struct ctx *c, const struct env *e, const char *blobs_dir, const char *name,
	struct taking *t)
{
	TRY(hash_open(c, &t->whole));
	NEW_N(c, t->batch, LEAVES_BATCH);
	NEW_N(c, t->chunk, LIMIT_CHUNK);
	TRY(blob_dir_open(c, blobs_dir, &t->dir));
	TRY(temporary(c, e, t->dir, t->names[1], &t->leaves));
	if (name == NULL)
		return temporary(c, e, t->dir, t->names[0], &t->object);
	t->object = openat(t->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	return t->object >= 0 ? OK : blob_io(c, "open a file that is to be an object", errno);
}

/* A reflink shares the blocks until either side is written; only a whole file can be had so. */
static bool reflink(int from, int to)
{
	struct stat st;
	return fstat(from, &st) == 0 && S_ISREG(st.st_mode) && lseek(from, 0, SEEK_CUR) == 0 &&
	       ioctl(to, FICLONE, from) == 0;
}

/* Writes the leaves that stand in the batch when it is full or the object has ended. */
static err write_leaves(struct ctx *c, struct taking *t)
{
	uint64_t n = t->tree.size % LEAVES_BATCH;
	if (n == 0 && t->tree.size > 0)
		n = LEAVES_BATCH;
	return blob_put_at(
		c, t->leaves, t->batch, (size_t)n * HASH_BYTES, (t->tree.size - n) * HASH_BYTES);
}

static err take_chunk(struct ctx *c, struct taking *t, struct str chunk)
{
	ENSURE(t->size + chunk.n <= LIMIT_OBJECT, c, ERR_TOO_LARGE,
		"an object has at most %llu bytes", LIMIT_OBJECT);
	struct hash leaf = hash_leaf(chunk);
	hash_update(t->whole, chunk.p, chunk.n);
	t->batch[t->tree.size % LEAVES_BATCH] = leaf;
	tree_append(&t->tree, &leaf, NULL, NULL);
	t->size += chunk.n;
	return t->tree.size % LEAVES_BATCH == 0 ? write_leaves(c, t) : OK;
}

/* A pipe gives what it has; a chunk is filled all the same. */
static err read_full(struct ctx *c, int fd, char *p, size_t n, size_t *ret_n)
{
	size_t have = 0;
	while (have < n) {
		ssize_t got = read(fd, p + have, n - have);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(c, ERR_IO, "read the file: %s", strerror(errno));
		if (got == 0)
			break;
		have += (size_t)got;
	}
	*ret_n = have;
	return OK;
}

/* Without fd the object is there already. */
static err take_all(struct ctx *c, struct taking *t, int fd, blob_progress_fn *progress, void *arg)
{
	bool linked = fd < 0 || reflink(fd, t->object);
	size_t n = LIMIT_CHUNK;
	while (n == LIMIT_CHUNK) {
		TRY(read_full(c, linked ? t->object : fd, t->chunk, LIMIT_CHUNK, &n));
		if (n == 0)
			break;
		if (!linked)
			TRY(blob_put_at(c, t->object, t->chunk, n, t->size));
		TRY(take_chunk(c, t, (struct str){t->chunk, n}));
		if (progress != NULL)
			progress(arg, t->size);
	}
	return t->tree.size % LEAVES_BATCH == 0 ? OK : write_leaves(c, t);
}

err blob_take(struct ctx *c, const struct env *e, const char *blobs_dir, int fd,
	blob_progress_fn *progress, void *arg, struct blob *ret)
{
	cleanup(taking_donep) struct taking t = {.dir = -1, .object = -1, .leaves = -1};
	TRY(taking_open(c, e, blobs_dir, NULL, &t));
	TRY(take_all(c, &t, fd, progress, arg));
	TRY(env_sync(c, e, t.leaves));
	TRY(env_sync(c, e, t.object));
	const struct blob made = {tree_root(&t.tree), hash_finish(t.whole), t.size};
	TRY(blob_install(c, e, t.dir, &made.root, (const char *const[2]){t.names[0], t.names[1]}));
	t.names[0][0] = t.names[1][0] = '\0';
	*ret = made;
	return OK;
}

err blob_adopt(struct ctx *c, const struct env *e, const char *blobs_dir, const char *name,
	blob_progress_fn *progress, err (*told)(void *arg, struct ctx *c, const struct blob *b),
	void *arg, struct blob *ret)
{
	cleanup(taking_donep) struct taking t = {.dir = -1, .object = -1, .leaves = -1};
	TRY(taking_open(c, e, blobs_dir, name, &t));
	TRY(take_all(c, &t, -1, progress, arg));
	TRY(env_sync(c, e, t.leaves));
	TRY(env_sync(c, e, t.object));
	const struct blob made = {tree_root(&t.tree), hash_finish(t.whole), t.size};
	TRY(told(arg, c, &made));
	TRY(blob_install(c, e, t.dir, &made.root, (const char *const[2]){name, t.names[1]}));
	t.names[1][0] = '\0';
	*ret = made;
	return OK;
}

static err open_named(struct ctx *c, const char *blobs_dir, const struct hash *root,
	const char *suffix, int *ret_fd, uint64_t *ret_size)
{
	char name[BLOB_NAME];
	blob_name(root, suffix, name);
	cleanup(fd_closep) int dir = open(blobs_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return blob_io(c, "open the directory of objects", errno);
	cleanup(fd_closep) int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW);
	if (fd < 0)
		return blob_io(c, "open an object", errno);
	struct stat st;
	if (fstat(fd, &st) != 0)
		return blob_io(c, "stat an object", errno);
	ENSURE(S_ISREG(st.st_mode), c, ERR_CORRUPT, "%s is not a regular file", name);
	*ret_size = (uint64_t)st.st_size;
	*ret_fd = fd;
	fd = -1;
	return OK;
}

err blob_open(struct ctx *c, const char *blobs_dir, const struct hash *root, int *ret_fd,
	uint64_t *ret_size)
{
	return open_named(c, blobs_dir, root, "", ret_fd, ret_size);
}

/* Opens the leaves and counts the chunks; the two files must agree on the number. */
static err open_leaves(struct ctx *c, const char *blobs_dir, const struct hash *root, int *ret_fd,
	uint64_t *ret_chunks)
{
	uint64_t size = 0, length = 0;
	cleanup(fd_closep) int object = -1, fd = -1;
	TRY(blob_open(c, blobs_dir, root, &object, &size));
	TRY(open_named(c, blobs_dir, root, ".tiles", &fd, &length));
	ENSURE(length == blob_chunks(size) * HASH_BYTES, c, ERR_CORRUPT,
		"the leaves of an object are not as many as its chunks");
	*ret_chunks = blob_chunks(size);
	*ret_fd = fd;
	fd = -1;
	return OK;
}

static err read_leaves(struct ctx *c, int fd, uint64_t from, uint64_t n, struct hash *ret)
{
	size_t got = 0, want = (size_t)n * HASH_BYTES;
	TRY(blob_get_at(c, fd, ret, want, from * HASH_BYTES, &got));
	ENSURE(got == want, c, ERR_CORRUPT, "the leaves of an object end early");
	return OK;
}

err blob_leaves(struct ctx *c, const char *blobs_dir, const struct hash *root, uint64_t from,
	uint64_t n, struct hash *ret)
{
	uint64_t chunks = 0;
	cleanup(fd_closep) int fd = -1;
	TRY(open_leaves(c, blobs_dir, root, &fd, &chunks));
	ENSURE(from <= chunks && n <= chunks - from, c, ERR_RANGE, "the object has %llu chunks",
		(unsigned long long)chunks);
	return read_leaves(c, fd, from, n, ret);
}

/* The root of the complete subtree (level, index), leaf by leaf; a tree_read_fn on the descriptor of the leaves. */
static err read_subtree(void *arg, struct ctx *c, unsigned level, uint64_t index, struct hash *ret)
{
	const int *fd = arg;
	assert(level < 44);
	struct tree t = {0};
	struct hash batch[LEAVES_BATCH];
	uint64_t first = index << level, left = 1ull << level;
	while (left > 0) {
		uint64_t n = left < LEAVES_BATCH ? left : LEAVES_BATCH;
		TRY(read_leaves(c, *fd, first, n, batch));
		for (uint64_t i = 0; i < n; i++)
			tree_append(&t, &batch[i], NULL, NULL);
		first += n;
		left -= n;
	}
	*ret = tree_root(&t);
	return OK;
}

err blob_tile(struct ctx *c, const char *blobs_dir, const struct hash *root, const struct tile *t,
	struct hash *ret)
{
	struct tile there;
	uint64_t chunks = 0;
	cleanup(fd_closep) int fd = -1;
	TRY(open_leaves(c, blobs_dir, root, &fd, &chunks));
	ENSURE(!t->entries && tile_at(t->level, t->index, chunks, &there) &&
			t->width <= there.width,
		c, ERR_RANGE, "the object's tree has no such tile");
	for (unsigned i = 0; i < t->width; i++)
		TRY(read_subtree(&fd, c, 8 * t->level, t->index * TILES_WIDTH + i, &ret[i]));
	return OK;
}

err blob_prove(struct ctx *c, const char *blobs_dir, const struct hash *root, uint64_t index,
	struct tree_proof *ret, uint64_t *ret_chunks)
{
	uint64_t chunks = 0;
	cleanup(fd_closep) int fd = -1;
	TRY(open_leaves(c, blobs_dir, root, &fd, &chunks));
	ENSURE(index < chunks, c, ERR_RANGE, "the object has %llu chunks",
		(unsigned long long)chunks);
	TRY(tree_prove_inclusion(c, index, chunks, read_subtree, &fd, ret));
	*ret_chunks = chunks;
	return OK;
}

err blob_claim(struct ctx *c, const struct env *e, const char *blobs_dir, const struct hash *root,
	int *ret_fd, uint64_t *ret_size)
{
	cleanup(fd_closep) int dir = -1;
	char name[BLOB_NAME];
	blob_name(root, "", name);
	TRY(blob_dir_open(c, blobs_dir, &dir));
	TRY(locked(c, dir, LOCK_SH));
	cleanup(dir_unlockp) int lock = dir;
	(void)lock;
	TRY(blob_open(c, blobs_dir, root, ret_fd, ret_size));
	return touch(c, e, dir, name);
}

/* One walk of the sweep over a directory within the objects. */
struct sweeping {
	const struct env *e;
	int dir;
	blob_keep_fn *keep;
	void *arg;
	bool remove;
	struct blob_swept done;
};

static bool is_old(const struct sweeping *s, const char *name, uint64_t *ret_size)
{
	struct stat st;
	if (fstatat(s->dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
		return false;
	int64_t changed = (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
	*ret_size = (uint64_t)st.st_size;
	return env_now_ms(s->e) - changed >= LIMIT_UNREFERENCED_MS;
}

/* The age is asked again under the lock: an object that was taken meanwhile is young. */
static err remove_object(
	struct ctx *c, struct sweeping *s, const char *name, const struct hash *root)
{
	char leaves[BLOB_NAME];
	blob_name(root, ".tiles", leaves);
	TRY(locked(c, s->dir, LOCK_EX));
	cleanup(dir_unlockp) int lock = s->dir;
	(void)lock;
	uint64_t size = 0;
	if (!is_old(s, name, &size))
		return OK;
	if (s->remove) {
		if (unlinkat(s->dir, name, 0) != 0)
			return blob_io(c, "remove an object", errno);
		(void)unlinkat(s->dir, leaves, 0); /* left behind it goes as leaves alone */
	}
	s->done.objects++;
	s->done.bytes += size;
	return OK;
}

static void sweep_file(struct sweeping *s, const char *name, uint64_t size)
{
	if (s->remove && unlinkat(s->dir, name, 0) != 0)
		return;
	s->done.temporaries++;
	s->done.bytes += size;
}

static err sweep_object(struct ctx *c, struct sweeping *s, const char *name, const char *file)
{
	struct hash root;
	uint64_t size = 0;
	struct str stem = str_z(file);
	bool leaves = str_ends(stem, STR(".tiles"));
	if (leaves)
		stem = str_sub(stem, 0, stem.n - STR(".tiles").n);
	if (!hash_parse(stem, &root) || !is_old(s, name, &size))
		return OK;
	if (leaves) {
		char object[BLOB_NAME];
		blob_name(&root, "", object);
		TRY(locked(c, s->dir, LOCK_EX));
		cleanup(dir_unlockp) int lock = s->dir;
		(void)lock;
		if (!is_there(s->dir, object) && is_old(s, name, &size))
			sweep_file(s, name, size);
		return OK;
	}
	bool kept = true;
	TRY(s->keep(s->arg, c, &root, &kept));
	return kept ? OK : remove_object(c, s, name, &root);
}

/* What a process is writing to is younger than the limit, whatever its name, or its writer holds it (store/blob_write). */
static void sweep_temporary(struct sweeping *s, const char *name)
{
	uint64_t size = 0;
	cleanup(fd_closep) int fd = openat(s->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && is_old(s, name, &size))
		sweep_file(s, name, size);
}

static err sweep_directory(struct ctx *c, struct sweeping *s, const char *sub)
{
	cleanup(fd_closep) int fd = openat(s->dir, sub, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? OK : blob_io(c, "open a directory of objects", errno);
	cleanup(dir_closep) DIR *d = fdopendir(fd);
	if (d == NULL)
		return blob_io(c, "read a directory of objects", errno);
	fd = -1; /* d has it */
	bool temporaries = strcmp(sub, "tmp") == 0;
	for (const struct dirent *at = readdir(d); at != NULL; at = readdir(d)) {
		char name[BLOB_NAME];
		int n = snprintf(name, sizeof name, "%s/%s", sub, at->d_name);
		if (n < 0 || (size_t)n >= sizeof name || at->d_name[0] == '.')
			continue;
		if (temporaries)
			sweep_temporary(s, name);
		else
			TRY(sweep_object(c, s, name, at->d_name));
	}
	return OK;
}

err blob_sweep(struct ctx *c, const struct env *e, const char *blobs_dir, blob_keep_fn *keep,
	void *arg, bool remove, struct blob_swept *ret)
{
	cleanup(fd_closep) int dir = -1;
	TRY(blob_dir_open(c, blobs_dir, &dir));
	struct sweeping s = {.e = e, .dir = dir, .keep = keep, .arg = arg, .remove = remove};
	for (unsigned i = 0; i < 256; i++) {
		char sub[3];
		(void)snprintf(sub, sizeof sub, "%02x", i);
		TRY(sweep_directory(c, &s, sub));
	}
	TRY(sweep_directory(c, &s, "tmp"));
	*ret = s.done;
	return OK;
}
