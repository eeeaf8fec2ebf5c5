/* The inbox: what waits for a person, of whatever kind. Each folder that lets a person decide exports a struct inbox_kind;
 * wiring joins them. An id belongs to one kind alone; a kind answers ERR_NOT_FOUND for one that is not its own. */
#pragma once

#include "party/person.h"

/* A row and its place: the kind's number, and a key that the kind alone understands, a number and a text. */
struct inbox_row {
	struct json *json;
	size_t kind;
	int64_t at;
	struct str id;
};

/* Part of the inbox, kind after kind. Set kind, at (-1: from its first row), id and max; NULL rows are made. */
struct inbox_page {
	size_t kind;
	int64_t at;
	struct str id;
	size_t max;
	struct inbox_row *rows;
	size_t n;
};

struct inbox_kind {
	const char *what; /* "party", "agreement", "invoice" */
	unsigned roles;   /* of the people who may decide it */
	/* inbox_add of {"id", "what", "from", "since", "about"?} for each thing that waits, oldest first, behind p->at and
	 * p->id; of inbox_room() rows at most. */
	err (*list)(struct ctx *c, struct store *db, struct inbox_page *p);
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

must_use err inbox_list(
	struct ctx *c, struct store *db, const struct inbox *in, struct inbox_page *p);
/* For kinds. How many rows there is room for, and one of them with its key. */
size_t inbox_room(const struct inbox_page *p);
void inbox_add(struct inbox_page *p, struct json *row, int64_t at, struct str id);
/* ERR_NOT_FOUND where nothing waits under that id that the actor's role may decide. */
must_use err inbox_approve(struct ctx *c, struct acts *n, const struct inbox *in, struct str actor,
	struct str id, struct entry *ret);
/* ERR_BAD_VALUE without a reason, or with one of more than LIMIT_REASON. */
must_use err inbox_refuse(struct ctx *c, struct acts *n, const struct inbox *in, struct str actor,
	struct str id, struct str reason, struct entry *ret);
