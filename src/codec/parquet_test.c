#include "codec/parquet.h"

#include <fcntl.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/limits.h"
#include "tests/tap.h"

/* A file whose footer is these bytes. */
static struct str file_of(struct ctx *c, struct str footer, const char *head, const char *tail)
{
	struct buf b;
	buf_init(&b, c->arena, 64u << 20);
	buf_z(&b, head);
	buf_add(&b, footer);
	for (unsigned i = 0; i < 4; i++)
		buf_char(&b, (char)(footer.n >> (8 * i)));
	buf_z(&b, tail);
	return buf_str(&b);
}

static err read_text(struct ctx *c, struct str file, struct parquet *ret)
{
	struct source s = source_of_text(file);
	c->trouble.detail[0] = '\0';
	return parquet_read(c, &s, ret);
}

/* Fields of a struct: 15 is an i32, 16 an i64, 18 a text, 19 a list, 1c a struct, each one field on. */
#define VERSION "\x15\x02"
#define ROOT "\x48\x01r\x15\x0a\0"      /* name, 5 children */
#define ID "\x15\x04\x25\0\x18\x02id\0" /* INT64, required */
#define AT \
	"\x15\x04\x25\x02\x18\x02" \
	"at\x6c\x8c\x11\0\0\0" /* INT64, optional, TIMESTAMP of nothing */
#define CITY \
	"\x15\x0c\x25\x02\x18\x04" \
	"city\x25\0\0"                                /* BYTE_ARRAY, UTF8 */
#define RAW "\x15\x0c\x25\x02\x18\x03raw\0"           /* BYTE_ARRAY */
#define TAGS "\x35\x02\x18\x04tags\x15\x02\x15\x06\0" /* a LIST of one group */
#define TAGS_LIST "\x35\x04\x18\x04list\x15\x02\0"
#define TAGS_ITEM "\x15\x02\x25\x02\x18\x01x\0"
#define SCHEMA "\x19\x8c" ROOT ID AT CITY RAW TAGS TAGS_LIST TAGS_ITEM
#define ROWS "\x16\x0e" /* 7 */
#define GROUPS \
	"\x19\x2c" \
	"\x36\x08\0" \
	"\x36\x06\0" /* 4 and 3 */
#define BY "\x28\x04test"

static void columns(struct ctx *c)
{
	static const struct {
		const char *name;
		enum parquet_kind kind;
		bool nullable;
	} want[] = {
		{"id", PARQUET_INTEGER, false},
		{"at", PARQUET_DATETIME, true},
		{"city", PARQUET_TEXT, true},
		{"raw", PARQUET_BYTES, true},
		{"tags", PARQUET_NESTED, true},
	};
	struct parquet p = {0};
	struct str footer = STR(VERSION SCHEMA ROWS GROUPS BY "\0");
	is_int(read_text(c, file_of(c, footer, "PAR1", "PAR1"), &p), OK, "a footer");
	is_str(c->trouble.detail, "", "no trouble");
	is_int(p.rows, 7, "rows");
	is_int(p.row_groups, 2, "row groups");
	ok(str_is(p.created_by, "test"), "who made it");
	is_int(p.columns_n, countof(want), "columns");
	for (size_t i = 0; i < countof(want) && i < p.columns_n; i++) {
		ok(str_is(p.columns[i].name, want[i].name), "%s", want[i].name);
		is_int(p.columns[i].kind, want[i].kind, "its kind");
		ok(p.columns[i].nullable == want[i].nullable, "its nulls");
	}
	/* However it is cut, it is refused, and nothing behind it is read. */
	for (size_t n = 0; n < footer.n; n++) {
		struct parquet none = {.rows = 99};
		err e = read_text(c, file_of(c, str_sub(footer, 0, n), "PAR1", "PAR1"), &none);
		if (e != ERR_MALFORMED || none.rows != 99)
			ok(false, "cut at %zu: %d", n, (int)e);
	}
	ok(true, "no part of it is one");
}

#define REFUSED(footer, want) refused(c, STR(footer), (want), #footer)

static void refused(struct ctx *c, struct str footer, const char *want, const char *what)
{
	struct parquet p;
	err e = read_text(c, file_of(c, footer, "PAR1", "PAR1"), &p);
	ok(e != OK && strstr(c->trouble.detail, want) != NULL, "%s: %s", what, c->trouble.detail);
}

static void footers(struct ctx *c)
{
	REFUSED("", "ends early");
	REFUSED("\0", "do not add up");
	REFUSED(SCHEMA "\x16\x10" GROUPS "\0", "no list"); /* one field early */
	REFUSED(VERSION SCHEMA "\x16\x10" GROUPS "\0", "do not add up");
	REFUSED(VERSION "\x19\x0c"
			"\x16\0\x19\x0c\0",
		"no schema");
	REFUSED(VERSION "\x19\x1c"
			"\x48\x01r\x15\x02\0"
			"\x16\0\x19\x0c\0",
		"no tree");
	REFUSED(VERSION "\x19\x1c"
			"\x48\x01r\x15\x01\0"
			"\x16\0\x19\x0c\0",
		"no tree");
	REFUSED(VERSION "\x19\x2c"
			"\x48\x01r\0" ID "\x16\0\x19\x0c\0",
		"no tree");
	REFUSED(VERSION "\x19\x2c"
			"\x48\x01r\x15\x02\0"
			"\x48\x01x\0"
			"\x16\0\x19\x0c\0",
		"no type");
	REFUSED(VERSION "\x19\x15\0", "no structs");
	REFUSED(VERSION "\x16\0", "no list");
	REFUSED(VERSION "\x19\xfc\xff\xff\xff\xff\x0f", "longer than the footer");
	REFUSED(VERSION "\x18\x01x", "no list");
	REFUSED("\x58\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\0", "ends early");
	REFUSED("\x55\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02\0", "too long");
	REFUSED("\x5e\0", "no type");
	REFUSED("\x05\0\0", "no possible number");
	REFUSED("\x05\x01\0", "no possible number");
}

/* Structs within structs, in a field that is passed over. */
static err nested(struct ctx *c, size_t depth)
{
	struct buf b;
	struct parquet p;
	buf_init(&b, c->arena, 4u << 20);
	for (size_t i = 0; i < depth; i++)
		buf_char(&b, 0x7c);
	for (size_t i = 0; i < depth; i++)
		buf_char(&b, 0);
	buf_char(&b, 0);
	return read_text(c, file_of(c, buf_str(&b), "PAR1", "PAR1"), &p);
}

static void limits(struct ctx *c)
{
	struct parquet p;
	is_int(nested(c, LIMIT_PARQUET_DEPTH - 1), ERR_MALFORMED, "deep, but no more than allowed");
	is_int(nested(c, LIMIT_PARQUET_DEPTH), ERR_TOO_LARGE, "deeper");
	is_int(nested(c, 1u << 20), ERR_TOO_LARGE, "far deeper");
	char *many = arena_alloc(c->arena, LIMIT_PARQUET_FOOTER + 1u);
	ok(many != NULL, "memory");
	struct str zeros = {many, LIMIT_PARQUET_FOOTER};
	is_int(read_text(c, file_of(c, zeros, "PAR1", "PAR1"), &p), ERR_MALFORMED, "the longest");
	zeros.n++;
	is_int(read_text(c, file_of(c, zeros, "PAR1", "PAR1"), &p), ERR_TOO_LARGE, "a longer one");
	/* A schema of n elements, each an empty struct. */
	for (unsigned n = LIMIT_PARQUET_ELEMENTS; n <= LIMIT_PARQUET_ELEMENTS + 1; n++) {
		struct buf b;
		buf_init(&b, c->arena, 4u << 20);
		buf_z(&b, VERSION "\x19\xfc");
		buf_char(&b, (char)(0x80 | (n & 0x7f)));
		buf_char(&b, (char)(0x80 | (n >> 7 & 0x7f)));
		buf_char(&b, (char)(n >> 14));
		char *elements = buf_reserve(&b, n + 16);
		memset(elements, 0, n + 16);
		err e = read_text(c, file_of(c, buf_str(&b), "PAR1", "PAR1"), &p);
		is_int(e, n > LIMIT_PARQUET_ELEMENTS ? ERR_TOO_LARGE : ERR_MALFORMED, "%u elements",
			n);
	}
}

static void ends(struct ctx *c)
{
	struct parquet p;
	struct str footer = STR(VERSION SCHEMA ROWS GROUPS BY "\0");
	is_int(read_text(c, STR("PAR1"), &p), ERR_MALFORMED, "too short");
	is_int(read_text(c, file_of(c, footer, "PARQ", "PAR1"), &p), ERR_MALFORMED, "another head");
	is_int(read_text(c, file_of(c, footer, "PAR1", "PAR2"), &p), ERR_MALFORMED, "another tail");
	is_int(read_text(c, file_of(c, footer, "PARE", "PARE"), &p), ERR_MALFORMED, "encrypted");
	ok(strstr(c->trouble.detail, "encrypted") != NULL, "which is said");
	is_int(read_text(c, STR("PAR1\xff\xff\xff\xffPAR1"), &p), ERR_MALFORMED,
		"longer than it is");
}

/* What another writer made, where the package that has it is installed. */
static void foreign(struct ctx *c)
{
	const char *path = "node_modules/vega-datasets/data/flights-3m.parquet";
	cleanup(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		printf("# not compared with another writer's file: %s is not there\n", path);
		return;
	}
	struct source s;
	struct parquet p = {0};
	is_int(source_of_file(c, fd, &s), OK, "another writer's file");
	is_int(parquet_read(c, &s, &p), OK, "is read");
	is_int(p.rows, 3000000, "three million rows");
	ok(p.row_groups > 0 && p.created_by.n > 0, "in row groups, by somebody");
	ok(p.columns_n > 0, "%zu columns", p.columns_n);
	for (size_t i = 0; i < p.columns_n; i++)
		ok(p.columns[i].kind != PARQUET_NONE, "%.*s", FMT(p.columns[i].name));
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(192u << 20);
	struct ctx c = {.arena = a};
	columns(&c);
	footers(&c);
	limits(&c);
	ends(&c);
	foreign(&c);
	return done_testing();
}
