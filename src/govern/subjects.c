#include "govern/subjects.h"

#include <string.h>

#include "codec/csv.h"
#include "govern/subjects_store.h"
#include "store/blobs.h"

#define KEY_N 16u
#define WINDOW (256u << 10)

struct counting {
	struct store *db;
	struct str id, key;
	struct hash salt;
	int64_t bit, rows;
	size_t column, at; /* of the key; of the next field */
	bool head, found;
};

static err take_key(struct ctx *c, struct counting *k, struct str value)
{
	struct hash h = hash_of2(hash_str(&k->salt), str_trim(value));
	ENSURE(str_trim(value).n > 0, c, ERR_BAD_VALUE,
		"row %lld has no '%.*s': it could not be counted", (long long)k->rows + 1,
		FMT(k->key));
	return sandbox_store_put_key(c, k->db, k->id, str_sub(hash_str(&h), 0, KEY_N), k->bit);
}

static err take_field(struct ctx *c, struct counting *k, struct str field, bool last)
{
	bool is_key = k->head ? str_eq(str_trim(field), k->key) : k->at == k->column;
	if (k->head && is_key) {
		ENSURE(!k->found, c, ERR_BAD_VALUE, "two columns are called '%.*s'", FMT(k->key));
		k->column = k->at;
		k->found = true;
	}
	if (!k->head && is_key)
		TRY(take_key(c, k, field));
	k->at++;
	if (!last)
		return OK;
	ENSURE(k->found, c, ERR_BAD_VALUE, "the table has no column '%.*s'", FMT(k->key));
	ENSURE(k->at > k->column, c, ERR_BAD_VALUE, "row %lld has no '%.*s'",
		(long long)k->rows + 1, FMT(k->key));
	k->rows += !k->head;
	ENSURE(k->rows <= SUBJECTS_ROWS, c, ERR_TOO_LARGE, "at most %d rows are counted here",
		SUBJECTS_ROWS);
	k->head = false;
	k->at = 0;
	return OK;
}

/* All fields of a window; what is left moves to its head. */
static err take_window(struct ctx *c, struct counting *k, struct csv *r)
{
	struct str field;
	enum csv_step step;
	while ((step = csv_next(r, &field)) != CSV_MORE && step != CSV_END) {
		ENSURE(step != CSV_TOO_LONG, c, ERR_TOO_LARGE, "a field is longer than %u bytes",
			LIMIT_CSV_FIELD);
		TRY(take_field(c, k, field, step == CSV_ROW));
	}
	return OK;
}

static err count(struct ctx *c, struct counting *k, char delimiter, int fd)
{
	struct csv r;
	char *window;
	uint64_t at = 0;
	size_t kept = 0, got = 1;
	NEW_N(c, window, WINDOW);
	TRY(csv_open(c, delimiter, &r));
	while (got > 0) {
		TRY(blob_get_at(c, fd, window + kept, WINDOW - kept, at, &got));
		at += got;
		if (at == got && got > 0 && delimiter == ',')
			TRY(csv_open(c, csv_guess((struct str){window, got}), &r));
		csv_feed(&r, (struct str){window, kept + got}, got == 0);
		TRY(take_window(c, k, &r));
		struct str rest = csv_rest(&r);
		kept = rest.n;
		if (kept > 0)
			memmove(window, rest.p, kept);
	}
	ENSURE(!k->head, c, ERR_BAD_VALUE, "the object holds no table");
	return OK;
}

static err salt_of(struct ctx *c, struct acts *n, struct str id, struct hash *ret)
{
	bool found = false;
	TRY(sandbox_store_salt(c, acts_db(n), id, &found, ret));
	if (found)
		return OK;
	env_random(acts_env(n), ret->b, sizeof ret->b);
	return sandbox_store_put_salt(c, acts_db(n), id, ret);
}

static err body_of(
	struct ctx *c, const struct counting *k, const struct revision *p, struct json **ret)
{
	struct json *o = json_object(c), *overlap;
	struct hash salt = hash_of(hash_str(&k->salt)), keys;
	int64_t n = 0;
	TRY(sandbox_store_overlap_of_keys(c, k->db, k->id, SUBJECTS_OVERLAPS, &overlap));
	TRY(sandbox_store_digest_keys(c, k->db, k->id, k->bit, &keys, &n));
	json_set_num(c, &o, "revision", p->revision);
	json_set_hex(c, &o, "root", p->root.b, HASH_BYTES);
	json_set_str(c, &o, "key", k->key);
	json_set_num(c, &o, "bit", k->bit);
	json_set_num(c, &o, "records", k->rows);
	json_set_num(c, &o, "subjects", n);
	json_set(&o, "overlap", overlap);
	json_set_hex(c, &o, "salt", salt.b, HASH_BYTES);
	json_set_hex(c, &o, "keys", keys.b, HASH_BYTES);
	*ret = o;
	return OK;
}

err subjects_measure(struct ctx *c, struct acts *n, struct str actor, const struct sandbox_row *r,
	const struct revision *p, int fd, struct entry *ret)
{
	struct sandbox_object *o;
	struct json *body;
	size_t o_n = 0;
	bool tabs = str_is(p->media_type, "text/tab-separated-values");
	ENSURE(r->key.n > 0, c, ERR_BAD_STATE,
		"the test plan names no key column: shugu sandbox plan CASE --key COLUMN");
	ENSURE(tabs || str_is(p->media_type, "text/csv"), c, ERR_BAD_VALUE,
		"subjects are counted in CSV and tab-separated text, not in %.*s",
		FMT(p->media_type));
	ENSURE((uint64_t)p->size <= SUBJECTS_BYTES, c, ERR_TOO_LARGE,
		"at most %llu bytes are counted here", SUBJECTS_BYTES);
	NEW_N(c, o, SANDBOX_OBJECTS);
	TRY(sandbox_store_objects(c, acts_db(n), r->id, SANDBOX_OBJECTS, o, &o_n));
	for (size_t i = 0; i < o_n; i++)
		ENSURE(o[i].revision != p->revision, c, ERR_CONFLICT,
			"revision %lld was counted: %lld subjects", (long long)o[i].revision,
			(long long)o[i].subjects);
	ENSURE(o_n < SANDBOX_OBJECTS, c, ERR_QUOTA, "a case counts %d revisions at most",
		SANDBOX_OBJECTS);
	struct counting k = {.db = acts_db(n),
		.id = r->id,
		.key = r->key,
		.bit = (int64_t)1 << o_n,
		.head = true};
	TRY(acts_tick(c, n));
	TRY(salt_of(c, n, r->id, &k.salt));
	TRY(count(c, &k, tabs ? '\t' : ',', fd));
	TRY(body_of(c, &k, p, &body));
	const struct act a = {STR("sandbox.measure"), actor, r->id, body, NULL};
	return acts_do(c, n, &a, ret);
}
