/* /api/v1/openapi.json: printed from the table of routes. */
#include "api/node_routes.h"

static const char *const scopes[] = {"", "operator", "peer", "joining"};

static struct json *operation(struct ctx *c, const struct route *r)
{
	struct json *o = json_object(c), *responses = json_object(c), *done = json_object(c);
	json_set_str(c, &o, "summary", str_z(r->doc));
	json_set_str(c, &done, "description", STR("done"));
	json_set(&responses, "2XX", done);
	json_set(&o, "responses", responses);
	if (r->scope != SCOPE_ANY) {
		struct json *security = json_array(c), *one = json_object(c);
		json_set(&one, scopes[r->scope], json_array(c));
		json_push(&security, one);
		json_set(&o, "security", security);
	}
	return o;
}

static struct str lower(struct ctx *c, const char *method)
{
	struct buf b;
	buf_init(&b, c->arena, 16);
	for (; *method != '\0'; method++)
		buf_char(&b, (char)(*method | 0x20));
	return buf_str(&b);
}

/* All methods of one path. Rows of one path need not stand together. */
static struct json *path_item(struct ctx *c, const struct route_table *t, struct str path)
{
	struct json *o = json_object(c);
	for (size_t i = 0; i < t->n; i++) {
		for (size_t j = 0; j < t->p[i]->n; j++) {
			const struct route *r = &t->p[i]->p[j];
			if (str_is(path, r->path))
				json_set(&o, arena_z(c->arena, lower(c, r->method)),
					operation(c, r));
		}
	}
	return o;
}

static err say_openapi(struct ctx *c, struct call *k)
{
	struct json *o = json_object(c), *info = json_object(c), *paths = json_object(c);
	json_set_str(c, &o, "openapi", STR("3.1.0"));
	json_set_str(c, &info, "title", STR("Shugu"));
	json_set_str(c, &info, "version", STR("1"));
	json_set(&o, "info", info);
	for (size_t i = 0; i < all_routes.n; i++) {
		for (size_t j = 0; j < all_routes.p[i]->n; j++) {
			const char *path = all_routes.p[i]->p[j].path;
			if (json_get(paths, path) == NULL)
				json_set(&paths, path, path_item(c, &all_routes, str_z(path)));
		}
	}
	json_set(&o, "paths", paths);
	return call_json(c, k, 200, o);
}

static const struct route rows[] = {
	{.method = "GET",
		.path = "/api/v1/openapi.json",
		.scope = SCOPE_ANY,
		.say = say_openapi,
		.doc = "This document."},
};
const struct routes openapi_routes = {rows, countof(rows)};
