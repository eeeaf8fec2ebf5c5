#include "act/commit.h"

#include <string.h>

#include "base/limits.h"

/* A head of one signature: origin and key name of at most LIMIT_ORIGIN each, and less than 256 bytes more. */
#define NEWEST_NOTE (2 * LIMIT_ORIGIN + 256)

struct commit {
	const struct env *env;
	struct store *db;
	const struct key *key;
	struct note_key name;
	struct tree tree; /* with the open tick */
	uint64_t durable; /* size without it */
	int64_t at_ms;    /* of the last entry */
	int64_t tick_ms;  /* when the open tick began: the time of all its acts */
	struct hash leaf; /* of the last entry appended */
	bool open;
	struct tiles tiles;
	struct tiles_source source; /* of proofs */
	uint64_t signed_size;       /* head whose signature is not stored yet; 0 = none */
	uint8_t signature[SIGNATURE_BYTES];
	uint64_t before; /* durable size before the newest commit */
	struct newest_head {
		uint64_t size; /* 0: not made yet */
		struct hash root;
		char text[NEWEST_NOTE];
		size_t n;
	} newest; /* the note of the newest commit: most proofs ask for it */
};

static const struct migration steps[] = {
	{"log-1", "CREATE TABLE entry(idx INTEGER PRIMARY KEY, subject TEXT NOT NULL, at INTEGER "
		  "NOT NULL, "
		  "salt BLOB NOT NULL, act BLOB NOT NULL) STRICT;"
		  "CREATE INDEX entry_subject ON entry(subject, idx);"
		  "CREATE TABLE tile(level INTEGER NOT NULL, n INTEGER NOT NULL, hashes BLOB NOT "
		  "NULL, "
		  "PRIMARY KEY(level, n)) STRICT, WITHOUT ROWID;"
		  "CREATE TABLE head(size INTEGER PRIMARY KEY, root BLOB NOT NULL, sig BLOB) "
		  "STRICT;"},
	{"log-2", "ALTER TABLE head ADD COLUMN edge BLOB;"},
};

/* tile_emit_fn: a partial tile is written over until it is full. */
static err write_tile(void *arg, struct ctx *c, const struct tile *t, const struct hash *hashes)
{
	struct commit *m = arg;
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, m->db,
		"INSERT INTO tile(level, n, hashes) VALUES (?1, ?2, ?3) "
		"ON CONFLICT(level, n) DO UPDATE SET hashes = excluded.hashes",
		&s));
	stmt_int(s, 1, t->level);
	stmt_int(s, 2, (int64_t)t->index);
	stmt_bytes(s, 3, (struct str){(const char *)hashes, t->width * HASH_BYTES});
	return stmt_run(c, s);
}

/* tile_load_fn: the row may hold more hashes than the tree asked about had. */
static err read_tile(void *arg, struct ctx *c, const struct tile *t, struct hash *ret)
{
	struct commit *m = arg;
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, m->db, "SELECT hashes FROM tile WHERE level = ?1 AND n = ?2", &s));
	stmt_int(s, 1, t->level);
	stmt_int(s, 2, (int64_t)t->index);
	TRY(stmt_step(c, s, &row));
	size_t n = t->width * HASH_BYTES;
	ENSURE(row && stmt_col(s, 0).n >= n, c, ERR_CORRUPT, "tile %u/%llu is missing or too short",
		t->level, (unsigned long long)t->index);
	memcpy(ret, stmt_col(s, 0).p, n);
	return OK;
}

/* The same for proofs: the tiles of the right edge are in memory, and what they begin with is durable. */
static err read_recent(void *arg, struct ctx *c, const struct tile *t, struct hash *ret)
{
	struct commit *m = arg;
	const struct tiles_edge *edge = &m->tiles.edge[t->level];
	if (t->index != m->tiles.size >> (8 * t->level) >> 8 || t->width > edge->width)
		return read_tile(arg, c, t, ret);
	memcpy(ret, edge->h, t->width * HASH_BYTES);
	return OK;
}

/* Subtrees of the first size entries, for proofs. One source for all: the tiles it keeps are right for any size, because
 * the first hashes of a tile never change once they are durable. */
static struct tiles_source *source_of(struct commit *m, uint64_t size)
{
	m->source.size = size;
	m->source.load = read_recent;
	m->source.arg = m;
	m->source.edge = NULL;
	return &m->source;
}

/* Loads the right edge of a log of size entries. */
static err load_edge(struct ctx *c, struct commit *m, uint64_t size)
{
	struct tiles_source *source = source_of(m, size);
	m->tiles = (struct tiles){0};
	m->tree.size = size;
	for (unsigned k = 0; k < 64; k++) {
		if ((size >> k & 1) != 0)
			TRY(tiles_read(source, c, k, (size >> k) - 1, &m->tree.edge[k]));
	}
	TRY(tiles_open(c, size, read_tile, m, &m->tiles));
	m->durable = size;
	m->before = size > 0 ? size - 1
			     : 0; /* surely: how many the newest commit held is not known here */
	return OK;
}

/* The newest head: its size, or 0. */
static err newest(struct ctx *c, struct commit *m, uint64_t *ret_size, struct hash *ret_root)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, m->db, "SELECT size, root FROM head ORDER BY size DESC LIMIT 1", &s));
	TRY(stmt_step(c, s, &row));
	*ret_size = row ? (uint64_t)stmt_col_int(s, 0) : 0;
	if (row && stmt_col(s, 1).n == HASH_BYTES)
		memcpy(ret_root->b, stmt_col(s, 1).p, HASH_BYTES);
	return OK;
}

static err last_time(struct ctx *c, struct commit *m)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, m->db, "SELECT at FROM entry ORDER BY idx DESC LIMIT 1", &s));
	TRY(stmt_step(c, s, &row));
	m->at_ms = row ? stmt_col_int(s, 0) : 0;
	return OK;
}

static err open_log(struct ctx *c, const struct env *e, struct store *db, const struct key *key,
	struct str origin, struct commit **ret)
{
	struct commit *m;
	uint64_t size = 0;
	struct hash root = hash_empty();
	NEW(c, m);
	m->env = e;
	m->db = db;
	m->key = key;
	TRY(note_key_make(c, origin, key_public(key), &m->name));
	TRY(arena_str(c, origin, &m->name.name));
	TRY(newest(c, m, &size, &root));
	TRY(load_edge(c, m, size));
	TRY(last_time(c, m));
	struct hash edge = tree_root(&m->tree);
	ENSURE(hash_eq(&edge, &root), c, ERR_CORRUPT,
		"the log's right edge does not give its root");
	*ret = m;
	return OK;
}

err commit_open(struct ctx *c, const struct env *e, struct store *db, const struct key *key,
	struct str origin, struct commit **ret)
{
	TRY(store_migrate(c, db, steps, countof(steps)));
	return open_log(c, e, db, key, origin, ret);
}

err commit_open_readonly(struct ctx *c, const struct env *e, struct store *db,
	const struct key *key, struct str origin, struct commit **ret)
{
	return open_log(c, e, db, key, origin, ret);
}

err commit_begin(struct ctx *c, struct commit *m)
{
	ENSURE(!m->open, c, ERR_BAD_STATE, "a tick is open");
	m->tick_ms = env_now_ms(m->env);
	store_watch_disk(m->db, m->tick_ms);
	TRY(store_begin(c, m->db));
	m->open = true;
	return OK;
}

int64_t commit_next_ms(const struct commit *m)
{
	int64_t now = m->open ? m->tick_ms : env_now_ms(m->env);
	return now > m->at_ms ? now : m->at_ms;
}

void commit_advance(struct commit *m, int64_t ms)
{
	if (env_is_simulated(m->env) && ms > m->tick_ms)
		m->tick_ms = ms;
}

/* A stored salt. */
static err salt_of(struct ctx *c, struct str bytes, struct hash *ret)
{
	ENSURE(bytes.n == HASH_BYTES, c, ERR_CORRUPT, "a salt is not %u bytes", HASH_BYTES);
	memcpy(ret->b, bytes.p, HASH_BYTES);
	return OK;
}

/* The leaf of the subject's entry before this one. */
static err previous(
	struct ctx *c, struct commit *m, struct str subject, bool *ret_found, struct hash *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct hash salt;
	TRY(store_prepare(c, m->db,
		"SELECT act, salt FROM entry WHERE subject = ?1 ORDER BY idx DESC LIMIT 1", &s));
	stmt_text(s, 1, subject);
	TRY(stmt_step(c, s, ret_found));
	if (!*ret_found)
		return OK;
	TRY(salt_of(c, stmt_col(s, 1), &salt));
	*ret = evidence_leaf(stmt_col(s, 0), &salt);
	return OK;
}

static err insert(struct ctx *c, struct commit *m, struct str subject, int64_t at_ms,
	struct str salt, struct str act)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, m->db,
		"INSERT INTO entry(idx, subject, at, salt, act) VALUES (?1, ?2, ?3, ?4, ?5)", &s));
	stmt_int(s, 1, (int64_t)m->tree.size);
	stmt_text(s, 2, subject);
	stmt_int(s, 3, at_ms);
	stmt_bytes(s, 4, salt);
	stmt_bytes(s, 5, act);
	return stmt_run(c, s);
}

err commit_append(struct ctx *c, struct commit *m, const struct act *a, uint64_t *ret_index)
{
	struct hash prev, salt;
	bool has_prev = false;
	struct str bytes;
	ENSURE(m->open, c, ERR_BAD_STATE, "no tick is open");
	int64_t at_ms = commit_next_ms(m);
	TRY(previous(c, m, a->subject, &has_prev, &prev));
	TRY(envelope_write(c, a, at_ms, has_prev ? &prev : NULL, &bytes));
	env_random(m->env, salt.b, sizeof salt.b);
	TRY(insert(c, m, a->subject, at_ms, hash_str(&salt), bytes));
	struct hash leaf = evidence_leaf(bytes, &salt);
	*ret_index = m->tree.size;
	m->at_ms = at_ms;
	m->leaf = leaf;
	tree_append(&m->tree, &leaf, NULL, NULL);
	return tiles_append(c, &m->tiles, &leaf, write_tile, m);
}

/* The text of a head and k's signature on it. */
static err sign_head(struct ctx *c, struct commit *m, uint64_t size, const struct hash *root,
	struct str *ret_text, uint8_t ret_signature[SIGNATURE_BYTES])
{
	const struct checkpoint p = {.origin = m->name.name, .size = size, .root = *root};
	TRY(checkpoint_text(c, &p, ret_text));
	key_sign(m->key, *ret_text, ret_signature);
	return OK;
}

static err store_signature(struct ctx *c, struct commit *m)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	if (m->signed_size == 0)
		return OK;
	TRY(store_prepare(c, m->db, "UPDATE head SET sig = ?1 WHERE size = ?2", &s));
	stmt_bytes(s, 1, (struct str){(const char *)m->signature, SIGNATURE_BYTES});
	stmt_int(s, 2, (int64_t)m->signed_size);
	return stmt_run(c, s);
}

/* A commit whose entries lie in more than one tile stores its edge, so that their proofs need not load the last tiles
 * of each level beside those above the entry. */
static err write_head(struct ctx *c, struct commit *m, const struct hash *root)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct hash edge[64];
	TRY(tiles_flush(c, &m->tiles, write_tile, m));
	TRY(store_signature(c, m));
	TRY(store_prepare(c, m->db, "INSERT INTO head(size, root, edge) VALUES (?1, ?2, ?3)", &s));
	stmt_int(s, 1, (int64_t)m->tree.size);
	stmt_bytes(s, 2, hash_str(root));
	if ((m->tree.size - 1) / TILES_WIDTH != m->durable / TILES_WIDTH) {
		size_t n = tree_pack(&m->tree, edge);
		stmt_bytes(s, 3, (struct str){(const char *)edge, n * HASH_BYTES});
	}
	return stmt_run(c, s);
}

err commit_end(struct ctx *c, struct commit *m)
{
	struct str text;
	struct hash root = tree_root(&m->tree);
	ENSURE(m->open, c, ERR_BAD_STATE, "no tick is open");
	if (m->tree.size > m->durable)
		TRY(write_head(c, m, &root));
	TRY(store_commit(c, m->db));
	m->open = false;
	if (m->tree.size == m->durable)
		return OK;
	m->before = m->durable;
	m->durable = m->tree.size;
	m->signed_size = m->durable;
	m->newest.size = 0;
	return sign_head(c, m, m->durable, &root, &text, m->signature);
}

err commit_abandon(struct ctx *c, struct commit *m)
{
	store_rollback(m->db);
	m->open = false;
	TRY(load_edge(c, m, m->durable));
	return last_time(c, m);
}

void commit_last(const struct commit *m, int64_t *ret_at_ms, struct hash *ret_leaf)
{
	*ret_at_ms = m->at_ms;
	*ret_leaf = m->leaf;
}

uint64_t commit_size(const struct commit *m)
{
	return m->durable;
}

/* The signed head of the smallest commit that holds size entries or more, from the store. */
static err stored_head(struct ctx *c, struct commit *m, uint64_t size, struct checkpoint *ret,
	struct str *ret_note)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	struct str text;
	uint8_t signature[SIGNATURE_BYTES];
	TRY(store_prepare(c, m->db,
		"SELECT size, root, sig FROM head WHERE size >= ?1 ORDER BY size LIMIT 1", &s));
	stmt_int(s, 1, (int64_t)size);
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "the log has no such entry");
	ENSURE(stmt_col(s, 1).n == HASH_BYTES, c, ERR_CORRUPT, "a stored root is not %u bytes",
		HASH_BYTES);
	*ret = (struct checkpoint){.origin = m->name.name, .size = (uint64_t)stmt_col_int(s, 0)};
	memcpy(ret->root.b, stmt_col(s, 1).p, HASH_BYTES);
	struct str stored = stmt_col(s, 2);
	TRY(checkpoint_text(c, ret, &text));
	if (stored.n == SIGNATURE_BYTES) /* by a key that may be retired */
		memcpy(signature, stored.p, SIGNATURE_BYTES);
	else if (ret->size == m->signed_size)
		memcpy(signature, m->signature, SIGNATURE_BYTES);
	else
		key_sign(m->key, text, signature);
	return note_write(c, text, &m->name, signature, ret_note);
}

static void keep_newest(struct commit *m, const struct checkpoint *p, struct str note)
{
	struct newest_head *k = &m->newest;
	if (note.n > sizeof k->text)
		return;
	memcpy(k->text, note.p, note.n);
	k->n = note.n;
	k->root = p->root;
	k->size = p->size;
}

/* The same; the newest commit's is made once. */
static err head_from(struct ctx *c, struct commit *m, uint64_t size, struct checkpoint *ret,
	struct str *ret_note)
{
	const struct newest_head *k = &m->newest;
	bool newest = size > m->before && size <= m->durable;
	if (newest && k->size == m->durable) {
		*ret = (struct checkpoint){
			.origin = m->name.name, .size = k->size, .root = k->root};
		*ret_note = (struct str){k->text, k->n};
		return OK;
	}
	TRY(stored_head(c, m, size, ret, ret_note));
	if (newest)
		keep_newest(m, ret, *ret_note);
	return OK;
}

err commit_head(struct ctx *c, struct commit *m, struct str *ret_note)
{
	struct checkpoint p;
	ENSURE(m->durable > 0, c, ERR_NOT_FOUND, "the log is empty");
	TRY(head_from(c, m, m->durable, &p, ret_note));
	return arena_str(c, *ret_note, ret_note);
}

err commit_entry(
	struct ctx *c, struct commit *m, uint64_t index, struct str *ret_act, struct hash *ret_salt)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, m->db, "SELECT act, salt FROM entry WHERE idx = ?1", &s));
	stmt_int(s, 1, (int64_t)index);
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, index < m->tree.size ? ERR_CORRUPT : ERR_NOT_FOUND,
		"the log has no entry %llu", (unsigned long long)index);
	TRY(salt_of(c, stmt_col(s, 1), ret_salt));
	return arena_str(c, stmt_col(s, 0), ret_act);
}

static struct json *path_json(struct ctx *c, const struct tree_proof *proof)
{
	struct json *path = json_array(c);
	for (size_t i = 0; i < proof->n; i++) {
		struct buf b;
		buf_init(&b, c->arena, 2 * HASH_BYTES);
		buf_hex(&b, proof->path[i].b, HASH_BYTES);
		json_push(&path, json_str(c, buf_str(&b)));
	}
	return path;
}

/* The edge of the tree of a head, or NULL where neither memory nor the head has it. */
static err edge_of(struct ctx *c, struct commit *m, uint64_t size, const struct tree **ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	struct tree *t;
	if (size == m->tree.size) {
		*ret = &m->tree;
		return OK;
	}
	TRY(store_prepare(c, m->db, "SELECT edge FROM head WHERE size = ?1", &s));
	stmt_int(s, 1, (int64_t)size);
	TRY(stmt_step(c, s, &row));
	struct str packed = row ? stmt_col(s, 0) : (struct str){0};
	if (packed.n == 0)
		return OK;
	NEW(c, t);
	ENSURE(tree_unpack(size, packed.p, packed.n, t), c, ERR_CORRUPT,
		"the edge of the head of size %llu has another length", (unsigned long long)size);
	*ret = t;
	return OK;
}

/* What E is made of. The slices live until the next commit. */
struct proof_parts {
	struct str act, note;
	struct hash salt;
	struct tree_proof proof;
};

static err prove(struct ctx *c, struct commit *m, uint64_t index, struct proof_parts *ret)
{
	struct checkpoint p;
	ENSURE(index < m->durable, c, ERR_NOT_FOUND, "the log has no entry %llu",
		(unsigned long long)index);
	TRY(head_from(c, m, index + 1, &p, &ret->note));
	TRY(commit_entry(c, m, index, &ret->act, &ret->salt));
	struct tiles_source *source = source_of(m, p.size);
	TRY(edge_of(c, m, p.size, &source->edge));
	return tree_prove_inclusion(c, index, p.size, tiles_read, source, &ret->proof);
}

/* The stored act is canonical, and so is all the rest: this is what json_canonical would write of it. */
err commit_evidence_text(struct ctx *c, struct commit *m, uint64_t index, struct str *ret)
{
	struct proof_parts e;
	struct buf b;
	TRY(prove(c, m, index, &e));
	buf_init(&b, c->arena, LIMIT_DOCUMENT);
	buf_z(&b, "{\"act\":");
	buf_add(&b, e.act);
	buf_z(&b, ",\"head\":");
	json_quote(&b, e.note);
	buf_z(&b, ",\"index\":");
	buf_u64(&b, index);
	buf_z(&b, ",\"path\":[");
	for (size_t i = 0; i < e.proof.n; i++) {
		buf_z(&b, i > 0 ? ",\"" : "\"");
		buf_hex(&b, e.proof.path[i].b, HASH_BYTES);
		buf_char(&b, '"');
	}
	buf_z(&b, "],\"salt\":\"");
	buf_hex(&b, e.salt.b, HASH_BYTES);
	buf_z(&b, "\"}");
	return buf_done(c, &b, ret);
}

err commit_evidence(struct ctx *c, struct commit *m, uint64_t index, struct json **ret)
{
	struct str text;
	TRY(commit_evidence_text(c, m, index, &text));
	return json_parse_own(c, text, ret);
}

err commit_path(
	struct ctx *c, struct commit *m, uint64_t old, uint64_t size, struct json **ret_path)
{
	struct tree_proof proof = {.n = 0};
	ENSURE(size <= m->durable, c, ERR_NOT_FOUND, "the log has no head of size %llu",
		(unsigned long long)size);
	if (old > 0)
		TRY(tree_prove_consistency(c, old, size, tiles_read, source_of(m, size), &proof));
	*ret_path = path_json(c, &proof);
	return OK;
}

/* The tile stands in the log as it is durable now. */
static err check_tile_asked(struct ctx *c, const struct commit *m, const struct tile *t)
{
	uint64_t there = t->level < TILES_LEVELS ? m->durable >> (8 * t->level) : 0;
	ENSURE(t->index < (UINT64_MAX >> 8) && t->width > 0 && t->width <= TILES_WIDTH &&
			t->index * TILES_WIDTH + t->width <= there,
		c, ERR_NOT_FOUND, "the log has no such tile yet");
	return OK;
}

err commit_tile(struct ctx *c, struct commit *m, const struct tile *t, struct str *ret)
{
	struct hash *hashes;
	TRY(check_tile_asked(c, m, t));
	NEW_N(c, hashes, TILES_WIDTH);
	TRY(read_tile(m, c, t, hashes));
	*ret = (struct str){(const char *)hashes, t->width * HASH_BYTES};
	return OK;
}

err commit_bundle(struct ctx *c, struct commit *m, const struct tile *t, struct str *ret)
{
	struct buf b;
	TRY(check_tile_asked(c, m, t));
	buf_init(&b, c->arena, (size_t)t->width * (ENTRY_TEXT + 2));
	for (uint64_t i = t->index * TILES_WIDTH; i < t->index * TILES_WIDTH + t->width; i++) {
		struct str act;
		struct hash salt;
		char entry[ENTRY_TEXT];
		TRY(commit_entry(c, m, i, &act, &salt));
		evidence_entry(act, &salt, entry);
		buf_char(&b, 0);
		buf_char(&b, ENTRY_TEXT);
		buf_add(&b, (struct str){entry, ENTRY_TEXT});
	}
	return buf_done(c, &b, ret);
}
