#include "codec/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

/* Up to here a quadratic look for duplicate names is cheaper than sorting. */
#define FEW_MEMBERS 12u

struct parser {
	struct ctx *c;
	struct str text;
	size_t at, values;
};

static err refuse(struct parser *p, const char *why)
{
	return fail(p->c, ERR_MALFORMED, "JSON, byte %zu: %s", p->at, why);
}

/* The byte at the cursor, or -1 at the end. */
static int peek(const struct parser *p)
{
	return p->at < p->text.n ? (unsigned char)p->text.p[p->at] : -1;
}

static void skip_space(struct parser *p)
{
	for (int ch = peek(p); ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n'; ch = peek(p))
		p->at++;
}

static bool accept(struct parser *p, char ch)
{
	if (peek(p) != ch)
		return false;
	p->at++;
	return true;
}

static bool is_digit(int ch)
{
	return ch >= '0' && ch <= '9';
}

static size_t skip_digits(struct parser *p)
{
	size_t from = p->at;
	while (is_digit(peek(p)))
		p->at++;
	return p->at - from;
}

/* RFC 8259, section 6. */
static err parse_number(struct parser *p, struct json *j)
{
	size_t from = p->at;
	(void)accept(p, '-');
	if (peek(p) == '0')
		p->at++;
	else if (skip_digits(p) == 0)
		return refuse(p, "a value must stand here");
	if (accept(p, '.') && skip_digits(p) == 0)
		return refuse(p, "a digit must follow the point");
	if (peek(p) == 'e' || peek(p) == 'E') {
		p->at++;
		if (!accept(p, '+'))
			(void)accept(p, '-');
		if (skip_digits(p) == 0)
			return refuse(p, "a digit must stand in the exponent");
	}
	if (is_digit(peek(p)))
		return refuse(p, "a number has no leading zero");
	j->type = JSON_NUMBER;
	j->text = str_sub(p->text, from, p->at - from);
	return OK;
}

/* Four hex digits behind \u; -1 where they are not. */
static int32_t hex4(struct parser *p)
{
	int32_t v = 0;
	for (int i = 0; i < 4; i++, p->at++) {
		int d = peek(p) < 0 ? -1 : str_hex_digit(p->text.p[p->at]);
		if (d < 0)
			return -1;
		v = v << 4 | d;
	}
	return v;
}

static size_t put_utf8(char *out, uint32_t v)
{
	if (v < 0x80) {
		out[0] = (char)v;
		return 1;
	}
	size_t n = v < 0x800 ? 2 : v < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--, v >>= 6)
		out[i] = (char)(0x80 | (v & 0x3f));
	out[0] = (char)((0xf00u >> n & 0xf0) | v);
	return n;
}

/* A \u escape, with its second half where it is a surrogate pair. */
static err parse_unicode(struct parser *p, char *out, size_t *n)
{
	int32_t v = hex4(p);
	if (v < 0)
		return refuse(p, "four hex digits must follow \\u");
	if (v == 0)
		return refuse(p, "U+0000 is not allowed in text");
	if (v >= 0xdc00 && v <= 0xdfff)
		return refuse(p, "a low surrogate stands alone");
	if (v >= 0xd800 && v <= 0xdbff) {
		bool escaped = accept(p, '\\') && accept(p, 'u');
		int32_t low = escaped ? hex4(p) : -1;
		if (low < 0xdc00 || low > 0xdfff)
			return refuse(p, "a high surrogate stands alone");
		v = 0x10000 + ((v - 0xd800) << 10) + (low - 0xdc00);
	}
	*n += put_utf8(out + *n, (uint32_t)v);
	return OK;
}

static err parse_escape(struct parser *p, char *out, size_t *n)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	int ch = peek(p);
	if (ch == 'u') {
		p->at++;
		return parse_unicode(p, out, n);
	}
	const char *at = ch <= 0 ? NULL : strchr(from, ch);
	if (at == NULL)
		return refuse(p, "this escape does not exist");
	out[(*n)++] = to[at - from];
	p->at++;
	return OK;
}

/* Moves to the closing quote and tells whether an escape stands before it. */
static err find_end(struct parser *p, size_t *ret_end, bool *ret_escaped)
{
	bool escaped = false;
	for (size_t i = p->at; i < p->text.n; i++) {
		unsigned char ch = (unsigned char)p->text.p[i];
		if (ch == '"') {
			*ret_end = i;
			*ret_escaped = escaped;
			return OK;
		}
		if (ch < 0x20) {
			p->at = i;
			return refuse(p, "a control character must be escaped");
		}
		if (ch == '\\') {
			escaped = true;
			i++;
		}
	}
	p->at = p->text.n;
	return refuse(p, "a string does not end");
}

static err parse_text(struct parser *p, struct str *ret)
{
	size_t end = 0, n = 0;
	bool escaped = false;
	if (!accept(p, '"'))
		return refuse(p, "a string must stand here");
	TRY(find_end(p, &end, &escaped));
	if (!escaped) {
		*ret = str_sub(p->text, p->at, end - p->at);
		p->at = end + 1;
		return OK;
	}
	char *out; /* decoding never lengthens */
	NEW_N(p->c, out, end - p->at);
	while (p->at < end) {
		char ch = p->text.p[p->at++];
		if (ch == '\\')
			TRY(parse_escape(p, out, &n));
		else
			out[n++] = ch;
	}
	p->at = end + 1;
	*ret = (struct str){out, n};
	return OK;
}

static int by_name(const void *a, const void *b)
{
	return str_cmp(
		(*(const struct json *const *)a)->name, (*(const struct json *const *)b)->name);
}

static err no_duplicates(struct parser *p, const struct json *o)
{
	if (o->n <= FEW_MEMBERS) {
		for (const struct json *a = o->first; a != NULL; a = a->next) {
			for (const struct json *b = a->next; b != NULL; b = b->next) {
				if (str_eq(a->name, b->name))
					return refuse(p, "a member name occurs twice");
			}
		}
		return OK;
	}
	const struct json **all;
	NEW_N(p->c, all, o->n);
	size_t n = 0;
	for (const struct json *m = o->first; m != NULL; m = m->next)
		all[n++] = m;
	qsort(all, n, sizeof *all, by_name);
	for (size_t i = 1; i < n; i++) {
		if (str_eq(all[i - 1]->name, all[i]->name))
			return refuse(p, "a member name occurs twice");
	}
	return OK;
}

static err parse_value(struct parser *p, unsigned depth, struct json **ret);

static err parse_member(struct parser *p, unsigned depth, struct json *parent)
{
	struct str name = {0};
	struct json *value = NULL;
	if (parent->type == JSON_OBJECT) {
		skip_space(p);
		TRY(parse_text(p, &name));
		skip_space(p);
		if (!accept(p, ':'))
			return refuse(p, "a colon must stand here");
	}
	TRY(parse_value(p, depth, &value));
	value->name = name;
	if (parent->last == NULL)
		parent->first = value;
	else
		parent->last->next = value;
	parent->last = value;
	parent->n++;
	return OK;
}

static err parse_container(struct parser *p, unsigned depth, struct json *j)
{
	char close = p->text.p[p->at++] == '{' ? '}' : ']';
	j->type = close == '}' ? JSON_OBJECT : JSON_ARRAY;
	if (depth >= LIMIT_JSON_DEPTH)
		return refuse(p, "nested too deeply");
	skip_space(p);
	if (accept(p, close))
		return OK;
	do {
		TRY(parse_member(p, depth + 1, j));
		skip_space(p);
	} while (accept(p, ','));
	if (!accept(p, close))
		return refuse(p, j->type == JSON_OBJECT ? "a comma or } must stand here"
							: "a comma or ] must stand here");
	return j->type == JSON_OBJECT ? no_duplicates(p, j) : OK;
}

static err parse_word(struct parser *p, struct json *j)
{
	static const struct {
		struct str word;
		enum json_type type;
	} words[] = {
		{{"true", 4}, JSON_TRUE}, {{"false", 5}, JSON_FALSE}, {{"null", 4}, JSON_NULL}};
	for (size_t i = 0; i < countof(words); i++) {
		if (str_eq(str_sub(p->text, p->at, words[i].word.n), words[i].word)) {
			p->at += words[i].word.n;
			j->type = words[i].type;
			return OK;
		}
	}
	return refuse(p, "a value must stand here");
}

static err parse_value(struct parser *p, unsigned depth, struct json **ret)
{
	struct json *j;
	if (++p->values > LIMIT_JSON_VALUES)
		return fail(p->c, ERR_TOO_LARGE, "JSON of more than %u values", LIMIT_JSON_VALUES);
	NEW(p->c, j);
	skip_space(p);
	*ret = j;
	int ch = peek(p);
	if (ch == '{' || ch == '[')
		return parse_container(p, depth, j);
	if (ch == '"') {
		j->type = JSON_STRING;
		return parse_text(p, &j->text);
	}
	return ch == '-' || is_digit(ch) ? parse_number(p, j) : parse_word(p, j);
}

err json_parse_own(struct ctx *c, struct str text, struct json **ret)
{
	ENSURE(str_is_utf8(text), c, ERR_MALFORMED, "JSON is not well-formed UTF-8");
	struct parser p = {.c = c, .text = text};
	struct json *j = NULL;
	TRY(parse_value(&p, 0, &j));
	skip_space(&p);
	if (p.at != text.n)
		return refuse(&p, "nothing may follow the value");
	*ret = j;
	return OK;
}

err json_parse(struct ctx *c, struct str text, const struct json **ret)
{
	struct json *j = NULL;
	/* The tree outlives the buffer that its text came in. */
	TRY(arena_str(c, text, &text));
	TRY(json_parse_own(c, text, &j));
	*ret = j;
	return OK;
}

err json_parse_canonical(struct ctx *c, struct str text, const struct json **ret)
{
	const struct json *j = NULL;
	struct str canonical;
	TRY(json_parse(c, text, &j));
	err e = json_canonical(c, j, text.n + 1, &canonical);
	if (e == ERR_BAD_VALUE)
		return fail(c, ERR_MALFORMED, "JSON has a value without a canonical form");
	TRY(e);
	ENSURE(str_eq(text, canonical), c, ERR_MALFORMED,
		"JSON is not in canonical form (RFC 8785)");
	*ret = j;
	return OK;
}
