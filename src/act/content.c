#include "act/content.h"

#include "base/limits.h"

err content_put(struct ctx *c, struct store *db, struct str bytes, struct hash *ret_digest)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	ENSURE(bytes.n <= LIMIT_DOCUMENT, c, ERR_TOO_LARGE, "a document has at most %u bytes",
		LIMIT_DOCUMENT);
	struct hash digest = hash_of(bytes);
	TRY(store_prepare(
		c, db, "INSERT OR IGNORE INTO n_content(digest, bytes) VALUES (?1, ?2)", &s));
	stmt_bytes(s, 1, hash_str(&digest));
	stmt_bytes(s, 2, bytes);
	TRY(stmt_run(c, s));
	*ret_digest = digest;
	return OK;
}

err content_put_json(struct ctx *c, struct store *db, const struct json *j, struct hash *ret_digest)
{
	struct str bytes;
	TRY(json_canonical(c, j, LIMIT_DOCUMENT, &bytes));
	return content_put(c, db, bytes, ret_digest);
}

err content_get(struct ctx *c, struct store *db, const struct hash *digest, struct str *ret)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	TRY(store_prepare(c, db, "SELECT bytes FROM n_content WHERE digest = ?1", &s));
	stmt_bytes(s, 1, hash_str(digest));
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "this content is not kept here, or was forgotten");
	return arena_str(c, stmt_col(s, 0), ret);
}

err content_get_json(
	struct ctx *c, struct store *db, const struct hash *digest, const struct json **ret)
{
	struct str bytes;
	TRY(content_get(c, db, digest, &bytes));
	return json_parse(c, bytes, ret);
}
