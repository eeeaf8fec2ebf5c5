/* Fuzzes the JSON reader against jansson: see jansson.h for what may differ. */
#include "tests/fuzz/jansson.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	if (n > 65536)
		return 0;
	cleanup(arena_freep) struct arena *a = arena_new(256u << 20);
	struct ctx c = {.arena = a};
	bool listed;
	const char *why = jansson_differs(&c, (struct str){(const char *)bytes, n}, &listed);
	assert(why == NULL);
	return 0;
}
