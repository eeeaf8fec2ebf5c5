#include "store/blob_write.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LEAVES_BATCH TILES_WIDTH

struct blob_write {
	const struct env *e;
	struct blob expected;
	struct hash_stream *whole;
	struct tree tree; /* of the leaves that are there */
	uint64_t chunks, position;
	char *chunk; /* the bytes of the chunk that is not full */
	size_t filled;
	int dir, part, leaves;
	bool settled; /* all leaves are there and give the root */
	char names[2][BLOB_NAME];
};

void blob_write_close(struct blob_write *w)
{
	fd_closep(&w->part);
	fd_closep(&w->leaves);
	fd_closep(&w->dir);
}

static void close_deferred(void *w)
{
	blob_write_close(w);
}

uint64_t blob_write_leaves_have(const struct blob_write *w)
{
	return w->tree.size;
}

uint64_t blob_write_position(const struct blob_write *w)
{
	return w->position;
}

void blob_write_restart(struct blob_write *w)
{
	w->filled = 0;
}

static err cut(struct ctx *c, int fd, uint64_t size)
{
	return ftruncate(fd, (off_t)size) == 0 ? OK : blob_io(c, "cut a partial object", errno);
}

/* How long the chunk at the position is; 0 at the end. */
static size_t chunk_here(const struct blob_write *w)
{
	uint64_t left = w->expected.size - w->position;
	return left < LIMIT_CHUNK ? (size_t)left : LIMIT_CHUNK;
}

static err leaf_here(struct ctx *c, const struct blob_write *w, struct hash *ret)
{
	size_t got = 0;
	TRY(blob_get_at(
		c, w->leaves, ret, HASH_BYTES, w->position / LIMIT_CHUNK * HASH_BYTES, &got));
	ENSURE(got == HASH_BYTES, c, ERR_IO, "the leaves of a partial object end early");
	return OK;
}

static err check_here(struct ctx *c, const struct blob_write *w, struct str chunk)
{
	struct hash want, got = hash_leaf(chunk);
	TRY(leaf_here(c, w, &want));
	ENSURE(hash_eq(&want, &got), c, ERR_BAD_DIGEST, "chunk %llu is not what was signed",
		(unsigned long long)(w->position / LIMIT_CHUNK));
	return OK;
}

/* A chunk that was verified moves the position. */
static void passed(struct blob_write *w, struct str chunk)
{
	hash_update(w->whole, chunk.p, chunk.n);
	w->position += chunk.n;
	assert(w->position <= w->expected.size);
}

/* Verifies what a writer before this one has left, up to its first bad or missing chunk. */
static err verify_part(struct ctx *c, struct blob_write *w)
{
	for (size_t n = chunk_here(w); n > 0; n = chunk_here(w)) {
		size_t got = 0;
		TRY(blob_get_at(c, w->part, w->chunk, n, w->position, &got));
		const struct str chunk = {w->chunk, n};
		if (got < n)
			break;
		err e = check_here(c, w, chunk);
		if (e == ERR_BAD_DIGEST)
			break;
		TRY(e);
		passed(w, chunk);
	}
	return cut(c, w->part, w->position);
}

/* With the last leaf the root is known; a wrong one discredits all leaves, because none is signed alone. */
static err settle(struct ctx *c, struct blob_write *w)
{
	if (w->tree.size < w->chunks)
		return OK;
	struct hash root = tree_root(&w->tree);
	if (!hash_eq(&root, &w->expected.root)) {
		w->tree = (struct tree){0};
		TRY(cut(c, w->leaves, 0));
		return fail(c, ERR_BAD_DIGEST, "the leaves do not give the root of the object");
	}
	w->settled = true;
	return verify_part(c, w);
}

static err leaves_left(struct ctx *c, struct blob_write *w)
{
	struct hash batch[LEAVES_BATCH];
	while (w->tree.size < w->chunks) {
		uint64_t n = w->chunks - w->tree.size;
		size_t got = 0, want = (size_t)(n < LEAVES_BATCH ? n : LEAVES_BATCH) * HASH_BYTES;
		TRY(blob_get_at(c, w->leaves, batch, want, w->tree.size * HASH_BYTES, &got));
		for (size_t i = 0; i < got / HASH_BYTES; i++)
			tree_append(&w->tree, &batch[i], NULL, NULL);
		if (got < want)
			break;
	}
	TRY(cut(c, w->leaves, w->tree.size * HASH_BYTES));
	err e = settle(c, w);
	/* Old leaves that are bad are asked for again. An empty object has none, so its root is wrong for good. */
	return e == ERR_BAD_DIGEST && w->chunks > 0 ? OK : e;
}

static err open_part(struct ctx *c, const struct blob_write *w, const char *name, int *ret_fd)
{
	int fd = openat(w->dir, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return blob_io(c, "open a partial object", errno);
	*ret_fd = fd;
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return fail(c, ERR_LOCKED, "this object is being received already");
	return OK;
}

err blob_write_open(struct ctx *c, const struct env *e, const char *blobs_dir,
	const struct blob *expected, struct blob_write **ret)
{
	ENSURE(expected->size <= LIMIT_OBJECT, c, ERR_TOO_LARGE, "an object has at most %llu bytes",
		LIMIT_OBJECT);
	struct blob_write *w;
	NEW(c, w);
	NEW_N(c, w->chunk, LIMIT_CHUNK);
	w->e = e;
	w->expected = *expected;
	w->chunks = blob_chunks(expected->size);
	w->dir = w->part = w->leaves = -1;
	TRY(arena_defer(c, close_deferred, w));
	TRY(hash_open(c, &w->whole));
	TRY(blob_dir_open(c, blobs_dir, &w->dir));
	static const char *const suffixes[2] = {".part", ".leaves"};
	for (int i = 0; i < 2; i++) {
		char name[BLOB_NAME];
		blob_name(&expected->root, suffixes[i], name);
		int n = snprintf(w->names[i], BLOB_NAME, "tmp/%s", name + 3);
		assert(n > 0 && (unsigned)n < BLOB_NAME);
	}
	TRY(open_part(c, w, w->names[0], &w->part));
	TRY(open_part(c, w, w->names[1], &w->leaves));
	TRY(leaves_left(c, w));
	*ret = w;
	return OK;
}

err blob_write_leaves(struct ctx *c, struct blob_write *w, const struct hash *leaves, uint64_t n)
{
	ENSURE(n <= w->chunks - w->tree.size, c, ERR_TOO_LARGE, "the object has %llu chunks",
		(unsigned long long)w->chunks);
	if (n == 0)
		return OK;
	TRY(blob_put_at(c, w->leaves, leaves, (size_t)n * HASH_BYTES, w->tree.size * HASH_BYTES));
	for (uint64_t i = 0; i < n; i++)
		tree_append(&w->tree, &leaves[i], NULL, NULL);
	return settle(c, w);
}

static err write_chunk(struct ctx *c, struct blob_write *w, struct str chunk)
{
	TRY(check_here(c, w, chunk));
	TRY(blob_put_at(c, w->part, chunk.p, chunk.n, w->position));
	passed(w, chunk);
	return OK;
}

err blob_write_bytes(struct ctx *c, struct blob_write *w, struct str bytes)
{
	ENSURE(w->settled, c, ERR_BAD_STATE, "the leaves of the object are not there yet");
	ENSURE(bytes.n <= w->expected.size - w->position - w->filled, c, ERR_TOO_LARGE,
		"more bytes than the object has");
	while (bytes.n > 0) {
		size_t want = chunk_here(w);
		if (w->filled == 0 && bytes.n >= want) { /* without a copy */
			TRY(write_chunk(c, w, str_sub(bytes, 0, want)));
			bytes = str_sub(bytes, want, bytes.n);
			continue;
		}
		size_t n = want - w->filled < bytes.n ? want - w->filled : bytes.n;
		memcpy(w->chunk + w->filled, bytes.p, n);
		w->filled += n;
		bytes = str_sub(bytes, n, bytes.n);
		if (w->filled == want) {
			w->filled = 0;
			TRY(write_chunk(c, w, (struct str){w->chunk, want}));
		}
	}
	return OK;
}

static bool sha256_matches(const struct blob *expected, const struct hash *found)
{
	static const struct hash unknown;
	return hash_eq(&expected->sha256, &unknown) || hash_eq(&expected->sha256, found);
}

err blob_write_finish(struct ctx *c, struct blob_write *w, struct blob *ret)
{
	ENSURE(w->settled && w->position == w->expected.size, c, ERR_BAD_STATE,
		"the object is not whole yet");
	const struct blob found = {w->expected.root, hash_finish(w->whole), w->expected.size};
	w->settled = false; /* whatever comes of it, nothing more is written */
	if (!sha256_matches(&w->expected, &found.sha256)) {
		(void)unlinkat(w->dir, w->names[0], 0);
		(void)unlinkat(w->dir, w->names[1], 0);
		return fail(c, ERR_BAD_DIGEST, "the SHA-256 of the object is not what was signed");
	}
	TRY(env_sync(c, w->e, w->leaves));
	TRY(env_sync(c, w->e, w->part));
	TRY(blob_install(
		c, w->e, w->dir, &found.root, (const char *const[2]){w->names[0], w->names[1]}));
	*ret = found;
	return OK;
}

err blob_keep_small(struct ctx *c, const struct env *e, const char *blobs_dir,
	const struct blob *expected, struct str bytes)
{
	struct blob_write *w;
	struct blob kept;
	struct hash leaf = hash_leaf(bytes);
	struct hash root = bytes.n > 0 ? leaf : hash_empty();
	ENSURE(bytes.n == expected->size && hash_eq(&root, &expected->root), c, ERR_BAD_DIGEST,
		"what came is not what was signed");
	TRY(blob_write_open(c, e, blobs_dir, expected, &w));
	if (bytes.n > 0 && blob_write_leaves_have(w) == 0)
		TRY(blob_write_leaves(c, w, &leaf, 1));
	if (blob_write_position(w) == 0 && bytes.n > 0)
		TRY(blob_write_bytes(c, w, bytes));
	return blob_write_finish(c, w, &kept);
}

bool blob_is_there(struct ctx *c, const char *blobs_dir, const struct blob *expected)
{
	cleanup(fd_closep) int fd = -1;
	uint64_t size = 0;
	return blob_open(c, blobs_dir, &expected->root, &fd, &size) == OK && size == expected->size;
}
