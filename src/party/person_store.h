/* The tables of party/person: person, one row an id, is state; n_name holds salt and name under the digest that acts seal.
 * A table of its own, so that forgetting can write it anew: SQLite zeroes pages that are given back, but not what moving
 * a row leaves behind within one. */
#pragma once

#include "party/person.h"

extern const struct migration person_migrations[];
#define PERSON_MIGRATIONS 2u

must_use err person_store_find(
	struct ctx *c, struct store *db, struct str id, bool *ret_found, struct person *ret);
must_use err person_store_list(struct ctx *c, struct store *db, struct str after, size_t max,
	struct person *ret, size_t *ret_n);
must_use err person_store_count(
	struct ctx *c, struct store *db, int64_t *ret_all, int64_t *ret_owners);
/* Writes the row anew. */
must_use err person_store_put(struct ctx *c, struct store *db, const struct person *p);
/* Salt and name. Needs an open tick. */
must_use err name_store_put(struct ctx *c, struct store *db, struct str bytes, struct hash *ret);
/* Empty where it was forgotten. */
must_use err name_store_get(
	struct ctx *c, struct store *db, const struct hash *digest, struct str *ret);
/* Writes all others anew and overwrites what was there. LIMIT_PEOPLE rows at most. Needs an open tick. */
must_use err name_store_forget(struct ctx *c, struct store *db, const struct hash *digest);
