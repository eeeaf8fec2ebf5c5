#include "store/blob_write.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "tests/tap.h"

#define CHUNKS 5u
#define SIZE (4 * (size_t)LIMIT_CHUNK + 77)

struct bed {
	struct ctx c;
	char dir[64];
	struct str bytes;
	struct hash leaves[CHUNKS];
	struct blob blob;
};

/* Opens a writer in an arena of its own, as a process that was started again does. */
static struct blob_write *opened(struct bed *b, struct ctx *own, const struct blob *expected)
{
	struct blob_write *w = NULL;
	own->arena = arena_new(4u << 20);
	err e = blob_write_open(own, &env_system, b->dir, expected, &w);
	is_int(e, OK, "a writer opens");
	return w;
}

static void setup(struct bed *b)
{
	char *p = arena_alloc(b->c.arena, SIZE);
	for (size_t i = 0; p != NULL && i < SIZE; i++)
		p[i] = (char)(i * 7 + i / LIMIT_CHUNK);
	b->bytes = (struct str){p, SIZE};
	struct tree t = {0};
	for (size_t i = 0; i < CHUNKS; i++) {
		b->leaves[i] = hash_leaf(str_sub(b->bytes, i * LIMIT_CHUNK, LIMIT_CHUNK));
		tree_append(&t, &b->leaves[i], NULL, NULL);
	}
	b->blob = (struct blob){tree_root(&t), hash_of(b->bytes), SIZE};
}

static void leaves_first(struct bed *b)
{
	struct ctx c = {0};
	struct blob_write *w = opened(b, &c, &b->blob);
	struct blob found;
	is_int(blob_write_bytes(&c, w, STR("x")), ERR_BAD_STATE, "no byte before the leaves");
	is_int(blob_write_finish(&c, w, &found), ERR_BAD_STATE, "and no end");
	struct hash wrong[CHUNKS];
	memcpy(wrong, b->leaves, sizeof wrong);
	wrong[3].b[31] ^= 1;
	is_int(blob_write_leaves(&c, w, wrong, CHUNKS), ERR_BAD_DIGEST, "wrong leaves");
	is_int(blob_write_leaves_have(w), 0, "are dropped");
	is_int(blob_write_leaves(&c, w, b->leaves, 2), OK, "two leaves");
	is_int(blob_write_leaves(&c, w, b->leaves, CHUNKS), ERR_TOO_LARGE, "not seven of five");
	struct ctx other = {.arena = arena_new(4u << 20)};
	struct blob_write *second = NULL;
	is_int(blob_write_open(&other, &env_system, b->dir, &b->blob, &second), ERR_LOCKED,
		"a second writer is refused");
	arena_free(other.arena);
	arena_free(c.arena);
}

/* Odd slices up to the middle of the third chunk, then a break. */
static void first_half(struct bed *b)
{
	struct ctx c = {0};
	struct blob_write *w = opened(b, &c, &b->blob);
	is_int(blob_write_leaves_have(w), 2, "the two leaves are still there");
	is_int(blob_write_leaves(&c, w, b->leaves + 2, CHUNKS - 2), OK, "and the others");
	size_t end = 2 * (size_t)LIMIT_CHUNK + 1000, at = 0;
	bool good = true;
	while (at < end) {
		size_t n = end - at < 65521 ? end - at : 65521;
		good = good && blob_write_bytes(&c, w, str_sub(b->bytes, at, n)) == OK;
		at += n;
	}
	ok(good, "slices of any length");
	is_int(blob_write_position(w), 2 * LIMIT_CHUNK, "two chunks are verified");
	arena_free(c.arena);
}

static void bad_then_good(struct bed *b)
{
	struct ctx c = {0};
	struct blob_write *w = opened(b, &c, &b->blob);
	struct blob found = {0};
	is_int(blob_write_position(w), 2 * LIMIT_CHUNK, "after a restart they still are");
	char *bad = arena_alloc(b->c.arena, LIMIT_CHUNK);
	memcpy(bad, b->bytes.p + 2 * LIMIT_CHUNK, LIMIT_CHUNK);
	bad[LIMIT_CHUNK - 1] ^= 1;
	is_int(blob_write_bytes(&c, w, (struct str){bad, LIMIT_CHUNK}), ERR_BAD_DIGEST,
		"a chunk with one bit turned");
	ok(strstr(c.trouble.detail, "chunk 2 ") != NULL, "is named: %s", c.trouble.detail);
	is_int(blob_write_bytes(&c, w, (struct str){bad, 10}), OK, "ten bytes of a stream");
	blob_write_restart(w);
	is_int(blob_write_position(w), 2 * LIMIT_CHUNK, "that broke are forgotten");
	is_int(blob_write_finish(&c, w, &found), ERR_BAD_STATE, "half is not whole");
	struct str rest = str_sub(b->bytes, 2 * LIMIT_CHUNK, SIZE);
	is_int(blob_write_bytes(&c, w, rest), OK, "the rest at once");
	is_int(blob_write_position(w), SIZE, "is verified");
	is_int(blob_write_bytes(&c, w, STR("x")), ERR_TOO_LARGE, "one byte more is refused");
	is_int(blob_write_finish(&c, w, &found), OK, "it is finished");
	ok(hash_eq(&found.sha256, &b->blob.sha256) && found.size == SIZE, "with its SHA-256");
	is_int(blob_write_bytes(&c, w, (struct str){"", 0}), ERR_BAD_STATE, "and over");
	arena_free(c.arena);
}

static void is_an_object(struct bed *b)
{
	cleanup(fd_closep) int fd = -1;
	uint64_t size = 0;
	size_t n = 0;
	struct hash leaves[CHUNKS];
	char *back = arena_alloc(b->c.arena, SIZE);
	is_int(blob_open(&b->c, b->dir, &b->blob.root, &fd, &size), OK, "the object is there");
	is_int(blob_get_at(&b->c, fd, back, SIZE, 0, &n), OK, "reads");
	ok(size == SIZE && n == SIZE && memcmp(back, b->bytes.p, SIZE) == 0, "byte for byte");
	is_int(blob_leaves(&b->c, b->dir, &b->blob.root, 0, CHUNKS, leaves), OK, "its leaves");
	ok(memcmp(leaves, b->leaves, sizeof leaves) == 0, "are those that came");
}

/* What changed on disk between two starts is found chunk by chunk. */
static void damaged_part(struct bed *b)
{
	struct ctx c = {0}, again = {0};
	struct blob other = b->blob;
	other.sha256 = (struct hash){0};
	struct blob_write *w = opened(b, &c, &other);
	is_int(blob_write_leaves(&c, w, b->leaves, CHUNKS), OK, "the same object once more");
	is_int(blob_write_bytes(&c, w, str_sub(b->bytes, 0, 3 * LIMIT_CHUNK)), OK, "3 chunks");
	arena_free(c.arena);
	char name[BLOB_NAME], path[256];
	blob_name(&b->blob.root, ".part", name);
	(void)snprintf(path, sizeof path, "%s/tmp/%s", b->dir, name + 3);
	cleanup(fd_closep) int fd = open(path, O_WRONLY | O_CLOEXEC);
	is_int(blob_put_at(&b->c, fd, "!", 1, LIMIT_CHUNK + 9), OK, "the second is damaged");
	w = opened(b, &again, &other);
	is_int(blob_write_position(w), LIMIT_CHUNK, "and asked for again");
	struct blob found = {0};
	is_int(blob_write_bytes(&again, w, str_sub(b->bytes, LIMIT_CHUNK, SIZE)), OK, "the rest");
	is_int(blob_write_finish(&again, w, &found), OK, "an object that is there is kept");
	ok(hash_eq(&found.sha256, &b->blob.sha256), "its SHA-256 is told where it was not known");
	ok(access(path, F_OK) != 0, "no part is left");
	arena_free(again.arena);
}

static void wrong_sha256(struct bed *b)
{
	struct ctx c = {0};
	struct blob lie = {hash_leaf(STR("abc")), hash_of(STR("abd")), 3}, found = {0};
	struct hash leaf = hash_leaf(STR("abc"));
	struct blob_write *w = opened(b, &c, &lie);
	is_int(blob_write_leaves(&c, w, &leaf, 1), OK, "leaves of an object");
	is_int(blob_write_bytes(&c, w, STR("abc")), OK, "with its bytes");
	is_int(blob_write_finish(&c, w, &found), ERR_BAD_DIGEST, "but another SHA-256");
	cleanup(fd_closep) int fd = -1;
	uint64_t size = 0;
	is_int(blob_open(&c, b->dir, &lie.root, &fd, &size), ERR_NOT_FOUND, "is no object");
	arena_free(c.arena);
}

static void empty(struct bed *b)
{
	struct ctx c = {0};
	struct blob nothing = {hash_empty(), hash_empty(), 0}, found = {0};
	struct blob_write *w = opened(b, &c, &nothing);
	is_int(blob_write_finish(&c, w, &found), OK, "an empty object needs no byte");
	arena_free(c.arena);
	c = (struct ctx){.arena = arena_new(4u << 20)};
	nothing.root.b[0] ^= 1;
	is_int(blob_write_open(&c, &env_system, b->dir, &nothing, &w), ERR_BAD_DIGEST,
		"but the empty root");
	nothing.size = LIMIT_OBJECT + 1;
	is_int(blob_write_open(&c, &env_system, b->dir, &nothing, &w), ERR_TOO_LARGE,
		"and there is a largest");
	arena_free(c.arena);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	return remove(path);
}

int main(void)
{
	struct bed b = {.dir = "/tmp/shugu-blob-write-XXXXXX"};
	cleanup(arena_freep) struct arena *a = arena_new(16u << 20);
	b.c.arena = a;
	if (!ok(mkdtemp(b.dir) != NULL, "a directory"))
		return done_testing();
	setup(&b);
	leaves_first(&b);
	first_half(&b);
	bad_then_good(&b);
	is_an_object(&b);
	damaged_part(&b);
	wrong_sha256(&b);
	empty(&b);
	ok(nftw(b.dir, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0, "cleared up");
	return done_testing();
}
