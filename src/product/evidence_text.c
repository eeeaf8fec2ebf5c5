#include "product/evidence_text.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "codec/charset.h"
#include "codec/csv.h"
#include "codec/json.h"
#include "codec/xlsx.h"
#include "codec/xml.h"

static err whole(struct ctx *c, const struct source *s, struct str *ret)
{
	char *bytes;
	ENSURE(s->size <= LIMIT_CLAIMS_TEXT, c, ERR_TOO_LARGE, "a paper is read up to %u bytes",
		LIMIT_CLAIMS_TEXT);
	NEW_N(c, bytes, s->size + 1);
	TRY(source_read(c, s, 0, bytes, (size_t)s->size));
	*ret = (struct str){bytes, (size_t)s->size};
	return OK;
}

/* Bytes in an encoding that is told from them; false where they are no text. */
static err decoded(struct ctx *c, struct str bytes, struct str *ret, bool *ret_text)
{
	struct charset_guess g = charset_guess(bytes, true);
	struct charset_reader *r;
	struct buf b;
	*ret_text = g.charset != CHARSET_UNKNOWN;
	bytes = str_sub(bytes, g.bom, bytes.n);
	*ret = bytes;
	if (!*ret_text || g.charset == CHARSET_UTF8)
		return OK;
	TRY(charset_open(c, g.charset, &r));
	buf_init(&b, c->arena, 4 * LIMIT_CLAIMS_TEXT);
	while (bytes.n > 0) {
		size_t used = 0, made = 0;
		char *room = buf_reserve(&b, 4096);
		ENSURE(room != NULL, c, ERR_TOO_LARGE, "a paper is too long");
		charset_convert(r, bytes, true, room, 4096, &used, &made);
		b.n -= 4096 - made;
		bytes = str_sub(bytes, used, bytes.n);
		if (used == 0 && made == 0)
			break;
	}
	*ret_text = charset_replaced(r) == 0;
	return buf_done(c, &b, ret);
}

struct lines {
	struct buf b;
	uint32_t row;
	bool words, cell; /* of .docx: within w:t, within w:tc */
};

/* One line cannot be broken by what stands in a cell. */
static void add_flat(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_char(b, s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t' ? ' ' : s.p[i]);
}

static err csv_lines(struct ctx *c, struct str text, struct lines *l)
{
	struct csv r;
	struct str field;
	TRY(csv_open(c, csv_guess(text), &r));
	csv_feed(&r, text, true);
	for (;;) {
		enum csv_step step = csv_next(&r, &field);
		if (step != CSV_FIELD && step != CSV_ROW)
			break;
		add_flat(&l->b, field);
		buf_char(&l->b, step == CSV_ROW ? '\n' : '\t');
	}
	return OK;
}

static err on_cell(void *arg, const struct xlsx_cell *cell)
{
	struct lines *l = arg;
	if (l->b.n > 0)
		buf_char(&l->b, cell->row != l->row ? '\n' : '\t');
	l->row = cell->row;
	add_flat(&l->b, cell->text);
	return OK;
}

static err on_start(void *arg, const char *name, const char *const *attributes)
{
	struct lines *l = arg;
	(void)attributes;
	l->words = strcmp(name, "t") == 0;
	l->cell = l->cell || strcmp(name, "tc") == 0;
	if (strcmp(name, "tab") == 0)
		buf_char(&l->b, '\t');
	return OK;
}

static err on_end(void *arg, const char *name)
{
	struct lines *l = arg;
	l->words = false;
	if (strcmp(name, "tc") == 0) {
		l->cell = false;
		buf_char(&l->b, '\t');
	} else if (strcmp(name, "tr") == 0 || (strcmp(name, "p") == 0 && !l->cell)) {
		buf_char(&l->b, '\n');
	}
	return OK;
}

static err on_text(void *arg, struct str text)
{
	struct lines *l = arg;
	if (l->words)
		add_flat(&l->b, text);
	return OK;
}

static err docx_lines(struct ctx *c, const struct source *s, struct lines *l)
{
	static const struct xml_handler handler = {on_start, on_end, on_text};
	struct zip z;
	struct zip_stream *stream;
	TRY(zip_open(c, s, &z));
	const struct zip_entry *e = zip_find(&z, STR("word/document.xml"));
	ENSURE(e != NULL, c, ERR_MALFORMED, "this is no .docx: word/document.xml is missing");
	TRY(zip_read_open(c, &z, e, 16 * LIMIT_CLAIMS_TEXT, &stream));
	return xml_read(c, stream, "word/document.xml", &handler, l);
}

static err json_lines(struct ctx *c, struct str text, struct lines *l)
{
	const struct json *o;
	TRY(json_parse(c, text, &o));
	for (const struct json *j = o->type == JSON_OBJECT ? o->first : NULL; j != NULL;
		j = j->next) {
		add_flat(&l->b, j->name);
		buf_char(&l->b, '\t');
		const struct json *first = j->type == JSON_ARRAY ? j->first : j;
		for (const struct json *i = first; i != NULL;
			i = j->type == JSON_ARRAY ? i->next : NULL) {
			add_flat(&l->b, i->type == JSON_TRUE    ? STR("yes")
					: i->type == JSON_FALSE ? STR("no")
								: i->text);
			if (i->next != NULL && j->type == JSON_ARRAY)
				buf_char(&l->b, ',');
		}
		buf_char(&l->b, '\n');
	}
	return OK;
}

static bool named(struct str filename, const char *end)
{
	size_t n = strlen(end);
	return filename.n >= n && str_is_nocase(str_sub(filename, filename.n - n, n), end);
}

err evidence_text(
	struct ctx *c, const struct source *s, struct str filename, struct str *ret, bool *ret_read)
{
	struct lines l = {.row = 0};
	struct str bytes, text;
	struct xlsx *x;
	*ret_read = true;
	*ret = (struct str){"", 0};
	buf_init(&l.b, c->arena, LIMIT_CLAIMS_TEXT);
	if (named(filename, ".docx")) {
		TRY(docx_lines(c, s, &l));
		return buf_done(c, &l.b, ret);
	}
	if (named(filename, ".xlsx")) {
		TRY(xlsx_open(c, s, LIMIT_XLSX_SHEET, &x));
		TRY(xlsx_read(c, x, on_cell, &l));
		return buf_done(c, &l.b, ret);
	}
	if (named(filename, ".pdf") || s->size > LIMIT_CLAIMS_TEXT) {
		*ret_read = false;
		return OK;
	}
	TRY(whole(c, s, &bytes));
	TRY(decoded(c, bytes, &text, ret_read));
	if (!*ret_read)
		return OK;
	*ret = text;
	if (named(filename, ".csv"))
		TRY(csv_lines(c, text, &l));
	else if (named(filename, ".json"))
		TRY(json_lines(c, text, &l));
	else
		return OK;
	return buf_done(c, &l.b, ret);
}
