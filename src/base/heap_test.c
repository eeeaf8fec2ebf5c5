#include "base/heap.h"

#include <stdlib.h>
#include <unistd.h>

#include "tests/tap.h"

/* The sanitizers bring an allocator of their own, which takes no such wish. */
#if defined(__SANITIZE_ADDRESS__)
#define OWN_ALLOCATOR 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OWN_ALLOCATOR 1
#endif
#endif

int main(void)
{
#ifdef OWN_ALLOCATOR
	ok(!heap_keep(8u << 20), "the sanitizer's allocator does not know how, and that is said");
#else
	ok(heap_keep(8u << 20), "the allocator knows how");
	char *p = malloc(2u << 20);
	const char *top = sbrk(0);
	ok(p != NULL && p < top, "two MiB lie below the top");
	free(p);
	ok((const char *)sbrk(0) == top, "which stays where it is when they are freed");
#endif
	return done_testing();
}
