#include "paper/sheet.h"

#include "base/limits.h"
#include "codec/time.h"
#include "paper/shape.h"

#define B(name, member, optional) \
	{ \
		name, JSON_K_TEXT, optional, offsetof(struct sheet_block, member), LIMIT_SHEET, \
			NULL \
	}

struct raw {
	int64_t v;
	struct str kind;
	struct sheet sheet;
	const struct json *blocks;
};

static const char *const kind_words[] = {"sheet", NULL};

static const struct json_field sheet_fields[] = {
	{"v", JSON_K_INT, false, offsetof(struct raw, v), 0, NULL},
	{"kind", JSON_K_TEXT, false, offsetof(struct raw, kind), 0, kind_words},
	{"title", JSON_K_TEXT, false, offsetof(struct raw, sheet.title), LIMIT_TEXT, NULL},
	{"note", JSON_K_TEXT, true, offsetof(struct raw, sheet.note), LIMIT_TEXT, NULL},
	{"id", JSON_K_TEXT, true, offsetof(struct raw, sheet.id), LIMIT_TEXT, NULL},
	{"date", JSON_K_TEXT, false, offsetof(struct raw, sheet.date), LIMIT_TEXT, NULL},
	{"footer", JSON_K_TEXT, true, offsetof(struct raw, sheet.footer), LIMIT_TEXT, NULL},
	{"blocks", JSON_K_ARRAY, false, offsetof(struct raw, blocks), 0, NULL},
};

static const struct json_field fact_fields[] = {
	{"name", JSON_K_TEXT, false, offsetof(struct sheet_fact, name), LIMIT_SHEET, NULL},
	{"note", JSON_K_TEXT, true, offsetof(struct sheet_fact, note), LIMIT_SHEET, NULL},
	{"value", JSON_K_TEXT, false, offsetof(struct sheet_fact, value), LIMIT_SHEET, NULL},
	{"code", JSON_K_BOOL, true, offsetof(struct sheet_fact, code), 0, NULL},
};

static const struct json_field column_fields[] = {
	{"name", JSON_K_TEXT, false, offsetof(struct sheet_column, name), LIMIT_SHEET, NULL},
	{"note", JSON_K_TEXT, true, offsetof(struct sheet_column, note), LIMIT_SHEET, NULL},
	{"width", JSON_K_INT, false, offsetof(struct sheet_column, width), 0, NULL},
	{"right", JSON_K_BOOL, true, offsetof(struct sheet_column, right), 0, NULL},
	{"code", JSON_K_BOOL, true, offsetof(struct sheet_column, code), 0, NULL},
};

static const struct json_field heading[] = {
	B("type", type, false), B("text", text, false), B("note", note, true)};
static const struct json_field paragraph[] = {B("type", type, false), B("text", text, false)};
static const struct json_field clause[] = {
	B("type", type, false), B("label", label, false), B("text", text, false)};
static const struct json_field listed[] = {
	B("type", type, false),
	{"rows", JSON_K_ARRAY, false, offsetof(struct sheet_block, rows), 0, NULL},
};
static const struct json_field table[] = {
	B("type", type, false),
	{"rows", JSON_K_ARRAY, false, offsetof(struct sheet_block, rows), 0, NULL},
	{"columns", JSON_K_ARRAY, false, offsetof(struct sheet_block, columns_json), 0, NULL},
};
static const struct json_field notice[] = {B("type", type, false), B("text", text, false),
	B("note", note, true),
	{"strong", JSON_K_BOOL, true, offsetof(struct sheet_block, strong), 0, NULL}};
static const struct json_field qr[] = {B("type", type, false), B("payload", payload, false),
	B("text", text, false), B("note", note, true)};

static const struct {
	const char *type;
	const struct json_field *fields;
	size_t n;
} kinds[SHEET_KINDS] = {
	[SHEET_HEADING] = {"heading", heading, countof(heading)},
	[SHEET_TEXT] = {"text", paragraph, countof(paragraph)},
	[SHEET_CLAUSE] = {"clause", clause, countof(clause)},
	[SHEET_FACTS] = {"facts", listed, countof(listed)},
	[SHEET_TABLE] = {"table", table, countof(table)},
	[SHEET_NOTICE] = {"notice", notice, countof(notice)},
	[SHEET_QR] = {"qr", qr, countof(qr)},
	[SHEET_SIGN] = {"sign", listed, countof(listed)},
};

/* Every text of the tree at once: a parsed tree is at most LIMIT_JSON_DEPTH deep. */
static err check_texts(struct ctx *c, const struct json *j)
{
	if (j->type == JSON_STRING)
		ENSURE(shape_is_clean(j->text), c, ERR_BAD_VALUE,
			"a text holds a character that cannot be seen");
	if (j->type != JSON_ARRAY && j->type != JSON_OBJECT)
		return OK;
	for (const struct json *m = j->first; m != NULL; m = m->next)
		TRY(check_texts(c, m));
	return OK;
}

static err read_facts(struct ctx *c, struct sheet_block *b)
{
	NEW_N(c, b->facts, b->rows->n);
	for (const struct json *j = b->rows->first; j != NULL; j = j->next) {
		TRY(json_read(
			c, j, fact_fields, countof(fact_fields), false, &b->facts[b->facts_n]));
		b->facts_n++;
	}
	return OK;
}

static err read_row(struct ctx *c, const struct json *row, size_t columns)
{
	ENSURE(row->type == JSON_ARRAY && row->n == columns, c, ERR_BAD_VALUE,
		"a row has not as many texts as its table has columns");
	for (const struct json *cell = row->first; cell != NULL; cell = cell->next)
		ENSURE(cell->type == JSON_STRING, c, ERR_BAD_VALUE, "a row holds texts only");
	return OK;
}

static err read_table(struct ctx *c, struct sheet_block *b)
{
	ENSURE(b->columns_json->n > 0 && b->columns_json->n <= LIMIT_SHEET_COLUMNS, c,
		ERR_BAD_VALUE, "'columns' must be 1 to %u", LIMIT_SHEET_COLUMNS);
	NEW_N(c, b->columns, b->columns_json->n);
	for (const struct json *j = b->columns_json->first; j != NULL; j = j->next) {
		struct sheet_column *col = &b->columns[b->columns_n++];
		TRY(json_read(c, j, column_fields, countof(column_fields), false, col));
		ENSURE(col->width >= 1 && col->width <= 100, c, ERR_BAD_VALUE,
			"'width' must be 1 to 100");
	}
	for (const struct json *row = b->rows->first; row != NULL; row = row->next)
		TRY(read_row(c, row, b->columns_n));
	return OK;
}

static err read_block(struct ctx *c, const struct json *j, struct sheet_block *ret)
{
	struct str type = json_text(json_get(j, "type"));
	ENSURE(j->type == JSON_OBJECT && type.n > 0, c, ERR_MISSING_MEMBER, "a block has a 'type'");
	for (size_t k = 0; k < SHEET_KINDS; k++) {
		if (!str_is(type, kinds[k].type))
			continue;
		TRY(json_read(c, j, kinds[k].fields, kinds[k].n, false, ret));
		ret->kind = (enum sheet_kind)k;
		if (ret->kind == SHEET_FACTS || ret->kind == SHEET_SIGN)
			return read_facts(c, ret);
		return ret->kind == SHEET_TABLE ? read_table(c, ret) : OK;
	}
	return fail(c, ERR_BAD_VALUE, "there is no block of that type");
}

err sheet_read(struct ctx *c, struct str bytes, struct sheet *ret)
{
	const struct json *j;
	struct raw raw = {0};
	int64_t date;
	ENSURE(bytes.n <= LIMIT_SHEET, c, ERR_TOO_LARGE, "a sheet has at most %u bytes",
		LIMIT_SHEET);
	TRY(json_parse(c, bytes, &j));
	TRY(check_texts(c, j));
	TRY(json_read(c, j, sheet_fields, countof(sheet_fields), false, &raw));
	ENSURE(raw.v == 1, c, ERR_BAD_VALUE, "'v' must be 1");
	ENSURE(time_parse(raw.sheet.date, &date), c, ERR_BAD_VALUE, "'date' must be a time");
	ENSURE(raw.blocks->n <= LIMIT_SHEET_BLOCKS, c, ERR_TOO_LARGE,
		"a sheet has at most %u blocks", LIMIT_SHEET_BLOCKS);
	NEW_N(c, raw.sheet.blocks, raw.blocks->n);
	for (const struct json *b = raw.blocks->first; b != NULL; b = b->next)
		TRY(read_block(c, b, &raw.sheet.blocks[raw.sheet.n++]));
	*ret = raw.sheet;
	return OK;
}
