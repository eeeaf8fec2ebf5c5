/* A page of a list of /api/v1 (FORMATS 16, Lists): the members limit and cursor of the query, and next of the answer.
 *
 * A list goes by a key that does not change and that no two rows share: a number, or a number and a text. A cursor says
 * behind which key the next page begins, so rows that come meanwhile neither repeat nor hide others. It is base64url of
 * 8 bytes and the key as text; the bytes are the beginning of the SHA-256 of the list, its filters and the key. They guard
 * against mistakes, not against forgery: whoever may read a list may read it from anywhere.
 *
 * A handler reads the page, asks the domain for page_rows(), adds the rows until page_add says no, and says the page. */
#pragma once

#include "api/route.h"

/* Rows of a page where the query does not say. */
#define PAGE_ROWS 100u

/* Where a list begins: a key before all others, or behind. */
#define PAGE_OLDEST_FIRST (-1ll)
#define PAGE_NEWEST_FIRST INT64_MAX

struct page {
	/* The key behind which the page begins; the text is empty on the first. */
	int64_t at;
	struct str id;
	/* The key behind which the next one begins, where there are more. page_add sets it. */
	bool more;
	int64_t next_at;
	struct str next_id;

	/* Of page. */
	size_t limit;
	struct str list;
	struct json *rows;
	size_t room;
};

/* filter: whatever else the query narrows the list by, or empty. ERR_BAD_VALUE for a limit that is not 1 to LIMIT_PAGE,
 * ERR_CURSOR for a cursor that is not of this list with these filters. */
must_use err page_read(
	struct ctx *c, const struct call *k, struct str filter, int64_t begin, struct page *ret);
/* How many rows to ask for: one more than are shown, which tells whether there are more. */
size_t page_rows(const struct page *p);
/* Adds a row and its key. *ret_more is false, and the row left out, where the page holds as many as it may, or as many
 * bytes as an answer takes. */
must_use err page_add(
	struct ctx *c, struct page *p, struct json *row, int64_t at, struct str id, bool *ret_more);
/* The cursor of the page behind this one, which has p->more. */
must_use err page_cursor(struct ctx *c, const struct page *p, struct str *ret);
/* 200 {member: the rows, "next"?}. */
must_use err page_say(struct ctx *c, struct call *k, const struct page *p, const char *member);
