/* What the readers of the formats share while a profile is made. For product/profile*.c alone. Working memory is an arena
 * of its own, so that the answer alone lies in the caller's; a limit or a damaged file ends the reading by stopped and is
 * no failure. */
#pragma once

#include "base/limits.h"
#include "product/column.h"
#include "product/window.h"

struct profile {
	struct ctx work;
	int fd;
	struct column **columns; /* LIMIT_PROFILE_COLUMNS */
	size_t columns_n;
	uint64_t rows, ragged, malformed;
	const char *stopped;
	struct json *told;  /* the columns where the format itself says what they are, else NULL */
	struct window text; /* where the format is text */
};

/* Copies the name. Beyond the limit it stops. */
must_use err profile_add_column(struct profile *p, struct str name);
/* A refusal of a reader becomes stopped; a fault stays one. */
must_use err profile_stop(struct ctx *c, struct profile *p, err e);

/* The formats: each reads p's file and sets its own members of o. */
typedef err profile_fn(struct ctx *c, struct profile *p, struct json **o);
profile_fn profile_parquet;
profile_fn profile_sheet;
