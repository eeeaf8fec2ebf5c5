#include "store/store.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"

/* A query over a table of some dozens of columns. */
#define QUERY_MAX 8192u
#define TEXT_MAX 2048u
/* So much of a value is shown. */
#define SHOWN 48u

err store_tables(struct ctx *c, struct store *db, struct str **ret, size_t *ret_n)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct str *names = NULL;
	size_t n = 0;
	bool row = false;
	TRY(store_prepare(c, db,
		"SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' "
		"ORDER BY name",
		&s));
	TRY(stmt_step(c, s, &row));
	for (; row; n++) {
		struct str *more;
		NEW_N(c, more, n + 1);
		if (n > 0)
			memcpy(more, names, n * sizeof *names);
		TRY(arena_str(c, stmt_col(s, 0), &more[n]));
		names = more;
		TRY(stmt_step(c, s, &row));
	}
	*ret = names;
	*ret_n = n;
	return OK;
}

/* Names go into SQL text, so they are plain words. */
static bool is_word(struct str s)
{
	if (s.n == 0 || s.n > 64 || (s.p[0] >= '0' && s.p[0] <= '9'))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i];
		if (!((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
			    (ch >= '0' && ch <= '9') || ch == '_'))
			return false;
	}
	return true;
}

/* A table as it is read: a query in the order of its primary key, which columns 0 .. keys-1 repeat. */
struct view {
	struct stmt *s;
	int keys;
	bool row;
};

static void view_close(struct view *v)
{
	stmt_resetp(&v->s);
}

static err query_of(
	struct ctx *c, struct store *db, struct str table, struct str *ret_query, int *ret_keys)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	struct buf b;
	bool row = false;
	int keys = 0;
	TRY(store_prepare(
		c, db, "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk", &s));
	stmt_text(s, 1, table);
	buf_init(&b, c->arena, QUERY_MAX);
	TRY(stmt_step(c, s, &row));
	for (; row; keys++) {
		struct str name = stmt_col(s, 0);
		ENSURE(is_word(name), c, ERR_BAD_VALUE, "a column of %.*s is not a plain word",
			FMT(table));
		buf_fmt(&b, "%s\"%.*s\"", keys > 0 ? ", " : "", FMT(name));
		TRY(stmt_step(c, s, &row));
	}
	struct str order;
	TRY(buf_done(c, &b, &order));
	*ret_keys = keys > 0 ? keys : 1;
	order = keys > 0 ? order : STR("rowid");
	return arena_fmt(c, ret_query, "SELECT %.*s, * FROM \"%.*s\" ORDER BY %.*s", FMT(order),
		FMT(table), FMT(order));
}

static err view_open(struct ctx *c, struct store *db, struct str table, struct view *v)
{
	cleanup(stmt_resetp) struct stmt *s = NULL;
	bool row = false;
	struct str query;
	ENSURE(is_word(table), c, ERR_BAD_VALUE, "a table's name is a plain word");
	TRY(store_prepare(
		c, db, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1", &s));
	stmt_text(s, 1, table);
	TRY(stmt_step(c, s, &row));
	ENSURE(row, c, ERR_NOT_FOUND, "there is no table %.*s", FMT(table));
	TRY(query_of(c, db, table, &query, &v->keys));
	TRY(store_prepare_once(c, db, query.p, &v->s));
	return stmt_step(c, v->s, &v->row);
}

/* Kind, length and bytes: no two different rows give the same bytes. */
static void hash_value(struct hash_stream *h, char kind, struct str value)
{
	uint8_t head[9] = {(uint8_t)kind};
	for (unsigned i = 0; i < 8; i++)
		head[1 + i] = (uint8_t)((uint64_t)value.n >> (56 - 8 * i));
	hash_update(h, head, sizeof head);
	hash_update(h, value.p, value.n);
}

err store_digest_table(struct ctx *c, struct store *db, struct str table, struct hash *ret)
{
	cleanup(view_close) struct view v = {0};
	struct hash_stream *h;
	TRY(view_open(c, db, table, &v));
	TRY(hash_open(c, &h));
	int width = stmt_width(v.s);
	for (int i = v.keys; i < width; i++)
		hash_value(h, 'c', stmt_name(v.s, i));
	while (v.row) {
		for (int i = v.keys; i < width; i++)
			hash_value(h, stmt_kind(v.s, i), stmt_col(v.s, i));
		TRY(stmt_step(c, v.s, &v.row));
	}
	*ret = hash_finish(h);
	return OK;
}

static void show_value(struct buf *b, struct stmt *s, int at)
{
	struct str value = stmt_col(s, at), shown = str_sub(value, 0, SHOWN);
	char kind = stmt_kind(s, at);
	buf_fmt(b, "%.*s=", FMT(stmt_name(s, at)));
	if (kind == 'n')
		buf_z(b, "NULL");
	else if (kind == 'b')
		buf_hex(b, shown.p, shown.n);
	else
		buf_add(b, shown);
	if (shown.n < value.n)
		buf_fmt(b, "... (%zu bytes)", value.n);
}

/* The key of the row and, where given, one value more. */
static void show_row(struct buf *b, const struct view *v, int at)
{
	if (!v->row) {
		buf_z(b, "no row");
		return;
	}
	for (int i = 0; i < v->keys; i++) {
		buf_z(b, i > 0 ? " " : "");
		show_value(b, v->s, i);
	}
	if (at >= v->keys) {
		buf_z(b, ", ");
		show_value(b, v->s, at);
	}
}

/* The first column in which the rows differ, or -1. */
static int differs(const struct view *a, const struct view *b)
{
	int width = stmt_width(a->s);
	assert(width == stmt_width(b->s));
	for (int i = 0; i < width; i++) {
		if (stmt_kind(a->s, i) != stmt_kind(b->s, i) ||
			!str_eq(stmt_col(a->s, i), stmt_col(b->s, i)))
			return i;
	}
	return -1;
}

static bool same_columns(const struct view *a, const struct view *b)
{
	int width = stmt_width(a->s);
	if (a->keys != b->keys || width != stmt_width(b->s))
		return false;
	for (int i = 0; i < width; i++) {
		if (!str_eq(stmt_name(a->s, i), stmt_name(b->s, i)))
			return false;
	}
	return true;
}

err store_first_difference(
	struct ctx *c, struct store *a, struct store *b, struct str table, struct str *ret)
{
	cleanup(view_close) struct view x = {0};
	cleanup(view_close) struct view y = {0};
	struct buf text;
	TRY(view_open(c, a, table, &x));
	TRY(view_open(c, b, table, &y));
	if (!same_columns(&x, &y))
		return arena_fmt(c, ret, "%.*s: the columns differ", FMT(table));
	uint64_t n = 1;
	int at = -1;
	for (; x.row && y.row && (at = differs(&x, &y)) < 0; n++) {
		TRY(stmt_step(c, x.s, &x.row));
		TRY(stmt_step(c, y.s, &y.row));
	}
	if (!x.row && !y.row) {
		*ret = STR("");
		return OK;
	}
	buf_init(&text, c->arena, TEXT_MAX);
	buf_fmt(&text, "%.*s, row %llu: ", FMT(table), (unsigned long long)n);
	show_row(&text, &x, at);
	buf_z(&text, " against ");
	show_row(&text, &y, at);
	return buf_done(c, &text, ret);
}
