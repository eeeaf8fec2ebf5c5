/* What the process does with memory it has freed. Of the whole process: set once, at its start, before threads. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Lets the process keep up to so many free bytes instead of giving them back to the system after each peak: for a server,
 * whose next request needs them again. False where the allocator does not know how. */
bool heap_keep(size_t bytes);
/* Resident memory of this process in bytes, 0 where the system does not say. */
size_t heap_resident(void);
