/* log_files DIRECTORY COUNT: a log of COUNT acts as static files, for a reader that others wrote.
 *
 * In DIRECTORY, which must be empty: log/ as it would be served (checkpoint, tile/...), E-<index>.json of some entries,
 * head-<size> of some commits, and two heads that must be refused: `forged`, signed by another key of the same name, and
 * `fork`, signed by the log's own key over another past. Prints the log's verifier key. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "act/commit.h"

#define ORIGIN "localhost/log"

struct files {
	struct ctx c;
	const char *directory;
	struct store *db;
	struct commit *m;
	struct key *key;
	struct note_key log;
};

/* Writes a file below the directory and makes the folders above it. */
static err put(struct files *f, struct str name, struct str bytes)
{
	struct str path;
	struct ctx *c = &f->c;
	TRY(arena_fmt(c, &path, "%s/%.*s", f->directory, FMT(name)));
	char *p = arena_z(c->arena, path);
	ENSURE(p != NULL, c, ERR_MEMORY, "no memory for a path");
	for (char *at = strchr(p + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
		*at = '\0';
		(void)mkdir(p, 0755);
		*at = '/';
	}
	FILE *file = fopen(p, "wb");
	ENSURE(file != NULL, c, ERR_IO, "%s cannot be written", p);
	bool written = fwrite(bytes.p, 1, bytes.n, file) == bytes.n;
	written = fclose(file) == 0 && written;
	ENSURE(written, c, ERR_IO, "%s is not written", p);
	return OK;
}

static err put_tile(struct files *f, const struct tile *t, struct str bytes)
{
	char path[TILES_PATH + 1];
	struct str name;
	tile_path(t, path);
	TRY(arena_fmt(&f->c, &name, "log/%s", path));
	return put(f, name, bytes);
}

static err put_json(struct files *f, uint64_t index)
{
	struct json *e = NULL;
	struct str name, text;
	TRY(commit_evidence(&f->c, f->m, index, &e));
	TRY(json_canonical(&f->c, e, LIMIT_DOCUMENT, &text));
	TRY(arena_fmt(&f->c, &name, "E-%llu.json", (unsigned long long)index));
	return put(f, name, text);
}

static err tick(struct files *f, uint64_t count)
{
	uint64_t index = 0;
	TRY(commit_begin(&f->c, f->m));
	for (uint64_t i = 0; i < count; i++) {
		struct json *body = json_object(&f->c);
		json_set_num(&f->c, &body, "n", (int64_t)i);
		const struct act a = {
			STR("thing.note"), STR("node"), STR("urn:thing:1"), body, NULL};
		TRY(commit_append(&f->c, f->m, &a, &index));
	}
	return commit_end(&f->c, f->m);
}

/* Commits of many sizes; the E of each one's last entry and the head are kept for the first ones. */
static err fill(struct files *f, uint64_t count)
{
	static const uint64_t first[] = {1, 1, 98, 156, 1, 300, 500, 1000};
	for (size_t i = 0; commit_size(f->m) < count; i++) {
		uint64_t n = i < countof(first) ? first[i] : 997, left = count - commit_size(f->m);
		TRY(tick(f, n < left ? n : left));
		if (i < countof(first)) {
			struct str name, head;
			TRY(put_json(f, commit_size(f->m) - 1));
			TRY(commit_head(&f->c, f->m, &head));
			TRY(arena_fmt(
				&f->c, &name, "head-%llu", (unsigned long long)commit_size(f->m)));
			TRY(put(f, name, head));
		}
		arena_reset(f->c.arena);
	}
	TRY(put_json(f, 0));
	TRY(put_json(f, count / 2));
	return put_json(f, count - 1);
}

static err put_tiles(struct files *f)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(&f->c, f->db, "SELECT level, n, hashes FROM tile", &s));
	for (;;) {
		TRY(stmt_step(&f->c, s, &row));
		if (!row)
			return OK;
		struct str hashes = stmt_col(s, 2);
		const struct tile t = {.level = (unsigned)stmt_col_int(s, 0),
			.index = (uint64_t)stmt_col_int(s, 1),
			.width = (unsigned)(hashes.n / HASH_BYTES)};
		TRY(put_tile(f, &t, hashes));
		arena_reset(f->c.arena);
	}
}

/* The entries of one bundle. */
static err put_bundle(struct files *f, uint64_t number, unsigned width)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	char bytes[TILES_WIDTH * (2 + ENTRY_TEXT)], *at = bytes;
	const struct tile t = {.entries = true, .index = number, .width = width};
	bool row = false;
	TRY(store_prepare(&f->c, f->db,
		"SELECT act, salt FROM entry WHERE idx >= ?1 AND idx < ?2 ORDER BY idx", &s));
	stmt_int(s, 1, (int64_t)(number * TILES_WIDTH));
	stmt_int(s, 2, (int64_t)(number * TILES_WIDTH + width));
	for (unsigned i = 0; i < width; i++, at += 2 + ENTRY_TEXT) {
		struct hash salt;
		TRY(stmt_step(&f->c, s, &row));
		ENSURE(row && stmt_col(s, 1).n == HASH_BYTES, &f->c, ERR_CORRUPT, "no entry");
		memcpy(salt.b, stmt_col(s, 1).p, HASH_BYTES);
		at[0] = 0;
		at[1] = ENTRY_TEXT;
		evidence_entry(stmt_col(s, 0), &salt, at + 2);
	}
	return put_tile(f, &t, (struct str){bytes, (size_t)(at - bytes)});
}

static err put_entries(struct files *f, uint64_t count)
{
	for (uint64_t from = 0; from < count; from += TILES_WIDTH) {
		uint64_t left = count - from;
		TRY(put_bundle(
			f, from / TILES_WIDTH, left < TILES_WIDTH ? (unsigned)left : TILES_WIDTH));
		arena_reset(f->c.arena);
	}
	return OK;
}

static err put_signed(struct files *f, const char *name, const struct checkpoint *p,
	const struct key *key, const struct note_key *as)
{
	uint8_t signature[SIGNATURE_BYTES];
	struct str text, note;
	TRY(checkpoint_text(&f->c, p, &text));
	key_sign(key, text, signature);
	TRY(note_write(&f->c, text, as, signature, &note));
	return put(f, str_z(name), note);
}

static err put_heads(struct files *f)
{
	static const uint8_t seed[SEED_BYTES] = {8};
	struct str head;
	struct checkpoint p;
	struct key *stranger = NULL;
	struct note_key other;
	TRY(commit_head(&f->c, f->m, &head));
	TRY(put(f, STR("log/checkpoint"), head));
	TRY(checkpoint_open(&f->c, head, &f->log, &p));
	TRY(key_from_seed(&f->c, seed, &stranger));
	TRY(note_key_make(&f->c, STR(ORIGIN), key_public(stranger), &other));
	TRY(put_signed(f, "forged", &p, stranger, &other));
	p.size--; /* the same root for another size: a second past */
	return put_signed(f, "fork", &p, f->key, &f->log);
}

static err write_log(struct files *f, struct ctx *whole, uint64_t count)
{
	static const uint8_t seed[SEED_BYTES] = {7};
	struct str path, vkey;
	TRY(arena_fmt(whole, &path, "%s/node.db", f->directory));
	TRY(store_open(whole, path.p, &f->db));
	TRY(key_from_seed(whole, seed, &f->key));
	TRY(commit_open(whole, &env_system, f->db, f->key, STR(ORIGIN), &f->m));
	TRY(note_key_make(whole, STR(ORIGIN), key_public(f->key), &f->log));
	TRY(fill(f, count));
	TRY(put_tiles(f));
	TRY(put_entries(f, count));
	TRY(put_heads(f));
	TRY(note_key_text(whole, &f->log, &vkey));
	printf("%.*s\n", FMT(vkey));
	return OK;
}

int main(int argc, char **argv)
{
	uint64_t count = 0;
	if (argc != 3 || !str_u64(str_z(argv[2]), &count) || count < 3 || count > 1u << 20)
		return 2;
	cleanup(arena_freep) struct arena *a = arena_new(16u << 20);
	cleanup(arena_freep) struct arena *scratch = arena_new(64u << 20);
	struct ctx whole = {.arena = a};
	struct files f = {.c = {.arena = scratch}, .directory = argv[1]};
	err e = write_log(&f, &whole, count);
	if (f.db != NULL)
		store_close(f.db);
	if (e != OK)
		fprintf(stderr, "log_files: %s%s\n", whole.trouble.detail, f.c.trouble.detail);
	return e == OK ? 0 : 1;
}
