/* Fuzzes the CSV reader. What must hold for any bytes: however they are cut into windows, the same fields and rows come
 * out, and they end. The first byte chooses the delimiter and how the rest is cut. */
#include <assert.h>
#include <stdlib.h>
#include <stdint.h>

#include "codec/csv.h"
#include "crypto/hash.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static enum csv_step read_all(
	struct ctx *c, struct str text, char delimiter, size_t step, struct hash *ret)
{
	struct csv r;
	struct hash_stream *h = NULL;
	struct str field = {0};
	err e = csv_open(c, delimiter, &r);
	assert(e == OK);
	e = hash_open(c, &h);
	assert(e == OK);
	size_t end = 0;
	for (size_t left = 2 * text.n + 4; left > 0; left--) {
		enum csv_step s = csv_next(&r, &field);
		if (s == CSV_END || s == CSV_TOO_LONG) {
			hash_update(h, &r.odd, sizeof r.odd);
			*ret = hash_finish(h);
			return s;
		}
		if (s == CSV_MORE) {
			size_t from = end - csv_rest(&r).n;
			end = step < text.n - end ? end + step : text.n;
			csv_feed(&r, str_sub(text, from, end - from), end == text.n);
			continue;
		}
		assert(field.n <= LIMIT_CSV_FIELD);
		hash_update(h, &s, sizeof s);
		hash_update(h, &field.n, sizeof field.n);
		hash_update(h, field.p, field.n);
	}
	abort(); /* the reader ends */
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	if (n == 0 || n > 65536)
		return 0;
	cleanup(arena_freep) struct arena *a = arena_new(4u << 20);
	struct ctx c = {.arena = a};
	struct hash whole, cut;
	struct str text = {(const char *)bytes + 1, n - 1};
	const char delimiter = ",;\t"[bytes[0] % 3];
	enum csv_step one = read_all(&c, text, delimiter, n, &whole);
	enum csv_step other = read_all(&c, text, delimiter, 1 + bytes[0] / 3u, &cut);
	assert(one == other && hash_eq(&whole, &cut));
	return 0;
}
