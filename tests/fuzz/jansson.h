/* Reading compared with jansson, a reader that others wrote. Both must accept the same texts and read the same values from
 * them, but for this list; whatever else differs is a fault of one of the two.
 *
 *   ours reads, jansson refuses   a number beyond its 64-bit integers or its doubles: we keep the text
 *   jansson reads, ours refuses   nesting deeper than LIMIT_JSON_DEPTH, more than LIMIT_JSON_VALUES values
 *   jansson reads, ours refuses   a NUL byte behind the value, which jansson 2.14 takes for the end: ours refuses NUL bytes
 *                                 wherever they stand */
#pragma once

#include "base/limits.h"
#include "codec/json.h"
#include "tests/fuzz/jansson_read.h"

static void jansson_dump(const struct json *j, struct buf *b)
{
	switch (j->type) {
	case JSON_NULL:
	case JSON_TRUE:
	case JSON_FALSE:
		buf_char(b, j->type == JSON_NULL ? 'n' : j->type == JSON_TRUE ? 't' : 'f');
		return;
	case JSON_NUMBER:
		if (str_find(j->text, '.') < j->text.n || str_find(j->text, 'e') < j->text.n ||
			str_find(j->text, 'E') < j->text.n)
			buf_char(b, 'r');
		else
			buf_fmt(b, "i%.*s ", FMT(str_is(j->text, "-0") ? STR("0") : j->text));
		return;
	case JSON_STRING:
		buf_fmt(b, "s%zu:", j->text.n);
		buf_add(b, j->text);
		return;
	case JSON_ARRAY:
	case JSON_OBJECT:
		buf_char(b, j->type == JSON_ARRAY ? '[' : '{');
		for (const struct json *m = j->first; m != NULL; m = m->next) {
			if (j->type == JSON_OBJECT) {
				buf_fmt(b, "s%zu:", m->name.n);
				buf_add(b, m->name);
			}
			jansson_dump(m, b);
		}
		buf_char(b, j->type == JSON_ARRAY ? ']' : '}');
		return;
	}
}

/* NULL where the two agree or differ as listed (ret_listed), else how they differ. */
static const char *jansson_differs(struct ctx *c, struct str text, bool *ret_listed)
{
	const struct json *j = NULL;
	struct buf mine, other;
	struct str a, b;
	buf_init(&mine, c->arena, 4u << 20);
	buf_init(&other, c->arena, 4u << 20);
	err e = json_parse(c, text, &j);
	struct jansson_read r = jansson_read(text, &other);
	if (str_find(text, '\0') < text.n) {
		*ret_listed = r.answer == JANSSON_READS;
		return e == OK ? "ours reads a NUL byte" : NULL;
	}
	*ret_listed = (e == OK) != (r.answer == JANSSON_READS);
	if (r.answer != JANSSON_READS)
		return e != OK || r.answer == JANSSON_RANGE ? NULL : "ours alone reads it";
	bool large = r.depth > LIMIT_JSON_DEPTH || r.values > LIMIT_JSON_VALUES;
	if (e != OK)
		return large ? NULL : "jansson alone reads it";
	if (large)
		return "it is beyond our limits and ours reads it";
	jansson_dump(j, &mine);
	bool same = buf_done(c, &mine, &a) == OK && buf_done(c, &other, &b) == OK && str_eq(a, b);
	return same ? NULL : "the values differ";
}
