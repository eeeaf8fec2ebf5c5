#include "product/profile.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "codec/csv.h"
#include "product/profile_parts.h"

#define WORK_ARENA (96u << 20)
#define PROFILE_COLUMNS_BYTES 20000u
#define COLUMN_SLOTS (2 * LIMIT_PROFILE_COLUMNS)

err profile_add_column(struct profile *p, struct str name)
{
	if (p->columns_n == LIMIT_PROFILE_COLUMNS) {
		p->stopped = "more columns than a profile has";
		return OK;
	}
	struct str own;
	TRY(arena_str(&p->work, str_sub(name, 0, LIMIT_TEXT), &own));
	TRY(column_new(&p->work, own, &p->columns[p->columns_n]));
	p->columns_n++;
	return OK;
}

/* One field of a row; i counts from 0. */
static err take_field(struct profile *p, bool header, size_t i, struct str field)
{
	if (!header) {
		if (i < p->columns_n && field.n > 0)
			column_add(p->columns[i], field, VALUE_ANY);
		return OK;
	}
	return profile_add_column(p, field);
}

err profile_stop(struct ctx *c, struct profile *p, err e)
{
	if (e == OK || err_is_fault(e))
		return e;
	p->stopped = arena_z(c->arena, str_z(p->work.trouble.detail));
	ENSURE(p->stopped != NULL, c, ERR_TOO_LARGE, "no memory for a profile");
	return OK;
}

static err read_csv(struct ctx *c, struct profile *p, struct csv *r)
{
	struct str field;
	bool header = true;
	size_t i = 0;
	while (p->stopped == NULL) {
		switch (csv_next(r, &field)) {
		case CSV_FIELD:
			TRY(take_field(p, header, i++, field));
			break;
		case CSV_ROW:
			TRY(take_field(p, header, i++, field));
			p->rows += !header;
			p->ragged += i != p->columns_n;
			header = false;
			i = 0;
			break;
		case CSV_MORE:
			TRY(window_fill(c, &p->text, csv_rest(r)));
			csv_feed(r, (struct str){p->text.bytes, p->text.n}, p->text.last);
			break;
		case CSV_END:
			return OK;
		case CSV_TOO_LONG:
			p->stopped = "a field is longer than a profile reads";
			p->rows += i > 0 && !header; /* the fields before it are counted */
			return OK;
		}
	}
	p->ragged = 0;
	return OK;
}

static err profile_csv(struct ctx *c, struct profile *p, struct json **o)
{
	struct csv r;
	TRY(window_open(c, &p->work, &p->text));
	TRY(window_fill(c, &p->text, (struct str){p->text.bytes, 0}));
	char delimiter = csv_guess((struct str){p->text.bytes, p->text.n});
	TRY(csv_open(&p->work, delimiter, &r));
	csv_feed(&r, (struct str){p->text.bytes, p->text.n}, p->text.last);
	TRY(read_csv(c, p, &r));
	struct str shown;
	TRY(arena_str(c, (struct str){&delimiter, 1}, &shown));
	json_set(o, "format", json_z(c, "csv"));
	json_set_str(c, o, "delimiter", shown);
	json_set_num(c, o, "ragged", (int64_t)p->ragged);
	json_set_num(c, o, "odd", (int64_t)r.odd);
	return OK;
}

/* JSON lines: columns by name, and where the next member's column probably is. */
struct lines {
	struct profile *p;
	struct ctx line;              /* memory of one line */
	uint16_t slots[COLUMN_SLOTS]; /* column + 1; 0: free */
};

/* The column of a member, made where it is new; NULL in ret where there are too many. */
static err column_of(struct lines *l, struct str name, size_t hint, struct column **ret)
{
	struct profile *p = l->p;
	*ret = NULL;
	if (hint < p->columns_n && str_eq(column_name(p->columns[hint]), name)) {
		*ret = p->columns[hint];
		return OK;
	}
	size_t at = value_hash(name, VALUE_ANY) % COLUMN_SLOTS;
	for (; l->slots[at] != 0; at = (at + 1) % COLUMN_SLOTS) {
		struct column *col = p->columns[l->slots[at] - 1];
		if (str_eq(column_name(col), name)) {
			*ret = col;
			return OK;
		}
	}
	if (p->columns_n == LIMIT_PROFILE_COLUMNS || name.n > LIMIT_TEXT) {
		p->stopped = name.n > LIMIT_TEXT ? "a name is longer than a profile reads"
						 : "more columns than a profile has";
		return OK;
	}
	TRY(profile_add_column(p, name));
	l->slots[at] = (uint16_t)p->columns_n;
	*ret = p->columns[p->columns_n - 1];
	return OK;
}

static void take_member(struct column *col, const struct json *value)
{
	switch (value->type) {
	case JSON_NULL:
		break;
	case JSON_FALSE:
		column_add(col, STR("false"), VALUE_BOOLEAN);
		break;
	case JSON_TRUE:
		column_add(col, STR("true"), VALUE_BOOLEAN);
		break;
	case JSON_NUMBER:
		column_add(col, value->text, VALUE_ANY);
		break;
	case JSON_STRING:
		column_add(col, value->text, VALUE_TEXT);
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		column_add(col, (struct str){"", 0}, VALUE_NESTED);
		break;
	}
}

static err take_line(struct lines *l, struct str text)
{
	const struct json *row = NULL;
	struct profile *p = l->p;
	if (str_trim(text).n == 0)
		return OK;
	arena_reset(l->line.arena);
	if (json_parse(&l->line, text, &row) != OK || row->type != JSON_OBJECT) {
		p->malformed++;
		return OK;
	}
	p->rows++;
	size_t hint = 0;
	for (const struct json *m = row->first; m != NULL && p->stopped == NULL; m = m->next) {
		struct column *col = NULL;
		TRY(column_of(l, m->name, hint++, &col));
		if (col != NULL)
			take_member(col, m);
	}
	return OK;
}

static err read_lines(struct ctx *c, struct lines *l)
{
	struct profile *p = l->p;
	struct str rest = {p->text.bytes, 0}, line;
	do {
		TRY(window_fill(c, &p->text, rest));
		rest = (struct str){p->text.bytes, p->text.n};
		while (p->stopped == NULL && str_cut(rest, '\n', &line, &rest)) {
			if (str_ends(line, STR("\r")))
				line = str_sub(line, 0, line.n - 1);
			if (line.n > LIMIT_PROFILE_LINE)
				p->stopped = "a line is longer than a profile reads";
			else
				TRY(take_line(l, line));
		}
		if (rest.n > LIMIT_PROFILE_LINE)
			p->stopped = "a line is longer than a profile reads";
	} while (!p->text.last && p->stopped == NULL);
	return p->stopped == NULL ? take_line(l, rest) : OK;
}

static err profile_lines(struct ctx *c, struct profile *p, struct json **o)
{
	cleanup(arena_freep) struct arena *line = arena_new(LIMIT_REQUEST_ARENA);
	ENSURE(line != NULL, c, ERR_MEMORY, "no memory for a profile");
	struct lines l = {.p = p, .line = {.arena = line}};
	TRY(window_open(c, &p->work, &p->text));
	TRY(read_lines(c, &l));
	json_set(o, "format", json_z(c, "json-lines"));
	json_set_num(c, o, "malformed", (int64_t)p->malformed);
	return OK;
}

/* What is said of the encoding; as_utf8: all that was shown of the file is UTF-8. */
static void set_encoding(struct ctx *c, const struct profile *p, bool as_utf8, struct json **o)
{
	struct charset_guess g = p->text.encoding;
	if (g.charset <= CHARSET_UTF8 && !(as_utf8 && g.charset == CHARSET_UTF8))
		g = (struct charset_guess){CHARSET_UNKNOWN, CHARSET_GUESSED, g.bom};
	bool ascii_so_far = g.charset == CHARSET_UTF8; /* and it was so to the end */
	json_set(o, "encoding", json_z(c, charset_name(g.charset)));
	json_set(o, "bom", json_bool(c, g.bom > 0));
	json_set(o, "confirm", json_bool(c, g.confidence != CHARSET_CERTAIN && !ascii_so_far));
	json_set_num(c, o, "replaced",
		p->text.reader == NULL ? 0 : (int64_t)charset_replaced(p->text.reader));
}

/* The columns in as much detail as keeps them below PROFILE_COLUMNS_BYTES, so that a page can hold many. */
static err columns_json(struct ctx *c, const struct profile *p, struct json **ret)
{
	enum column_detail detail = p->columns_n > 200 ? COLUMN_BARE : COLUMN_FULL;
	for (;; detail++) {
		struct json *columns = json_array(c);
		struct str text;
		for (size_t i = 0; i < p->columns_n; i++) {
			struct json *one = NULL;
			TRY(column_profile(c, p->columns[i], p->rows, detail, &one));
			json_push(&columns, one);
		}
		*ret = columns;
		if (detail == COLUMN_BARE ||
			json_canonical(c, columns, PROFILE_COLUMNS_BYTES, &text) == OK)
			return OK;
	}
}

/* What all tables have. */
static err finish(struct ctx *c, const struct profile *p, struct json **o)
{
	struct json *columns;
	bool utf8 = true;
	if (p->told == NULL)
		TRY(columns_json(c, p, &columns));
	else
		columns = p->told;
	for (size_t i = 0; i < p->columns_n; i++) {
		utf8 = utf8 && column_is_utf8(p->columns[i]) &&
		       str_is_utf8(column_name(p->columns[i]));
	}
	if (p->text.bytes != NULL)
		set_encoding(c, p, utf8 && p->malformed == 0, o);
	json_set_num(c, o, "rows", (int64_t)p->rows);
	json_set(o, "columns", columns);
	if (p->stopped != NULL)
		json_set(o, "stopped", json_z(c, p->stopped));
	return OK;
}

static const struct {
	const char *suffix;
	profile_fn *read;
} formats[] = {
	{".csv", profile_csv},
	{".tsv", profile_csv},
	{".jsonl", profile_lines},
	{".ndjson", profile_lines},
	{".xlsx", profile_sheet},
	{".parquet", profile_parquet},
};

static profile_fn *reader_for(struct str filename)
{
	for (size_t i = 0; i < countof(formats); i++) {
		size_t n = strlen(formats[i].suffix);
		if (filename.n >= n &&
			str_is_nocase(str_sub(filename, filename.n - n, n), formats[i].suffix))
			return formats[i].read;
	}
	return NULL;
}

/* A failure recorded in the working context is told in the caller's. */
static err passed_on(struct ctx *c, const struct profile *p, err e)
{
	if (e != OK && p->work.trouble.code == e)
		c->trouble = p->work.trouble;
	return e;
}

static err profile_with(struct ctx *c, struct profile *p, profile_fn *read, struct json **o)
{
	NEW_N(&p->work, p->columns, LIMIT_PROFILE_COLUMNS);
	TRY(read(c, p, o));
	return finish(c, p, o);
}

err profile_file(struct ctx *c, int fd, struct str filename, enum charset given, struct json **ret)
{
	struct stat st;
	struct json *o = json_object(c);
	profile_fn *read = reader_for(filename);
	ENSURE(fstat(fd, &st) == 0, c, ERR_IO, "stat the file: %s", strerror(errno));
	if (read == NULL || !S_ISREG(st.st_mode)) {
		json_set(&o, "format", json_z(c, "other"));
		*ret = o;
		return OK;
	}
	cleanup(arena_freep) struct arena *work = arena_new(WORK_ARENA);
	ENSURE(work != NULL, c, ERR_MEMORY, "no memory for a profile");
	struct profile p = {.work = {.arena = work}, .fd = fd, .text = {.fd = fd, .given = given}};
	TRY(passed_on(c, &p, profile_with(c, &p, read, &o)));
	*ret = o;
	return OK;
}
