#include "codec/json.h"

#include <assert.h>
#include <string.h>

#include "base/limits.h"

#define SAFE_INTEGER 9007199254740991ll /* 2^53 - 1 */

const struct json *json_get(const struct json *o, const char *name)
{
	if (o == NULL || o->type != JSON_OBJECT)
		return NULL;
	for (const struct json *m = o->first; m != NULL; m = m->next) {
		if (str_is(m->name, name))
			return m;
	}
	return NULL;
}

struct str json_text(const struct json *j)
{
	return j != NULL && j->type == JSON_STRING ? j->text : (struct str){0};
}

bool json_int(const struct json *j, int64_t *ret)
{
	int64_t v;
	if (j == NULL || j->type != JSON_NUMBER || !str_i64(j->text, &v))
		return false;
	if (v > SAFE_INTEGER || v < -SAFE_INTEGER)
		return false;
	*ret = v;
	return true;
}

static const struct json *named(const struct json *from, struct str name)
{
	while (from != NULL && !str_eq(from->name, name))
		from = from->next;
	return from;
}

/* Looks on from where the last member was found, so that members in the same order take linear time. */
static bool object_eq(const struct json *a, const struct json *b)
{
	const struct json *from = b->first;
	for (const struct json *m = a->first; m != NULL; m = m->next) {
		const struct json *other = named(from, m->name);
		if (other == NULL)
			other = named(b->first, m->name);
		if (other == NULL || !json_eq(m, other))
			return false;
		from = other->next;
	}
	return true;
}

static bool array_eq(const struct json *a, const struct json *b)
{
	const struct json *y = b->first;
	for (const struct json *x = a->first; x != NULL; x = x->next, y = y->next) {
		if (!json_eq(x, y))
			return false;
	}
	return true;
}

bool json_eq(const struct json *a, const struct json *b)
{
	if (a == NULL || b == NULL || a->type != b->type || a->n != b->n)
		return a == b;
	if (a->type == JSON_OBJECT)
		return object_eq(a, b);
	return a->type == JSON_ARRAY ? array_eq(a, b) : str_eq(a->text, b->text);
}

static struct json *value(struct ctx *c, enum json_type type)
{
	struct json *j = arena_alloc(c->arena, sizeof *j);
	if (j != NULL)
		j->type = type;
	return j;
}

struct json *json_object(struct ctx *c)
{
	return value(c, JSON_OBJECT);
}

struct json *json_array(struct ctx *c)
{
	return value(c, JSON_ARRAY);
}

struct json *json_null(struct ctx *c)
{
	return value(c, JSON_NULL);
}

struct json *json_bool(struct ctx *c, bool v)
{
	return value(c, v ? JSON_TRUE : JSON_FALSE);
}

struct json *json_str(struct ctx *c, struct str s)
{
	struct json *j = value(c, JSON_STRING);
	if (j != NULL)
		j->text = s;
	return j;
}

struct json *json_z(struct ctx *c, const char *z)
{
	return json_str(c, str_z(z));
}

struct json *json_num(struct ctx *c, int64_t v)
{
	struct json *j = value(c, JSON_NUMBER);
	return j == NULL || arena_fmt(c, &j->text, "%lld", (long long)v) != OK ? NULL : j;
}

void json_push(struct json **a, struct json *v)
{
	if (*a == NULL || v == NULL) {
		*a = NULL;
		return;
	}
	assert(v->next == NULL);
	if ((*a)->last == NULL)
		(*a)->first = v;
	else
		(*a)->last->next = v;
	(*a)->last = v;
	(*a)->n++;
}

static void drop(struct json *o, const char *name)
{
	struct json *before = NULL;
	for (struct json *m = o->first; m != NULL; before = m, m = m->next) {
		if (!str_is(m->name, name))
			continue;
		if (before == NULL)
			o->first = m->next;
		else
			before->next = m->next;
		if (o->last == m)
			o->last = before;
		o->n--;
		return;
	}
}

void json_set(struct json **o, const char *name, struct json *v)
{
	if (*o != NULL && v != NULL) {
		assert((*o)->type == JSON_OBJECT);
		drop(*o, name);
		v->name = str_z(name);
	}
	json_push(o, v);
}

void json_set_str(struct ctx *c, struct json **o, const char *name, struct str s)
{
	json_set(o, name, json_str(c, s));
}

void json_set_num(struct ctx *c, struct json **o, const char *name, int64_t v)
{
	json_set(o, name, json_num(c, v));
}

void json_set_hex(struct ctx *c, struct json **o, const char *name, const void *bytes, size_t n)
{
	struct buf b;
	struct str s;
	buf_init(&b, c->arena, 2 * n);
	buf_hex(&b, bytes, n);
	json_set(o, name, buf_done(c, &b, &s) == OK ? json_str(c, s) : NULL);
}

struct json *json_copy_without(struct ctx *c, const struct json *j, const char *without)
{
	struct json *copy = j == NULL ? NULL : value(c, j->type);
	if (copy == NULL)
		return NULL;
	if (arena_str(c, j->text, &copy->text) != OK || arena_str(c, j->name, &copy->name) != OK)
		return NULL;
	for (const struct json *m = j->first; m != NULL; m = m->next) {
		if (without == NULL || j->type != JSON_OBJECT || !str_is(m->name, without))
			json_push(&copy, json_copy(c, m));
	}
	return copy;
}

struct json *json_copy(struct ctx *c, const struct json *j)
{
	return json_copy_without(c, j, NULL);
}

static bool is_word(struct str s, const char *const *words)
{
	for (; words != NULL && *words != NULL; words++) {
		if (str_is(s, *words))
			return true;
	}
	return words == NULL;
}

static err read_text(
	struct ctx *c, const struct json_field *f, const struct json *m, struct str *ret)
{
	size_t max = f->max == 0 ? LIMIT_TEXT : f->max;
	ENSURE(m->type == JSON_STRING, c, ERR_BAD_VALUE, "'%s' must be a string", f->name);
	ENSURE(m->text.n <= max, c, ERR_BAD_VALUE, "'%s' is longer than %zu bytes", f->name, max);
	ENSURE(is_word(m->text, f->words), c, ERR_BAD_VALUE, "'%s' is not one of its words",
		f->name);
	*ret = m->text;
	return OK;
}

static err read_value(struct ctx *c, const struct json_field *f, const struct json *m, char *at)
{
	switch (f->kind) {
	case JSON_K_TEXT:
		return read_text(c, f, m, (struct str *)(void *)at);
	case JSON_K_INT:
		ENSURE(json_int(m, (int64_t *)(void *)at), c, ERR_BAD_VALUE,
			"'%s' must be an integer", f->name);
		return OK;
	case JSON_K_BOOL:
		ENSURE(m->type == JSON_TRUE || m->type == JSON_FALSE, c, ERR_BAD_VALUE,
			"'%s' must be true or false", f->name);
		*(bool *)at = m->type == JSON_TRUE;
		return OK;
	case JSON_K_HEX32:
		ENSURE(str_unhex(json_text(m), (uint8_t *)at, 32), c, ERR_BAD_VALUE,
			"'%s' must be 64 lower-case hex digits", f->name);
		return OK;
	case JSON_K_OBJECT:
	case JSON_K_ARRAY:
		ENSURE((m->type == JSON_OBJECT) == (f->kind == JSON_K_OBJECT) &&
				(m->type == JSON_OBJECT || m->type == JSON_ARRAY),
			c, ERR_BAD_VALUE, "'%s' must be %s", f->name,
			f->kind == JSON_K_OBJECT ? "an object" : "an array");
		break;
	case JSON_K_ANY:
		break;
	}
	*(const struct json **)(void *)at = m;
	return OK;
}

static const struct json_field *field_of(const struct json_field *fields, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++) {
		if (str_is(name, fields[i].name))
			return &fields[i];
	}
	return NULL;
}

err json_read(struct ctx *c, const struct json *j, const struct json_field *fields, size_t n,
	bool open, void *ret_struct)
{
	ENSURE(j != NULL && j->type == JSON_OBJECT, c, ERR_BAD_VALUE, "an object is needed here");
	for (const struct json *m = j->first; m != NULL; m = m->next) {
		const struct json_field *f = field_of(fields, n, m->name);
		ENSURE(f != NULL || open, c, ERR_UNKNOWN_MEMBER, "'%.*s' is not a member here",
			FMT(m->name));
		if (f != NULL)
			TRY(read_value(c, f, m, (char *)ret_struct + f->offset));
	}
	for (size_t i = 0; i < n; i++) {
		ENSURE(fields[i].optional || json_get(j, fields[i].name) != NULL, c,
			ERR_MISSING_MEMBER, "'%s' is missing", fields[i].name);
	}
	return OK;
}
