/* The audit of a log: everything is hashed anew. Entries against the tiles, every stored head against the tree of its
 * size, every stored signature under the log's key. Reads only, in constant memory. */
#pragma once

#include "act/commit.h"

/* ERR_CORRUPT names the first fault; ret_size is how many entries stand. */
must_use err audit_log(
	struct ctx *c, struct store *db, const struct note_key *log, uint64_t *ret_size);
