/* Values of header fields and queries that answers depend on: ranges, entity tags, query members. Pure. */
#pragma once

#include "base/err.h"
#include "net/http1.h"

enum http_range_kind {
	HTTP_RANGE_NONE,          /* no range, one not understood, or several: send all, 200 */
	HTTP_RANGE_PART,          /* 206 */
	HTTP_RANGE_UNSATISFIABLE, /* 416 with Content-Range: bytes * / size */
};

struct http_range {
	uint64_t offset, length;
};

/* The single range of a Range field (RFC 9110, 14.2) in an object of that size; ret is written for PART only. */
enum http_range_kind http_range(struct str value, uint64_t size, struct http_range *ret);

/* As http_range for a whole request: asks If-Range too, which must name this strong tag (quotes included). */
enum http_range_kind http_request_range(
	const struct http_request *r, struct str etag, uint64_t size, struct http_range *ret);

/* True where a list of entity tags (If-None-Match, If-Match) is * or holds this tag; weak comparison. */
bool http_etag_listed(struct str list, struct str etag);

/* True where the request may be answered 304 for this tag. */
bool http_not_modified(const struct http_request *r, struct str etag);

/* The value of a query member, decoded (%XX and +); ret->p is NULL where there is none. ERR_MALFORMED for a bad escape,
 * a control character, bytes that are not UTF-8, or a member that occurs twice; ERR_TOO_LARGE. */
must_use err http_query(struct ctx *c, struct str query, const char *name, struct str *ret);
