/* What a provider brings by itself: in order, each part checked, resumed where it broke. Whole circulations: tests/e2e/outbound.t. */
#include "delivery/intake.h"

#include <ftw.h>
#include <sys/stat.h>

#include "tests/tap.h"

#include "delivery/delivery_store.h"
#include "delivery/fixture_test.h"

struct bench {
	struct deal d;
	struct loop *loop;
	struct client *client;
	struct receiver *receiver;
	struct intake *intake;
};

static int take_away(const char *path, const struct stat *st, int what, struct FTW *f)
{
	(void)st;
	(void)what;
	(void)f;
	return remove(path);
}

static void bench_close(struct bench *t)
{
	char blobs[80];
	(void)snprintf(blobs, sizeof blobs, "%s/blobs", t->d.p.b.directory);
	(void)nftw(blobs, take_away, 8, FTW_DEPTH | FTW_PHYS);
	intake_free(t->intake);
	receive_free(t->receiver);
	client_free(t->client);
	loop_free(t->loop);
	deal_close(&t->d);
}

/* An object of that many bytes is published anew, and its seller is one that nobody can call. */
static err bench_open(struct ctx *c, struct bench *t, struct str bytes, const struct hash *root)
{
	struct pair *p = &t->d.p;
	struct entry e = {.index = 0};
	*t = (struct bench){.loop = NULL};
	TRY(deal_open(c, &t->d, "open"));
	p->b.self.directory = p->b.directory;
	for (uint64_t i = 0; !str_is(e.type, "product.publish"); i++)
		TRY(acts_entry(c, p->s.acts, i, &e));
	struct json *body = json_copy(c, e.body), *object = json_copy(c, json_get(body, "object"));
	struct hash sha256 = hash_of(bytes);
	json_set_hex(c, &object, "root", root->b, HASH_BYTES);
	json_set_hex(c, &object, "sha256", sha256.b, HASH_BYTES);
	json_set_num(c, &object, "size", (int64_t)bytes.n);
	json_set_num(c, &object, "revision", 2);
	json_set(&body, "object", object);
	json_set_str(c, &body, "offer", STR("urn:uuid:01980000-0000-7000-8000-000000000002"));
	TRY(pair_act(c, &p->s, "product.revise", STR(PAIR_PRODUCT), body));
	TRY(product_find(c, p->s.db, STR("weather"), &p->product));
	TRY(pair_agree(c, p, &t->d.s, &t->d.b));
	TRY(loop_new(c, &env_system, &t->loop));
	TRY(client_new(c, t->loop, &env_system, true, NULL, &t->client));
	TRY(receive_new(c, t->loop, t->client, p->b.acts, NULL, &t->receiver));
	return intake_new(c, p->b.acts, t->receiver, &t->intake);
}

static err begin(struct ctx *c, struct bench *t, struct delivery_row *ret)
{
	struct delivery_row s;
	struct store *db = t->d.p.b.db;
	cleanup(stmt_resetp) struct stmt *change = NULL;
	TRY(acts_tick(c, t->d.p.s.acts));
	TRY(acts_tick(c, t->d.p.b.acts));
	TRY(deal_begin(c, &t->d, 1, &s, ret));
	TRY(store_prepare(c, db, "UPDATE organisation SET outbound = 1", &change));
	enum store_scope outer = store_scope(db, STORE_STATE);
	err e = stmt_run(c, change);
	(void)store_scope(db, outer);
	TRY(e);
	TRY(acts_tick_end(c, t->d.p.b.acts));
	receive_pump(t->receiver);
	return acts_tick_end(c, t->d.p.b.acts);
}

#define SIZE (2u * LIMIT_CHUNK + 5u)

static char bytes[SIZE];

static struct str part(size_t at, size_t n)
{
	return (struct str){bytes + at, n};
}

static void test_large(struct ctx *c, struct bench *t, struct str id, const struct hash leaves[3])
{
	const struct tile tile = {.width = 3}, other = {.index = 1, .width = 3};
	struct intake_at at;
	struct str hashes = {(const char *)leaves, 3u * HASH_BYTES};
	is_int(intake_missing(c, t->intake, STR("urn:uuid:x"), &at), ERR_NOT_FOUND,
		"another delivery is not waited for");
	ok(intake_missing(c, t->intake, id, &at) == OK && at.leaves == 0 && at.bytes == 0,
		"all is missing");
	is_int(intake_chunks(c, t->intake, id, 0, part(0, LIMIT_CHUNK), &at), ERR_CONFLICT,
		"no bytes before the leaves");
	is_int(intake_tile(c, t->intake, id, &other, hashes, &at), ERR_CONFLICT,
		"nor later leaves");
	is_int(intake_tile(c, t->intake, id, &tile, str_sub(hashes, 0, 64), &at), ERR_BAD_VALUE,
		"nor half a tile");
	ok(intake_tile(c, t->intake, id, &tile, hashes, &at) == OK && at.leaves == 3, "the leaves");
	is_int(intake_chunks(c, t->intake, id, 1, part(LIMIT_CHUNK, LIMIT_CHUNK), &at),
		ERR_CONFLICT, "the first chunk comes first");
	is_int(intake_chunks(c, t->intake, id, 0, part(0, 100), &at), ERR_BAD_VALUE, "and whole");
	ok(intake_chunks(c, t->intake, id, 0, part(0, LIMIT_CHUNK), &at) == OK &&
			at.bytes == LIMIT_CHUNK,
		"it is taken");
	is_int(intake_chunks(c, t->intake, id, 1, part(0, LIMIT_CHUNK), &at), ERR_BAD_DIGEST,
		"one that is not what was signed is not");
	ok(intake_missing(c, t->intake, id, &at) == OK && at.bytes == LIMIT_CHUNK,
		"and changes nothing");
	intake_free(t->intake);
	ok(intake_missing(c, t->intake, id, &at) == OK && at.leaves == 3 && at.bytes == LIMIT_CHUNK,
		"opened again it goes on there");
	ok(intake_chunks(c, t->intake, id, 1, part(LIMIT_CHUNK, LIMIT_CHUNK), &at) == OK &&
			at.bytes == 2u * LIMIT_CHUNK,
		"the second");
	is_int(intake_chunks(c, t->intake, id, 2, part(2u * LIMIT_CHUNK, 4), &at), ERR_BAD_VALUE,
		"the last may be shorter, not shorter than it is");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	struct bench t;
	struct delivery_row d;
	struct hash leaves[3], pair, root;
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (char)(i * 31 % 251);
	leaves[0] = hash_leaf(part(0, LIMIT_CHUNK));
	leaves[1] = hash_leaf(part(LIMIT_CHUNK, LIMIT_CHUNK));
	leaves[2] = hash_leaf(part(2u * LIMIT_CHUNK, 5));
	pair = hash_node(&leaves[0], &leaves[1]);
	root = hash_node(&pair, &leaves[2]);
	if (!ok(bench_open(&c, &t, part(0, SIZE), &root) == OK && begin(&c, &t, &d) == OK,
		    "a delivery of a seller that nobody can call"))
		printf("# %s\n", c.trouble.detail);
	else
		test_large(&c, &t, d.id, leaves);
	bench_close(&t);
	return done_testing();
}
