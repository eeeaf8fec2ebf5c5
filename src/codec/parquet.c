#include "codec/parquet.h"

#include <string.h>

#include "base/limits.h"
#include "base/reader.h"

#define MAGIC 4u
#define TAIL 8u

enum thrift {
	THRIFT_STOP,
	THRIFT_TRUE,
	THRIFT_FALSE,
	THRIFT_I8,
	THRIFT_I16,
	THRIFT_I32,
	THRIFT_I64,
	THRIFT_DOUBLE,
	THRIFT_BINARY,
	THRIFT_LIST,
	THRIFT_SET,
	THRIFT_MAP,
	THRIFT_STRUCT,
	THRIFT_UUID
};

struct footer {
	struct ctx *c;
	struct reader r;
	unsigned depth;
};

struct field {
	unsigned type;
	int64_t id;
};

typedef err field_fn(struct footer *f, const struct field *field, void *arg);

static err take_bytes(struct footer *f, uint64_t n, struct str *ret)
{
	ENSURE(n <= f->r.rest.n && reader_take(&f->r, (size_t)n, ret), f->c, ERR_MALFORMED,
		"the footer of this Parquet file ends early");
	return OK;
}

static err take_u8(struct footer *f, uint8_t *ret)
{
	ENSURE(reader_u8(&f->r, ret), f->c, ERR_MALFORMED,
		"the footer of this Parquet file ends early");
	return OK;
}

static err take_varint(struct footer *f, uint64_t *ret)
{
	uint64_t v = 0;
	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t b = 0;
		TRY(take_u8(f, &b));
		ENSURE(shift < 63 || b <= 1, f->c, ERR_MALFORMED,
			"a number in the footer of this Parquet file is too long");
		v |= (uint64_t)(b & 0x7f) << shift;
		if (b < 0x80) {
			*ret = v;
			return OK;
		}
	}
	return fail(f->c, ERR_MALFORMED, "a number in the footer of this Parquet file has no end");
}

static err take_zigzag(struct footer *f, int64_t *ret)
{
	uint64_t v = 0;
	TRY(take_varint(f, &v));
	*ret = (int64_t)((v >> 1) ^ (0 - (v & 1)));
	return OK;
}

static err take_int(struct footer *f, const struct field *field, int64_t *ret)
{
	ENSURE(field->type >= THRIFT_I16 && field->type <= THRIFT_I64, f->c, ERR_MALFORMED,
		"field %lld in the footer of this Parquet file is no number", (long long)field->id);
	return take_zigzag(f, ret);
}

static err take_text(struct footer *f, const struct field *field, struct str *ret)
{
	uint64_t n = 0;
	ENSURE(field->type == THRIFT_BINARY, f->c, ERR_MALFORMED,
		"field %lld in the footer of this Parquet file is no text", (long long)field->id);
	TRY(take_varint(f, &n));
	return take_bytes(f, n, ret);
}

/* An element takes at least one byte, so a list that is longer than what is left is none. */
static err take_list(struct footer *f, unsigned *ret_type, uint64_t *ret_n)
{
	uint8_t head = 0;
	TRY(take_u8(f, &head));
	uint64_t n = head >> 4;
	if (n == 15)
		TRY(take_varint(f, &n));
	ENSURE(n <= f->r.rest.n, f->c, ERR_MALFORMED,
		"a list in the footer of this Parquet file is longer than the footer");
	*ret_type = head & 0x0f;
	*ret_n = n;
	return OK;
}

static err deeper(struct footer *f)
{
	ENSURE(f->depth < LIMIT_PARQUET_DEPTH, f->c, ERR_TOO_LARGE,
		"the footer of this Parquet file is nested deeper than %u", LIMIT_PARQUET_DEPTH);
	f->depth++;
	return OK;
}

/* All fields of a struct; fn takes the value of each. */
static err each_field(struct footer *f, field_fn *fn, void *arg)
{
	struct field field = {0};
	TRY(deeper(f));
	for (;;) {
		uint8_t head = 0;
		TRY(take_u8(f, &head));
		field.type = head & 0x0f;
		if (field.type == THRIFT_STOP)
			break;
		if (head >> 4 == 0)
			TRY(take_zigzag(f, &field.id));
		else
			field.id += head >> 4;
		ENSURE(field.id > 0 && field.id <= INT16_MAX, f->c, ERR_MALFORMED,
			"a field in the footer of this Parquet file has no possible number");
		TRY(fn(f, &field, arg));
	}
	f->depth--;
	return OK;
}

static err pass(struct footer *f, const struct field *field, void *arg);

/* In lists and maps a boolean has a byte of its own. */
static err pass_element(struct footer *f, unsigned type)
{
	struct field element = {type == THRIFT_TRUE || type == THRIFT_FALSE ? THRIFT_I8 : type, 0};
	return pass(f, &element, NULL);
}

static err pass_list(struct footer *f)
{
	unsigned type = 0;
	uint64_t n = 0;
	TRY(take_list(f, &type, &n));
	TRY(deeper(f));
	for (; n > 0; n--)
		TRY(pass_element(f, type));
	f->depth--;
	return OK;
}

static err pass_map(struct footer *f)
{
	uint64_t n = 0;
	uint8_t types = 0;
	TRY(take_varint(f, &n));
	if (n > 0)
		TRY(take_u8(f, &types));
	TRY(deeper(f));
	for (; n > 0; n--) {
		TRY(pass_element(f, types >> 4));
		TRY(pass_element(f, types & 0x0f));
	}
	f->depth--;
	return OK;
}

/* What is not known here. */
static err pass(struct footer *f, const struct field *field, void *arg)
{
	const struct field text = {THRIFT_BINARY, field->id};
	struct str bytes;
	uint64_t n = 0;
	(void)arg;
	switch (field->type) {
	case THRIFT_TRUE:
	case THRIFT_FALSE:
		return OK;
	case THRIFT_I8:
		return take_bytes(f, 1, &bytes);
	case THRIFT_I16:
	case THRIFT_I32:
	case THRIFT_I64:
		return take_varint(f, &n);
	case THRIFT_DOUBLE:
		return take_bytes(f, 8, &bytes);
	case THRIFT_UUID:
		return take_bytes(f, 16, &bytes);
	case THRIFT_BINARY:
		return take_text(f, &text, &bytes);
	case THRIFT_LIST:
	case THRIFT_SET:
		return pass_list(f);
	case THRIFT_MAP:
		return pass_map(f);
	case THRIFT_STRUCT:
		return each_field(f, pass, NULL);
	}
	return fail(f->c, ERR_MALFORMED, "a field in the footer of this Parquet file has no type");
}

struct element {
	int64_t physical, repetition, children, converted, logical; /* -1: not said */
	struct str name;
};

static err on_logical(struct footer *f, const struct field *field, void *arg)
{
	*(int64_t *)arg = field->id;
	return pass(f, field, NULL);
}

static err on_element(struct footer *f, const struct field *field, void *arg)
{
	struct element *e = arg;
	switch (field->id) {
	case 1:
		return take_int(f, field, &e->physical);
	case 3:
		return take_int(f, field, &e->repetition);
	case 4:
		return take_text(f, field, &e->name);
	case 5:
		return take_int(f, field, &e->children);
	case 6:
		return take_int(f, field, &e->converted);
	case 10:
		ENSURE(field->type == THRIFT_STRUCT, f->c, ERR_MALFORMED,
			"a logical type in this Parquet file is none");
		return each_field(f, on_logical, &e->logical);
	}
	return pass(f, field, NULL);
}

struct reading {
	struct parquet *to;
	struct element *elements;
	size_t n;
	int64_t rows, grouped_rows;
};

static err on_group(struct footer *f, const struct field *field, void *arg)
{
	return field->id == 3 ? take_int(f, field, arg) : pass(f, field, NULL);
}

static err take_structs(struct footer *f, const struct field *field, uint64_t *ret_n)
{
	unsigned type = 0;
	ENSURE(field->type == THRIFT_LIST, f->c, ERR_MALFORMED,
		"field %lld in the footer of this Parquet file is no list", (long long)field->id);
	TRY(take_list(f, &type, ret_n));
	ENSURE(*ret_n == 0 || type == THRIFT_STRUCT, f->c, ERR_MALFORMED,
		"field %lld in the footer of this Parquet file holds no structs",
		(long long)field->id);
	return OK;
}

static err take_schema(struct footer *f, const struct field *field, struct reading *r)
{
	uint64_t n = 0;
	ENSURE(r->elements == NULL, f->c, ERR_MALFORMED, "this Parquet file has two schemas");
	TRY(take_structs(f, field, &n));
	ENSURE(n <= LIMIT_PARQUET_ELEMENTS, f->c, ERR_TOO_LARGE,
		"the schema of this Parquet file has more than %u elements",
		LIMIT_PARQUET_ELEMENTS);
	NEW_N(f->c, r->elements, n + 1);
	for (; r->n < n; r->n++) {
		struct element *e = &r->elements[r->n];
		*e = (struct element){-1, -1, 0, -1, -1, {"", 0}};
		TRY(each_field(f, on_element, e));
	}
	return OK;
}

static err take_groups(struct footer *f, const struct field *field, struct reading *r)
{
	uint64_t n = 0;
	TRY(take_structs(f, field, &n));
	for (; n > 0; n--) {
		int64_t rows = -1;
		TRY(each_field(f, on_group, &rows));
		ENSURE(rows >= 0 &&
				!__builtin_add_overflow(r->grouped_rows, rows, &r->grouped_rows),
			f->c, ERR_MALFORMED,
			"a row group of this Parquet file has no number of rows");
		r->to->row_groups++;
	}
	return OK;
}

static err on_file(struct footer *f, const struct field *field, void *arg)
{
	struct reading *r = arg;
	switch (field->id) {
	case 2:
		return take_schema(f, field, r);
	case 3:
		return take_int(f, field, &r->rows);
	case 4:
		return take_groups(f, field, r);
	case 6:
		return take_text(f, field, &r->to->created_by);
	}
	return pass(f, field, NULL);
}

/* LogicalType of parquet.thrift, by field of the union. */
static const enum parquet_kind by_logical[] = {
	[1] = PARQUET_TEXT,     /* STRING */
	[4] = PARQUET_TEXT,     /* ENUM */
	[5] = PARQUET_DECIMAL,  /* DECIMAL */
	[6] = PARQUET_DATE,     /* DATE */
	[7] = PARQUET_TIME,     /* TIME */
	[8] = PARQUET_DATETIME, /* TIMESTAMP */
	[10] = PARQUET_INTEGER, /* INTEGER */
	[12] = PARQUET_TEXT,    /* JSON */
	[14] = PARQUET_TEXT,    /* UUID */
	[15] = PARQUET_DECIMAL, /* FLOAT16 */
};

/* ConvertedType, which the one before replaces. */
static const enum parquet_kind by_converted[] = {
	[0] = PARQUET_TEXT,      /* UTF8 */
	[4] = PARQUET_TEXT,      /* ENUM */
	[5] = PARQUET_DECIMAL,   /* DECIMAL */
	[6] = PARQUET_DATE,      /* DATE */
	[7] = PARQUET_TIME,      /* TIME_MILLIS */
	[8] = PARQUET_TIME,      /* TIME_MICROS */
	[9] = PARQUET_DATETIME,  /* TIMESTAMP_MILLIS */
	[10] = PARQUET_DATETIME, /* TIMESTAMP_MICROS */
	[19] = PARQUET_TEXT,     /* JSON */
};

/* Type; INT96 is how times were once written. */
static const enum parquet_kind by_physical[] = {PARQUET_BOOLEAN, PARQUET_INTEGER, PARQUET_INTEGER,
	PARQUET_DATETIME, PARQUET_DECIMAL, PARQUET_DECIMAL, PARQUET_BYTES, PARQUET_BYTES};

static enum parquet_kind looked_up(const enum parquet_kind *table, size_t n, int64_t i)
{
	return i >= 0 && (uint64_t)i < n ? table[i] : PARQUET_NONE;
}

static err column_of(struct ctx *c, const struct element *e, struct parquet_column *ret)
{
	enum parquet_kind physical = looked_up(by_physical, countof(by_physical), e->physical);
	enum parquet_kind kind = looked_up(by_logical, countof(by_logical), e->logical);
	if (kind == PARQUET_NONE)
		kind = looked_up(by_converted, countof(by_converted), e->converted);
	if (kind == PARQUET_NONE)
		kind = physical;
	bool nested = e->children > 0 || e->repetition == 2;
	ENSURE(nested || physical != PARQUET_NONE, c, ERR_MALFORMED,
		"a column of this Parquet file has no type");
	ret->name = e->name;
	ret->kind = nested ? PARQUET_NESTED : kind;
	ret->nullable = e->repetition != 0;
	return OK;
}

/* The schema is a tree, written depth first. */
static err read_columns(struct ctx *c, const struct reading *r, struct parquet *to)
{
	ENSURE(r->n > 0, c, ERR_MALFORMED, "this Parquet file has no schema");
	const int64_t columns = r->elements[0].children;
	size_t at = 1;
	NEW_N(c, to->columns, r->n);
	for (; to->columns_n < (size_t)columns && at < r->n; to->columns_n++) {
		TRY(column_of(c, &r->elements[at], &to->columns[to->columns_n]));
		for (int64_t waiting = 1; waiting > 0; at++, waiting--) {
			int64_t children = at < r->n ? r->elements[at].children : -1;
			ENSURE(children >= 0 && children <= (int64_t)r->n, c, ERR_MALFORMED,
				"the schema of this Parquet file is no tree");
			waiting += children;
		}
	}
	ENSURE(at == r->n && columns == (int64_t)to->columns_n, c, ERR_MALFORMED,
		"the schema of this Parquet file is no tree");
	return OK;
}

/* Where the footer lies, from the words at both ends. */
static err find_footer(struct ctx *c, const struct source *s, uint64_t *ret_at, size_t *ret_n)
{
	uint8_t head[MAGIC], tail[TAIL];
	ENSURE(s->size >= MAGIC + TAIL, c, ERR_MALFORMED,
		"this is no Parquet file: it is too short");
	TRY(source_read(c, s, 0, head, sizeof head));
	TRY(source_read(c, s, s->size - TAIL, tail, sizeof tail));
	ENSURE(memcmp(tail + MAGIC, "PARE", MAGIC) != 0, c, ERR_MALFORMED,
		"the footer of this Parquet file is encrypted: its columns and rows cannot be "
		"read");
	ENSURE(memcmp(head, "PAR1", MAGIC) == 0 && memcmp(tail + MAGIC, "PAR1", MAGIC) == 0, c,
		ERR_MALFORMED, "this is no Parquet file: PAR1 does not stand at both ends");
	uint64_t n = tail[0] | (uint64_t)tail[1] << 8 | (uint64_t)tail[2] << 16 |
		     (uint64_t)tail[3] << 24;
	ENSURE(n <= s->size - MAGIC - TAIL, c, ERR_MALFORMED,
		"the footer of this Parquet file is longer than the file");
	ENSURE(n <= LIMIT_PARQUET_FOOTER, c, ERR_TOO_LARGE,
		"the footer of this Parquet file has more than %u bytes", LIMIT_PARQUET_FOOTER);
	*ret_at = s->size - TAIL - n;
	*ret_n = (size_t)n;
	return OK;
}

err parquet_read(struct ctx *c, const struct source *source, struct parquet *ret)
{
	struct parquet to = {.created_by = {"", 0}};
	struct reading r = {.to = &to, .rows = -1};
	uint64_t at = 0;
	size_t n = 0;
	char *bytes;
	TRY(find_footer(c, source, &at, &n));
	NEW_N(c, bytes, n + 1);
	TRY(source_read(c, source, at, bytes, n));
	struct footer f = {.c = c, .r = reader_on((struct str){bytes, n})};
	TRY(each_field(&f, on_file, &r));
	ENSURE(r.rows >= 0 && r.rows == r.grouped_rows, c, ERR_MALFORMED,
		"the row groups of this Parquet file do not add up to its rows");
	to.rows = (uint64_t)r.rows;
	TRY(read_columns(c, &r, &to));
	*ret = to;
	return OK;
}
