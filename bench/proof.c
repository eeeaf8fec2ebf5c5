/* bench-proof DIRECTORY: inclusion proofs from a log of 1,000,000 entries whose tiles lie in SQLite, as the node's do.
 *
 * Makes DIRECTORY/proof.db, then proves 20,000 entries spread over the log, each from nothing but the right edge, checks
 * every proof, and prints one line: median and 99th percentile of making one, and the most tiles that one loaded. */
#include <stdio.h>
#include <string.h>

#include "bench/measure.h"
#include "chain/tiles.h"
#include "store/store.h"

#define ENTRIES 1000000u
#define PROOFS 20000u

struct bench {
	struct store *db;
	struct tree tree;
	struct tiles tiles;
	struct tiles_source source;
	unsigned loads, loads_most, wrong;
	struct sample sample;
};

static err put(void *arg, struct ctx *c, const struct tile *t, const struct hash *hashes)
{
	struct bench *b = arg;
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, b->db, "INSERT INTO tile(level, n, hashes) VALUES (?1, ?2, ?3)", &s));
	stmt_int(s, 1, t->level);
	stmt_int(s, 2, (int64_t)t->index);
	stmt_bytes(s, 3, (struct str){(const char *)hashes, t->width * HASH_BYTES});
	return stmt_run(c, s);
}

static err get(void *arg, struct ctx *c, const struct tile *t, struct hash *ret)
{
	struct bench *b = arg;
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	b->loads++;
	TRY(store_prepare(c, b->db, "SELECT hashes FROM tile WHERE level = ?1 AND n = ?2", &s));
	stmt_int(s, 1, t->level);
	stmt_int(s, 2, (int64_t)t->index);
	TRY(stmt_step(c, s, &row));
	ENSURE(row && stmt_col(s, 0).n >= t->width * HASH_BYTES, c, ERR_CORRUPT, "no such tile");
	memcpy(ret, stmt_col(s, 0).p, t->width * HASH_BYTES);
	return OK;
}

static struct hash leaf_of(uint64_t index)
{
	return hash_leaf((struct str){(const char *)&index, sizeof index});
}

static err fill(struct ctx *c, struct bench *b, const char *path)
{
	static const struct migration steps[] = {
		{"bench", "CREATE TABLE tile(level INTEGER NOT NULL, n INTEGER NOT NULL, "
			  "hashes BLOB NOT NULL, PRIMARY KEY(level, n)) STRICT, WITHOUT ROWID;"}};
	TRY(store_open(c, path, &b->db));
	TRY(store_migrate(c, b->db, steps, 1));
	TRY(store_begin(c, b->db));
	for (uint64_t i = 0; i < ENTRIES; i++) {
		struct hash leaf = leaf_of(i);
		tree_append(&b->tree, &leaf, NULL, NULL);
		TRY(tiles_append(c, &b->tiles, &leaf, put, b));
	}
	TRY(tiles_flush(c, &b->tiles, put, b));
	return store_commit(c, b->db);
}

static err prove(struct ctx *c, struct bench *b, uint64_t index)
{
	struct tree_proof p;
	struct hash leaf = leaf_of(index), root = tree_root(&b->tree);
	b->loads = 0;
	uint64_t begun = measure_now_ns();
	b->source = (struct tiles_source){.size = ENTRIES, .load = get, .arg = b, .edge = &b->tree};
	TRY(tree_prove_inclusion(c, index, ENTRIES, tiles_read, &b->source, &p));
	sample_add(&b->sample, measure_now_ns() - begun);
	b->loads_most = b->loads > b->loads_most ? b->loads : b->loads_most;
	b->wrong += !tree_verify_inclusion(&leaf, index, ENTRIES, p.path, p.n, &root);
	return OK;
}

static err run(struct ctx *c, struct bench *b, const char *directory)
{
	struct str path;
	TRY(arena_fmt(c, &path, "%s/proof.db", directory));
	TRY(fill(c, b, path.p));
	for (uint64_t i = 0; i < PROOFS; i++)
		TRY(prove(c, b, i * 7919 * 49 % ENTRIES));
	return OK;
}

int main(int argc, char **argv)
{
	static struct bench b;
	cleanup(arena_freep) struct arena *a = arena_new(16u << 20);
	struct ctx c = {.arena = a};
	if (argc != 2 || !sample_open(&b.sample))
		return 2;
	err e = run(&c, &b, argv[1]);
	if (b.db != NULL)
		store_close(b.db);
	if (e != OK || b.wrong > 0 || !sample_sort(&b.sample)) {
		fprintf(stderr, "bench-proof: %s, %u proofs are wrong\n", c.trouble.detail,
			b.wrong);
		return 1;
	}
	printf("p50_ns=%llu p99_ns=%llu tiles=%u\n",
		(unsigned long long)sample_quantile(&b.sample, 500),
		(unsigned long long)sample_quantile(&b.sample, 990), b.loads_most);
	return 0;
}
