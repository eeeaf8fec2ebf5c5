#include <string.h>

#include "product/quality_fixture_test.h"
#include "product/rows.h"
#include "tests/tap.h"

struct last {
	struct cell cells[2];
	uint64_t rows, nested, text, any, boolean, empty;
};

static err keep(void *arg, const struct row *row)
{
	struct last *l = arg;
	l->rows++;
	for (size_t i = 0; i < 2; i++) {
		const struct cell *cell = &row->cells[i];
		bool empty = cell_is_empty(cell);
		l->empty += empty;
		l->nested += !empty && cell->given == VALUE_NESTED;
		l->text += !empty && cell->given == VALUE_TEXT;
		l->boolean += !empty && cell->given == VALUE_BOOLEAN;
		l->any += !empty && cell->given == VALUE_ANY;
	}
	return OK;
}

static struct last read_text(
	struct ctx *c, const char *name, struct str bytes, struct rows_told *told)
{
	static const struct str columns[] = {{"a", 1}, {"b", 1}};
	struct last l = {0};
	cleanup(fd_closep) int fd = fixture_file(bytes);
	struct rows_want want = {.fd = fd,
		.filename = str_z(name),
		.columns = columns,
		.columns_n = 2,
		.row = keep,
		.arg = &l};
	is_int(rows_read(c, &want, told), OK, "%s is read", name);
	return l;
}

static void lines(struct ctx *c)
{
	struct rows_told told;
	struct last l = read_text(c, "t.jsonl",
		STR("{\"a\":1,\"b\":\"1\",\"x\":2}\n\n{\"b\":true,\"y\":1}\r\n[1]\n{\"a\":null,"
		    "\"b\":[]}\n"
		    "{\"a\":\"\",\"x\":0}"),
		&told);
	is_int((long long)told.rows, 4, "lines that are objects");
	is_int((long long)told.malformed, 1, "one that is none");
	is_int((long long)told.others, 2, "x and y are other members, each once");
	is_int((long long)l.any, 1, "a number");
	is_int((long long)l.text, 1, "a text");
	is_int((long long)l.boolean, 1, "a boolean");
	is_int((long long)l.nested, 1, "a list");
	is_int((long long)l.empty, 4, "missing, null and the empty text are empty");
	ok(told.found[0] == 1 && told.found[1] == 1, "both columns occur");
}

/* LIMIT_CSV_FIELD, and one byte more. */
static void long_field(struct ctx *c, size_t more, bool stops)
{
	size_t each = LIMIT_CSV_FIELD, n = 0;
	char *bytes = arena_alloc(c->arena, 3 * LIMIT_PROFILE_LINE);
	struct rows_told told;
	memcpy(bytes, "a,b\n", 4);
	n = 4;
	memset(bytes + n, 'x', each);
	n += each;
	bytes[n++] = ',';
	memset(bytes + n, 'y', each + more);
	n += each + more;
	bytes[n++] = '\n';
	struct last l = read_text(c, "t.csv", (struct str){bytes, n}, &told);
	is_int((told.stopped != NULL), stops, "a field of %zu bytes", each + more);
	is_int((long long)l.rows, !stops, "its row is told or not");
	is_int((long long)told.size, (long long)n, "the size is that of the file");
}

static err count(void *arg, const struct row *row)
{
	*(uint64_t *)arg = row->number;
	return OK;
}

/* Texts of LIMIT_PROFILE_LINE in one row, and one byte more. */
static void long_row(struct ctx *c, bool more)
{
	static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k",
		"l", "m", "n", "o", "p", "q"};
	struct str columns[countof(names)];
	struct buf b;
	uint64_t rows = 0;
	struct rows_told told;
	_Static_assert((countof(names) - 1) * LIMIT_CSV_FIELD == LIMIT_PROFILE_LINE, "a full row");
	buf_init(&b, c->arena, 2 * LIMIT_PROFILE_LINE);
	for (size_t i = 0; i < countof(names); i++) {
		columns[i] = str_z(names[i]);
		buf_fmt(&b, "%s%s", names[i], i + 1 < countof(names) ? "," : "\n");
	}
	for (size_t i = 0; i + 1 < countof(names); i++) {
		for (size_t n = 0; n < LIMIT_CSV_FIELD; n++)
			buf_char(&b, 'x');
		buf_char(&b, ',');
	}
	buf_z(&b, more ? "y\n" : "\n");
	cleanup(fd_closep) int fd = fixture_file(buf_str(&b));
	struct rows_want want = {.fd = fd,
		.filename = STR("t.csv"),
		.columns = columns,
		.columns_n = countof(names),
		.row = count,
		.arg = &rows};
	is_int(rows_read(c, &want, &told), OK, "a long row is read");
	is_int(told.stopped != NULL, more, "up to the limit");
	is_int((long long)rows, !more, "and told");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(16u << 20);
	struct ctx c = {.arena = a};
	lines(&c);
	long_field(&c, 0, false);
	long_field(&c, 1, true);
	long_row(&c, false);
	long_row(&c, true);
	return done_testing();
}
