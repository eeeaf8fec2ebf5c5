#include "store/blobs.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "tests/tap.h"

struct bed {
	struct ctx c;
	char dir[64], blobs[96];
	int64_t now_ms;
	uint8_t seed;
};

static int64_t bed_now(void *arg)
{
	return ((struct bed *)arg)->now_ms;
}

static void bed_random(void *arg, void *bytes, size_t n)
{
	memset(bytes, ++((struct bed *)arg)->seed, n);
}

static int bed_sync(void *arg, int fd)
{
	(void)arg;
	return fsync(fd) == 0 ? 0 : -1;
}

/* size bytes that differ from chunk to chunk. */
static struct str made(struct ctx *c, size_t size)
{
	char *p = arena_alloc(c->arena, size);
	for (size_t i = 0; p != NULL && i < size; i++)
		p[i] = (char)(i * 31 + i / LIMIT_CHUNK);
	return (struct str){p, p == NULL ? 0 : size};
}

/* The root by the definition alone: MTH(D[n]) of RFC 6962, 2.1. */
static struct hash mth(struct str bytes)
{
	uint64_t n = blob_chunks(bytes.n);
	if (n == 0)
		return hash_of(bytes);
	if (n == 1)
		return hash_leaf(bytes);
	uint64_t k = 1;
	while (2 * k < n)
		k *= 2;
	struct hash left = mth(str_sub(bytes, 0, k * LIMIT_CHUNK));
	struct hash right = mth(str_sub(bytes, k * LIMIT_CHUNK, bytes.n));
	return hash_node(&left, &right);
}

static err took(struct bed *b, const struct env *e, struct str bytes, struct blob *ret)
{
	char path[128];
	(void)snprintf(path, sizeof path, "%s/source", b->dir);
	TRY(file_write(&b->c, &env_system, path, bytes, 0600));
	cleanup(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	return blob_take(&b->c, e, b->blobs, fd, NULL, NULL, ret);
}

static void object_of(struct bed *b, const struct env *e, size_t size)
{
	struct str bytes = made(&b->c, size);
	struct blob blob = {0};
	is_int(took(b, e, bytes, &blob), OK, "an object of %zu bytes is taken", size);
	struct hash root = mth(bytes), sha256 = hash_of(bytes);
	ok(hash_eq(&blob.root, &root), "its root is that of RFC 6962 over its chunks");
	ok(hash_eq(&blob.sha256, &sha256) && blob.size == size, "SHA-256 and size are the file's");
	cleanup(fd_closep) int fd = -1;
	uint64_t length = 0;
	is_int(blob_open(&b->c, b->blobs, &root, &fd, &length), OK, "it opens");
	char *back = arena_alloc(b->c.arena, size + 1);
	size_t n = 0;
	is_int(blob_get_at(&b->c, fd, back, size + 1, 0, &n), OK, "and reads");
	ok(n == size && length == size && memcmp(back, bytes.p, n) == 0, "byte for byte");
	struct stat st;
	ok(fstat(fd, &st) == 0 && st.st_nlink == 1 && (st.st_mode & 0777) == 0600,
		"it is a file of its own, for its owner alone");
	struct hash leaf;
	for (uint64_t i = 0; i < blob_chunks(size); i++) {
		struct hash want = hash_leaf(str_sub(bytes, i * LIMIT_CHUNK, LIMIT_CHUNK));
		is_int(blob_leaves(&b->c, b->blobs, &root, i, 1, &leaf), OK, "leaf");
		ok(hash_eq(&leaf, &want), "is the hash of its chunk");
		struct tree_proof proof;
		uint64_t chunks = 0;
		is_int(blob_prove(&b->c, b->blobs, &root, i, &proof, &chunks), OK, "proof");
		ok(tree_verify_inclusion(&want, i, chunks, proof.path, proof.n, &root),
			"leads from the chunk to the root");
	}
	is_int(blob_leaves(&b->c, b->blobs, &root, blob_chunks(size), 1, &leaf), ERR_RANGE,
		"behind the last leaf is none");
	is_int(blob_leaves(&b->c, b->blobs, &root, blob_chunks(size), 0, &leaf), OK,
		"no leaf is no leaf");
}

/* 257 chunks: a full tile of level 0, a partial one, and one hash in level 1. */
static void tiles_of(struct bed *b, const struct env *e)
{
	struct str bytes = made(&b->c, 256 * (size_t)LIMIT_CHUNK + 1);
	struct blob blob = {0};
	struct hash h[TILES_WIDTH], all[257];
	is_int(took(b, e, bytes, &blob), OK, "257 chunks");
	is_int(blob_leaves(&b->c, b->blobs, &blob.root, 0, 257, all), OK, "all leaves");
	struct tile t = {.level = 0, .index = 0, .width = 256};
	is_int(blob_tile(&b->c, b->blobs, &blob.root, &t, h), OK, "a full tile");
	ok(memcmp(h, all, sizeof h) == 0, "holds the leaves");
	struct hash up = tile_hash(h, 256);
	t = (struct tile){.level = 0, .index = 1, .width = 1};
	is_int(blob_tile(&b->c, b->blobs, &blob.root, &t, h), OK, "a partial one");
	ok(hash_eq(&h[0], &all[256]), "holds the last leaf");
	struct hash root = hash_node(&up, &h[0]);
	ok(hash_eq(&root, &blob.root), "both give the root");
	t = (struct tile){.level = 1, .index = 0, .width = 1};
	is_int(blob_tile(&b->c, b->blobs, &blob.root, &t, h), OK, "level 1");
	ok(hash_eq(&h[0], &up), "holds the hash of the full tile");
	t.width = 2;
	is_int(blob_tile(&b->c, b->blobs, &blob.root, &t, h), ERR_RANGE, "and no second");
}

static void pipe_of(struct bed *b, const struct env *e)
{
	int ends[2];
	if (!ok(pipe(ends) == 0, "a pipe"))
		return;
	ok(write(ends[1], "abc", 3) == 3 && close(ends[1]) == 0, "with three bytes");
	struct blob blob = {0};
	is_int(blob_take(&b->c, e, b->blobs, ends[0], NULL, NULL, &blob), OK, "is taken");
	struct hash root = hash_leaf(STR("abc"));
	ok(hash_eq(&blob.root, &root) && blob.size == 3, "as it came");
	(void)close(ends[0]);
}

static err keep_one(void *arg, struct ctx *c, const struct hash *root, bool *ret)
{
	(void)c;
	*ret = hash_eq(arg, root);
	return OK;
}

static err keep_fails(void *arg, struct ctx *c, const struct hash *root, bool *ret)
{
	(void)arg, (void)root, (void)ret;
	return fail(c, ERR_STORE, "no answer");
}

static bool there(struct bed *b, const struct blob *blob)
{
	cleanup(fd_closep) int fd = -1;
	uint64_t size = 0;
	return blob_open(&b->c, b->blobs, &blob->root, &fd, &size) == OK;
}

static void sweeping(struct bed *b, const struct env *e)
{
	struct blob kept = {0}, dropped = {0};
	struct blob_swept swept = {0};
	(void)snprintf(b->blobs, sizeof b->blobs, "%s/swept", b->dir);
	is_int(took(b, e, STR("kept"), &kept), OK, "one that is referenced");
	is_int(took(b, e, STR("dropped"), &dropped), OK, "and one that is not");
	b->now_ms += LIMIT_UNREFERENCED_MS - 1;
	is_int(blob_sweep(&b->c, e, b->blobs, keep_one, &kept.root, true, &swept), OK,
		"swept early");
	ok(swept.objects == 0 && there(b, &dropped), "nothing goes");
	is_int(took(b, e, STR("dropped"), &dropped), OK, "taken again it is young again");
	b->now_ms += 1;
	is_int(blob_sweep(&b->c, e, b->blobs, keep_one, &kept.root, true, &swept), OK, "in time");
	ok(swept.objects == 0 && there(b, &dropped), "the young one stays");
	b->now_ms += LIMIT_UNREFERENCED_MS;
	is_int(blob_sweep(&b->c, e, b->blobs, keep_fails, NULL, true, &swept), ERR_STORE,
		"who cannot tell ends the sweep");
	ok(there(b, &kept) && there(b, &dropped), "and nothing goes");
	is_int(blob_sweep(&b->c, e, b->blobs, keep_one, &kept.root, false, &swept), OK,
		"only looked at");
	ok(swept.objects == 1 && swept.bytes == 7 && there(b, &dropped), "it is counted and stays");
	int fd = -1;
	uint64_t size = 0;
	is_int(blob_claim(&b->c, e, b->blobs, &dropped.root, &fd, &size), OK, "it is claimed");
	ok(size == 7 && close(fd) == 0, "and open");
	is_int(blob_sweep(&b->c, e, b->blobs, keep_one, &kept.root, true, &swept), OK, "swept");
	ok(swept.objects == 0 && there(b, &dropped), "what somebody claimed stays");
	b->now_ms += LIMIT_UNREFERENCED_MS;
	is_int(blob_sweep(&b->c, e, b->blobs, keep_one, &kept.root, true, &swept), OK, "later");
	ok(swept.objects == 1 && swept.bytes == 7 && !there(b, &dropped), "it goes");
	ok(there(b, &kept), "the referenced one stays");
	struct hash leaf;
	is_int(blob_leaves(&b->c, b->blobs, &dropped.root, 0, 1, &leaf), ERR_NOT_FOUND,
		"its leaves went with it");
}

/* Temporaries and leaves without an object go by age alone. */
static void remains(struct bed *b, const struct env *e)
{
	struct blob blob = {0};
	struct blob_swept swept = {0};
	char name[BLOB_NAME], path[256], tmp[256], hidden[256], held[256];
	is_int(took(b, e, STR("headless"), &blob), OK, "an object");
	blob_name(&blob.root, "", name);
	(void)snprintf(path, sizeof path, "%s/%s", b->blobs, name);
	ok(unlink(path) == 0, "that is lost");
	(void)snprintf(path, sizeof path, "%s/%s.tiles", b->blobs, name);
	(void)snprintf(tmp, sizeof tmp, "%s/tmp/abc", b->blobs);
	(void)snprintf(hidden, sizeof hidden, "%s/%.2s/other", b->blobs, name);
	is_int(file_write(&b->c, &env_system, tmp, STR("12345"), 0600), OK, "a temporary");
	is_int(file_write(&b->c, &env_system, hidden, STR("x"), 0600), OK, "and a stranger");
	b->now_ms = env_now_ms(&env_system) + 2 * LIMIT_UNREFERENCED_MS;
	(void)snprintf(held, sizeof held, "%s/tmp/held", b->blobs);
	is_int(file_write(&b->c, &env_system, held, STR("1"), 0600), OK, "and one with a writer");
	cleanup(fd_closep) int writer = open(held, O_RDONLY | O_CLOEXEC);
	ok(writer >= 0 && flock(writer, LOCK_EX) == 0, "who holds it");
	is_int(blob_sweep(&b->c, e, b->blobs, keep_one, &blob.root, true, &swept), OK, "swept");
	ok(access(held, F_OK) == 0, "that one stays");
	ok(access(path, F_OK) != 0, "leaves without an object go");
	ok(access(tmp, F_OK) != 0 && swept.temporaries == 2, "an old temporary goes");
	ok(access(hidden, F_OK) == 0, "what is no object is left alone");
}

static void damaged(struct bed *b, const struct env *e)
{
	struct blob blob = {0};
	char name[BLOB_NAME], path[256];
	struct hash leaf;
	is_int(took(b, e, STR("damaged"), &blob), OK, "an object");
	blob_name(&blob.root, ".tiles", name);
	(void)snprintf(path, sizeof path, "%s/%s", b->blobs, name);
	ok(truncate(path, 31) == 0, "whose leaves are cut");
	is_int(blob_leaves(&b->c, b->blobs, &blob.root, 0, 1, &leaf), ERR_CORRUPT, "is corrupt");
	ok(unlink(path) == 0, "or gone");
	is_int(took(b, e, STR("damaged"), &blob), OK, "is mended by taking it again");
	is_int(blob_leaves(&b->c, b->blobs, &blob.root, 0, 1, &leaf), OK, "and whole");
}

static err told(void *arg, struct ctx *c, const struct blob *blob)
{
	struct blob *heard = arg;
	ENSURE(heard->size == 0, c, ERR_CONFLICT, "not now");
	*heard = *blob;
	return OK;
}

static void adopts(struct bed *b, const struct env *e)
{
	struct blob heard = {.size = 1}, blob = {0};
	struct str bytes = made(&b->c, 2 * LIMIT_CHUNK + 7);
	char path[128];
	(void)snprintf(path, sizeof path, "%s/mine", b->dir);
	is_int(file_write(&b->c, &env_system, path, bytes, 0600), OK, "a file");
	is_int(blob_adopt(&b->c, e, b->blobs, "../mine", NULL, told, &heard, &blob), ERR_CONFLICT,
		"is not adopted where its digests are not wanted");
	ok(access(path, F_OK) == 0, "and stays where it is");
	heard.size = 0;
	is_int(blob_adopt(&b->c, e, b->blobs, "../mine", NULL, told, &heard, &blob), OK,
		"else it is");
	struct hash root = mth(bytes), sha256 = hash_of(bytes);
	ok(hash_eq(&blob.root, &root) && hash_eq(&blob.sha256, &sha256) && blob.size == bytes.n,
		"with the digests of its bytes");
	ok(hash_eq(&heard.root, &root), "which were told before");
	ok(access(path, F_OK) != 0 && there(b, &blob), "it lies among the objects now");
	is_int(blob_adopt(&b->c, e, b->blobs, "../mine", NULL, told, &heard, &blob), ERR_NOT_FOUND,
		"a file that is not there");
}

/* An empty directory can be removed; the next object makes it again. */
static bool no_temporary(struct bed *b)
{
	char path[160];
	(void)snprintf(path, sizeof path, "%s/tmp", b->blobs);
	return rmdir(path) == 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	return remove(path);
}

int main(void)
{
	struct bed b = {.dir = "/tmp/shugu-blobs-XXXXXX", .now_ms = 1790000000000};
	cleanup(arena_freep) struct arena *a = arena_new(600u << 20);
	b.c.arena = a;
	if (!ok(mkdtemp(b.dir) != NULL, "a directory"))
		return done_testing();
	(void)snprintf(b.blobs, sizeof b.blobs, "%s/blobs", b.dir);
	const struct env e = {.arg = &b, .now_ms = bed_now, .random = bed_random, .sync = bed_sync};
	static const size_t sizes[] = {0, 1, LIMIT_CHUNK - 1, LIMIT_CHUNK, LIMIT_CHUNK + 1,
		3 * LIMIT_CHUNK, 7 * LIMIT_CHUNK + 5};
	for (size_t i = 0; i < countof(sizes); i++)
		object_of(&b, &e, sizes[i]);
	tiles_of(&b, &e);
	pipe_of(&b, &e);
	adopts(&b, &e);
	ok(no_temporary(&b), "no temporary is left");
	struct blob none = {0};
	ok(!there(&b, &none), "what was never taken is not there");
	sweeping(&b, &e);
	remains(&b, &e);
	damaged(&b, &e);
	ok(nftw(b.dir, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0, "cleared up");
	return done_testing();
}
