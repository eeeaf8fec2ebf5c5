#include "base/heap.h"

#include <malloc.h>

bool heap_keep(size_t bytes)
{
	return mallopt(M_TRIM_THRESHOLD, (int)bytes) != 0 &&
	       mallopt(M_TOP_PAD, (int)(bytes / 16)) != 0 &&
	       mallopt(M_MMAP_THRESHOLD, (int)bytes) != 0;
}
