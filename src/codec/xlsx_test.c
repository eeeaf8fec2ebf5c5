#include "codec/xlsx.h"

#include "base/limits.h"
#include "codec/zip_fixture_test.h"
#include "tests/tap.h"

#define WORKBOOK \
	"<workbook xmlns:r='r'><workbookPr/><sheets><sheet name='S' sheetId='1' r:id='rId1'/>" \
	"</sheets></workbook>"
#define RELATIONS \
	"<Relationships><Relationship Id='rId1' Type='t/worksheet' Target='worksheets/s.xml'/>" \
	"<Relationship Id='rId2' Type='t/styles' Target='/xl/styles.xml'/>" \
	"<Relationship Id='rId3' Type='t/sharedStrings' Target='sharedStrings.xml'/>" \
	"</Relationships>"
#define STYLES \
	"<styleSheet><numFmts><numFmt numFmtId='170' formatCode='yyyy-mm-dd'/></numFmts>" \
	"<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>" \
	"<cellXfs><xf numFmtId='0'/><xf numFmtId='170'/><xf numFmtId='22'/><xf/></cellXfs>" \
	"</styleSheet>"
#define STRINGS \
	"<sst><si><t>one</t></si><si><r><t>t</t></r><r><t>wo</t></r><rPh><t>x</t></rPh></si>" \
	"<si/></sst>"

struct parts {
	const char *workbook, *relations, *styles, *strings;
};

static const struct parts usual = {WORKBOOK, RELATIONS, STYLES, STRINGS};

static struct str made(struct ctx *c, const struct parts *p, struct str sheet)
{
	struct zip_made z;
	const struct {
		const char *name, *text;
	} all[] = {
		{"xl/workbook.xml", p->workbook},
		{"xl/_rels/workbook.xml.rels", p->relations},
		{"xl/styles.xml", p->styles},
		{"xl/sharedStrings.xml", p->strings},
	};
	zip_begin(&z, c->arena);
	for (size_t i = 0; i < countof(all); i++) {
		if (all[i].text != NULL)
			zip_put(&z, str_z(all[i].name), str_z(all[i].text), true, &zip_straight);
	}
	zip_put(&z, STR("xl/worksheets/s.xml"), sheet, true, &zip_straight);
	return zip_end(&z, (struct str){"", 0});
}

static err on_cell(void *arg, const struct xlsx_cell *cell)
{
	static const char kinds[] = "tnbde";
	struct buf *b = arg;
	char place[16];
	xlsx_place(cell->row, cell->column, place);
	buf_fmt(b, "%s%c=%.*s ", place, kinds[cell->kind], FMT(cell->text));
	return OK;
}

static err read_file(struct ctx *c, struct str file, const char **ret)
{
	struct source s = source_of_text(file);
	struct xlsx *x;
	struct buf b;
	buf_init(&b, c->arena, 1u << 20);
	*ret = NULL;
	TRY(xlsx_open(c, &s, LIMIT_XLSX_SHEET, &x));
	TRY(xlsx_read(c, x, on_cell, &b));
	*ret = arena_z(c->arena, buf_str(&b));
	return OK;
}

static err read_sheet(struct ctx *c, const struct parts *p, const char *rows, const char **ret)
{
	struct str sheet = {0};
	TRY(arena_fmt(c, &sheet, "<worksheet><sheetData>%s</sheetData></worksheet>", rows));
	return read_file(c, made(c, p, sheet), ret);
}

static void cells(struct ctx *c)
{
	static const struct {
		const char *rows, *want;
	} all[] = {
		{"", ""},
		{"<row r='1'><c r='A1' t='s'><v>0</v></c><c r='C1' t='s'><v>1</v></c></row>",
			"A1t=one C1t=two "},
		{"<row r='1'><c r='A1' t='s'><v>2</v></c><c r='B1'/></row>", ""},
		{"<row><c><v>1.50</v></c><c t='n'><v>2</v></c></row><row><c "
		 "t='b'><v>1</v></c></row>",
			"A1n=1.50 B1n=2 A2b=true "},
		{"<row r='3'><c r='AA3' s='1'><v>45351</v></c><c s='2'><v>45351.25</v></c><c s='3'>"
		 "<v>45351</v></c></row>",
			"AA3d=2024-02-29 AB3d=2024-02-29 06:00:00 AC3n=45351 "},
		{"<row r='1048576'><c r='XFD1048576' t='inlineStr'><is><r><t>a</t></r><rPh><t>b</t>"
		 "</rPh><t>c</t></is></c></row>",
			"XFD1048576t=ac "},
		{"<row r='1'><c t='str'><f>A1&amp;B1</f><v>x&amp;y</v></c><c t='e'><v>#N/A</v></c>"
		 "<c t='d'><v>2024-01-01</v></c><c s='1'><v>-5</v></c></row>",
			"A1t=x&y B1e=#N/A C1d=2024-01-01 D1n=-5 "},
	};
	for (size_t i = 0; i < countof(all); i++) {
		const char *got;
		is_int(read_sheet(c, &usual, all[i].rows, &got), OK, "%s", all[i].rows);
		is_str(got, all[i].want, "its cells");
	}
	const char *got;
	struct parts p = usual;
	p.workbook = "<x:workbook xmlns:x='a' xmlns:r='b'><x:workbookPr date1904='true'/><x:sheet "
		     "name='h' state='veryHidden' r:id='q'/><x:sheet name='S' r:id='rId1'/>"
		     "</x:workbook>";
	is_int(read_sheet(c, &p, "<row><c s='1'><v>43889</v></c></row>", &got), OK, "prefixes");
	is_str(got, "A1d=2024-02-29 ", "and the years since 1904");
	p = (struct parts){WORKBOOK, RELATIONS, NULL, NULL};
	is_int(read_sheet(c, &p, "<row><c s='9'><v>1</v></c></row>", &got), OK,
		"neither styles nor texts");
	is_str(got, "A1n=1 ", "a number");
}

static void refused(struct ctx *c)
{
	static const char *const rows[] = {
		"<row r='2'/><row r='2'/>",
		"<row r='0'/>",
		"<row r='1048577'/>",
		"<row r='x'/>",
		"<c r='A1'><v>1</v></c>",
		"<row r='1'><c r='B1'/><c r='A1'/></row>",
		"<row r='1'><c r='A2'/></row>",
		"<row r='1'><c r='XFE1'/></row>",
		"<row r='1'><c r='1A'/></row>",
		"<row r='1'><c r='A1' t='s'><v>3</v></c></row>",
		"<row r='1'><c r='A1' t='s'><v>-1</v></c></row>",
		"<row r='1'><c r='A1' t='zz'><v>1</v></c></row>",
		"<row r='1'><c r='A1' t='a type of many letters'><v>1</v></c></row>",
	};
	const char *got;
	for (size_t i = 0; i < countof(rows); i++)
		is_int(read_sheet(c, &usual, rows[i], &got), ERR_MALFORMED, "%s", rows[i]);
	struct parts p = usual;
	p.relations = "<Relationships><Relationship Id='rId1' Target='../../etc/passwd'/>"
		      "</Relationships>";
	is_int(read_sheet(c, &p, "", &got), ERR_MALFORMED,
		"a path out of the archive is only a name");
	p = usual;
	p.workbook = "<workbook/>";
	is_int(read_sheet(c, &p, "", &got), ERR_MALFORMED, "no sheet");
	p = usual;
	p.workbook = NULL;
	is_int(read_sheet(c, &p, "", &got), ERR_MALFORMED, "no workbook");
	p = usual;
	p.strings = "<!DOCTYPE sst [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]>"
		    "<sst><si><t>&b;</t></si></sst>";
	is_int(read_sheet(c, &p, "", &got), ERR_MALFORMED, "entities in the texts");
}

static struct str text_cell(struct ctx *c, size_t n)
{
	struct buf b;
	uint32_t v = 7;
	buf_init(&b, c->arena, n + 256);
	buf_z(&b, "<worksheet><row><c t='str'><v>");
	for (size_t i = 0; i < n; i++) {
		v = v * 1664525u + 1013904223u;
		buf_char(&b, (char)('a' + (v >> 24) % 26));
	}
	buf_z(&b, "</v></c></row></worksheet>");
	return buf_str(&b);
}

/* n different texts; the part packs to less than LIMIT_ZIP_RATIO. */
static const char *many_strings(struct ctx *c, size_t n)
{
	struct buf b;
	uint32_t v = 7;
	buf_init(&b, c->arena, n * 20 + 64);
	buf_z(&b, "<sst>");
	for (size_t i = 0; i < n; i++) {
		v = v * 1664525u + 1013904223u;
		buf_z(&b, "<si><t>");
		buf_char(&b, (char)('a' + (v >> 24) % 26));
		buf_z(&b, "</t></si>");
	}
	buf_z(&b, "</sst>");
	return arena_z(c->arena, buf_str(&b));
}

static void limits(struct ctx *c)
{
	const char *got;
	is_int(read_file(c, made(c, &usual, text_cell(c, LIMIT_XLSX_CELL)), &got), OK, "long");
	is_int(read_file(c, made(c, &usual, text_cell(c, LIMIT_XLSX_CELL + 1)), &got),
		ERR_TOO_LARGE, "longer");
	struct parts p = usual;
	for (size_t more = 0; more <= 1; more++) {
		p.strings = many_strings(c, LIMIT_XLSX_STRINGS_N + more);
		is_int(read_sheet(c, &p, "<row><c t='s'><v>97</v></c></row>", &got),
			more ? ERR_TOO_LARGE : OK, "%u texts and %zu more", LIMIT_XLSX_STRINGS_N,
			more);
	}
	ok(strstr(c->trouble.detail, "save the sheet as CSV") != NULL, "and says what to do");
}

int main(void)
{
	cleanup(arena_freep) struct arena *a = arena_new(1u << 30);
	struct ctx c = {.arena = a};
	cells(&c);
	refused(&c);
	limits(&c);
	return done_testing();
}
