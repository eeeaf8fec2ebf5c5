#include "api/page.h"

#include <string.h>

#include "base/limits.h"
#include "codec/base64.h"
#include "crypto/hash.h"

#define CHECK_BYTES 8u
#define CURSOR_MAX 512u

static err text_of(struct ctx *c, const struct page *p, int64_t at, struct str id, struct str *ret)
{
	struct str key, all;
	TRY(arena_fmt(c, &key, "%lld %.*s", (long long)at, FMT(id)));
	TRY(arena_fmt(c, &all, "%.*s\n%.*s", FMT(p->list), FMT(key)));
	const struct hash h = hash_of(all);
	struct buf b;
	buf_init(&b, c->arena, CHECK_BYTES + key.n);
	buf_add(&b, (struct str){(const char *)h.b, CHECK_BYTES});
	buf_add(&b, key);
	TRY(buf_done(c, &b, &all));
	return base64url_encode(c, all, ret);
}

/* It is of this list where it is what would have been given for its key. */
static err read_cursor(struct ctx *c, struct str text, struct page *p)
{
	struct str bytes, again;
	ENSURE(text.n <= CURSOR_MAX && base64url_decode(c, text, &bytes) == OK &&
			bytes.n > CHECK_BYTES,
		c, ERR_CURSOR, "cursor must be next of a page before, unchanged");
	struct str key = str_sub(bytes, CHECK_BYTES, bytes.n);
	size_t end = str_find(key, ' ');
	ENSURE(end < key.n && str_i64(str_sub(key, 0, end), &p->at), c, ERR_CURSOR,
		"cursor must be next of a page before, unchanged");
	p->id = str_sub(key, end + 1, key.n);
	TRY(text_of(c, p, p->at, p->id, &again));
	ENSURE(str_eq(text, again), c, ERR_CURSOR,
		"this cursor is of another list, or of other filters: begin without one");
	return OK;
}

static err query(struct ctx *c, const struct call *k, const char *name, bool *ret, struct str *text)
{
	err e = call_query(c, k, name, text);
	*ret = e == OK;
	return e == ERR_NOT_FOUND ? OK : e;
}

err page_read(
	struct ctx *c, const struct call *k, struct str filter, int64_t begin, struct page *ret)
{
	struct page p = {.at = begin,
		.limit = PAGE_ROWS,
		.rows = json_array(c),
		.room = LIMIT_HTTP_BODY - LIMIT_HTTP_BODY / 16};
	struct str text;
	uint64_t limit = 0;
	bool given = false;
	TRY(arena_fmt(c, &p.list, "%s\n%.*s\n%.*s", k->route->path, FMT(k->param[0]), FMT(filter)));
	TRY(query(c, k, "limit", &given, &text));
	if (given) {
		ENSURE(str_u64(text, &limit) && limit >= 1 && limit <= LIMIT_PAGE, c, ERR_BAD_VALUE,
			"limit must be a number from 1 to %u", LIMIT_PAGE);
		p.limit = limit;
	}
	TRY(query(c, k, "cursor", &given, &text));
	if (given)
		TRY(read_cursor(c, text, &p));
	*ret = p;
	return OK;
}

size_t page_rows(const struct page *p)
{
	return p->limit + 1;
}

err page_add(
	struct ctx *c, struct page *p, struct json *row, int64_t at, struct str id, bool *ret_more)
{
	struct str text;
	size_t n = p->rows == NULL ? 0 : p->rows->n;
	TRY(json_write(c, row, false, LIMIT_HTTP_BODY, &text));
	if (n == p->limit || (n > 0 && text.n >= p->room)) {
		p->more = true;
		*ret_more = false;
		return OK;
	}
	p->room -= text.n < p->room ? text.n + 1 : p->room;
	json_push(&p->rows, row);
	p->next_at = at;
	p->next_id = id;
	*ret_more = true;
	return OK;
}

err page_cursor(struct ctx *c, const struct page *p, struct str *ret)
{
	return text_of(c, p, p->next_at, p->next_id, ret);
}

err page_say(struct ctx *c, struct call *k, const struct page *p, const char *member)
{
	struct json *o = json_object(c);
	struct str next;
	json_set(&o, member, p->rows);
	if (p->more) {
		TRY(page_cursor(c, p, &next));
		json_set_str(c, &o, "next", next);
	}
	return call_json(c, k, 200, o);
}
