#include "net/fields.h"

#include "base/arena.h"

/* The last n bytes. */
static enum http_range_kind suffix(uint64_t n, uint64_t size, struct http_range *ret)
{
	if (n == 0 || size == 0)
		return HTTP_RANGE_UNSATISFIABLE;
	uint64_t length = n < size ? n : size;
	*ret = (struct http_range){size - length, length};
	return HTTP_RANGE_PART;
}

enum http_range_kind http_range(struct str value, uint64_t size, struct http_range *ret)
{
	struct str from, to;
	uint64_t first = 0, last = UINT64_MAX;
	bool bytes = value.n >= 6 && str_is_nocase(str_sub(value, 0, 6), "bytes=");
	if (!bytes || !str_cut(str_trim(str_sub(value, 6, value.n)), '-', &from, &to))
		return HTTP_RANGE_NONE;
	if ((from.n > 0 && !str_u64(from, &first)) || (to.n > 0 && !str_u64(to, &last)))
		return HTTP_RANGE_NONE;
	if (from.n == 0)
		return to.n == 0 ? HTTP_RANGE_NONE : suffix(last, size, ret);
	if (last < first)
		return HTTP_RANGE_NONE;
	if (first >= size)
		return HTTP_RANGE_UNSATISFIABLE;
	last = last < size ? last : size - 1;
	*ret = (struct http_range){first, last - first + 1};
	return HTTP_RANGE_PART;
}

enum http_range_kind http_request_range(
	const struct http_request *r, struct str etag, uint64_t size, struct http_range *ret)
{
	struct str range = http_header(r, "range"), condition = http_header(r, "if-range");
	bool get = str_is(r->method, "GET") || str_is(r->method, "HEAD");
	if (range.p == NULL || !get || (condition.p != NULL && !str_eq(condition, etag)))
		return HTTP_RANGE_NONE;
	return http_range(range, size, ret);
}

bool http_etag_listed(struct str list, struct str etag)
{
	if (str_is(str_trim(list), "*"))
		return true;
	struct str rest = list, tag;
	for (bool more = true; more;) {
		struct str all = rest;
		more = str_cut(all, ',', &tag, &rest);
		tag = str_trim(more ? tag : all);
		if (str_starts(tag, STR("W/")))
			tag = str_sub(tag, 2, tag.n);
		if (tag.n > 0 && str_eq(tag, etag))
			return true;
	}
	return false;
}

bool http_not_modified(const struct http_request *r, struct str etag)
{
	struct str list = http_header(r, "if-none-match");
	bool get = str_is(r->method, "GET") || str_is(r->method, "HEAD");
	return get && list.p != NULL && http_etag_listed(list, etag);
}

static err decode(struct ctx *c, struct str raw, struct str *ret)
{
	char *out;
	NEW_N(c, out, raw.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < raw.n; i++) {
		char ch = raw.p[i] == '+' ? ' ' : raw.p[i];
		if (ch == '%') {
			char digits[2];
			ENSURE(i + 2 < raw.n, c, ERR_MALFORMED,
				"a percent sign without two digits");
			for (size_t k = 0; k < 2; k++) {
				char d = raw.p[i + 1 + k];
				digits[k] = d >= 'A' && d <= 'F' ? (char)(d - 'A' + 'a') : d;
			}
			uint8_t byte;
			ENSURE(str_unhex((struct str){digits, 2}, &byte, 1), c, ERR_MALFORMED,
				"a percent sign without two digits");
			ch = (char)byte;
			i += 2;
		}
		ENSURE((unsigned char)ch >= ' ' || ch == '\t' || ch == '\n' || ch == '\r', c,
			ERR_MALFORMED, "a control character in the query");
		out[n++] = ch;
	}
	ENSURE(str_is_utf8((struct str){out, n}), c, ERR_MALFORMED, "the query is not UTF-8");
	*ret = (struct str){out, n};
	return OK;
}

err http_query(struct ctx *c, struct str query, const char *name, struct str *ret)
{
	*ret = (struct str){0};
	struct str rest = query, pair;
	for (bool more = true; more;) {
		struct str all = rest, key, value = {0};
		more = str_cut(all, '&', &pair, &rest);
		if (!more)
			pair = all;
		if (!str_cut(pair, '=', &key, &value))
			key = pair;
		if (!str_is(key, name))
			continue;
		ENSURE(ret->p == NULL, c, ERR_MALFORMED, "%s occurs twice in the query", name);
		TRY(decode(c, value, ret));
	}
	return OK;
}
