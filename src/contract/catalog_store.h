/* The tables of contract/catalog: n_catalog, one row a party; n_catalog_page, the pages of what was asked for at `asked`;
 * n_catalog_next, the page that a line asks for now. Slices live in the context given. */
#pragma once

#include "contract/catalog.h"

extern const struct migration catalog_migrations[];
extern const size_t catalog_migrations_n;

must_use err catalog_store_find(
	struct ctx *c, struct store *db, struct str party, struct catalog_row *ret);
must_use err catalog_store_page(
	struct ctx *c, struct store *db, struct str party, uint64_t page, struct str *ret_body);
/* A new asking: nothing of an earlier one that did not end stays. */
must_use err catalog_store_asked(struct ctx *c, struct store *db, struct str party, int64_t at_ms);
must_use err catalog_store_put_page(
	struct ctx *c, struct store *db, struct str party, uint64_t page, struct str body);
/* What was asked for last is shown from now on, and only that is kept. */
must_use err catalog_store_whole(struct ctx *c, struct store *db, struct str party, int64_t at_ms);
must_use err catalog_store_failed(
	struct ctx *c, struct store *db, struct str party, struct str reason);

/* Page 0 and no url where nothing is noted. */
must_use err catalog_store_next(
	struct ctx *c, struct store *db, struct str line, uint64_t *ret_page, struct str *ret_url);
must_use err catalog_store_put_next(
	struct ctx *c, struct store *db, struct str line, uint64_t page, struct str url);
must_use err catalog_store_drop_next(struct ctx *c, struct store *db, struct str line);
