/* A list as people read it: one line of heads, then one line a row, each column as wide as its widest cell. East Asian
 * wide characters take two columns, as terminals show them. What others wrote reaches the terminal by table_shown alone.
 *
 * A head that begins with '>' sets its column flush right (numbers). Cells are borrowed until the table is printed. */
#pragma once

#include "base/arena.h"
#include "codec/json.h"

#define TABLE_COLUMNS 8u

struct table;

/* Bound to c's arena. n is at most TABLE_COLUMNS; heads is borrowed. */
must_use err table_new(struct ctx *c, const char *const *heads, size_t n, struct table **ret);
/* One row of as many cells as there are heads. */
must_use err table_row(struct ctx *c, struct table *t, const struct str *cells);
/* To standard output; where there is no row, says `empty` instead (NULL: nothing). ERR_IO. */
must_use err table_print(struct ctx *c, const struct table *t, const char *empty);

/* The same as CSV (codec/csv_write.h): the mark and the heads, and then the rows, as often as there are some. ERR_IO. */
must_use err table_print_csv_heads(struct ctx *c, const char *const *heads, size_t n);
must_use err table_print_csv(struct ctx *c, const struct table *t);

/* A text of others as one line that acts on no terminal and hides nothing: what paper/shape.h names becomes U+FFFD, a line
 * end a space. ERR_TOO_LARGE, ERR_MEMORY. */
must_use err table_shown(struct ctx *c, struct str text, struct str *ret);
/* Columns that the text takes on a terminal. */
size_t table_width(struct str text);
/* Cells: an amount of fen as "1200.00", a time of the API to the minute (UTC), a whole number. */
must_use err table_money(struct ctx *c, int64_t fen, struct str *ret);
struct str table_time(struct str rfc3339);
must_use err table_number(struct ctx *c, int64_t n, struct str *ret);
/* An integer member, 0 where there is none. */
int64_t table_int(const struct json *o, const char *name);
