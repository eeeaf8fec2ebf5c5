#include "net/cookie.h"

/* cookie-octet: no control, space, DQUOTE, comma, semicolon, backslash. */
static bool is_octets(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i];
		if (ch <= ' ' || ch > '~' || ch == '"' || ch == ',' || ch == '\\')
			return false;
	}
	return true;
}

static err one_field(struct ctx *c, const struct http_request *r, struct str *ret)
{
	*ret = (struct str){0};
	for (size_t i = 0; i < r->n; i++) {
		if (!str_is_nocase(r->headers[i].name, "Cookie"))
			continue;
		ENSURE(ret->p == NULL, c, ERR_MALFORMED, "two Cookie fields");
		*ret = r->headers[i].value;
	}
	return OK;
}

err http_cookie(struct ctx *c, const struct http_request *r, const char *name, struct str *ret)
{
	struct str left, pair, key, value, found = {0};
	TRY(one_field(c, r, &left));
	while (left.n > 0) {
		if (!str_cut(left, ';', &pair, &left)) {
			pair = left;
			left.n = 0;
		}
		if (!str_cut(str_trim(pair), '=', &key, &value) || !str_is(key, name))
			continue;
		ENSURE(found.p == NULL, c, ERR_MALFORMED, "the cookie %s stands there twice", name);
		ENSURE(is_octets(value), c, ERR_MALFORMED, "the cookie %s holds what it must not",
			name);
		found = value;
	}
	*ret = found;
	return OK;
}
