/* Signing in by HTTP: /api/v1/session, its cookie, and what protects a browser that bears one.
 *
 * The cookie holds the session's token: HttpOnly, SameSite=Strict, Path=/. Cookies know no ports, so its name is that of the
 * node: `shugu_session_` and the first 8 hex digits of the SHA-256 of its DID. Where the caller comes by TLS, to the listener
 * or to the proxy whose https address is the node's, it is Secure and begins with `__Host-` (RFC 6265bis 4.1.3). A request that writes by cookie must bring X-CSRF-Token, which is derived from the token and told to the page
 * alone; one that a browser says comes from elsewhere (Origin, Sec-Fetch-Site) is refused. */
#pragma once

#include "api/route.h"
#include "party/session.h"

#define SESSION_COOKIE "shugu_session"
/* The whole name of the cookie for who calls by x. */
must_use err session_cookie_name(
	struct ctx *c, const struct acts *n, const struct exchange *x, struct str *ret);
/* The token in the cookie; empty where there is none. ERR_UNAUTHENTICATED for what is no token. */
must_use err session_cookie(
	struct ctx *c, const struct acts *n, const struct exchange *x, struct str *ret_token);
/* ERR_FORBIDDEN for a request that writes and does not come from our own page. token: that of the cookie. */
must_use err session_guard(
	struct ctx *c, const struct acts *n, const struct http_request *r, struct str token);

extern const struct routes session_routes;
