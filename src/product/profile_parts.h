/* What the readers of the formats share while a profile is made. For product/profile*.c alone. Working memory is an arena
 * of its own, so that the answer alone lies in the caller's; a limit or a damaged file ends the reading by stopped and is
 * no failure. */
#pragma once

#include "base/limits.h"
#include "codec/charset.h"
#include "product/column.h"

struct profile {
	struct ctx work;
	int fd;
	struct column **columns; /* LIMIT_PROFILE_COLUMNS */
	size_t columns_n;
	uint64_t rows, ragged, malformed;
	const char *stopped;
	struct json *told; /* the columns where the format itself says what they are, else NULL */
	/* Of text: */
	enum charset given;
	struct charset_guess encoding;
	struct charset_reader *reader; /* NULL: bytes are taken as they are */
	char *raw;                     /* what is not converted yet */
	size_t raw_at, raw_n;
	bool raw_last;
	uint64_t at; /* what is read of the file */
	char *bytes; /* the window; what is not read of it stands at its head */
	size_t n;
	bool last;
};

/* Copies the name. Beyond the limit it stops. */
must_use err profile_add_column(struct profile *p, struct str name);
/* A refusal of a reader becomes stopped; a fault stays one. */
must_use err profile_stop(struct ctx *c, struct profile *p, err e);

/* The formats: each reads p's file and sets its own members of o. */
typedef err profile_fn(struct ctx *c, struct profile *p, struct json **o);
profile_fn profile_parquet;
profile_fn profile_sheet;
