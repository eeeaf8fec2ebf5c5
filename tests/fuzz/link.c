/* The Link field. What must hold for any bytes: a target stands in the field between < and >, and reading ends. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "net/link.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *copy = malloc(n > 0 ? n : 1);
	assert(copy != NULL);
	if (n > 0)
		memcpy(copy, data, n);
	struct str target = http_link((struct str){copy, n}, "next");
	if (target.p != NULL) {
		assert(target.p > copy && target.p + target.n < copy + n);
		assert(target.p[-1] == '<' && target.p[target.n] == '>');
		assert(memchr(target.p, '>', target.n) == NULL);
	}
	free(copy);
	return 0;
}
