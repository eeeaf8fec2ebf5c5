/* The catalogues of others, whole: asked for page after page, and shown as they were when the last page had come (node
 * tables alone; what is on its way shows nothing yet).
 *
 * Asking is a row of the outbox, kind catalog.ask. Its subject is the line it stands in, "catalog:" and the party or the id
 * of an order, and behind a space the number of the page, but for page 0. At most LIMIT_CATALOG_PAGES pages. An answer to a
 * page that is not asked for any more changes nothing. Slices live in the context given. */
#pragma once

#include "act/acts.h"
#include "act/outbox.h"

struct catalog_row {
	int64_t asked_ms, fetched_ms; /* 0: never */
	struct str reason;            /* why the last asking failed, or empty */
	uint64_t pages;               /* that are there */
};

/* A page that a row asks for. */
struct catalog_place {
	struct str line;
	uint64_t page;
	struct str url; /* empty: the beginning */
};

/* What a person asks: all of it. Needs no open tick; one that was asked for within the last minute and has no answer yet
 * is not asked for again. */
must_use err catalog_ask(struct ctx *c, struct acts *n, struct str party);

/* What that row asks for. ERR_GONE where something else is asked for meanwhile. */
must_use err catalog_place(
	struct ctx *c, struct store *db, struct str subject, struct catalog_place *ret);
/* Needs an open tick: the page behind that of the row is asked for, at url. ERR_TOO_LARGE behind the last that may be. */
must_use err catalog_continue(
	struct ctx *c, struct acts *n, const struct outbox_row *row, struct str url);
/* Need an open tick. A page of what a person asked for (datasets is an array, or NULL for none); last: it is whole and takes the place of what was there. */
must_use err catalog_keep(struct ctx *c, struct acts *n, const struct outbox_row *row,
	const struct json *datasets, bool last);
/* It cannot be had, and why; what was there stays. */
must_use err catalog_failed(struct ctx *c, struct acts *n, struct str party, struct str reason);

/* ERR_NOT_FOUND where it was never asked for. */
must_use err catalog_find(
	struct ctx *c, struct store *db, struct str party, struct catalog_row *ret);
/* The datasets of one page, an array. ERR_NOT_FOUND. */
must_use err catalog_page(
	struct ctx *c, struct store *db, struct str party, uint64_t page, const struct json **ret);

extern const struct module catalog_module;
