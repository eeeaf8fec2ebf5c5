/* shugu sweep: objects that nothing refers to any more, and what broken work left in blobs/. Shows; with --remove it also
 * removes. Beside a running node as well (store/blobs.h holds the two apart). Who refers to objects: revisions of
 * products, attachments, uploads that are ready, agreements (their deliveries and parcels have the object of G). Whoever
 * else will, is to be asked in `kept`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "contract/agreement_store.h"
#include "contract/assent.h"
#include "main/command.h"
#include "product/exhibit.h"
#include "product/product.h"
#include "product/upload_store.h"
#include "store/blobs.h"

#define BATCH 64u
#define ROOTS_MAX 1000000u

static const struct option_row options[] = {
	{"remove", OPTION_FLAG, "         removes them; otherwise they are shown only"},
};

/* The objects of agreements, sorted; read on where negotiations have begun meanwhile. */
struct keeper {
	struct store *db;
	struct hash *roots;
	size_t n, room;
	int64_t last;
};

static int by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, HASH_BYTES);
}

static err add_batch(struct ctx *c, struct keeper *k, bool *ret_more)
{
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx one = {.arena = a};
	ENSURE(a != NULL, c, ERR_MEMORY, "no memory");
	if (k->room - k->n < BATCH) {
		ENSURE(k->room < ROOTS_MAX, c, ERR_TOO_LARGE, "there are too many agreements");
		size_t room = k->room == 0 ? 16 * BATCH : 2 * k->room;
		struct hash *roots = arena_grow(
			c->arena, k->roots, k->room * sizeof *roots, room * sizeof *roots);
		ENSURE(roots != NULL, c, ERR_TOO_LARGE, "there are too many agreements");
		k->roots = roots;
		k->room = room;
	}
	size_t n = 0;
	err e = agreement_store_objects(&one, k->db, k->last, BATCH, &k->roots[k->n], &n, &k->last);
	if (e != OK)
		return fail(c, e, "%s", one.trouble.detail);
	k->n += n;
	*ret_more = n == BATCH;
	return OK;
}

static err read_on(struct ctx *c, struct keeper *k)
{
	size_t before = k->n;
	for (bool more = true; more;)
		TRY(add_batch(c, k, &more));
	if (k->n > before)
		qsort(k->roots, k->n, sizeof *k->roots, by_bytes);
	return OK;
}

static err kept(void *arg, struct ctx *c, const struct hash *root, bool *ret)
{
	struct keeper *k = arg;
	TRY(product_refers(c, k->db, root, ret));
	if (!*ret)
		TRY(attachment_refers(c, k->db, root, ret));
	if (!*ret)
		TRY(exhibit_refers(c, k->db, root, ret));
	if (!*ret)
		TRY(upload_store_refers(c, k->db, root, ret));
	if (*ret)
		return OK;
	TRY(read_on(c, k));
	*ret = k->n > 0 && bsearch(root, k->roots, k->n, sizeof *k->roots, by_bytes) != NULL;
	return OK;
}

/* What is being brought or hashed has no reference yet. */
static err no_upload(struct ctx *c, struct store *db)
{
	struct upload_row *rows;
	size_t n = 0;
	NEW_N(c, rows, 4 * LIMIT_UPLOADS_OPEN);
	TRY(upload_store_list(c, db, STR(""), 4 * LIMIT_UPLOADS_OPEN, rows, &n));
	for (size_t i = 0; i < n; i++)
		ENSURE(rows[i].ready, c, ERR_BAD_STATE,
			"%.*s is being uploaded: wait until it is ready, or give it up; it goes by "
			"itself after a day untouched",
			FMT(rows[i].name));
	return OK;
}

static err print_swept(
	struct ctx *c, const struct options *o, const struct blob_swept *s, bool remove)
{
	struct json *j = json_object(c);
	if (!o->json) {
		printf("%llu objects and %llu temporary files, %llu bytes%s\n",
			(unsigned long long)s->objects, (unsigned long long)s->temporaries,
			(unsigned long long)s->bytes,
			remove                             ? ": removed"
			: s->objects + s->temporaries == 0 ? ": nothing to remove"
							   : "; --remove removes them");
		return OK;
	}
	json_set_num(c, &j, "objects", (int64_t)s->objects);
	json_set_num(c, &j, "temporaries", (int64_t)s->temporaries);
	json_set_num(c, &j, "bytes", (int64_t)s->bytes);
	json_set(&j, "removed", json_bool(c, remove));
	return command_print(c, j);
}

static err run(struct ctx *c, const struct options *o)
{
	struct node *n;
	const char *blobs;
	struct blob_swept swept = {0};
	bool remove = option_set(o, "remove");
	ENSURE(o->n == 0, c, ERR_USAGE, "sweep takes no argument");
	TRY(node_open_readonly(c, &env_system, o->data, &n));
	store_rollback(n->db); /* each question is asked of what is committed by then */
	if (remove)
		TRY(no_upload(c, n->db));
	TRY(node_path(c, o->data, "blobs", &blobs));
	struct keeper k = {.db = n->db, .last = -1};
	TRY(blob_sweep(c, &env_system, blobs, kept, &k, remove, &swept));
	return print_swept(c, o, &swept, remove);
}

const struct command cmd_sweep = {
	.name = "sweep",
	.usage = "[--remove]",
	.does = "Objects that nothing refers to and that are older than a day.",
	.options = options,
	.options_n = countof(options),
	.run = run,
};
