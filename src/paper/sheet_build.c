#include "paper/sheet.h"

#include "base/limits.h"
#include "paper/shape.h"

static struct str clean(struct sheet_draft *d, struct str text)
{
	struct str s = {0};
	if (shape_clean(d->c, text, &s) != OK)
		d->failed = true;
	return s;
}

void sheet_begin(struct ctx *c, struct sheet_draft *d, struct str title, struct str note)
{
	*d = (struct sheet_draft){.c = c, .blocks = json_array(c)};
	d->title = clean(d, title);
	d->note = clean(d, note);
}

static void set(struct sheet_draft *d, struct json **o, const char *name, struct str text)
{
	json_set_str(d->c, o, name, clean(d, text));
}

static void set_note(struct sheet_draft *d, struct json **o, struct str note)
{
	if (note.n > 0)
		set(d, o, "note", note);
}

static struct json *block(struct sheet_draft *d, const char *type)
{
	struct json *o = json_object(d->c);
	json_set(&o, "type", json_z(d->c, type));
	d->open = NULL;
	return o;
}

static void push(struct sheet_draft *d, struct json *o)
{
	if (o == NULL)
		d->failed = true;
	json_push(&d->blocks, o);
}

void sheet_heading(struct sheet_draft *d, struct str text, struct str note)
{
	struct json *o = block(d, "heading");
	set(d, &o, "text", text);
	set_note(d, &o, note);
	push(d, o);
}

void sheet_paragraph(struct sheet_draft *d, struct str text)
{
	struct json *o = block(d, "text");
	set(d, &o, "text", text);
	push(d, o);
}

void sheet_clause(struct sheet_draft *d, struct str label, struct str text)
{
	struct json *o = block(d, "clause");
	set(d, &o, "label", label);
	set(d, &o, "text", text);
	push(d, o);
}

void sheet_notice(struct sheet_draft *d, struct str text, struct str note, bool strong)
{
	struct json *o = block(d, "notice");
	set(d, &o, "text", text);
	set_note(d, &o, note);
	json_set(&o, "strong", json_bool(d->c, strong));
	push(d, o);
}

void sheet_qr(struct sheet_draft *d, struct str payload, struct str text, struct str note)
{
	struct json *o = block(d, "qr");
	set(d, &o, "payload", payload);
	set(d, &o, "text", text);
	set_note(d, &o, note);
	push(d, o);
}

/* The block is pushed with an empty list, which stays reachable as the last value of its object. */
static void open_list(struct sheet_draft *d, struct json *o)
{
	json_set(&o, "rows", json_array(d->c));
	push(d, o);
	d->open = o == NULL ? NULL : o->last;
}

void sheet_facts(struct sheet_draft *d)
{
	open_list(d, block(d, "facts"));
}

void sheet_sign(struct sheet_draft *d)
{
	open_list(d, block(d, "sign"));
}

static void fact(
	struct sheet_draft *d, struct str name, struct str note, struct str value, bool code)
{
	struct json *o = json_object(d->c);
	if (value.n == 0)
		return;
	set(d, &o, "name", name);
	set_note(d, &o, note);
	set(d, &o, "value", value);
	if (code)
		json_set(&o, "code", json_bool(d->c, true));
	json_push(&d->open, o);
	d->failed = d->failed || d->open == NULL;
}

void sheet_fact(struct sheet_draft *d, struct str name, struct str note, struct str value)
{
	fact(d, name, note, value, false);
}

void sheet_code(struct sheet_draft *d, struct str name, struct str note, struct str value)
{
	fact(d, name, note, value, true);
}

void sheet_table(struct sheet_draft *d, const struct sheet_column *columns, size_t n)
{
	struct json *o = block(d, "table"), *all = json_array(d->c);
	for (size_t i = 0; i < n; i++) {
		struct json *col = json_object(d->c);
		set(d, &col, "name", columns[i].name);
		set_note(d, &col, columns[i].note);
		json_set_num(d->c, &col, "width", columns[i].width);
		if (columns[i].right)
			json_set(&col, "right", json_bool(d->c, true));
		if (columns[i].code)
			json_set(&col, "code", json_bool(d->c, true));
		json_push(&all, col);
	}
	json_set(&o, "columns", all);
	open_list(d, o);
}

void sheet_row(struct sheet_draft *d, const struct str *texts, size_t n)
{
	struct json *row = json_array(d->c);
	for (size_t i = 0; i < n; i++)
		json_push(&row, json_str(d->c, clean(d, texts[i])));
	json_push(&d->open, row);
	d->failed = d->failed || d->open == NULL;
}

err sheet_done(struct sheet_draft *d, struct str *ret)
{
	struct json *o = json_object(d->c);
	json_set_num(d->c, &o, "v", 1);
	json_set(&o, "kind", json_z(d->c, "sheet"));
	json_set_str(d->c, &o, "title", d->title);
	json_set_str(d->c, &o, "date", d->date);
	if (d->note.n > 0)
		json_set_str(d->c, &o, "note", d->note);
	if (d->id.n > 0)
		set(d, &o, "id", d->id);
	if (d->footer.n > 0)
		set(d, &o, "footer", d->footer);
	json_set(&o, "blocks", d->blocks);
	ENSURE(!d->failed, d->c, ERR_TOO_LARGE, "the document needs more memory than allowed");
	return json_write(d->c, o, false, LIMIT_SHEET, ret);
}
