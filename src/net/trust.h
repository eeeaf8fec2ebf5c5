/* Authorities that a private network has of its own: trusted by the calls of this node beside those of the system, never
 * instead of verifying. Read once; one thread. */
#pragma once

#include <curl/curl.h>

#include "base/err.h"

struct trust;

/* path: certificates in PEM. ERR_BAD_VALUE where it holds none. Bound to c's arena. */
must_use err trust_read(struct ctx *c, const char *path, struct trust **ret);
/* Connections of this handle trust t, which may be NULL and must outlive it. */
CURLcode trust_use(struct trust *t, CURL *easy);
