#include "product/rows.h"

#include "product/quality_fixture_test.h"
#include "tests/tap.h"

/* What was told, a line a row: number, !, the cells with | between them, ~ for an empty one. */
struct heard {
	struct buf b;
	size_t columns;
	uint64_t refuse_at;
	struct ctx *c;
};

static err hear(void *arg, const struct row *row)
{
	struct heard *h = arg;
	ENSURE(row->number != h->refuse_at, h->c, ERR_CONFLICT, "no more");
	buf_fmt(&h->b, "%d%s", (int)row->number, row->ragged ? "!" : "");
	for (size_t i = 0; i < h->columns; i++) {
		const struct cell *cell = &row->cells[i];
		buf_fmt(&h->b, "|%.*s", FMT(cell_is_empty(cell) ? STR("~") : cell->text));
	}
	buf_char(&h->b, '\n');
	return OK;
}

static err heard(struct ctx *c, const char *name, struct str bytes, uint64_t refuse_at,
	struct rows_told *told, const char **ret)
{
	static const struct str columns[] = {{"b", 1}, {"a", 1}, {"\xe6\x95\xb0", 3}};
	struct heard h = {.columns = countof(columns), .refuse_at = refuse_at, .c = c};
	cleanup(fd_closep) int fd = fixture_file(bytes);
	struct rows_want want = {.fd = fd,
		.filename = str_z(name),
		.columns = columns,
		.columns_n = countof(columns),
		.row = hear,
		.arg = &h};
	buf_init(&h.b, c->arena, 1u << 20);
	TRY(rows_read(c, &want, told));
	*ret = arena_z(c->arena, buf_str(&h.b));
	return OK;
}

static void csv(struct ctx *c)
{
	struct str text =
		STR("a,x,b,a,\xe6\x95\xb0\r\n1,2,\"3,\"\"3\",4,5\r\n,2\r\n\r\n6,7,8,9,0,1\n");
	struct rows_told told;
	struct hash digest = hash_of(text);
	const char *said = "";
	is_int(heard(c, "t.CSV", text, 0, &told, &said), OK, "a table is read");
	is_str(said, "1|3,\"3|1|5\n2!|~|~|~\n3!|8|6|0\n",
		"wanted columns by name, the first of two");
	is_str(told.format, "csv", "its format");
	is_int((long long)told.rows, 3, "rows");
	is_int((long long)told.ragged, 2, "of which ragged");
	is_int(told.found[1], 2, "a is named twice");
	is_int((long long)told.others, 1, "x is another column");
	ok(hash_eq(&told.digest, &digest) && told.size == text.n, "digest and size of the file");
	ok(told.stopped == NULL, "to its end");
}

static void encoded(struct ctx *c)
{
	struct rows_told told;
	const char *said = "";
	struct str text = STR("a;\xca\xfd;b\nx;\xb9\xc8;z\n");
	is_int(heard(c, "t.csv", text, 0, &told, &said), OK, "a table in GB18030");
	is_str(said, "1|z|x|\xe8\xb0\xb7\n", "is read as UTF-8");
	is_int(told.charset, CHARSET_GB18030, "and said to be what it is");
}

static void refused(struct ctx *c)
{
	struct rows_told told;
	const char *said = "";
	is_int(heard(c, "t.pdf", STR("a"), 0, &told, &said), ERR_NOT_FOUND, "no table");
	is_int(heard(c, "t.csv", STR("a\n1\n2\n3\n"), 2, &told, &said), ERR_CONFLICT,
		"what the receiver answers ends it");
	is_str(c->trouble.detail, "no more", "and is told");
	is_int((long long)told.rows, 2, "at its row");
	is_int(heard(c, "t.csv", STR(""), 0, &told, &said), OK, "an empty file");
	is_int((long long)told.rows + told.found[0], 0, "has no rows and no columns");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(16u << 20);
	struct ctx c = {.arena = a};
	csv(&c);
	encoded(&c);
	refused(&c);
	return done_testing();
}
