/* Fuzzes the reader of workbooks. Where the first byte is 'z', the rest is a whole archive. Otherwise the rest is five
 * parts, cut by bytes FF, that are put into a sound archive: so what lies behind zip's checksums is reached, too. Cells come
 * in ascending order, are not empty and have at most their limit. */
#include <assert.h>

#include "base/limits.h"
#include "codec/xlsx.h"
#include "codec/zip_fixture_test.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

struct seen {
	bool any;
	uint32_t row, column;
};

static err on_cell(void *arg, const struct xlsx_cell *cell)
{
	struct seen *s = arg;
	char place[16];
	assert(cell->text.n > 0 && cell->text.n <= LIMIT_XLSX_CELL);
	assert(!s->any || cell->row > s->row || (cell->row == s->row && cell->column > s->column));
	*s = (struct seen){true, cell->row, cell->column};
	xlsx_place(cell->row, cell->column, place);
	assert(place[0] >= 'A' && place[0] <= 'Z');
	return OK;
}

static struct str archive_of(struct ctx *c, struct str parts)
{
	static const char *const names[] = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels",
		"xl/styles.xml", "xl/sharedStrings.xml", "xl/worksheets/s.xml"};
	struct zip_made z;
	zip_begin(&z, c->arena);
	for (size_t i = 0; i < countof(names); i++) {
		struct str part = parts;
		if (i + 1 < countof(names))
			(void)str_cut(parts, '\xff', &part, &parts);
		zip_put(&z, str_z(names[i]), part, false, &zip_straight);
	}
	return zip_end(&z, (struct str){"", 0});
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	if (n == 0 || n > 65536)
		return 0;
	cleanup(arena_freep) struct arena *a = arena_new(128u << 20);
	struct ctx c = {.arena = a};
	struct str text = {(const char *)bytes + 1, n - 1};
	struct source s = source_of_text(bytes[0] == 'z' ? text : archive_of(&c, text));
	struct xlsx *x = NULL;
	struct seen seen = {0};
	if (xlsx_open(&c, &s, 1u << 20, &x) != OK)
		return 0;
	err e = xlsx_read(&c, x, on_cell, &seen);
	assert(e == OK || c.trouble.detail[0] != '\0');
	return 0;
}
