/* A list of the node as a table: page after page of a route, up to a number that a person still reads; or with --csv all
 * of it, page by page, as codec/csv_write.h has it. */
#pragma once

#include "main/control.h"
#include "main/options.h"
#include "main/table.h"

#define LISTING_MAX 1000u
#define LISTING_CSV_MAX 10000000u
/* A row among the options of each command that lists. */
#define LISTING_CSV \
	{ \
		"csv", OPTION_FLAG, "the list as CSV, for a spreadsheet" \
	}

struct listing {
	const char *path, *member; /* "/api/v1/products", and the array in its answer */
	const char *const *heads;
	size_t heads_n;
	const char *empty; /* said where there is none, or NULL */
	/* One row of the answer; OK without table_row() where it is left out. What the cells need lives in c. */
	err (*row)(struct ctx *c, struct table *t, const struct json *j, void *arg);
	void *arg;
};

/* o must know LISTING_CSV, or have no --csv. */
must_use err listing_print(
	struct ctx *c, struct control *k, const struct listing *l, const struct options *o);
/* The whole list as one line {name: [...]}, or an array where name is NULL. */
must_use err listing_json(
	struct ctx *c, struct control *k, const struct listing *l, const char *name);
/* The rows of one answer. */
must_use err listing_rows(
	struct ctx *c, struct table *t, const struct listing *l, const struct json *answer);
/* A name where there is one, else the id. */
struct str listing_name(const struct json *j, const char *name, const char *id);
