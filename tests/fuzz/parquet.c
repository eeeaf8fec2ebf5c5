/* Fuzzes the reader of Parquet footers. The bytes are a footer; head and tail are put around them. */
#include <assert.h>

#include "base/buf.h"
#include "codec/parquet.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	if (n > 65536)
		return 0;
	cleanup(arena_freep) struct arena *a = arena_new(16u << 20);
	struct ctx c = {.arena = a};
	struct parquet p;
	struct buf b;
	buf_init(&b, a, n + 12);
	buf_z(&b, "PAR1");
	buf_add(&b, (struct str){(const char *)bytes, n});
	for (unsigned i = 0; i < 4; i++)
		buf_char(&b, (char)(n >> (8 * i)));
	buf_z(&b, "PAR1");
	struct source s = source_of_text(buf_str(&b));
	if (parquet_read(&c, &s, &p) != OK) {
		assert(c.trouble.detail[0] != '\0');
		return 0;
	}
	assert(p.row_groups <= n && p.columns_n <= n);
	for (size_t i = 0; i < p.columns_n; i++) {
		assert(p.columns[i].kind > PARQUET_NONE && p.columns[i].kind < PARQUET_KINDS);
		assert(p.columns[i].name.n <= n);
	}
	return 0;
}
