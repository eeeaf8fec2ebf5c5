#include "api/routes.h"

#include <string.h>

/* The path fits the pattern: segment by segment, {name} takes one that is not empty, {name...} takes the rest. */
static bool fits(const char *pattern, struct str path, struct str *params)
{
	size_t at = 0, n = 0;
	for (const char *p = pattern; *p != '\0'; p++) {
		if (*p != '{') {
			if (at == path.n || path.p[at++] != *p)
				return false;
			continue;
		}
		while (*p != '}')
			p++;
		struct str value = str_sub(path, at, path.n);
		if (p[-1] != '.')
			value = str_sub(value, 0, str_find(value, '/'));
		if (value.n == 0 || n == CALL_PARAMS)
			return false;
		params[n++] = value;
		at += value.n;
	}
	return at == path.n;
}

static bool takes(const struct route *r, struct str method)
{
	return str_is(method, r->method) ||
	       (str_is(method, "HEAD") && strcmp(r->method, "GET") == 0);
}

err routes_match(struct ctx *c, const struct route_table *t, struct str method, struct str path,
	const struct route **ret, struct str *ret_params, struct str *ret_allow)
{
	struct buf allow;
	struct str params[CALL_PARAMS] = {{0}};
	buf_init(&allow, c->arena, 200);
	for (size_t i = 0; i < t->n; i++) {
		for (size_t j = 0; j < t->p[i]->n; j++) {
			const struct route *r = &t->p[i]->p[j];
			if (!fits(r->path, path, params))
				continue;
			if (takes(r, method)) {
				memcpy(ret_params, params, sizeof params);
				*ret = r;
				return OK;
			}
			if (allow.n > 0)
				buf_z(&allow, ", ");
			buf_z(&allow, r->method);
		}
	}
	*ret_allow = buf_str(&allow);
	ENSURE(allow.n == 0, c, ERR_METHOD, "this address takes %.*s", FMT(*ret_allow));
	return fail(c, ERR_NOT_FOUND, "there is nothing at %.*s", FMT(str_sub(path, 0, 200)));
}

struct str routes_path(const struct self *self, struct str path)
{
	struct str mark = STR("/simulated");
	if (!self->simulated || !str_starts(path, mark) || path.n == mark.n)
		return path;
	struct str rest = str_sub(path, mark.n, path.n);
	return str_is(rest, "/did.json") ? STR("/.well-known/did.json") : rest;
}
