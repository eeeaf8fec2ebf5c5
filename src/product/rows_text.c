/* Rows of CSV and of JSON lines. */
#include "codec/csv.h"
#include "product/rows_parts.h"

/* One field; i counts from 0. */
static void take_field(struct rows *r, bool header, size_t i, struct str field)
{
	if (header)
		rows_head(r, field);
	else if (i < r->map_n)
		rows_cell(r, r->map[i], field, VALUE_ANY, true);
}

static err end_row(struct rows *r, bool header, size_t fields)
{
	if (header)
		return OK;
	r->ragged = fields != r->map_n;
	return rows_end(r);
}

static err read_csv(struct ctx *c, struct rows *r, struct csv *csv)
{
	struct str field;
	bool header = true;
	size_t i = 0;
	while (r->told.stopped == NULL) {
		switch (csv_next(csv, &field)) {
		case CSV_FIELD:
			take_field(r, header, i++, field);
			break;
		case CSV_ROW:
			take_field(r, header, i++, field);
			if (r->told.stopped == NULL)
				TRY(end_row(r, header, i));
			header = false;
			i = 0;
			break;
		case CSV_MORE:
			TRY(window_fill(c, &r->text, csv_rest(csv)));
			csv_feed(csv, (struct str){r->text.bytes, r->text.n}, r->text.last);
			break;
		case CSV_END:
			return OK;
		case CSV_TOO_LONG:
			r->told.stopped = "a field is longer than is read";
			return OK;
		}
	}
	return OK;
}

err rows_csv(struct ctx *c, struct rows *r)
{
	struct csv csv;
	TRY(window_open(c, &r->work, &r->text));
	TRY(window_fill(c, &r->text, (struct str){r->text.bytes, 0}));
	struct str all = {r->text.bytes, r->text.n};
	TRY(csv_open(&r->work, csv_guess(all), &csv));
	csv_feed(&csv, all, r->text.last);
	return read_csv(c, r, &csv);
}

static void take_member(struct rows *r, const struct json *m)
{
	uint16_t column = rows_column(r, m->name);
	if (column == ROWS_NONE) {
		rows_other(r, m->name);
		return;
	}
	r->found[column] = 1;
	switch (m->type) {
	case JSON_NULL:
		break;
	case JSON_FALSE:
		rows_cell(r, column, STR("false"), VALUE_BOOLEAN, false);
		break;
	case JSON_TRUE:
		rows_cell(r, column, STR("true"), VALUE_BOOLEAN, false);
		break;
	case JSON_NUMBER:
		rows_cell(r, column, m->text, VALUE_ANY, false);
		break;
	case JSON_STRING:
		rows_cell(r, column, m->text, VALUE_TEXT, false);
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		rows_cell(r, column, STR(""), VALUE_NESTED, false);
		break;
	}
}

static err take_line(struct rows *r, struct ctx *memory, struct str text)
{
	const struct json *row = NULL;
	if (str_trim(text).n == 0)
		return OK;
	arena_reset(memory->arena);
	if (json_parse(memory, text, &row) != OK || row->type != JSON_OBJECT) {
		r->told.malformed++;
		return OK;
	}
	for (const struct json *m = row->first; m != NULL && r->told.stopped == NULL; m = m->next)
		take_member(r, m);
	return r->told.stopped == NULL ? rows_end(r) : OK;
}

static err read_lines(struct ctx *c, struct rows *r, struct ctx *memory)
{
	struct str rest = {r->text.bytes, 0}, line;
	do {
		TRY(window_fill(c, &r->text, rest));
		rest = (struct str){r->text.bytes, r->text.n};
		while (r->told.stopped == NULL && str_cut(rest, '\n', &line, &rest)) {
			if (str_ends(line, STR("\r")))
				line = str_sub(line, 0, line.n - 1);
			if (line.n > LIMIT_PROFILE_LINE)
				r->told.stopped = "a line is longer than is read";
			else
				TRY(take_line(r, memory, line));
		}
		if (rest.n > LIMIT_PROFILE_LINE)
			r->told.stopped = "a line is longer than is read";
	} while (!r->text.last && r->told.stopped == NULL);
	return r->told.stopped == NULL ? take_line(r, memory, rest) : OK;
}

err rows_lines(struct ctx *c, struct rows *r)
{
	cleanup(arena_freep) struct arena *line = arena_new(LIMIT_REQUEST_ARENA);
	ENSURE(line != NULL, c, ERR_MEMORY, "no memory for rows");
	struct ctx memory = {.arena = line};
	TRY(window_open(c, &r->work, &r->text));
	return read_lines(c, r, &memory);
}
