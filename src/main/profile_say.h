/* What a profile (product/profile.h) says to a person at a terminal. */
#pragma once

#include "codec/charset.h"
#include "main/options.h"
#include "codec/json.h"

/* One line: format, encoding, rows and columns; then what a person should look at. Nothing for other formats. */
void profile_say_summary(const struct json *profile);
/* A line for each column. */
void profile_say_columns(const struct json *profile);
/* --encoding, or CHARSET_UNKNOWN where it is not given. ERR_USAGE for one that is not known. */
must_use err option_encoding(struct ctx *c, const struct options *o, enum charset *ret);
