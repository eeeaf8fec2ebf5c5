/* A node's directory: node.json, keys/, lock, node.db (docs/FORMATS.md, 8). */
#pragma once

#include "act/audit.h"
#include "main/options.h"

struct node {
	struct str name, uscc, url, origin;
	struct key *log_key;
	struct note_key log; /* the log's public name and key */
	struct store *db;
	struct commit *commit;
	int lock;
};

/* Makes a new directory with fresh keys and the operator's token. ERR_CONFLICT where a node is, ERR_BAD_VALUE for a
 * name, code or address that is not one. */
must_use err node_create(struct ctx *c, const struct env *e, const struct options *o);
/* Opens one for writing; ERR_LOCKED where another process holds it, ERR_NOT_FOUND where none is. Bound to c's arena. */
must_use err node_open(
	struct ctx *c, const struct env *e, const char *directory, struct node **ret);
