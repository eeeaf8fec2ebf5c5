/* Fuzzes sheets, which the printer reads in its jail and the node makes pages of: what is read is within the limits, clean,
 * and has a page in which no text became markup. */
#include <assert.h>
#include <stdint.h>

#include "base/limits.h"
#include "paper/html.h"
#include "paper/shape.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	if (n > 65536)
		return 0;
	cleanup(arena_freep) struct arena *a = arena_new(64u << 20);
	struct ctx c = {.arena = a};
	struct sheet s;
	struct str page, input = {(const char *)bytes, n}, cleaned;
	err e = shape_clean(&c, input, &cleaned);
	assert(e == OK && shape_is_clean(cleaned) && cleaned.n <= 3 * n);
	e = sheet_read(&c, input, &s);
	if (e != OK) {
		assert(c.trouble.detail[0] != '\0');
		return 0;
	}
	assert(s.n <= LIMIT_SHEET_BLOCKS && shape_is_clean(s.title));
	for (size_t i = 0; i < s.n; i++)
		assert(s.blocks[i].columns_n <= LIMIT_SHEET_COLUMNS);
	e = html_page(&c, &s, &page);
	assert(e == OK && str_find_str(page, STR("<script")) == page.n);
	return 0;
}
