#include "product/rows_parts.h"

#include <string.h>

#define WORK_ARENA (300u << 20)

bool cell_is_empty(const struct cell *cell)
{
	return cell->text.n == 0 && cell->given != VALUE_NESTED;
}

uint16_t rows_column(const struct rows *r, struct str name)
{
	size_t at = value_hash(name, VALUE_ANY) % ROWS_SLOTS;
	for (; r->slots[at] != 0; at = (at + 1) % ROWS_SLOTS) {
		uint16_t column = r->slots[at] - 1;
		if (str_eq(r->want->columns[column], name))
			return column;
	}
	return ROWS_NONE;
}

void rows_other(struct rows *r, struct str name)
{
	uint64_t hash = value_hash(name, VALUE_ANY);
	size_t at = hash % ROWS_SLOTS;
	while (r->others[at] != 0 && r->others[at] != hash)
		at = (at + 1) % ROWS_SLOTS;
	if (r->others[at] == hash)
		return;
	if (r->told.others == LIMIT_PROFILE_COLUMNS) {
		r->told.stopped = "more columns than are read";
		return;
	}
	r->others[at] = hash;
	r->told.others++;
}

void rows_head(struct rows *r, struct str name)
{
	uint16_t column = rows_column(r, name);
	if (r->map_n == LIMIT_PROFILE_COLUMNS) {
		r->told.stopped = "more columns than are read";
		return;
	}
	if (column == ROWS_NONE)
		r->told.others++;
	else if (r->found[column]++ > 0)
		column = ROWS_NONE;
	r->map[r->map_n++] = column;
}

void rows_cell(struct rows *r, uint16_t column, struct str text, enum value_kind given, bool keep)
{
	if (column == ROWS_NONE)
		return;
	if (keep && text.n > LIMIT_PROFILE_LINE - r->kept_n) {
		r->told.stopped = "a row is longer than is read";
		return;
	}
	if (keep) {
		memcpy(r->kept + r->kept_n, text.p, text.n);
		text.p = r->kept + r->kept_n;
		r->kept_n += text.n;
	}
	r->cells[column] = (struct cell){text, given};
}

err rows_end(struct rows *r)
{
	struct row row = {++r->told.rows, r->cells, r->ragged};
	r->told.ragged += r->ragged;
	err e = r->want->row(r->want->arg, &row);
	memset(r->cells, 0, sizeof *r->cells * r->want->columns_n);
	r->kept_n = 0;
	r->ragged = false;
	return e;
}

static const struct {
	const char *suffix, *name;
	rows_format *read;
} formats[] = {
	{".csv", "csv", rows_csv},
	{".tsv", "csv", rows_csv},
	{".jsonl", "json-lines", rows_lines},
	{".ndjson", "json-lines", rows_lines},
	{".xlsx", "xlsx", rows_sheet},
};

static rows_format *reader_for(struct rows *r)
{
	const struct str name = r->want->filename;
	for (size_t i = 0; i < countof(formats); i++) {
		size_t n = strlen(formats[i].suffix);
		if (name.n < n || !str_is_nocase(str_sub(name, name.n - n, n), formats[i].suffix))
			continue;
		r->told.format = formats[i].name;
		return formats[i].read;
	}
	return NULL;
}

static err prepare(struct ctx *c, struct rows *r)
{
	const struct rows_want *w = r->want;
	NEW_N(c, r->found, w->columns_n + 1);
	NEW_N(&r->work, r->cells, w->columns_n + 1);
	NEW_N(&r->work, r->kept, LIMIT_PROFILE_LINE);
	NEW_N(&r->work, r->map, LIMIT_PROFILE_COLUMNS);
	for (size_t i = 0; i < w->columns_n; i++) {
		size_t at = value_hash(w->columns[i], VALUE_ANY) % ROWS_SLOTS;
		while (r->slots[at] != 0)
			at = (at + 1) % ROWS_SLOTS;
		r->slots[at] = (uint16_t)(i + 1);
	}
	r->text = (struct window){.fd = w->fd, .given = w->given};
	r->told.found = r->found;
	return hash_open(&r->work, &r->text.digest);
}

static err read_all(struct ctx *c, struct rows *r, rows_format *read)
{
	TRY(prepare(c, r));
	TRY(read(c, r));
	if (r->text.bytes != NULL)
		r->told.charset = r->text.encoding.charset;
	if (r->text.reader != NULL)
		r->told.replaced = charset_replaced(r->text.reader);
	return window_digest(c, &r->text, &r->told.digest, &r->told.size);
}

err rows_read(struct ctx *c, const struct rows_want *want, struct rows_told *ret)
{
	cleanup(arena_freep) struct arena *work = arena_new(WORK_ARENA);
	ENSURE(work != NULL, c, ERR_MEMORY, "no memory for rows");
	struct rows *r;
	struct ctx own = {.arena = work};
	NEW_N(&own, r, 1);
	r->want = want;
	r->work = own;
	rows_format *read = reader_for(r);
	ENSURE(read != NULL, c, ERR_NOT_FOUND,
		"the file is no table that is read here: .csv, .tsv, .jsonl, .ndjson or .xlsx");
	err e = read_all(c, r, read);
	if (e != OK && r->work.trouble.code == e)
		c->trouble = r->work.trouble;
	*ret = r->told;
	return e;
}
