/* The inbox: what waits for a person, of whatever kind. Each folder that lets a person decide exports a struct inbox_kind;
 * wiring joins them. An id belongs to one kind alone; a kind answers ERR_NOT_FOUND for one that is not its own. */
#pragma once

#include "party/person.h"

struct inbox_kind {
	const char *what; /* "party", "agreement", "invoice" */
	unsigned roles;   /* of the people who may decide it */
	/* Appends {"id", "what", "from", "since", "about"?} for each thing that waits, oldest first. */
	err (*list)(struct ctx *c, struct store *db, struct json **rows);
	/* A person says yes, or no. The act that it made goes to ret. */
	err (*approve)(
		struct ctx *c, struct acts *n, struct str actor, struct str id, struct entry *ret);
	err (*refuse)(struct ctx *c, struct acts *n, struct str actor, struct str id,
		struct str reason, struct entry *ret);
};

struct inbox {
	const struct inbox_kind *const *p;
	size_t n;
};

must_use err inbox_list(struct ctx *c, struct store *db, const struct inbox *in, struct json **ret);
/* ERR_NOT_FOUND where nothing waits under that id that the actor's role may decide. */
must_use err inbox_approve(struct ctx *c, struct acts *n, const struct inbox *in, struct str actor,
	struct str id, struct entry *ret);
/* ERR_BAD_VALUE without a reason, or with one of more than LIMIT_REASON. */
must_use err inbox_refuse(struct ctx *c, struct acts *n, const struct inbox *in, struct str actor,
	struct str id, struct str reason, struct entry *ret);
