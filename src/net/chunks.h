/* Incremental decoder of a chunked request body (RFC 9112, 7.1), strict: sizes are 1 to 8 hex digits, every line ends
 * in CR LF, extensions and trailer fields are checked, ignored and together at most LIMIT_HTTP_CHUNK_EXTRAS bytes per
 * body. Pure; holds no memory. */
#pragma once

#include "base/err.h"
#include "base/str.h"

enum chunks_state {
	CHUNKS_SIZE,
	CHUNKS_EXTENSION,
	CHUNKS_SIZE_LF,
	CHUNKS_DATA,
	CHUNKS_DATA_CR,
	CHUNKS_DATA_LF,
	CHUNKS_TRAILER_START,
	CHUNKS_TRAILER_NAME,
	CHUNKS_TRAILER_VALUE,
	CHUNKS_TRAILER_LF,
	CHUNKS_END_LF,
	CHUNKS_DONE
};

struct chunks {
	enum chunks_state state;
	unsigned digits;
	uint64_t left;   /* of the present chunk */
	uint64_t extras; /* bytes that are neither size nor data */
};

void chunks_init(struct chunks *k);

/* Reads from in: *ret_used bytes of it, and gives the next piece of data (a slice of in, maybe empty). Call it with the
 * rest until it uses nothing or chunks_done(). ERR_MALFORMED, ERR_TOO_LARGE. */
must_use err chunks_feed(
	struct ctx *c, struct chunks *k, struct str in, size_t *ret_used, struct str *ret_data);

bool chunks_done(const struct chunks *k);
