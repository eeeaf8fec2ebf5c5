#include "main/table.h"

#include <assert.h>
#include <locale.h>
#include <stdio.h>
#include <wchar.h>

#include "base/limits.h"
#include "codec/csv_write.h"
#include "paper/shape.h"

struct row {
	struct row *next;
	struct str cells[];
};

struct table {
	const char *const *heads;
	size_t n;
	struct row *first, *last;
	size_t width[TABLE_COLUMNS];
};

err table_new(struct ctx *c, const char *const *heads, size_t n, struct table **ret)
{
	struct table *t;
	assert(n > 0 && n <= TABLE_COLUMNS);
	NEW(c, t);
	t->heads = heads;
	t->n = n;
	for (size_t i = 0; i < n; i++)
		t->width[i] = table_width(str_z(heads[i] + (heads[i][0] == '>')));
	*ret = t;
	return OK;
}

err table_shown(struct ctx *c, struct str text, struct str *ret)
{
	struct str clean;
	TRY(shape_clean(c, text, &clean));
	char *bytes = arena_z(c->arena, clean);
	ENSURE(bytes != NULL, c, ERR_MEMORY, "no memory for a text");
	for (size_t i = 0; i < clean.n; i++)
		bytes[i] = bytes[i] == '\n' ? ' ' : bytes[i];
	*ret = (struct str){bytes, clean.n};
	return OK;
}

err table_row(struct ctx *c, struct table *t, const struct str *cells)
{
	struct row *r = arena_alloc(c->arena, sizeof *r + t->n * sizeof r->cells[0]);
	ENSURE(r != NULL, c, ERR_MEMORY, "no memory for a row");
	r->next = NULL;
	for (size_t i = 0; i < t->n; i++) {
		TRY(table_shown(c, cells[i], &r->cells[i]));
		size_t width = table_width(r->cells[i]);
		t->width[i] = width > t->width[i] ? width : t->width[i];
	}
	if (t->last != NULL)
		t->last->next = r;
	else
		t->first = r;
	t->last = r;
	return OK;
}

/* The locale of this program is C; what characters are wide is asked of one that knows UTF-8. */
size_t table_width(struct str text)
{
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t before = utf8 != (locale_t)0 ? uselocale(utf8) : (locale_t)0;
	mbstate_t state = {0};
	size_t width = 0;
	for (size_t i = 0, n = 1; i < text.n; i += n) {
		wchar_t ch;
		n = mbrtowc(&ch, text.p + i, text.n - i, &state);
		bool broken = n == 0 || n > text.n - i;
		int columns = broken ? 1 : wcwidth(ch);
		width += columns < 0 ? 1 : (size_t)columns;
		if (broken) {
			n = 1;
			state = (mbstate_t){0};
		}
	}
	if (utf8 != (locale_t)0) {
		(void)uselocale(before);
		freelocale(utf8);
	}
	return width;
}

static void put_line(struct buf *b, const struct table *t, const struct str *cells)
{
	for (size_t i = 0; i < t->n; i++) {
		size_t pad = t->width[i] - table_width(cells[i]);
		bool right = t->heads[i][0] == '>';
		buf_z(b, i > 0 ? "  " : "");
		if (right)
			buf_fmt(b, "%*s", (int)pad, "");
		buf_add(b, cells[i]);
		if (!right && i + 1 < t->n)
			buf_fmt(b, "%*s", (int)pad, "");
	}
	buf_char(b, '\n');
}

static err print_out(struct ctx *c, const struct buf *b)
{
	struct str text;
	TRY(buf_done(c, b, &text));
	ENSURE(fwrite(text.p, 1, text.n, stdout) == text.n, c, ERR_IO,
		"standard output cannot be written");
	return OK;
}

err table_print(struct ctx *c, const struct table *t, const char *empty)
{
	struct buf b;
	struct str heads[TABLE_COLUMNS];
	if (t->first == NULL) {
		if (empty != NULL)
			printf("%s\n", empty);
		return OK;
	}
	buf_init(&b, c->arena, LIMIT_HTTP_BODY);
	for (size_t i = 0; i < t->n; i++)
		heads[i] = str_z(t->heads[i] + (t->heads[i][0] == '>'));
	put_line(&b, t, heads);
	for (const struct row *r = t->first; r != NULL; r = r->next)
		put_line(&b, t, r->cells);
	return print_out(c, &b);
}

err table_print_csv_heads(struct ctx *c, const char *const *heads, size_t n)
{
	struct buf b;
	struct str cells[TABLE_COLUMNS];
	assert(n > 0 && n <= TABLE_COLUMNS);
	buf_init(&b, c->arena, LIMIT_HTTP_BODY);
	for (size_t i = 0; i < n; i++)
		cells[i] = str_z(heads[i] + (heads[i][0] == '>'));
	csv_write_begin(&b);
	csv_write_row(&b, cells, n);
	return print_out(c, &b);
}

err table_print_csv(struct ctx *c, const struct table *t)
{
	struct buf b;
	buf_init(&b, c->arena, LIMIT_HTTP_BODY);
	for (const struct row *r = t->first; r != NULL; r = r->next)
		csv_write_row(&b, r->cells, t->n);
	return print_out(c, &b);
}

err table_money(struct ctx *c, int64_t fen, struct str *ret)
{
	int64_t whole = fen / 100, rest = fen % 100;
	return arena_fmt(c, ret, "%s%lld.%02lld", fen < 0 ? "-" : "",
		(long long)(whole < 0 ? -whole : whole), (long long)(rest < 0 ? -rest : rest));
}

/* To the minute: 2026-11-24T03:00. */
struct str table_time(struct str rfc3339)
{
	return str_sub(rfc3339, 0, 16);
}

err table_number(struct ctx *c, int64_t n, struct str *ret)
{
	return arena_fmt(c, ret, "%lld", (long long)n);
}

int64_t table_int(const struct json *o, const char *name)
{
	int64_t n = 0;
	(void)json_int(json_get(o, name), &n);
	return n;
}
