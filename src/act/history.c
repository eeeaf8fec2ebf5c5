#include "act/history.h"

#include "base/limits.h"

static err take_rows(struct ctx *c, struct stmt *s, size_t max, uint64_t *ret, size_t *ret_n)
{
	bool row = true;
	size_t n = 0;
	while (n < max) {
		TRY(stmt_step(c, s, &row));
		if (!row)
			break;
		ret[n++] = (uint64_t)stmt_col_int(s, 0);
	}
	*ret_n = n;
	return OK;
}

err history_of(struct ctx *c, struct acts *n, struct str subject, int64_t after, size_t max,
	uint64_t *ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	TRY(store_prepare(c, acts_db(n),
		"SELECT idx FROM entry WHERE subject = ?1 AND idx > ?3 ORDER BY idx LIMIT ?2", &s));
	stmt_text(s, 1, subject);
	stmt_int(s, 2, (int64_t)max);
	stmt_int(s, 3, after);
	return take_rows(c, s, max, ret, ret_n);
}

err history_search(struct ctx *c, struct acts *n, struct str text, uint64_t before, size_t max,
	uint64_t *ret, size_t *ret_n, uint64_t *ret_next)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	uint64_t size = commit_size(acts_log(n)), top = before < size ? before : size;
	uint64_t low = top > LIMIT_HISTORY_SCAN ? top - LIMIT_HISTORY_SCAN : 0;
	TRY(store_prepare(c, acts_db(n),
		"SELECT idx FROM entry WHERE idx < ?1 AND idx >= ?2 AND instr(act, ?3) > 0 "
		"ORDER BY idx DESC LIMIT ?4",
		&s));
	stmt_int(s, 1, (int64_t)top);
	stmt_int(s, 2, (int64_t)low);
	stmt_bytes(s, 3, text);
	stmt_int(s, 4, (int64_t)max);
	TRY(take_rows(c, s, max, ret, ret_n));
	*ret_next = *ret_n == max && max > 0 ? ret[max - 1] : low;
	return OK;
}
