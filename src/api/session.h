/* Signing in by HTTP: /api/v1/session, its cookie, and what protects a browser that bears one.
 *
 * The cookie `shugu_session` holds the session's token: HttpOnly, SameSite=Strict, Path=/, Secure where the node's address
 * is https. A request that writes by cookie must bring X-CSRF-Token, which is derived from the token and told to the page
 * alone; one that a browser says comes from elsewhere (Origin, Sec-Fetch-Site) is refused. */
#pragma once

#include "api/route.h"
#include "party/session.h"

/* The token in the cookie; empty where there is none. ERR_UNAUTHENTICATED for what is no token. */
must_use err session_cookie(struct ctx *c, const struct http_request *r, struct str *ret_token);
/* ERR_FORBIDDEN for a request that writes and does not come from our own page. token: that of the cookie. */
must_use err session_guard(
	struct ctx *c, const struct acts *n, const struct http_request *r, struct str token);

extern const struct routes session_routes;
