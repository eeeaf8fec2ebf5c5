#include "codec/json.h"

#include <assert.h>

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
	uint64_t seen = 0;
	union {
		struct str text;
		uint8_t hash[32];
	} unused;
	assert(n <= 64);
	ENSURE(j != NULL && j->type == JSON_OBJECT, c, ERR_BAD_VALUE, "an object is needed here");
	for (const struct json *m = j->first; m != NULL; m = m->next) {
		const struct json_field *f = field_of(fields, n, m->name);
		ENSURE(f != NULL || open, c, ERR_UNKNOWN_MEMBER, "'%.*s' is not a member here",
			FMT(m->name));
		if (f == NULL)
			continue;
		seen |= 1ull << (f - fields);
		TRY(read_value(c, f, m,
			ret_struct != NULL ? (char *)ret_struct + f->offset : (char *)&unused));
	}
	for (size_t i = 0; i < n; i++) {
		ENSURE(fields[i].optional || (seen >> i & 1) != 0, c, ERR_MISSING_MEMBER,
			"'%s' is missing", fields[i].name);
	}
	return OK;
}
