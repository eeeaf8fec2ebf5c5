#include "base/heap.h"

#include <stdlib.h>
#include <unistd.h>

#include "tests/tap.h"

int main(void)
{
	ok(heap_keep(8u << 20), "the allocator knows how");
	char *p = malloc(2u << 20);
	ok(p != NULL, "two MiB");
	const char *top = sbrk(0);
	free(p);
	ok((const char *)sbrk(0) == top, "are not given back when they are freed");
	return done_testing();
}
