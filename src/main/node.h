/* A node's directory: node.json, keys/, lock, node.db, blobs/, control.sock (docs/FORMATS.md, 8). */
#pragma once

#include "act/acts.h"
#include "main/wiring.h"

struct node {
	struct self self;
	struct key *log_key;
	struct note_key log; /* the log's public name and key */
	struct store *db;
	struct acts *acts;
	struct str operator_token;
	int lock;       /* -1: opened for reading */
	struct env env; /* with the clock of a simulated node */
	struct env_clock clock;
};

struct node_facts {
	const char *name, *uscc, *url;
	bool allow_loopback;
	bool outbound;  /* url may be NULL then: a name that nobody else has is made */
	bool simulated; /* url gets "/simulated" at its end; its clock starts at at_ms */
	int64_t at_ms;
};

/* Makes a new directory with fresh keys and the operator's token. ERR_CONFLICT where a node is, ERR_BAD_VALUE for a
 * name, code or address that is not one. */
must_use err node_create(
	struct ctx *c, const struct env *e, const char *directory, const struct node_facts *f);
/* Opens one for writing; ERR_LOCKED where another process holds it, ERR_NOT_FOUND where none is, ERR_CORRUPT where its
 * database is lost or is that of another key: such a node would sign a second history. Bound to c's arena. */
must_use err node_open(
	struct ctx *c, const struct env *e, const char *directory, struct node **ret);
/* The same just after node_create: its log begins. */
must_use err node_open_new(
	struct ctx *c, const struct env *e, const char *directory, struct node **ret);
/* For commands that read, also beside a running node: no lock, no acts, and one unchanging view of the store. */
must_use err node_open_readonly(
	struct ctx *c, const struct env *e, const char *directory, struct node **ret);
/* As node_open_readonly, for a directory whose keys lie elsewhere: vkey says whose log it is. What would be signed is not to
 * be used: a key that nobody has stands in for both. */
must_use err node_open_keyless(struct ctx *c, const struct env *e, const char *directory,
	struct str vkey, struct node **ret);

/* A restored directory bears a mark until a person has said that it may write: node_open answers ERR_BAD_STATE, since a
 * node that is older than what its partners saw of its log would sign another history (DESIGN, Interfaces). */
must_use err node_mark_restored(struct ctx *c, const struct env *e, const char *directory);
/* Removes it; nothing where there is none. */
must_use err node_accept_restored(struct ctx *c, const struct env *e, const char *directory);
/* What api_new needs of it, without a courier. */
struct api_setup node_setup(const struct node *n);
/* DIR/tail, NUL-terminated. */
must_use err node_path(struct ctx *c, const char *directory, const char *tail, const char **ret);
