/* Making trees: what a node does and a verifier does not, which is why it is a file of its own. */
#include "codec/json.h"

#include <assert.h>

#define NUMBER_MAX 20u /* -9223372036854775808 */

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
	struct buf b;
	buf_init(&b, c->arena, NUMBER_MAX);
	buf_i64(&b, v);
	return j == NULL || buf_done(c, &b, &j->text) != OK ? NULL : j;
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

struct json *json_share(struct ctx *c, const struct json *j)
{
	struct json *own = j == NULL ? NULL : value(c, j->type);
	if (own == NULL)
		return NULL;
	*own = *j;
	own->next = NULL;
	return own;
}

struct json *json_copy(struct ctx *c, const struct json *j)
{
	return json_copy_without(c, j, NULL);
}
