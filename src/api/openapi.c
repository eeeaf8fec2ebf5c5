/* /api/v1/openapi.json: printed from the table of routes. */
#include "api/api.h"
#include "api/node_routes.h"
#include "api/page.h"
#include "api/problem.h"
#include "api/session.h"
#include "base/limits.h"

static const struct {
	const char *name, *who;
} schemes[] = {
	[SCOPE_OPERATOR] = {"operator", "The operator's token (keys/operator.token)."},
	[SCOPE_PERSON] = {"person",
		"A person who is signed in; `shugu api` names the cookie without the "
		"digest of the node (docs/FORMATS.md). What writes also brings X-CSRF-Token. The "
		"roles named "
		"may call."},
	[SCOPE_PEER] = {"peer",
		"A self-issued JWT of an approved party, or the session it opened."},
	[SCOPE_KNOWN] = {"known", "A self-issued JWT of a party whose key is known, approved or "
				  "not, or its session."},
	[SCOPE_JOINING] = {"joining", "A self-issued JWT of a party, known here or not."},
};

/* {name} and {name...} of a pattern: its name, and what is left of the pattern; an empty name at the end. */
static struct str next_parameter(struct str *pattern)
{
	struct str p = str_sub(*pattern, str_find(*pattern, '{'), pattern->n);
	size_t end = str_find(p, '}');
	struct str name = str_sub(p, 1, end > 0 ? end - 1 : 0);
	*pattern = str_sub(p, end, p.n);
	return str_sub(name, 0, str_find(name, '.'));
}

/* The pattern as OpenAPI writes it, without the dots of {name...}. */
static struct str template(struct ctx *c, const char *pattern)
{
	struct str p = str_z(pattern), dots = STR("...}");
	if (!str_ends(p, dots))
		return p;
	struct buf b;
	buf_init(&b, c->arena, p.n);
	buf_add(&b, str_sub(p, 0, p.n - dots.n));
	buf_char(&b, '}');
	return buf_str(&b);
}

static struct json *schema_of(struct ctx *c, const char *type)
{
	struct json *o = json_object(c);
	json_set_str(c, &o, "type", str_z(type));
	return o;
}

static void push_parameter(struct ctx *c, struct json **a, struct str name, const char *in,
	const char *about, struct json *schema)
{
	struct json *o = json_object(c);
	json_set_str(c, &o, "name", name);
	json_set_str(c, &o, "in", str_z(in));
	if (about != NULL)
		json_set_str(c, &o, "description", str_z(about));
	json_set(&o, "required", json_bool(c, str_is(str_z(in), "path")));
	json_set(&o, "schema", schema);
	json_push(a, o);
}

/* Of a list: how many rows, and where to go on. */
static void push_paging(struct ctx *c, struct json **a)
{
	struct json *limit = schema_of(c, "integer");
	json_set_num(c, &limit, "minimum", 1);
	json_set_num(c, &limit, "maximum", LIMIT_PAGE);
	json_set_num(c, &limit, "default", PAGE_ROWS);
	push_parameter(c, a, STR("limit"), "query", "Rows of a page, at most.", limit);
	push_parameter(c, a, STR("cursor"), "query",
		"`next` of the page before, unchanged, with the same filters.",
		schema_of(c, "string"));
}

static struct json *parameters(struct ctx *c, const struct route *r)
{
	struct json *a = json_array(c);
	struct str pattern = str_z(r->path), name, filters = str_z(r->filters ? r->filters : "");
	while ((name = next_parameter(&pattern)).n > 0)
		push_parameter(c, &a, name, "path", NULL, schema_of(c, "string"));
	if (r->pages)
		push_paging(c, &a);
	while (filters.n > 0) {
		name = str_sub(filters, 0, str_find(filters, ' '));
		filters = str_sub(filters, name.n + 1, filters.n);
		push_parameter(c, &a, name, "query", NULL, schema_of(c, "string"));
	}
	return a;
}

/* A member as json_read takes it, bounded where it is to be taken. maxLength counts characters, max bytes: no text that is taken has more. */
static struct json *member_schema(struct ctx *c, const struct json_field *f, bool bounded)
{
	static const char *const types[] = {
		[JSON_K_TEXT] = "string",
		[JSON_K_INT] = "integer",
		[JSON_K_BOOL] = "boolean",
		[JSON_K_HEX32] = "string",
		[JSON_K_OBJECT] = "object",
		[JSON_K_ARRAY] = "array",
	};
	struct json *o = json_object(c), *words = json_array(c);
	if (f->kind != JSON_K_ANY)
		json_set_str(c, &o, "type", str_z(types[f->kind]));
	if (f->kind == JSON_K_HEX32)
		json_set_str(c, &o, "pattern", STR("^[0-9a-f]{64}$"));
	if (bounded && f->kind == JSON_K_TEXT && f->words == NULL)
		json_set_num(c, &o, "maxLength", (int64_t)(f->max == 0 ? LIMIT_TEXT : f->max));
	for (const char *const *w = f->words; w != NULL && *w != NULL; w++)
		json_push(&words, json_z(c, *w));
	if (f->words != NULL)
		json_set(&o, "enum", words);
	return o;
}

/* What a table takes; fields NULL: any object. */
static struct json *object_schema(
	struct ctx *c, const struct json_field *fields, size_t n, bool bounded)
{
	struct json *o = json_object(c), *all = json_object(c), *required = json_array(c);
	json_set_str(c, &o, "type", STR("object"));
	if (fields == NULL)
		return o;
	for (size_t i = 0; i < n; i++) {
		json_set(&all, fields[i].name, member_schema(c, &fields[i], bounded));
		if (!fields[i].optional)
			json_push(&required, json_z(c, fields[i].name));
	}
	json_set(&o, "properties", all);
	json_set(&o, "required", required);
	json_set(&o, "additionalProperties", json_bool(c, false));
	return o;
}

static struct json *reference(struct ctx *c, const char *to)
{
	struct json *o = json_object(c);
	json_set_str(c, &o, "$ref", str_z(to));
	return o;
}

/* {media type: {schema}}. */
static struct json *content(struct ctx *c, const char *type, struct json *schema)
{
	struct json *o = json_object(c), *media = json_object(c);
	json_set(&media, "schema", schema);
	json_set(&o, type, media);
	return o;
}

/* Any text. */
static struct json *page_content(struct ctx *c)
{
	static const struct json_field page = {.kind = JSON_K_TEXT};
	return content(c, "text/html", member_schema(c, &page, false));
}

static struct json *refusal_content(struct ctx *c, const struct route *r)
{
	if (r->is_dsp)
		return content(c, "application/json", object_schema(c, NULL, 0, false));
	struct json *o = content(
		c, "application/problem+json", reference(c, "#/components/schemas/problem"));
	if (r->is_page)
		json_set(&o, "text/html", json_copy(c, json_get(page_content(c), "text/html")));
	return o;
}

static struct json *responses(struct ctx *c, const struct route *r)
{
	struct json *o = json_object(c), *done = json_object(c), *refused = json_object(c);
	json_set_str(c, &done, "description", STR("done"));
	if (r->gives != NULL)
		json_set(&done, "content",
			content(c, "application/json",
				object_schema(c, r->gives, r->gives_n, false)));
	json_set(&o, "2XX", done);
	json_set_str(c, &refused, "description", STR("refused, and why"));
	json_set(&refused, "content", refusal_content(c, r));
	json_set(&o, "default", refused);
	return o;
}

/* Either the operator's token, or a person in one of the roles: OpenAPI 3.1 lists them with the scheme. */
static struct json *security(struct ctx *c, const struct route *r)
{
	struct json *a = json_array(c), *one = json_object(c), *roles = json_array(c);
	if (r->scope != SCOPE_PERSON) {
		json_set(&one, schemes[r->scope].name, json_array(c));
		json_push(&a, one);
	}
	for (unsigned role = 1; role <= ROLES_ALL; role <<= 1) {
		if ((r->roles & role) != 0)
			json_push(&roles, json_z(c, role_word((enum role)role)));
	}
	if (r->roles != 0) {
		one = json_object(c);
		json_set(&one, schemes[SCOPE_PERSON].name, roles);
		json_push(&a, one);
	}
	return a;
}

/* What a writing call of people may bring (api/repeat.h), and must by cookie (api/session.h). */
static void push_headers(struct ctx *c, const struct route *r, struct json **named)
{
	bool people = r->scope == SCOPE_OPERATOR || r->scope == SCOPE_PERSON;
	if (str_is(str_z(r->method), "GET") || !people)
		return;
	if (r->body == NULL)
		json_push(named, reference(c, "#/components/parameters/idempotencyKey"));
	if (r->roles != 0)
		json_push(named, reference(c, "#/components/parameters/csrf"));
}

static struct json *operation(struct ctx *c, const struct route *r)
{
	struct json *o = json_object(c), *named = parameters(c, r);
	push_headers(c, r, &named);
	json_set_str(c, &o, "summary", str_z(r->doc));
	if (named != NULL && named->n > 0)
		json_set(&o, "parameters", named);
	if (r->takes_json) {
		struct json *body = json_object(c);
		json_set(&body, "required", json_bool(c, true));
		json_set(&body, "content",
			content(c, "application/json",
				object_schema(c, r->takes, r->takes_n, true)));
		json_set(&o, "requestBody", body);
	}
	json_set(&o, "responses", responses(c, r));
	if (r->scope != SCOPE_ANY)
		json_set(&o, "security", security(c, r));
	return o;
}

static struct json *header(
	struct ctx *c, const char *name, const char *about, const struct json_field *f)
{
	struct json *o = json_object(c);
	json_set_str(c, &o, "name", str_z(name));
	json_set_str(c, &o, "in", STR("header"));
	json_set_str(c, &o, "description", str_z(about));
	json_set(&o, "required", json_bool(c, false));
	json_set(&o, "schema", member_schema(c, f, true));
	return o;
}

static struct json *headers(struct ctx *c)
{
	static const struct json_field key = {.kind = JSON_K_TEXT, .max = LIMIT_ONCE_KEY},
				       csrf = {.kind = JSON_K_HEX32};
	struct json *o = json_object(c);
	json_set(&o, "idempotencyKey",
		header(c, "Idempotency-Key",
			"The same key with the same request is done once and answered again.",
			&key));
	json_set(&o, "csrf",
		header(c, "X-CSRF-Token", "Of GET /api/v1/session; required with the cookie.",
			&csrf));
	return o;
}

static struct json *components(struct ctx *c, struct str cookie)
{
	struct json *o = json_object(c), *all = json_object(c), *schemas = json_object(c);
	for (size_t i = SCOPE_OPERATOR; i < countof(schemes); i++) {
		struct json *one = json_object(c);
		if (i == SCOPE_PERSON) {
			json_set_str(c, &one, "type", STR("apiKey"));
			json_set_str(c, &one, "in", STR("cookie"));
			json_set_str(c, &one, "name", cookie);
		} else {
			json_set_str(c, &one, "type", STR("http"));
			json_set_str(c, &one, "scheme", STR("bearer"));
		}
		json_set_str(c, &one, "description", str_z(schemes[i].who));
		json_set(&all, schemes[i].name, one);
	}
	json_set(&o, "securitySchemes", all);
	json_set(&schemas, "problem", object_schema(c, problem_members, PROBLEM_MEMBERS, false));
	json_set(&o, "schemas", schemas);
	json_set(&o, "parameters", headers(c));
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

err openapi_document(
	struct ctx *c, const struct route_table *t, struct str cookie, struct json **ret)
{
	struct json *o = json_object(c), *info = json_object(c), *paths = json_object(c);
	json_set_str(c, &o, "openapi", STR("3.1.0"));
	json_set_str(c, &info, "title", STR("Shugu"));
	json_set_str(c, &info, "version", STR("1"));
	json_set(&o, "info", info);
	for (size_t i = 0; i < t->n; i++) {
		for (size_t j = 0; j < t->p[i]->n; j++) {
			struct str path = str_z(t->p[i]->p[j].path);
			const char *name = arena_z(c->arena, template(c, path.p));
			if (name != NULL && json_get(paths, name) == NULL)
				json_set(&paths, name, path_item(c, t, path));
		}
	}
	json_set(&o, "paths", paths);
	json_set(&o, "components", components(c, cookie));
	*ret = o;
	return OK;
}

static err say_openapi(struct ctx *c, struct call *k)
{
	struct api_parts *kept = k->api != NULL ? api_parts(k->api) : NULL;
	struct json *o;
	struct str cookie;
	if (kept != NULL && kept->openapi.n > 0) {
		k->answer.status = 200;
		k->answer.body = kept->openapi;
		return OK;
	}
	TRY(session_cookie_name(c, k->acts, k->x, &cookie));
	TRY(openapi_document(c, &all_routes, cookie, &o));
	TRY(call_json(c, k, 200, o));
	if (kept == NULL)
		return OK;
	struct ctx process = {.arena = kept->arena};
	return arena_str(&process, k->answer.body, &kept->openapi);
}

static const struct route rows[] = {
	{.method = "GET",
		.path = "/api/v1/openapi.json",
		.scope = SCOPE_ANY,
		.say = say_openapi,
		.doc = "This document."},
};
const struct routes openapi_routes = {rows, countof(rows)};
