#include "codec/xlsx.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "codec/time_serial.h"
#include "codec/xml.h"

#define STYLES_MAX 65536u
#define FORMATS_MAX 4096u
#define PAGE 65536u
#define PAGES ((LIMIT_XLSX_STRINGS_N + PAGE - 1) / PAGE)
#define SMALL_PART (32u << 20)
#define ROWS 1048576u
#define COLUMNS 16384u

/* Shared strings, in pages, so that none is ever copied. */
struct strings {
	struct str *pages[PAGES];
	uint64_t n, bytes;
};

struct xlsx {
	struct ctx own; /* memory of what is kept */
	struct zip zip;
	uint64_t part_max;
	struct str sheet, sheet_id, sheet_path, styles_path, strings_path;
	bool since_1904;
	uint64_t *date_formats; /* numbers of the workbook's own formats that show dates */
	size_t date_formats_n;
	bool *is_date; /* style -> shows a date */
	size_t styles_n;
	bool in_cell_styles;
	struct strings strings;
	/* While strings and cells are read. */
	char *text;
	size_t text_n;
	bool in_text, in_phonetic, in_inline;
	/* Of the cell that is read; next_*: where one without a reference stands. */
	struct xlsx_cell cell;
	uint32_t next_row, next_column;
	struct str type;
	uint64_t style;
	char type_text[16];
	xlsx_cell_fn *tell;
	void *tell_arg;
};

static bool ends_in(struct str s, const char *tail)
{
	return str_ends(s, str_z(tail));
}

/* A part by the target of a relation: relative to xl/, or absolute. */
static err part_path(struct xlsx *x, struct str target, struct str *ret)
{
	ENSURE(target.n <= LIMIT_ZIP_NAME, &x->own, ERR_TOO_LARGE, "a part's name is too long");
	if (str_starts(target, STR("/")))
		return arena_str(&x->own, str_sub(target, 1, target.n), ret);
	return arena_fmt(&x->own, ret, "xl/%.*s", FMT(target));
}

static err on_relation(void *arg, const char *name, const char *const *attributes)
{
	struct xlsx *x = arg;
	struct str type = xml_attribute(attributes, "Type"),
		   target = xml_attribute(attributes, "Target");
	if (strcmp(name, "Relationship") != 0)
		return OK;
	if (str_eq(xml_attribute(attributes, "Id"), x->sheet_id))
		return part_path(x, target, &x->sheet_path);
	if (ends_in(type, "/styles"))
		return part_path(x, target, &x->styles_path);
	if (ends_in(type, "/sharedStrings"))
		return part_path(x, target, &x->strings_path);
	return OK;
}

static bool is_yes(struct str s)
{
	return str_is(s, "1") || str_is(s, "true");
}

static err on_workbook(void *arg, const char *name, const char *const *attributes)
{
	struct xlsx *x = arg;
	if (strcmp(name, "workbookPr") == 0)
		x->since_1904 = is_yes(xml_attribute(attributes, "date1904"));
	struct str state = xml_attribute(attributes, "state");
	bool hidden = str_is(state, "hidden") || str_is(state, "veryHidden");
	if (strcmp(name, "sheet") != 0 || hidden || x->sheet_id.n > 0)
		return OK;
	TRY(arena_str(
		&x->own, str_sub(xml_attribute(attributes, "name"), 0, LIMIT_NAME), &x->sheet));
	return arena_str(&x->own, xml_attribute(attributes, "id"), &x->sheet_id);
}

static bool is_own_date(const struct xlsx *x, uint64_t id)
{
	for (size_t i = 0; i < x->date_formats_n; i++) {
		if (x->date_formats[i] == id)
			return true;
	}
	return time_serial_builtin(id);
}

static err on_style(void *arg, const char *name, const char *const *attributes)
{
	struct xlsx *x = arg;
	uint64_t id = 0;
	bool has_id = str_u64(xml_attribute(attributes, "numFmtId"), &id);
	if (strcmp(name, "cellXfs") == 0)
		x->in_cell_styles = true;
	if (strcmp(name, "numFmt") == 0 && has_id &&
		time_serial_format(xml_attribute(attributes, "formatCode"))) {
		ENSURE(x->date_formats_n < FORMATS_MAX, &x->own, ERR_TOO_LARGE,
			"the workbook has more than %u formats of dates", FORMATS_MAX);
		x->date_formats[x->date_formats_n++] = id;
	}
	if (strcmp(name, "xf") == 0 && x->in_cell_styles) {
		ENSURE(x->styles_n < STYLES_MAX, &x->own, ERR_TOO_LARGE,
			"the workbook has more than %u styles", STYLES_MAX);
		x->is_date[x->styles_n++] = has_id && is_own_date(x, id);
	}
	return OK;
}

static err on_style_end(void *arg, const char *name)
{
	struct xlsx *x = arg;
	if (strcmp(name, "cellXfs") == 0)
		x->in_cell_styles = false;
	return OK;
}

static err add_text(void *arg, struct str text)
{
	struct xlsx *x = arg;
	if (!x->in_text)
		return OK;
	ENSURE(text.n <= LIMIT_XLSX_CELL - x->text_n, &x->own, ERR_TOO_LARGE,
		"a cell holds more than %u bytes", LIMIT_XLSX_CELL);
	memcpy(x->text + x->text_n, text.p, text.n);
	x->text_n += text.n;
	return OK;
}

static err on_string(void *arg, const char *name, const char *const *attributes)
{
	struct xlsx *x = arg;
	(void)attributes;
	if (strcmp(name, "rPh") == 0)
		x->in_phonetic = true;
	if (strcmp(name, "si") == 0)
		x->text_n = 0;
	x->in_text = strcmp(name, "t") == 0 && !x->in_phonetic;
	return OK;
}

static err keep_string(struct xlsx *x)
{
	struct strings *s = &x->strings;
	ENSURE(s->n < LIMIT_XLSX_STRINGS_N && x->text_n <= LIMIT_XLSX_STRINGS - s->bytes, &x->own,
		ERR_TOO_LARGE,
		"the workbook has more different texts than are read (%u, or %u MiB): save the "
		"sheet as CSV",
		LIMIT_XLSX_STRINGS_N, LIMIT_XLSX_STRINGS >> 20);
	struct str **page = &s->pages[s->n / PAGE];
	if (*page == NULL)
		NEW_N(&x->own, *page, PAGE);
	TRY(arena_str(&x->own, (struct str){x->text, x->text_n}, &(*page)[s->n % PAGE]));
	s->bytes += x->text_n;
	s->n++;
	return OK;
}

static err on_string_end(void *arg, const char *name)
{
	struct xlsx *x = arg;
	x->in_text = false;
	if (strcmp(name, "rPh") == 0)
		x->in_phonetic = false;
	return strcmp(name, "si") == 0 ? keep_string(x) : OK;
}

static const struct xml_handler workbook_handler = {.start = on_workbook},
				relation_handler = {.start = on_relation},
				style_handler = {.start = on_style, .end = on_style_end},
				string_handler = {
					.start = on_string, .end = on_string_end, .text = add_text};

/* Reads one part to its end; ret_found false where there is none. */
static err read_part(struct xlsx *x, struct str path, const char *what, uint64_t max,
	const struct xml_handler *h, bool *ret_found)
{
	struct zip_stream *s;
	const struct zip_entry *e = path.n > 0 ? zip_find(&x->zip, path) : NULL;
	*ret_found = e != NULL;
	if (e == NULL)
		return OK;
	TRY(zip_read_open(&x->own, &x->zip, e, max < x->part_max ? max : x->part_max, &s));
	return xml_read(&x->own, s, what, h, x);
}

static err read_parts(struct xlsx *x)
{
	bool found = false;
	TRY(read_part(
		x, STR("xl/workbook.xml"), "the workbook", SMALL_PART, &workbook_handler, &found));
	ENSURE(found, &x->own, ERR_MALFORMED, "this zip file is no workbook (.xlsx)");
	ENSURE(x->sheet_id.n > 0, &x->own, ERR_MALFORMED, "the workbook has no visible sheet");
	TRY(read_part(x, STR("xl/_rels/workbook.xml.rels"), "the workbook's list of parts",
		SMALL_PART, &relation_handler, &found));
	ENSURE(x->sheet_path.n > 0 && zip_find(&x->zip, x->sheet_path) != NULL, &x->own,
		ERR_MALFORMED, "the workbook lacks its first sheet");
	TRY(read_part(
		x, x->styles_path, "the workbook's styles", SMALL_PART, &style_handler, &found));
	return read_part(x, x->strings_path, "the workbook's texts", LIMIT_XLSX_STRINGS_PART,
		&string_handler, &found);
}

static err passed_on(struct ctx *c, const struct xlsx *x, err e)
{
	if (e != OK && x->own.trouble.code == e)
		c->trouble = x->own.trouble;
	return e;
}

static void free_own(void *arg)
{
	arena_free(arg);
}

static err open_with(struct xlsx *x, const struct source *source)
{
	TRY(zip_open(&x->own, source, &x->zip));
	NEW_N(&x->own, x->date_formats, FORMATS_MAX);
	NEW_N(&x->own, x->is_date, STYLES_MAX);
	NEW_N(&x->own, x->text, LIMIT_XLSX_CELL);
	return read_parts(x);
}

err xlsx_open(struct ctx *c, const struct source *source, uint64_t part_max, struct xlsx **ret)
{
	struct xlsx *x;
	NEW(c, x);
	struct arena *own = arena_new(LIMIT_XLSX_MEMORY);
	ENSURE(own != NULL, c, ERR_MEMORY, "no memory for a workbook");
	TRY(arena_defer(c, free_own, own));
	x->own.arena = own;
	x->part_max = part_max;
	TRY(passed_on(c, x, open_with(x, source)));
	*ret = x;
	return OK;
}

struct str xlsx_sheet(const struct xlsx *x)
{
	return x->sheet;
}

/* "B7" read: letters, then digits; false for anything else or beyond a sheet. */
static bool read_place(struct str s, uint32_t *ret_row, uint32_t *ret_column)
{
	uint64_t column = 0, row = 0;
	size_t i = 0;
	for (; i < s.n && s.p[i] >= 'A' && s.p[i] <= 'Z' && i < 4; i++)
		column = column * 26 + (uint64_t)(s.p[i] - 'A' + 1);
	if (i == 0 || !str_u64(str_sub(s, i, s.n), &row) || row == 0 || row > ROWS ||
		column > COLUMNS)
		return false;
	*ret_row = (uint32_t)row - 1;
	*ret_column = (uint32_t)column - 1;
	return true;
}

void xlsx_place(uint32_t row, uint32_t column, char ret[16])
{
	char letters[8];
	size_t n = sizeof letters;
	letters[--n] = '\0';
	for (uint32_t left = column + 1; left > 0 && n > 0; left = (left - 1) / 26)
		letters[--n] = (char)('A' + (left - 1) % 26);
	snprintf(ret, 16, "%s%u", letters + n, row + 1);
}

static err begin_row(struct xlsx *x, const char *const *attributes)
{
	struct str r = xml_attribute(attributes, "r");
	uint64_t row = (uint64_t)x->next_row + 1;
	ENSURE(r.p == NULL || str_u64(r, &row), &x->own, ERR_MALFORMED,
		"a row of the sheet has no number");
	ENSURE(row > x->next_row && row <= ROWS, &x->own, ERR_MALFORMED,
		"the sheet's rows are not in order, or too many");
	x->next_row = (uint32_t)row;
	x->next_column = 0;
	return OK;
}

static err begin_cell(struct xlsx *x, const char *const *attributes)
{
	struct str r = xml_attribute(attributes, "r"), style = xml_attribute(attributes, "s"),
		   type = xml_attribute(attributes, "t");
	uint32_t row = x->next_row - 1, column = x->next_column;
	ENSURE(x->next_row > 0 && (r.p == NULL || read_place(r, &row, &column)), &x->own,
		ERR_MALFORMED, "a cell of the sheet has no place");
	ENSURE(row == x->next_row - 1 && column >= x->next_column && column < COLUMNS, &x->own,
		ERR_MALFORMED, "the sheet's cells are not in order");
	ENSURE(type.n < sizeof x->type_text, &x->own, ERR_MALFORMED, "a cell has no type");
	memcpy(x->type_text, type.n > 0 ? type.p : "", type.n);
	x->type = (struct str){x->type_text, type.n};
	x->style = 0;
	(void)str_u64(style, &x->style);
	x->cell = (struct xlsx_cell){.row = row, .column = column};
	x->next_column = column + 1;
	x->text_n = 0;
	return OK;
}

static err on_cell(void *arg, const char *name, const char *const *attributes)
{
	struct xlsx *x = arg;
	if (strcmp(name, "row") == 0)
		return begin_row(x, attributes);
	if (strcmp(name, "c") == 0)
		return begin_cell(x, attributes);
	if (strcmp(name, "is") == 0)
		x->in_inline = true;
	if (strcmp(name, "rPh") == 0)
		x->in_phonetic = true;
	x->in_text = strcmp(name, "v") == 0 ||
		     (strcmp(name, "t") == 0 && x->in_inline && !x->in_phonetic);
	return OK;
}

static err shared(struct xlsx *x, struct str index, struct str *ret)
{
	uint64_t i = 0;
	ENSURE(str_u64(index, &i) && i < x->strings.n, &x->own, ERR_MALFORMED,
		"a cell names a text that the workbook has not");
	*ret = x->strings.pages[i / PAGE][i % PAGE];
	return OK;
}

static void number(struct xlsx *x, char time[TIME_SERIAL_TEXT + 1])
{
	x->cell.kind = XLSX_NUMBER;
	bool dated = x->style < x->styles_n && x->is_date[x->style];
	if (dated && time_serial(x->cell.text, x->since_1904, time)) {
		x->cell.kind = XLSX_TIME;
		x->cell.text = str_z(time);
	}
}

static const struct {
	const char *type;
	enum xlsx_kind kind;
} types[] = {
	{"s", XLSX_TEXT},
	{"str", XLSX_TEXT},
	{"inlineStr", XLSX_TEXT},
	{"b", XLSX_BOOLEAN},
	{"e", XLSX_ERROR},
	{"d", XLSX_TIME},
};

static err end_cell(struct xlsx *x)
{
	char time[TIME_SERIAL_TEXT + 1];
	size_t i = 0;
	x->cell.text = (struct str){x->text, x->text_n};
	while (i < countof(types) && !str_is(x->type, types[i].type))
		i++;
	if (i < countof(types)) {
		x->cell.kind = types[i].kind;
	} else {
		ENSURE(x->type.n == 0 || str_is(x->type, "n"), &x->own, ERR_MALFORMED,
			"a cell is of a type that is not known: %.*s", FMT(x->type));
		number(x, time);
	}
	if (x->cell.text.n == 0)
		return OK;
	if (str_is(x->type, "s"))
		TRY(shared(x, x->cell.text, &x->cell.text));
	if (x->cell.kind == XLSX_BOOLEAN)
		x->cell.text = is_yes(x->cell.text) ? STR("true") : STR("false");
	return x->cell.text.n == 0 ? OK : x->tell(x->tell_arg, &x->cell);
}

static err on_cell_end(void *arg, const char *name)
{
	struct xlsx *x = arg;
	x->in_text = false;
	if (strcmp(name, "is") == 0)
		x->in_inline = false;
	if (strcmp(name, "rPh") == 0)
		x->in_phonetic = false;
	return strcmp(name, "c") == 0 ? end_cell(x) : OK;
}

err xlsx_read(struct ctx *c, struct xlsx *x, xlsx_cell_fn *cell, void *arg)
{
	static const struct xml_handler handler = {
		.start = on_cell, .end = on_cell_end, .text = add_text};
	bool found = false;
	x->tell = cell;
	x->tell_arg = arg;
	return passed_on(
		c, x, read_part(x, x->sheet_path, "the sheet", LIMIT_XLSX_SHEET, &handler, &found));
}
