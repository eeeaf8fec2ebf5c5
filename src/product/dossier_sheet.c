#include "product/dossier_sheet.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <xlsxwriter.h>

#include "base/env.h"
#include "base/limits.h"
#include "codec/xlsx.h"
#include "product/dossier.h"

#define SHEET "dossier"
#define PART_MAX (4u << 20)
#define FILE_MAX (4u << 20)
#define SAID_MAX 400u
enum { COLUMN_ID, COLUMN_NAME, COLUMN_VALUE_, COLUMN_HINT };

static void write_field(struct ctx *c, lxw_worksheet *s, lxw_row_t row,
	const struct dossier_field *f, const struct json *dossier)
{
	struct str name, hint;
	struct str value = json_text(json_get(dossier, f->id));
	bool made = arena_fmt(c, &name, "%s%s %s", f->required ? "* " : "", f->zh, f->en) == OK &&
		    arena_fmt(c, &hint, "%s / %s", f->hint_zh, f->hint_en) == OK;
	char *text = arena_z(c->arena, value);
	if (!made || text == NULL)
		return;
	worksheet_write_string(s, row, COLUMN_ID, f->id, NULL);
	worksheet_write_string(s, row, COLUMN_NAME, name.p, NULL);
	worksheet_write_string(s, row, COLUMN_VALUE_, text, NULL);
	worksheet_write_string(s, row, COLUMN_HINT, hint.p, NULL);
	if (f->choices == NULL)
		return;
	lxw_data_validation choices = {
		.validate = LXW_VALIDATION_TYPE_LIST, .value_list = (char **)(uintptr_t)f->choices};
	worksheet_data_validation_cell(s, row, COLUMN_VALUE_, &choices);
}

static lxw_error write_workbook(struct ctx *c, const char *path, const struct json *dossier)
{
	static const char *const header[] = {"id", "name", "value", "meaning"};
	static const uint8_t widths[] = {16, 24, 60, 80};
	lxw_workbook *b = workbook_new(path);
	lxw_worksheet *s = b == NULL ? NULL : workbook_add_worksheet(b, SHEET);
	if (s == NULL)
		return LXW_ERROR_MEMORY_MALLOC_FAILED;
	lxw_format *wrapped = workbook_add_format(b);
	format_set_text_wrap(wrapped);
	format_set_align(wrapped, LXW_ALIGN_VERTICAL_TOP);
	for (lxw_col_t i = 0; i < countof(header); i++) {
		worksheet_set_column(s, i, i, widths[i], wrapped);
		worksheet_write_string(s, 0, i, header[i], NULL);
	}
	worksheet_freeze_panes(s, 1, 0);
	for (size_t i = 0; i < dossier_fields_n; i++)
		write_field(c, s, (lxw_row_t)i + 1, &dossier_fields[i], dossier);
	return workbook_close(b);
}

err dossier_sheet_write(struct ctx *c, const struct json *dossier, struct str *ret)
{
	char path[32];
	struct source written;
	char *bytes;
	cleanup(fd_closep) int fd = memfd_create("dossier", MFD_CLOEXEC);
	ENSURE(fd >= 0, c, ERR_IO, "no memory for a workbook");
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	lxw_error e = write_workbook(c, path, dossier);
	ENSURE(e == LXW_NO_ERROR, c, ERR_IO, "write a workbook: %s", lxw_strerror(e));
	TRY(source_of_file(c, fd, &written));
	ENSURE(written.size <= FILE_MAX, c, ERR_TOO_LARGE, "the workbook is too large");
	NEW_N(c, bytes, written.size);
	TRY(source_read(c, &written, 0, bytes, written.size));
	*ret = (struct str){bytes, written.size};
	return OK;
}

struct filling {
	struct ctx *c;
	const struct json *old;
	struct json *dossier;
	struct str sheet;
	const struct dossier_field *field; /* of the row */
	uint32_t row;
	bool begun, headed;
	uint64_t seen;   /* bits of fields */
	struct buf said; /* what is wrong */
	bool wrong;
};

/* Notes what is wrong at a place; what does not fit any more is left out. */
__attribute__((format(printf, 3, 4))) static void wrong(
	struct filling *f, uint32_t column, const char *fmt, ...)
{
	char what[200], place[16];
	va_list args;
	va_start(args, fmt);
	vsnprintf(what, sizeof what, fmt, args);
	va_end(args);
	xlsx_place(f->row, column, place);
	f->wrong = true;
	if (f->said.n + strlen(what) + f->sheet.n + 24 < SAID_MAX)
		buf_fmt(&f->said, "%s%.*s!%s: %s", f->said.n > 0 ? "; " : "",
			FMT(str_sub(f->sheet, 0, 40)), place, what);
}

/* The empty value that each row begins with: the cell that is not there. */
static void begin_row(struct filling *f, uint32_t row)
{
	f->begun = true;
	f->row = row;
	f->field = NULL;
}

static err take_id(struct filling *f, struct str id)
{
	const struct dossier_field *field = dossier_field(str_trim(id));
	if (field == NULL) {
		wrong(f, COLUMN_ID,
			"there is no field %.*s; export the sheet anew for those there are",
			FMT(str_sub(id, 0, 40)));
		return OK;
	}
	uint64_t bit = 1ull << (field - dossier_fields);
	if (f->seen & bit)
		wrong(f, COLUMN_ID, "the field %s stands here twice", field->id);
	f->seen |= bit;
	f->field = field;
	json_set_str(f->c, &f->dossier, field->id, (struct str){"", 0});
	return OK;
}

static bool is_choice(const struct dossier_field *field, struct str value)
{
	size_t i = 0;
	while (field->choices != NULL && field->choices[i] != NULL &&
		!str_is(value, field->choices[i]))
		i++;
	return field->choices == NULL || field->choices[i] != NULL;
}

static void say_choices(struct filling *f, struct str value)
{
	struct buf b;
	buf_init(&b, f->c->arena, 160);
	for (size_t i = 0; f->field->choices[i] != NULL; i++)
		buf_fmt(&b, "%s%s", i > 0 ? ", " : "", f->field->choices[i]);
	wrong(f, COLUMN_VALUE_, "%.*s is none of %.*s", FMT(str_sub(value, 0, 40)),
		FMT(buf_str(&b)));
}

static err take_value(struct filling *f, struct str text)
{
	struct str value;
	TRY(arena_str(f->c, str_trim(text), &value));
	if (f->field == NULL) {
		wrong(f, COLUMN_VALUE_, "a value without a field in A");
		return OK;
	}
	if (value.n > LIMIT_TEXT)
		wrong(f, COLUMN_VALUE_, "the text has %zu bytes (%u)", value.n, LIMIT_TEXT);
	else if (!is_choice(f->field, value) &&
		 !str_eq(value, json_text(json_get(f->old, f->field->id))))
		say_choices(f, value);
	json_set_str(f->c, &f->dossier, f->field->id, value);
	return OK;
}

static err take_cell(void *arg, const struct xlsx_cell *cell)
{
	struct filling *f = arg;
	if (!f->begun || cell->row != f->row)
		begin_row(f, cell->row);
	if (cell->row == 0) {
		f->headed = f->headed || (cell->column == COLUMN_ID && str_is(cell->text, "id"));
		return OK;
	}
	if (cell->kind == XLSX_ERROR)
		wrong(f, cell->column, "the formula gives %.*s", FMT(str_sub(cell->text, 0, 40)));
	if (cell->column == COLUMN_ID)
		return take_id(f, cell->text);
	return cell->column == COLUMN_VALUE_ ? take_value(f, cell->text) : OK;
}

/* Without the fields that are empty. */
static struct json *filled(struct ctx *c, const struct json *dossier)
{
	struct json *o = json_object(c);
	for (size_t i = 0; i < dossier_fields_n; i++) {
		struct str text = json_text(json_get(dossier, dossier_fields[i].id));
		if (text.n > 0)
			json_set_str(c, &o, dossier_fields[i].id, text);
	}
	return o;
}

err dossier_sheet_read(
	struct ctx *c, const struct source *source, const struct json *old, struct json **ret)
{
	struct xlsx *x;
	struct filling f = {.c = c, .old = old, .dossier = json_copy(c, old)};
	buf_init(&f.said, c->arena, SAID_MAX + 200);
	TRY(xlsx_open(c, source, PART_MAX, &x));
	f.sheet = xlsx_sheet(x);
	TRY(xlsx_read(c, x, take_cell, &f));
	ENSURE(f.headed, c, ERR_BAD_VALUE,
		"%.*s!A1: must be id; fill in a sheet that was exported from here", FMT(f.sheet));
	ENSURE(!f.wrong, c, ERR_BAD_VALUE, "%.*s", FMT(buf_str(&f.said)));
	*ret = filled(c, f.dossier);
	return dossier_check(c, *ret);
}
