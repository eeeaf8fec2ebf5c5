/* Bytes that can be read at any place: an open file, or a text in memory. For readers of formats that begin at their end.
 * Plain data; it borrows what it reads. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct source {
	uint64_t size;
	int fd; /* -1: text */
	struct str text;
};

struct source source_of_text(struct str text);
/* fd must be a regular file; its position stays. ERR_IO. */
must_use err source_of_file(struct ctx *c, int fd, struct source *ret);
/* Exactly n bytes from at. ERR_MALFORMED where the source does not reach so far, ERR_IO. */
must_use err source_read(struct ctx *c, const struct source *s, uint64_t at, void *to, size_t n);
