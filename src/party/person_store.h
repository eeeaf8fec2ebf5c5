/* The table of party/person: person, one row an id. It is state. */
#pragma once

#include "party/person.h"

extern const struct migration person_migrations[];
#define PERSON_MIGRATIONS 1u

must_use err person_store_find(
	struct ctx *c, struct store *db, struct str id, bool *ret_found, struct person *ret);
must_use err person_store_list(struct ctx *c, struct store *db, struct str after, size_t max,
	struct person *ret, size_t *ret_n);
must_use err person_store_count(
	struct ctx *c, struct store *db, int64_t *ret_all, int64_t *ret_owners);
/* Writes the row anew. */
must_use err person_store_put(struct ctx *c, struct store *db, const struct person *p);
