/* The pages of the console, in the binary: what web/build.mjs bundles and compresses stands in a table that the build makes
 * (console_pages.c in the build folder), and is served as it is. Nothing is read from disk, nothing is fetched from elsewhere.
 *
 * Every page goes out with the headers of its row: ETag over its bytes, a content policy that allows this origin alone and no
 * inline script, no frame and no referrer. What has a digest in its name may be kept for ever; all else is asked for
 * again (304). Bytes are gzip (RFC 1952); a client that does not take it (RFC 9110, 12.5.3) gets them inflated, ERR_MEMORY
 * where that does not fit into the exchange. */
#pragma once

#include "api/routes.h"

struct page {
	const char *path; /* "/app.0123456789abcdef.js" */
	const char *type, *etag, *policy;
	bool forever;
	const unsigned char *gzip;
	size_t gzip_n, size; /* compressed, and as it was */
};

extern const struct page console_pages[];
extern const size_t console_pages_n;
extern const struct routes pages_routes;
