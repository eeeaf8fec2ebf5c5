/* Public vectors against our chain: vectors inclusion FILE... | consistency FILE... | log DIRECTORY.
 * Inclusion and consistency cases are JSON with `wantErr`; the log is one of 15 entries with its 16 checkpoints, entry
 * bundles and partial tiles. TAP on standard output. */
#include <stdio.h>
#include <string.h>

#include "base/env.h"
#include "base/reader.h"
#include "chain/checkpoint.h"
#include "chain/tiles.h"
#include "chain/tree.h"
#include "codec/base64.h"
#include "codec/json.h"
#include "tests/tap.h"

static const char log_key[] =
	"example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";

/* An integer as the vectors write it; some exceed what a tree can hold and count as a refusal. */
static bool number(const struct json *j, const char *name, uint64_t *ret)
{
	const struct json *m = json_get(j, name);
	return m != NULL && m->type == JSON_NUMBER && str_u64(m->text, ret);
}

static bool hash_of_b64(const struct json *m, struct hash *ret)
{
	return base64_fixed(json_text(m), ret->b, HASH_BYTES);
}

/* Some cases hold placeholder text instead of a root: its digest keeps equal ones equal and fits none that is real. */
static struct hash root_of(const struct json *j, const char *name)
{
	struct hash h;
	const struct json *m = json_get(j, name);
	return hash_of_b64(m, &h) ? h : hash_of(json_text(m));
}

static bool path(const struct json *j, struct tree_proof *ret)
{
	const struct json *proof = json_get(j, "proof");
	ret->n = 0;
	for (const struct json *m = proof == NULL ? NULL : proof->first; m != NULL; m = m->next) {
		if (ret->n == countof(ret->path) || !hash_of_b64(m, &ret->path[ret->n++]))
			return false;
	}
	return true;
}

static bool includes(const struct json *j)
{
	uint64_t index, size;
	struct hash leaf;
	const struct hash root = root_of(j, "root");
	struct tree_proof p;
	return number(j, "leafIdx", &index) && number(j, "treeSize", &size) && path(j, &p) &&
	       hash_of_b64(json_get(j, "leafHash"), &leaf) &&
	       tree_verify_inclusion(&leaf, index, size, p.path, p.n, &root);
}

static bool links(const struct json *j)
{
	uint64_t old, new;
	const struct hash old_root = root_of(j, "root1"), new_root = root_of(j, "root2");
	struct tree_proof p;
	return number(j, "size1", &old) && number(j, "size2", &new) && path(j, &p) &&
	       tree_verify_consistency(old, &old_root, new, &new_root, p.path, p.n);
}

static void case_holds(struct ctx *c, const char *file, bool (*holds)(const struct json *))
{
	struct str text;
	const struct json *j = NULL;
	if (!ok(file_read(c, file, 1u << 20, &text) == OK && json_parse(c, text, &j) == OK,
		    "%s is read", file))
		return;
	const struct json *want = json_get(j, "wantErr");
	if (!ok(want != NULL, "it says what is wanted"))
		return;
	ok(holds(j) == (want->type == JSON_FALSE), "%.*s: %s", FMT(json_text(json_get(j, "desc"))),
		want->type == JSON_FALSE ? "holds" : "is refused");
}

/* A file of the log by the path that tlog-tiles gives it. */
static bool tile_file(struct ctx *c, const char *directory, const struct tile *t, struct str *ret)
{
	char path[TILES_PATH + 1];
	struct str file;
	tile_path(t, path);
	return arena_fmt(c, &file, "%s/%s", directory, path) == OK &&
	       file_read(c, file.p, 1u << 20, ret) == OK;
}

/* Our tile, made of the entries, against the one in the log. */
static err same_tile(void *arg, struct ctx *c, const struct tile *t, const struct hash *hashes)
{
	struct str theirs;
	ok(tile_file(c, *(const char **)arg, t, &theirs) && theirs.n == t->width * sizeof *hashes &&
			memcmp(theirs.p, hashes, theirs.n) == 0,
		"its tile of %u hashes is ours", t->width);
	return OK;
}

/* The leaf hashes of an entry bundle, appended to a tree and its tiles. */
static bool bundle(struct ctx *c, const char *directory, struct str bytes, struct tree *t)
{
	static struct tiles tiles;
	struct reader r = reader_on(bytes);
	tiles.size = 0;
	for (unsigned level = 0; level < TILES_LEVELS; level++)
		tiles.edge[level].width = 0;
	while (!reader_end(&r)) {
		uint16_t n;
		struct str entry;
		if (!reader_u16(&r, &n) || !reader_take(&r, n, &entry))
			return false;
		struct hash leaf = hash_leaf(entry);
		tree_append(t, &leaf, NULL, NULL);
		if (tiles_append(c, &tiles, &leaf, same_tile, &directory) != OK)
			return false;
	}
	return tiles_flush(c, &tiles, same_tile, &directory) == OK;
}

static void log_of(struct ctx *c, const char *directory, uint64_t size)
{
	struct str file, note, bytes = {"", 0};
	struct note_key k;
	struct checkpoint p = {0};
	struct tree t = {0};
	if (!ok(arena_fmt(c, &file, "%s/checkpoint.%llu", directory, (unsigned long long)size) ==
				    OK &&
			    file_read(c, file.p, LIMIT_NOTE, &note) == OK &&
			    note_key_parse(c, str_z(log_key), &k) == OK &&
			    checkpoint_open(c, note, &k, &p) == OK,
		    "head %llu opens under the log's key", (unsigned long long)size))
		return;
	is_int(p.size, size, "with its size");
	const struct tile entries = {.entries = true, .width = (unsigned)size};
	if (size > 0)
		ok(tile_file(c, directory, &entries, &bytes), "its entries are read");
	ok(bundle(c, directory, bytes, &t), "as a bundle");
	struct hash root = tree_root(&t);
	ok(hash_eq(&root, &p.root), "whose root is the head's");
}

int main(int argc, char **argv)
{
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	if (argc < 3)
		return 2;
	if (strcmp(argv[1], "log") == 0) {
		for (uint64_t size = 0; size < 16; size++)
			log_of(&c, argv[2], size);
		return done_testing();
	}
	for (int i = 2; i < argc; i++) {
		case_holds(&c, argv[i], strcmp(argv[1], "inclusion") == 0 ? includes : links);
		arena_reset(a);
	}
	return done_testing();
}
