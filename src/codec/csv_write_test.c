#include "codec/csv_write.h"

#include "base/arena.h"
#include "codec/csv.h"
#include "tests/tap.h"

static const char *written(struct ctx *c, const struct str *fields, size_t n)
{
	struct buf b;
	buf_init(&b, c->arena, 4096);
	csv_write_row(&b, fields, n);
	return arena_z(c->arena, buf_str(&b));
}

static void fields(struct ctx *c)
{
	static const struct {
		const char *field, *want;
	} all[] = {
		{"a", "a\r\n"},
		{"", "\"\"\r\n"},
		{"a,b", "\"a,b\"\r\n"},
		{"a\"b", "\"a\"\"b\"\r\n"},
		{"a\nb", "\"a\nb\"\r\n"},
		{"a\rb", "\"a\rb\"\r\n"},
		{"a;b\tc d", "a;b\tc d\r\n"},
		{"\xe5\x9f\x8e\xe5\xb8\x82", "\xe5\x9f\x8e\xe5\xb8\x82\r\n"},
		{"=1+1", "'=1+1\r\n"},
		{"=A1,\"x\"", "\"'=A1,\"\"x\"\"\"\r\n"},
		{"+1", "+1\r\n"},
		{"-12.50", "-12.50\r\n"},
		{"-1.", "'-1.\r\n"},
		{"-.5", "'-.5\r\n"},
		{"-", "'-\r\n"},
		{"-1+cmd|'/c calc'!A0", "'-1+cmd|'/c calc'!A0\r\n"},
		{"+86 10", "'+86 10\r\n"},
		{"@SUM(A1)", "'@SUM(A1)\r\n"},
		{"\t=1", "'\t=1\r\n"},
		{"\r=1", "\"'\r=1\"\r\n"},
		{"1=1", "1=1\r\n"},
		{"'a", "'a\r\n"},
	};
	for (size_t i = 0; i < countof(all); i++) {
		struct str field = str_z(all[i].field);
		is_str(written(c, &field, 1), all[i].want, "%s", all[i].field);
	}
	const struct str row[] = {STR("a"), {"", 0}, STR("1")};
	is_str(written(c, row, 3), "a,,1\r\n", "a row with an empty field");
	struct buf b;
	buf_init(&b, c->arena, 4096);
	csv_write_begin(&b);
	is_str(arena_z(c->arena, buf_str(&b)), "\xef\xbb\xbf", "the mark");
}

/* Our reader finds again what was written, but for the apostrophes. */
static void read_back(struct ctx *c)
{
	const struct str row[] = {STR("a\"\r\n,b"), {"", 0}, STR("-5"), STR("=x"), STR(" ")};
	const char *const want[] = {"a\"\r\n,b", "", "-5", "'=x", " "};
	struct buf b;
	struct csv r;
	buf_init(&b, c->arena, 4096);
	csv_write_begin(&b);
	csv_write_row(&b, row, countof(row));
	is_int(csv_open(c, ',', &r), OK, "a reader");
	csv_feed(&r, buf_str(&b), true);
	for (size_t i = 0; i < countof(want); i++) {
		struct str field = {0};
		is_int(csv_next(&r, &field), i + 1 < countof(want) ? CSV_FIELD : CSV_ROW,
			"a field");
		is_str(arena_z(c->arena, field), want[i], "as it was");
	}
	struct str none = {0};
	is_int(csv_next(&r, &none), CSV_END, "and no more");
	is_int(r.odd, 0, "nothing odd");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(4u << 20);
	struct ctx c = {.arena = a};
	fields(&c);
	read_back(&c);
	return done_testing();
}
