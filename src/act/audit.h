/* The audit of a log: everything is hashed anew. Every tile of every level is made again from the entries and compared,
 * every stored head with the tree of its size, every stored signature under the log's key; nothing stands beyond them. Reads only, in constant memory. */
#pragma once

#include "act/commit.h"

/* ERR_CORRUPT names the first fault; ret_size is how many entries stand. */
must_use err audit_log(
	struct ctx *c, struct store *db, const struct note_key *log, uint64_t *ret_size);
