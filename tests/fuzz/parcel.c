/* Fuzzes the reader of parcels: what is read was signed and has one form; anything else is refused. */
#include <assert.h>

#include "party/parcel.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	if (n > PARCEL_FRONT)
		return 0;
	cleanup(arena_freep) struct arena *a = arena_new(LIMIT_REQUEST_ARENA);
	struct ctx c = {.arena = a};
	struct parcel p;
	size_t used = 0;
	assert(a != NULL);
	if (parcel_read(&c, (struct str){(const char *)bytes, n}, &p, &used) == OK)
		assert(used <= n && p.rows->type == JSON_ARRAY && p.from.n > 0 && p.to.p != NULL);
	return 0;
}
