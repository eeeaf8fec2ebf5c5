#include "product/profile.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/env.h"
#include "tests/tap.h"

static int file_of(struct str bytes)
{
	int fd = memfd_create("profile", MFD_CLOEXEC);
	ok(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n, "a file");
	return fd;
}

static const struct json *profile_of(struct ctx *c, struct str name, struct str bytes)
{
	cleanup(fd_closep) int fd = file_of(bytes);
	struct json *o = NULL;
	is_int(profile_file(c, fd, name, CHARSET_UNKNOWN, &o), OK, "a profile of %.*s", FMT(name));
	return o;
}

static const char *canonical(struct ctx *c, const struct json *o)
{
	struct str text = {0};
	return json_canonical(c, o, 2u << 20, &text) == OK ? arena_z(c->arena, text)
							   : c->trouble.detail;
}

static int64_t number(const struct json *o, const char *name)
{
	int64_t v = -1;
	(void)json_int(json_get(o, name), &v);
	return v;
}

static const struct json *column(const struct json *o, size_t i)
{
	const struct json *columns = json_get(o, "columns");
	const struct json *at = columns == NULL ? NULL : columns->first;
	for (; at != NULL && i > 0; i--)
		at = at->next;
	return at;
}

static void csv(struct ctx *c)
{
	const struct json *o = profile_of(c, STR("w.CSV"),
		STR("\xef\xbb\xbf"
		    "day;rain\r\n2012-01-01;0.5\r\n2012-01-02;\r\n2012-01-03;10;x\r\n"
		    "2012-01-03\r\n"));
	is_str(canonical(c, o),
		"{\"bom\":true,\"columns\":[{\"distinct\":3,\"exact\":true,\"histogram\":{"
		"\"counts\":[1,1,2],\"from\":\"2012-01-01\",\"of\":\"time\",\"to\":\"2012-01-04\"},"
		"\"max\":\"2012-01-03\",\"min\":\"2012-01-01\",\"missed\":0,\"name\":\"day\","
		"\"nulls\":0,\"top\":[{\"count\":2,\"value\":\"2012-01-03\"},{\"count\":1,"
		"\"value\":\"2012-01-01\"},{\"count\":1,\"value\":\"2012-01-02\"}],\"type\":"
		"\"date\"},{\"distinct\":2,\"exact\":true,\"histogram\":{\"counts\":[1,0,0,0,0,0,0,"
		"0,0,0,0,0,0,0,0,0,0,0,0,1],\"from\":\"0.5\",\"of\":\"number\",\"to\":\"10.5\"},"
		"\"max\":\"10\",\"mean\":\"5.25\",\"min\":\"0.5\",\"missed\":0,\"name\":\"rain\","
		"\"nulls\":2,\"top\":[{\"count\":1,\"value\":\"0.5\"},{\"count\":1,\"value\":"
		"\"10\"}],\"type\":\"decimal\"}],\"confirm\":false,\"delimiter\":\";\","
		"\"encoding\":\"utf-8\",\"format\":\"csv\",\"odd\":0,\"ragged\":2,\"replaced\":0,"
		"\"rows\":4}",
		"a small table");
	o = profile_of(c, STR("e.csv"), STR(""));
	is_int(number(o, "rows"), 0, "an empty file has no rows");
}

/* {name, encoding, bom, confirm, replaced} and the name of the first column. */
static void encoding_is(struct ctx *c, struct str bytes, const char *want, const char *name)
{
	const struct json *o = profile_of(c, STR("e.csv"), bytes);
	struct str said = {0};
	ok(arena_fmt(c, &said, "%.*s bom=%d confirm=%d replaced=%lld",
		   FMT(json_text(json_get(o, "encoding"))), json_get(o, "bom")->type == JSON_TRUE,
		   json_get(o, "confirm")->type == JSON_TRUE,
		   (long long)number(o, "replaced")) == OK,
		"said");
	is_str(said.p, want, "encoding");
	is_str(arena_z(c->arena, json_text(json_get(column(o, 0), "name"))), name, "read as that");
}

#define CITY "\xe5\x9f\x8e\xe5\xb8\x82"

static void encodings(struct ctx *c)
{
	encoding_is(c, STR(CITY ",b\n1,2\n"), "utf-8 bom=0 confirm=0 replaced=0", CITY);
	encoding_is(
		c, STR("\xb3\xc7\xca\xd0,b\n1,2\n"), "gb18030 bom=0 confirm=1 replaced=0", CITY);
	encoding_is(c, STR("\xff\xfe\xce\x57\x02\x5e,\0b\0\n\0001\0,\0002\0\n\0"),
		"utf-16le bom=1 confirm=0 replaced=0", CITY);
	encoding_is(c, STR("\xfe\xff\x57\xce\x5e\x02\0,\0b\0\n\0001\0,\0002\0\n"),
		"utf-16be bom=1 confirm=0 replaced=0", CITY);
	encoding_is(c, STR("caf\xe9,b\n1,2\n"), "unknown bom=0 confirm=1 replaced=0",
		"caf\xef\xbf\xbd");
	cleanup(fd_closep) int fd = file_of(STR("a,\xb3\xc7\xff\n1,2\n"));
	struct json *o = NULL;
	is_int(profile_file(c, fd, STR("a.csv"), CHARSET_GB18030, &o), OK, "as a person says");
	is_int(number(o, "replaced"), 1, "with a byte that is no character");
	ok(json_get(o, "confirm")->type == JSON_FALSE, "is not to be confirmed again");
}

/* Characters torn at every border between pieces of the file: none is lost. */
static void large_gb18030(struct ctx *c)
{
	const size_t rows = 300000;
	struct buf b;
	buf_init(&b, c->arena, 8u << 20);
	buf_z(&b, "\xb3\xc7\xca\xd0,n\n");
	for (size_t i = 0; i < rows; i++) {
		buf_z(&b, i % 3 == 0 ? "\xba\xbc\xd6\xdd," : "a\xba\xbc\xd6\xdd,");
		buf_u64(&b, i % 10);
		buf_char(&b, 10);
	}
	const struct json *o = profile_of(c, STR("large.csv"), buf_str(&b));
	is_int(number(o, "rows"), rows, "every row");
	is_int(number(o, "replaced"), 0, "every character");
	is_int(number(column(o, 0), "distinct"), 2, "two cities");
}

static void lines(struct ctx *c)
{
	const struct json *o = profile_of(c, STR("a.jsonl"),
		STR("\xef\xbb\xbf{\"a\":1,\"b\":\"x\"}\n\r\n{\"b\":null,\"c\":[1]}\n[1]\nnot\n"
		    "{\"a\":2.5,\"b\":true}"));
	is_int(number(o, "rows"), 3, "three objects");
	is_int(number(o, "malformed"), 2, "two lines that are none");
	static const struct {
		const char *name, *type;
		int64_t nulls;
	} want[] = {{"a", "decimal", 1}, {"b", "mixed", 1}, {"c", "nested", 2}};
	for (size_t i = 0; i < countof(want); i++) {
		const struct json *col = column(o, i);
		ok(str_is(json_text(json_get(col, "name")), want[i].name), "%s", want[i].name);
		ok(str_is(json_text(json_get(col, "type")), want[i].type), "%s", want[i].type);
		is_int(number(col, "nulls"), want[i].nulls, "nulls");
	}
	ok(column(o, 3) == NULL, "and no more columns");
}

static void others(struct ctx *c)
{
	is_str(canonical(c, profile_of(c, STR("x.orc"), STR("ORC"))), "{\"format\":\"other\"}",
		"another format");
	is_str(canonical(c, profile_of(c, STR("csv"), STR("a,b"))), "{\"format\":\"other\"}",
		"no suffix");
	cleanup(fd_closep) int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct json *o = NULL;
	is_int(profile_file(c, fd, STR("x.csv"), CHARSET_UNKNOWN, &o), OK, "no regular file");
	is_str(canonical(c, o), "{\"format\":\"other\"}", "is another format");
	is_int(profile_file(c, -1, STR("x.csv"), CHARSET_UNKNOWN, &o), ERR_IO,
		"no file at all is a failure");
}

static const struct json *wide(struct ctx *c, unsigned n)
{
	struct buf b;
	buf_init(&b, c->arena, 1u << 20);
	for (unsigned i = 0; i < n; i++)
		buf_fmt(&b, "%sc%u", i > 0 ? "," : "", i);
	buf_z(&b, "\n1,2,3\n");
	return profile_of(c, STR("wide.csv"), buf_str(&b));
}

static const struct json *wide_lines(struct ctx *c, unsigned n)
{
	struct buf b;
	buf_init(&b, c->arena, 1u << 20);
	for (unsigned i = 0; i < n; i++)
		buf_fmt(&b, "{\"c%u\":%u}\n", i, i);
	return profile_of(c, STR("wide.ndjson"), buf_str(&b));
}

static const struct json *long_one(
	struct ctx *c, const char *name, const char *head, size_t n, const char *tail)
{
	struct buf b;
	buf_init(&b, c->arena, 4u << 20);
	buf_z(&b, head);
	char *p = buf_reserve(&b, n);
	memset(p, 'x', n);
	buf_z(&b, tail);
	return profile_of(c, str_z(name), buf_str(&b));
}

static void limits(struct ctx *c)
{
	const unsigned max = LIMIT_PROFILE_COLUMNS;
	const struct json *o = wide(c, max);
	ok(json_get(o, "stopped") == NULL && number(o, "rows") == 1, "the most columns");
	o = wide(c, max + 1);
	ok(json_get(o, "stopped") != NULL && json_get(o, "columns")->n == max, "one more");
	o = wide_lines(c, max);
	ok(json_get(o, "stopped") == NULL && number(o, "rows") == max, "the most members");
	o = wide_lines(c, max + 1);
	ok(json_get(o, "stopped") != NULL && number(o, "rows") == max + 1, "one more");
	o = long_one(c, "l.csv", "a,b\n1,", LIMIT_CSV_FIELD, "\n2,3\n");
	ok(json_get(o, "stopped") == NULL && number(o, "rows") == 2, "the longest field");
	o = long_one(c, "l.csv", "a,b\n0,0\n1,", LIMIT_CSV_FIELD + 1, "\n2,3\n");
	ok(json_get(o, "stopped") != NULL && number(o, "rows") == 2, "a longer one");
	is_int(number(column(o, 1), "nulls"), 1, "is not counted");
	const size_t frame = strlen("{\"a\":\"\"}");
	o = long_one(c, "l.jsonl", "{\"a\":\"", LIMIT_PROFILE_LINE - frame, "\"}\n{}\n");
	ok(json_get(o, "stopped") == NULL && number(o, "rows") == 2, "the longest line");
	o = long_one(c, "l.jsonl", "{\"a\":\"", LIMIT_PROFILE_LINE - frame + 1, "\"}\n{}\n");
	ok(json_get(o, "stopped") != NULL && number(o, "rows") == 0, "a longer one");
	o = long_one(c, "l.jsonl", "{}\n", 3 * (size_t)LIMIT_PROFILE_LINE, "");
	ok(json_get(o, "stopped") != NULL && number(o, "rows") == 1, "and one without end");
	is_str(canonical(c, wide(c, 2)) != NULL ? "yes" : "no", "yes", "a profile is canonical");
}

/* Many windows: no row is lost or split where one ends. */
static void large(struct ctx *c)
{
	const size_t rows = 300000;
	struct buf b;
	buf_init(&b, c->arena, 8u << 20);
	buf_z(&b, "id,name\n");
	for (size_t i = 0; i < rows; i++) {
		buf_u64(&b, 100000 + i);
		buf_z(&b, i % 3 == 0 ? ",\"a,\n\"\"b\"\n" : ",c\n");
	}
	const struct json *o = profile_of(c, STR("large.csv"), buf_str(&b));
	is_int(number(o, "rows"), rows, "every row");
	is_int(number(o, "ragged"), 0, "is whole");
	const struct json *id = column(o, 0), *top = json_get(column(o, 1), "top");
	ok(str_is(json_text(json_get(id, "min")), "100000") &&
			str_is(json_text(json_get(id, "max")), "399999"),
		"from the first to the last");
	is_int(number(column(o, 1), "distinct"), 2, "two names");
	ok(str_is(json_text(json_get(top->first, "value")), "c"), "the frequent one");
	is_int(number(top->first, "count"), 200000, "is counted exactly");
	is_int(number(top->last, "count"), 100000, "and so is the other");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(128u << 20);
	struct ctx c = {.arena = a};
	csv(&c);
	encodings(&c);
	lines(&c);
	others(&c);
	limits(&c);
	large(&c);
	large_gb18030(&c);
	return done_testing();
}
