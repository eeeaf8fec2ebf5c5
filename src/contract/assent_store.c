#include "contract/assent_store.h"

#include <string.h>

#include "base/limits.h"

const struct migration assent_migrations[ASSENT_MIGRATIONS] = {
	{"assent-1",
		"CREATE TABLE assent(about TEXT NOT NULL, step TEXT NOT NULL, actor TEXT NOT NULL, "
		"at INTEGER NOT NULL, PRIMARY KEY(about, step)) STRICT, WITHOUT ROWID;"
		"CREATE TABLE attachment(about TEXT NOT NULL, idx INTEGER NOT NULL, subject TEXT "
		"NOT NULL, kind TEXT NOT NULL, root BLOB NOT NULL, sha256 BLOB NOT NULL, size "
		"INTEGER NOT NULL, media_type TEXT NOT NULL, actor TEXT NOT NULL, at INTEGER NOT "
		"NULL, PRIMARY KEY(about, idx)) STRICT, WITHOUT ROWID;"
		"CREATE INDEX attachment_subject ON attachment(subject, idx);"
		"CREATE INDEX attachment_root ON attachment(root);"},
	{"assent-2",
		"CREATE TABLE policy_wish(policy TEXT PRIMARY KEY, id TEXT NOT NULL, rules TEXT "
		"NOT NULL) STRICT, WITHOUT ROWID;"},
};

err assent_store_find(
	struct ctx *c, struct store *db, struct str about, struct str step, struct assent *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	struct assent a = {.at_ms = 0};
	TRY(store_prepare(c, db,
		"SELECT about, step, actor, at FROM assent WHERE about = ?1 AND step = ?2", &s));
	stmt_text(s, 1, about);
	stmt_text(s, 2, step);
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "nobody has said yes to this");
	TRY(arena_str(c, stmt_col(s, 0), &a.about));
	TRY(arena_str(c, stmt_col(s, 1), &a.step));
	TRY(arena_str(c, stmt_col(s, 2), &a.actor));
	a.at_ms = stmt_col_int(s, 3);
	*ret = a;
	return OK;
}

err assent_store_put(struct ctx *c, struct store *db, const struct assent *a)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO assent(about, step, actor, at) VALUES (?1, ?2, ?3, ?4) ON "
		"CONFLICT(about, step) DO UPDATE SET actor = ?3, at = ?4",
		&s));
	stmt_text(s, 1, a->about);
	stmt_text(s, 2, a->step);
	stmt_text(s, 3, a->actor);
	stmt_int(s, 4, a->at_ms);
	return stmt_run(c, s);
}

err attachment_store_count(
	struct ctx *c, struct store *db, struct str about, int64_t max, int64_t *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db,
		"SELECT count(*) FROM (SELECT 1 FROM attachment WHERE about = ?1 LIMIT ?2)", &s));
	stmt_text(s, 1, about);
	stmt_int(s, 2, max);
	TRY(stmt_step(c, s, &row));
	*ret = stmt_col_int(s, 0);
	return OK;
}

#define ATTACHMENT \
	"SELECT about, subject, kind, root, sha256, size, media_type, actor, at, idx FROM " \
	"attachment "

static err read_attachment(struct ctx *c, struct stmt *s, struct attachment *ret)
{
	struct attachment a = {.size = stmt_col_int(s, 5),
		.at_ms = stmt_col_int(s, 8),
		.index = (uint64_t)stmt_col_int(s, 9)};
	struct str root = stmt_col(s, 3), sha256 = stmt_col(s, 4);
	ENSURE(root.n == HASH_BYTES && sha256.n == HASH_BYTES, c, ERR_CORRUPT,
		"an attachment without digests");
	memcpy(a.root.b, root.p, HASH_BYTES);
	memcpy(a.sha256.b, sha256.p, HASH_BYTES);
	TRY(arena_str(c, stmt_col(s, 0), &a.about));
	TRY(arena_str(c, stmt_col(s, 1), &a.subject));
	TRY(arena_str(c, stmt_col(s, 2), &a.kind));
	TRY(arena_str(c, stmt_col(s, 6), &a.media_type));
	TRY(arena_str(c, stmt_col(s, 7), &a.actor));
	*ret = a;
	return OK;
}

err attachment_store_list(struct ctx *c, struct store *db, struct str subject, int64_t after,
	size_t max, struct attachment *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	size_t n = 0;
	TRY(store_prepare(
		c, db, ATTACHMENT "WHERE subject = ?1 AND idx > ?3 ORDER BY idx LIMIT ?2", &s));
	stmt_text(s, 1, subject);
	stmt_int(s, 2, (int64_t)max);
	stmt_int(s, 3, after);
	TRY(stmt_step(c, s, &row));
	while (row) {
		TRY(read_attachment(c, s, &ret[n++]));
		TRY(stmt_step(c, s, &row));
	}
	*ret_n = n;
	return OK;
}

err attachment_store_find(struct ctx *c, struct store *db, struct str subject,
	const struct hash *sha256, struct attachment *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(
		c, db, ATTACHMENT "WHERE subject = ?1 AND sha256 = ?2 ORDER BY idx LIMIT 1", &s));
	stmt_text(s, 1, subject);
	stmt_bytes(s, 2, hash_str(sha256));
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "no such file is attached");
	return read_attachment(c, s, ret);
}

err attachment_store_refers(struct ctx *c, struct store *db, const struct hash *root, bool *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "SELECT 1 FROM attachment WHERE root = ?1 LIMIT 1", &s));
	stmt_bytes(s, 1, hash_str(root));
	return stmt_step(c, s, ret);
}

err attachment_store_put(
	struct ctx *c, struct store *db, const struct attachment *a, uint64_t index)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db,
		"INSERT INTO attachment(about, idx, subject, kind, root, sha256, size, media_type, "
		"actor, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
		&s));
	stmt_text(s, 1, a->about);
	stmt_int(s, 2, (int64_t)index);
	stmt_text(s, 3, a->subject);
	stmt_text(s, 4, a->kind);
	stmt_bytes(s, 5, hash_str(&a->root));
	stmt_bytes(s, 6, hash_str(&a->sha256));
	stmt_int(s, 7, a->size);
	stmt_text(s, 8, a->media_type);
	stmt_text(s, 9, a->actor);
	stmt_int(s, 10, a->at_ms);
	return stmt_run(c, s);
}

err easing_store_find(struct ctx *c, struct store *db, struct str policy, struct easing *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	struct easing x = {.policy = policy};
	struct str rules;
	TRY(store_prepare(c, db, "SELECT id, rules FROM policy_wish WHERE policy = ?1", &s));
	stmt_text(s, 1, policy);
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "no policy waits for another person");
	TRY(arena_str(c, stmt_col(s, 0), &x.id));
	TRY(arena_str(c, stmt_col(s, 1), &rules));
	TRY(json_parse(c, rules, &x.rules));
	*ret = x;
	return OK;
}

err easing_store_put(struct ctx *c, struct store *db, const struct easing *x)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct str rules;
	TRY(json_canonical(c, x->rules, LIMIT_ACT, &rules));
	TRY(store_prepare(
		c, db, "INSERT INTO policy_wish(policy, id, rules) VALUES (?1, ?2, ?3)", &s));
	stmt_text(s, 1, x->policy);
	stmt_text(s, 2, x->id);
	stmt_text(s, 3, rules);
	return stmt_run(c, s);
}

err easing_store_drop(struct ctx *c, struct store *db, struct str policy)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, db, "DELETE FROM policy_wish WHERE policy = ?1", &s));
	stmt_text(s, 1, policy);
	return stmt_run(c, s);
}
