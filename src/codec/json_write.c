#include <stdlib.h>

#include "base/limits.h"
#include "codec/json.h"

struct writer {
	struct ctx *c;
	struct buf b;
	bool canonical, indent;
};

static bool is_plain(char ch)
{
	return (unsigned char)ch >= 0x20 && ch != '"' && ch != '\\';
}

void json_quote(struct buf *b, struct str s)
{
	static const char escapes[] = "btn?fr"; /* U+0008 to U+000D; U+000B has none */
	buf_char(b, '"');
	size_t from = 0;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];
		if (is_plain(s.p[i]))
			continue;
		buf_add(b, str_sub(s, from, i - from));
		from = i + 1;
		const bool own = ch == '"' || ch == '\\', named = ch >= 8 && ch <= 13 && ch != 11;
		if (own || named)
			buf_add(b,
				(struct str){
					(const char[]){'\\', own ? s.p[i] : escapes[ch - 8]}, 2});
		else
			buf_fmt(b, "\\u%04x", ch);
	}
	buf_add(b, str_sub(s, from, s.n));
	buf_char(b, '"');
}

/* RFC 8785, 3.2.3: order by UTF-16 code units. It differs from UTF-8 order only in that U+E000 to U+FFFF (lead bytes
 * EE, EF) come after what UTF-16 writes with surrogates (lead bytes F0 to F4). */
static int unit(char ch)
{
	int v = (unsigned char)ch;
	return v == 0xee || v == 0xef ? v + 0x10 : v;
}

static int by_utf16(const void *a, const void *b)
{
	struct str x = (*(const struct json *const *)a)->name,
		   y = (*(const struct json *const *)b)->name;
	for (size_t i = 0; i < x.n && i < y.n; i++) {
		if (x.p[i] != y.p[i])
			return unit(x.p[i]) - unit(y.p[i]);
	}
	return x.n < y.n ? -1 : x.n > y.n;
}

static bool in_order(const struct json *o)
{
	for (const struct json *m = o->first; m != NULL && m->next != NULL; m = m->next) {
		if (by_utf16(&m, &(const struct json *){m->next}) > 0)
			return false;
	}
	return true;
}

static void line(struct writer *w, unsigned depth)
{
	if (!w->indent)
		return;
	buf_char(&w->b, '\n');
	for (unsigned i = 0; i < depth; i++)
		buf_z(&w->b, "  ");
}

/* What is written must be readable again: json_parse refuses ill-formed UTF-8 and U+0000. */
static err write_text(struct writer *w, struct str s)
{
	ENSURE(str_is_utf8(s) && str_find(s, '\0') == s.n, w->c, ERR_BAD_VALUE,
		"text is not well-formed UTF-8 without U+0000");
	json_quote(&w->b, s);
	return OK;
}

static err write_value(struct writer *w, const struct json *j, unsigned depth);

static err write_all(
	struct writer *w, const struct json *j, const struct json **sorted, unsigned depth)
{
	const struct json *next = j->first;
	buf_char(&w->b, j->type == JSON_OBJECT ? '{' : '[');
	for (size_t i = 0; i < j->n; i++) {
		const struct json *item = sorted != NULL ? sorted[i] : next;
		next = next->next;
		if (i > 0)
			buf_char(&w->b, ',');
		line(w, depth + 1);
		if (j->type == JSON_OBJECT) {
			TRY(write_text(w, item->name));
			buf_z(&w->b, w->indent ? ": " : ":");
		}
		TRY(write_value(w, item, depth + 1));
	}
	if (j->n > 0)
		line(w, depth);
	buf_char(&w->b, j->type == JSON_OBJECT ? '}' : ']');
	return OK;
}

static err write_container(struct writer *w, const struct json *j, unsigned depth)
{
	const struct json **items;
	size_t n = 0;
	ENSURE(depth < LIMIT_JSON_DEPTH, w->c, ERR_BAD_VALUE, "JSON nested too deeply");
	if (!w->canonical || j->type != JSON_OBJECT || in_order(j))
		return write_all(w, j, NULL, depth);
	NEW_N(w->c, items, j->n);
	for (const struct json *m = j->first; m != NULL; m = m->next)
		items[n++] = m;
	qsort(items, n, sizeof *items, by_utf16);
	return write_all(w, j, items, depth);
}

static err write_number(struct writer *w, const struct json *j)
{
	int64_t v;
	ENSURE(!w->canonical || json_int(j, &v), w->c, ERR_BAD_VALUE,
		"%.*s is no integer within 2^53 - 1, written plainly", FMT(j->text));
	buf_add(&w->b, j->text);
	return OK;
}

static err write_value(struct writer *w, const struct json *j, unsigned depth)
{
	switch (j->type) {
	case JSON_NULL:
		ENSURE(!w->canonical, w->c, ERR_BAD_VALUE, "null is not allowed here");
		buf_z(&w->b, "null");
		return OK;
	case JSON_FALSE:
		buf_z(&w->b, "false");
		return OK;
	case JSON_TRUE:
		buf_z(&w->b, "true");
		return OK;
	case JSON_NUMBER:
		return write_number(w, j);
	case JSON_STRING:
		return write_text(w, j->text);
	case JSON_ARRAY:
	case JSON_OBJECT:
		return write_container(w, j, depth);
	}
	__builtin_unreachable();
}

static err write_tree(
	struct ctx *c, const struct json *j, struct writer *w, size_t size_max, struct str *ret)
{
	w->c = c;
	ENSURE(j != NULL, c, ERR_TOO_LARGE, "the document needs more memory than allowed");
	buf_init(&w->b, c->arena, size_max);
	TRY(write_value(w, j, 0));
	return buf_done(c, &w->b, ret);
}

err json_canonical(struct ctx *c, const struct json *j, size_t size_max, struct str *ret)
{
	struct writer w = {.canonical = true};
	return write_tree(c, j, &w, size_max, ret);
}

err json_write(struct ctx *c, const struct json *j, bool indent, size_t size_max, struct str *ret)
{
	struct writer w = {.indent = indent};
	return write_tree(c, j, &w, size_max, ret);
}
