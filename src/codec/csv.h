/* CSV (RFC 4180), read field by field from windows of a stream: constant memory, nothing copied but quoted quotes.
 *
 * Lines end in LF or CRLF; a lone CR is data. A byte order mark is passed over, and so are lines without any byte. A
 * quoted field may hold delimiters, line ends and doubled quotes; a quote inside an unquoted field is data. What RFC
 * 4180 does not allow is read as most readers do, and counted in odd: bytes behind a closing quote belong to the field,
 * and a quote that is never closed reaches to the end of the file.
 * The caller owns the windows: after CSV_MORE, the bytes of csv_rest() must stand at the head of the next one. A window
 * larger than LIMIT_CSV_FIELD and a few bytes always gives a field. Pure; no errors but CSV_TOO_LONG. */
#pragma once

#include "base/arena.h"
#include "base/limits.h"

enum csv_step {
	CSV_FIELD,   /* a field; its row goes on */
	CSV_ROW,     /* a field, the last of its row */
	CSV_MORE,    /* the window ends within a field */
	CSV_END,     /* the last window is read */
	CSV_TOO_LONG /* a field is longer than LIMIT_CSV_FIELD; nothing follows */
};

struct csv {
	struct str window;
	size_t at;
	uint64_t odd;
	char *scratch;
	char delimiter;
	bool begun, row_open, last;
};

/* The delimiter of a file that begins with head: of comma, semicolon and tab the one that occurs most often in the first
 * line outside quotes; comma where there is none. */
char csv_guess(struct str head);
must_use err csv_open(struct ctx *c, char delimiter, struct csv *ret);
/* The next window; last = nothing follows it. */
void csv_feed(struct csv *r, struct str window, bool last);
/* ret_field lives until the next call; it is written with CSV_FIELD and CSV_ROW only. */
enum csv_step csv_next(struct csv *r, struct str *ret_field);
/* What of the window is not read yet. */
struct str csv_rest(const struct csv *r);
