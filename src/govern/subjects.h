/* How many distinct subjects are in the objects of a sandbox case. A subject is a value of the declared key column; of each
 * only SHA-256(salt || value), cut to 128 bits, is kept (n_sandbox_key), with a secret salt of the case, and the set of
 * objects in which it occurs. What enters the log is how many subjects occur in exactly which objects (a mask of them): from
 * that the union of any of them is told exactly, by sandbox_store_union, and a replay has it without the keys.
 *
 * Objects are CSV or tab-separated text whose bytes are read as they are; a row without a key is refused, because it could
 * not be counted. The pass runs within the tick: at most SUBJECTS_BYTES and SUBJECTS_ROWS. */
#pragma once

#include "govern/sandbox.h"
#include "product/product.h"

#define SUBJECTS_BYTES (64ull << 20)
#define SUBJECTS_ROWS 500000
#define SUBJECTS_OVERLAPS 1024u

/* Counts the object that fd gives, of size bytes, and takes the act sandbox.measure. ERR_BAD_VALUE: no such column, a row
 * without a key, no table; ERR_TOO_LARGE; and those of the act. Writes node tables: in a savepoint of the caller. */
must_use err subjects_measure(struct ctx *c, struct acts *n, struct str actor,
	const struct sandbox_row *r, const struct revision *p, int fd, struct entry *ret);
