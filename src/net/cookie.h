/* The Cookie field of a request (RFC 6265, 5.4), read strictly where it concerns us: a name that stands in it twice, which is
 * how a neighbouring site plants a cookie of its own, is refused and not guessed at. What other programs of the same host
 * keep there passes. Pure. */
#pragma once

#include "net/http1.h"

/* The value of the cookie of that name; ret->p is NULL where there is none. Only what RFC 6265 calls a cookie-octet may
 * stand in it. ERR_MALFORMED for another byte, for one in quotes, for a name that occurs twice, and for a second Cookie field. */
must_use err http_cookie(
	struct ctx *c, const struct http_request *r, const char *name, struct str *ret);
