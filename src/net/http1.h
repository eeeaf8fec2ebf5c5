/* Heads of HTTP/1.1 requests (RFC 9112, RFC 9110), read strictly: what two readers could understand differently is
 * refused, so that no proxy in front of a node can be made to see other requests than the node does. Pure: no I/O.
 *
 * Refused as ERR_MALFORMED: bare CR or LF, obs-fold, space before a colon, control characters, a second Host or none,
 * a Content-Length that is repeated, signed or beside a Transfer-Encoding, a coding nobody registered, dot segments,
 * encoded slashes and NULs. A method is any token; whether it is offered is for the caller to say. */
#pragma once

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"

struct http_header {
	struct str name, value;
};

/* All slices lie in the head that was parsed; path may lie in the arena instead. */
struct http_request {
	struct str method;
	struct str target;      /* as sent */
	struct str path;        /* percent-decoded, well-formed UTF-8, begins with '/'; or "*" */
	struct str query;       /* as sent, without '?' */
	struct str host;        /* authority of the target if it has one, else the Host field */
	int64_t content_length; /* 0 where there is none */
	bool has_length, chunked;
	bool keep_alive, expect_continue;
	size_t n;
	struct http_header headers[LIMIT_HTTP_HEADERS];
};

/* Where the head at the start of in ends (behind its empty line), or 0 while it is not whole. *scanned is where the
 * last call stopped (0 at first) and saves reading twice. ERR_MALFORMED (also before the end is there),
 * ERR_HEAD_TOO_LARGE, ERR_URI_TOO_LONG. */
must_use err http_head_end(struct ctx *c, struct str in, size_t *scanned, size_t *ret);

/* Parses one whole head, its empty line included. ERR_MALFORMED, ERR_HEAD_TOO_LARGE (too many fields),
 * ERR_URI_TOO_LONG, ERR_HTTP_VERSION, ERR_NOT_IMPLEMENTED (a registered coding other than chunked), ERR_EXPECTATION. */
must_use err http_head_parse(struct ctx *c, struct str head, struct http_request *ret);

/* The value of the first field of that name, or a slice with p == NULL. */
struct str http_header(const struct http_request *r, const char *name);

/* True for a byte of a token (RFC 9110, 5.6.2). */
bool http_is_token(struct str s);
