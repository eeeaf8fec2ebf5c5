#include "jansson_read.h"

#include <jansson.h>

static void text_of(struct buf *b, const char *p, size_t n)
{
	buf_fmt(b, "s%zu:", n);
	buf_add(b, (struct str){p, n});
}

static size_t walk(struct jansson_read *r, json_t *j, struct buf *b);

static size_t walk_all(struct jansson_read *r, json_t *j, struct buf *b)
{
	size_t deepest = 0, below, i, n;
	const char *name;
	json_t *v;
	buf_char(b, json_is_array(j) ? '[' : '{');
	if (json_is_array(j)) {
		json_array_foreach(j, i, v) deepest =
			(below = walk(r, v, b)) > deepest ? below : deepest;
	} else {
		json_object_keylen_foreach(j, name, n, v)
		{
			text_of(b, name, n);
			deepest = (below = walk(r, v, b)) > deepest ? below : deepest;
		}
	}
	buf_char(b, json_is_array(j) ? ']' : '}');
	return deepest + 1;
}

/* Answers the depth of nesting. */
static size_t walk(struct jansson_read *r, json_t *j, struct buf *b)
{
	r->values++;
	if (json_is_array(j) || json_is_object(j))
		return walk_all(r, j, b);
	if (json_is_string(j))
		text_of(b, json_string_value(j), json_string_length(j));
	else if (json_is_integer(j))
		buf_fmt(b, "i%" JSON_INTEGER_FORMAT " ", json_integer_value(j));
	else
		buf_char(b, json_is_real(j)   ? 'r'
			    : json_is_null(j) ? 'n'
			    : json_is_true(j) ? 't'
					      : 'f');
	return 0;
}

struct jansson_read jansson_read(struct str text, struct buf *dump)
{
	json_error_t why;
	struct jansson_read r = {.answer = JANSSON_READS};
	json_t *j = json_loadb(
		text.n > 0 ? text.p : "", text.n, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &why);
	if (j == NULL) {
		bool range = json_error_code(&why) == json_error_numeric_overflow;
		r.answer = range ? JANSSON_RANGE : JANSSON_REFUSES;
		return r;
	}
	r.depth = walk(&r, j, dump);
	json_decref(j);
	return r;
}
