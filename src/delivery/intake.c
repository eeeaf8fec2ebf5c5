#include "delivery/intake.h"

#include <string.h>

#include "store/blob_write.h"

/* An object that is being brought; its arena holds it. */
struct opened {
	struct arena *arena;
	char id[LIMIT_NAME + 1];
	struct blob_write *w;
	int64_t used_ms;
};

struct intake {
	struct acts *acts;
	struct receiver *receiver;
	struct str blobs;
	struct opened open[INTAKE_OPEN];
};

err intake_new(struct ctx *c, struct acts *n, struct receiver *r, struct intake **ret)
{
	struct intake *i;
	NEW(c, i);
	TRY(arena_fmt(c, &i->blobs, "%s/blobs", acts_self(n)->directory));
	i->acts = n;
	i->receiver = r;
	*ret = i;
	return OK;
}

static void let_go(struct opened *o)
{
	arena_free(o->arena);
	*o = (struct opened){.w = NULL};
}

void intake_free(struct intake *i)
{
	for (size_t n = 0; i != NULL && n < INTAKE_OPEN; n++)
		let_go(&i->open[n]);
}

/* The place of a delivery: its own, or that of the one used longest ago. */
static struct opened *place(struct intake *i, struct str id)
{
	struct opened *ret = &i->open[0];
	for (size_t n = 0; n < INTAKE_OPEN; n++) {
		if (i->open[n].w != NULL && str_is(id, i->open[n].id))
			return &i->open[n];
		if (i->open[n].used_ms < ret->used_ms)
			ret = &i->open[n];
	}
	return ret;
}

static err open_writer(struct ctx *c, struct intake *i, struct str id, const struct blob *expected,
	struct blob_write **ret)
{
	struct opened *o = place(i, id);
	if (o->w == NULL || !str_is(id, o->id)) {
		let_go(o);
		struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
		ENSURE(a != NULL && id.n <= LIMIT_NAME, c, ERR_MEMORY, "no memory for an object");
		struct ctx own = {.arena = a};
		struct opened n = {.arena = a};
		err e = blob_write_open(&own, acts_env(i->acts), i->blobs.p, expected, &n.w);
		if (e != OK) {
			arena_free(a);
			return fail(c, e, "%s", own.trouble.detail);
		}
		memcpy(n.id, id.p, id.n);
		*o = n;
	}
	o->used_ms = env_now_ms(acts_env(i->acts));
	*ret = o->w;
	return OK;
}

static bool is_small(const struct blob *b)
{
	return b->size <= LIMIT_CHUNK;
}

/* All is there: what is open is closed, so that whoever keeps it may open it. */
static err over(struct ctx *c, struct intake *i, struct str id, struct str bytes)
{
	struct opened *o = place(i, id);
	if (o->w != NULL && str_is(id, o->id))
		let_go(o);
	return receive_arrived(c, i->receiver, id, bytes);
}

/* What is expected, and how much of it there is. w is NULL where it is of one chunk, which is never held open, and where
 * all of it has arrived. */
static err begin(struct ctx *c, struct intake *i, struct str id, struct blob *ret_expected,
	struct blob_write **ret, struct intake_at *ret_at)
{
	struct blob *b = ret_expected;
	bool arrived = false;
	*ret = NULL;
	TRY(receive_expects(c, i->receiver, id, b, &arrived));
	*ret_at = (struct intake_at){blob_chunks(b->size), arrived ? b->size : 0};
	if (arrived || is_small(b))
		return OK;
	TRY(open_writer(c, i, id, b, ret));
	*ret_at = (struct intake_at){blob_write_leaves_have(*ret), blob_write_position(*ret)};
	if (ret_at->bytes == b->size)
		return over(c, i, id, STR(""));
	return OK;
}

err intake_missing(struct ctx *c, struct intake *i, struct str delivery, struct intake_at *ret)
{
	struct blob b;
	struct blob_write *w;
	return begin(c, i, delivery, &b, &w, ret);
}

err intake_tile(struct ctx *c, struct intake *i, struct str delivery, const struct tile *t,
	struct str hashes, struct intake_at *ret)
{
	struct blob b;
	struct blob_write *w;
	struct hash *leaves;
	TRY(begin(c, i, delivery, &b, &w, ret));
	ENSURE(!t->entries && t->level == 0 && hashes.n == (size_t)t->width * HASH_BYTES, c,
		ERR_BAD_VALUE, "a tile of level 0 has 32 bytes for each chunk");
	ENSURE(w != NULL && t->index * TILES_WIDTH == ret->leaves &&
			ret->leaves < blob_chunks(b.size),
		c, ERR_CONFLICT, "leaf %llu is missing", (unsigned long long)ret->leaves);
	NEW_N(c, leaves, t->width);
	memcpy(leaves, hashes.p, hashes.n);
	TRY(blob_write_leaves(c, w, leaves, t->width));
	ret->leaves = blob_write_leaves_have(w);
	return OK;
}

/* The one chunk there is. */
static err take_small(
	struct ctx *c, struct intake *i, struct str id, const struct blob *b, struct str bytes)
{
	struct hash root = bytes.n > 0 ? hash_leaf(bytes) : hash_empty();
	if (bytes.n == b->size && hash_eq(&root, &b->root))
		return over(c, i, id, bytes);
	TRY(receive_spoilt(c, i->receiver, id, 0));
	return fail(c, ERR_BAD_DIGEST, "chunk 0 is not what was signed");
}

static err take_large(
	struct ctx *c, struct intake *i, struct str id, struct blob_write *w, struct str bytes)
{
	err e = blob_write_bytes(c, w, bytes);
	struct trouble said = c->trouble;
	blob_write_restart(w);
	if (e == ERR_BAD_DIGEST) {
		TRY(receive_spoilt(
			c, i->receiver, id, (int64_t)(blob_write_position(w) / LIMIT_CHUNK)));
		c->trouble = said;
	}
	return e;
}

err intake_chunks(struct ctx *c, struct intake *i, struct str delivery, uint64_t from,
	struct str bytes, struct intake_at *ret)
{
	struct blob b;
	struct blob_write *w;
	TRY(begin(c, i, delivery, &b, &w, ret));
	ENSURE(ret->leaves == blob_chunks(b.size), c, ERR_CONFLICT, "leaf %llu is missing",
		(unsigned long long)ret->leaves);
	ENSURE((ret->bytes < b.size || b.size == 0) && from == ret->bytes / LIMIT_CHUNK &&
			bytes.n <= b.size - ret->bytes,
		c, ERR_CONFLICT, "byte %llu is missing", (unsigned long long)ret->bytes);
	ENSURE(bytes.n % LIMIT_CHUNK == 0 || bytes.n == b.size - ret->bytes, c, ERR_BAD_VALUE,
		"only the last chunk may be shorter");
	if (w == NULL) {
		TRY(take_small(c, i, delivery, &b, bytes));
		ret->bytes = b.size;
		return OK;
	}
	TRY(take_large(c, i, delivery, w, bytes));
	ret->bytes = blob_write_position(w);
	return ret->bytes == b.size ? over(c, i, delivery, STR("")) : OK;
}
